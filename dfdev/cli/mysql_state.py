"""`dfdev mysql reset`, `snapshot`, `restore`, `snapshots`, `status`: the state of the database, changed and shown."""

from __future__ import annotations

import time
from collections.abc import Sequence

from dfdev.cli.changing import changing, questions_for
from dfdev.cli.common import Common
from dfdev.cli.session import site_of
from dfdev.cli.show import show_facts
from dfdev.core.amounts import size_text, time_text
from dfdev.core.typed import typed
from dfdev.errors import DfdevError, UsageError
from dfdev.mysql import snapshots as kept
from dfdev.mysql.branch import branch_of
from dfdev.mysql.database import Database, baked_in_image, config_of, existing
from dfdev.mysql.overview import overview
from dfdev.mysql.renew import Renewed, renew
from dfdev.stack.mysql import NAME
from dfdev.stack.site import Site
from dfdev.stack.tell import tell_unfinished
from dfdev.ui.reporter import Reporter, reporter_for
from dfdev.ui.table import columns


def run_reset(common: Common, *, yes: bool) -> None:
    site = site_of(common)
    image = config_of(site).image
    with reporter_for(common.out) as reporter, changing(common, site, "dfdev mysql reset", reporter.emit):
        before = existing(site)
        changed = _agreed(common, reporter, before, yes, "reset")
        done = renew(site, image, before, reporter.emit)
    common.out.document({"image": image, "changed": changed, **_document(done)})
    common.out.say(f"the database is as it was baked{_reclaimed(done)} ({done.seconds:.1f} s)")


def run_restore(common: Common, name: str, *, yes: bool) -> None:
    site = site_of(common)
    config_of(site)
    with reporter_for(common.out) as reporter, changing(common, site, "dfdev mysql restore", reporter.emit):
        kept.must_be_a_name(name)
        snapshot = kept.find(site.engine, site.workspace.name, name)
        before = existing(site)
        kept.must_fit(snapshot, _version(site))
        changed = _agreed(common, reporter, before, yes, f"restore {name}")
        done = renew(site, snapshot.ref, before, reporter.emit)
    common.out.document({"snapshot": name, "changed": changed, **_document(done)})
    common.out.say(f"the database is as in snapshot {name}{_reclaimed(done)} ({done.seconds:.1f} s)")


def run_snapshot(common: Common, words: Sequence[str], *, force: bool) -> None:
    if words[0] == "rm":
        _remove(common, words[1:])
        return
    if len(words) > 1:
        raise UsageError("one name, please", "dfdev mysql snapshot before-migration")
    site = site_of(common)
    kept.must_be_a_name(words[0])
    with reporter_for(common.out) as reporter, changing(common, site, "dfdev mysql snapshot", reporter.emit):
        database = existing(site)
        if database is None:
            raise DfdevError("there is no database to keep", "start it with `dfdev up mysql`")
        if database.unfinished:
            tell_unfinished((NAME,), reporter.emit)
        branch = branch_of(site.commands, site.workspace.home)
        began = time.monotonic()
        made = kept.take(site.engine, site.workspace.name, database, words[0], branch, reporter.emit, force=force)
        seconds = time.monotonic() - began
    common.out.document({**_as_json(made), "seconds": round(seconds, 3)})
    common.out.say(
        f"snapshot {made.name}: {size_text(made.size)} in {seconds:.1f} s; `{typed('dfdev mysql restore', made.name)}`"
    )


def run_snapshots(common: Common) -> None:
    site = site_of(common)
    config_of(site)
    found = kept.snapshots(site.engine, site.workspace.name)
    common.out.document({"snapshots": [_as_json(s) for s in found]})
    if not found:
        common.out.say("there are no snapshots: `dfdev mysql snapshot NAME` makes one")
        return
    rows = [[s.name, f"{_age(s.created)} ago", size_text(s.size), s.branch or "-", s.version or "-"] for s in found]
    headers = ["SNAPSHOT", "MADE", "SIZE", "BRANCH", "SERVER"]
    common.out.data(columns([common.out.paint(h, "dim") for h in headers], rows))


def run_status(common: Common) -> None:
    site = site_of(common)
    found = overview(site)
    common.out.document(found.as_json())
    show_facts(common.out, found.lines(time.time()))


def _remove(common: Common, names: Sequence[str]) -> None:
    if not names:
        raise UsageError("which snapshot?", "dfdev mysql snapshot rm NAME; `dfdev mysql snapshots` lists them")
    site = site_of(common)
    with reporter_for(common.out) as reporter, changing(common, site, "dfdev mysql snapshot rm", reporter.emit):
        found = [kept.find(site.engine, site.workspace.name, name) for name in names]
        for snapshot in found:
            kept.remove(site.engine, snapshot)
    common.out.document({"removed": list(names)})
    common.out.say(f"removed: {', '.join(names)}")


def _agreed(common: Common, reporter: Reporter, before: Database | None, yes: bool, what: str) -> list[str]:
    """The tables whose changes go, once the user has said so. DfdevError: nobody did."""
    if before is None:
        return []
    changed, text = _at_stake(before)
    if not text or yes:
        return changed
    questions = questions_for(common, yes, reporter.asking)
    if not questions.agree(f"{text}. Let it go?"):
        raise DfdevError(
            f"{text}: nothing was done", f"`dfdev mysql {what} --yes` lets it go; `dfdev mysql snapshot NAME` keeps it"
        )
    return changed


def _at_stake(before: Database) -> tuple[list[str], str]:
    """Changed tables, and the sentence about them; "" where nothing would be lost."""
    try:
        found = before.changed()
    except DfdevError:
        found = None
    if found is None:
        return [], "the database may hold changes (it cannot be asked which)"
    if not found:
        return [], ""
    names = ", ".join(found[:3]) + (", …" if len(found) > 3 else "")
    count = len(found)
    return found, f"{count} {'table was' if count == 1 else 'tables were'} changed since the bake: {names}"


def _version(site: Site) -> str:
    """Of the workspace's image: "MySQL 9.7"; "" where its labels do not say."""
    baked = baked_in_image(site)
    return kept.series_of(baked.version) if baked else ""


def _reclaimed(done: Renewed) -> str:
    return f"; {size_text(done.reclaimed)} reclaimed" if done.reclaimed else ""


def _document(done: Renewed) -> dict[str, object]:
    return {"plan": [str(a) for a in done.plan.actions], "reclaimed": done.reclaimed, "seconds": done.seconds}


def _as_json(snapshot: kept.Snapshot) -> dict[str, object]:
    return {
        "name": snapshot.name,
        "created": round(snapshot.created),
        "size": snapshot.size,
        "branch": snapshot.branch,
        "version": snapshot.version,
    }


def _age(moment: float) -> str:
    return time_text(max(0.0, time.time() - moment))
