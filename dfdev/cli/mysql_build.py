"""`dfdev mysql build`: what is asked for, and what is said about it."""

from __future__ import annotations

import time

from dfdev.cli.changing import changing
from dfdev.cli.common import Common
from dfdev.cli.righting import right_clock
from dfdev.cli.session import site_of
from dfdev.core.amounts import time_text
from dfdev.core.events import Emit, Notice
from dfdev.core.typed import typed
from dfdev.errors import ConfigError
from dfdev.mysql.bake import Built, Recipe, build
from dfdev.mysql.database import config_of
from dfdev.mysql.fixtures import FORMATS, fixtures_in, must_lie_inside, passed_over, with_sources
from dfdev.mysql.migrations import migrations_of
from dfdev.mysql.tags import Tags
from dfdev.stack.keeper import keeper_of
from dfdev.stack.option_file import settings_file
from dfdev.stack.site import Site
from dfdev.ui.reporter import reporter_for

_AFTER = "nothing was baked"


def run_build(common: Common, *, force: bool) -> None:
    site = site_of(common)
    recipe = recipe_of(site)
    right_clock(common, keeper_of(site))
    began = time.monotonic()
    with reporter_for(common.out) as reporter, changing(common, site, "dfdev mysql build", reporter.emit, _AFTER):
        _tell_passed_over(site, recipe, reporter.emit)
        built = build(site.engine, recipe, reporter.emit, force=force)
    seconds = time.monotonic() - began
    common.out.document(_document(built, seconds))
    common.out.say(_told(built, seconds))


def _tell_passed_over(site: Site, recipe: Recipe, emit: Emit) -> None:
    taken = [path for fixture in recipe.fixtures for path in (fixture.path, *fixture.sources)]
    folder = config_of(site).fixtures
    others = passed_over(site.gate.inside("mysql.fixtures", folder), taken)
    if others:
        emit(Notice(f"not taken from {folder}: {', '.join(others)}; what is: {FORMATS}", warning=True))


def recipe_of(site: Site) -> Recipe:
    """ConfigError, DfdevError: [mysql] names no fixtures, or they cannot be read."""
    config = config_of(site)
    if not config.fixtures:
        raise ConfigError("[mysql] names no fixtures", 'fixtures = "fixtures/" under [mysql] in dfdev.toml')
    folder = site.gate.inside("mysql.fixtures", config.fixtures)
    found = fixtures_in(folder)
    must_lie_inside(site.gate, found)
    fixtures = with_sources(found, folder)
    return Recipe(
        site.workspace.name,
        Tags(config.image),
        config.base,
        fixtures,
        config.database,
        config.user,
        config.password,
        settings_file(config.settings) if config.settings else b"",
        migrations_of(site),
    )


def _told(built: Built, seconds: float) -> str:
    ref = built.refs[-1]
    if not built.made:
        age = time_text(max(0.0, time.time() - built.baked.at))
        return f"nothing to do: {ref} has these fixtures, baked {age} ago (`--force` bakes them again)"
    rows = sum(built.baked.rows.values())
    text = f"{ref}: {built.baked.files} files, {rows} rows in {len(built.baked.rows)} tables, {seconds:.1f} s"
    push = f"; `{typed('docker push', ref)}` gives it to the others" if Tags(ref).has_registry else ""
    return f"{text}; `dfdev mysql reset` starts it{push}"


def _document(built: Built, seconds: float) -> dict[str, object]:
    return {
        "image": built.refs[-1],
        "tags": list(built.refs),
        "digest": built.baked.digest,
        "built": built.made,
        "version": built.baked.version,
        "rows": dict(built.baked.rows),
        "seconds": round(seconds, 3),
    }
