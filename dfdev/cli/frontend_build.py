"""`dfdev frontend build` and `status`: the bodies."""

from __future__ import annotations

import time
from pathlib import Path

from dfdev.cli.common import Common
from dfdev.cli.righting import right_clock
from dfdev.cli.session import site_of
from dfdev.cli.show import show_facts
from dfdev.cli.tooling import run_in
from dfdev.core.amounts import size_text
from dfdev.errors import DfdevError
from dfdev.frontend.assets import assets_in
from dfdev.frontend.front import front_of
from dfdev.frontend.making import assets_image
from dfdev.frontend.overview import overview
from dfdev.stack.keeper import keeper_of
from dfdev.stack.site import Site
from dfdev.system.git import ask
from dfdev.ui.reporter import reporter_for
from dfdev.workspace.values import parse_argv

_LAST = ("log", "-1", "--no-show-signature", "--format=%ct")


def run_build(common: Common) -> int:
    site = site_of(common)
    front = front_of(site)
    began = time.monotonic()
    stdout = common.out.stderr if common.out.as_json else common.out.stdout
    env = {"CI": "1", "TZ": "UTC", **epoch(site, front.project.folder)}
    code = run_in(common, site, front, parse_argv(front.config.build), front.project.folder, env=env, stdout=stdout)
    if code:
        raise DfdevError(f"the build ended with exit code {code}", "its output above says why")
    output = site.gate.inside("frontend.output", front.config.output, base=front.project.folder)
    made = assets_in(site.gate, output)
    seconds = time.monotonic() - began
    common.out.document({"files": made.files, "bytes": made.size, "digest": made.digest, "seconds": round(seconds, 3)})
    common.out.say(
        f"{front.config.output}: {made.files} files, {size_text(made.size)}, {seconds:.1f} s, sha256 {made.digest[:16]}"
    )
    return 0


def run_image(common: Common, ref: str) -> int:
    site = site_of(common)
    front = front_of(site)
    right_clock(common, keeper_of(site))
    began = time.monotonic()
    with reporter_for(common.out) as reporter:
        assets_image(site, front, ref, reporter.emit)
    seconds = time.monotonic() - began
    common.out.document({"image": ref, "seconds": round(seconds, 3)})
    common.out.say(f"{ref} has the assets ({seconds:.1f} s)")
    return 0


def run_status(common: Common) -> None:
    site = site_of(common)
    found = overview(site.engine, front_of(site))
    common.out.document(found.as_json())
    show_facts(common.out, found.lines())


def epoch(site: Site, folder: Path) -> dict[str, str]:
    """The time of the last commit, for tools that would write today's. Source: reproducible-builds.org."""
    given = site.environ.get("SOURCE_DATE_EPOCH", "")
    if not given and site.commands.which("git"):
        said = ask(site.commands, folder, *_LAST)
        given = said.out.strip() if said.code == 0 else ""
    return {"SOURCE_DATE_EPOCH": given} if given else {}
