"""`dfdev frontend init`: what is asked, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from dfdev.cli.changing import questions_for
from dfdev.cli.common import Common
from dfdev.cli.here import here
from dfdev.cli.opened import opened
from dfdev.errors import DfdevError
from dfdev.frontend.init import Outcome, Scaffold, carry_out, place, prepare
from dfdev.frontend.scaffold import LOCK, Change
from dfdev.frontend.scaffold_disk import write
from dfdev.frontend.scaffold_versions import Versions, checked
from dfdev.resources import templates_dir
from dfdev.workspace.locate import MARKER
from dfdev.workspace.toml_file import read_text

_SHOWN = 200
"""Lines of a diff."""
_WHAT = {
    "new": "new",
    "same": "as in the template",
    "yours": "yours, kept",
    "gone": "removed by you, left out",
    "outdated": "never changed by you; the template has a newer one",
    "differs": "differs from the template",
}


def run_init(
    common: Common, folder: Path | None, *, preset: str, node: str, grunt: str, bower: str, yes: bool, dry_run: bool
) -> int:
    """1: files differ, and nobody could be asked."""
    asked = checked(Versions(preset, node, grunt, bower))
    gate = opened(common).gate
    file = gate.home / MARKER
    toml = read_text(file, gate)
    scaffold = prepare(gate, place(gate, here(), folder, toml), toml, templates_dir(), asked)
    if dry_run:
        common.out.data("\n".join(_plan_lines(scaffold)))
        common.out.document(_document(scaffold, None))
        return 0
    outcome = carry_out(gate, scaffold, _asking(common, scaffold, yes))
    if scaffold.section:
        write(gate, file, gate.read(MARKER, file) + scaffold.section.encode())
    _tell(common, scaffold, outcome)
    return 1 if outcome.left else 0


def _asking(common: Common, scaffold: Scaffold, yes: bool) -> Callable[[Change], bool | None]:
    """What never was the developer's is not shown to somebody who has agreed to everything."""
    questions = questions_for(common, yes, nullcontext)

    def agree(change: Change) -> bool | None:
        if not (yes and change.kind == "outdated"):
            common.out.say(_shown(change))
        if not yes and not common.interactive:
            return None
        return questions.agree(f"Write {_name(scaffold, change)} as in the template?")

    return agree


def _shown(change: Change) -> str:
    if change.path == LOCK:
        return f"{LOCK}: the template's is another; it goes with its package.json"
    lines = change.diff.splitlines()
    more = len(lines) - _SHOWN
    return "\n".join([*lines[:_SHOWN], f"… {more} more lines"] if more > 0 else lines)


def _plan_lines(scaffold: Scaffold) -> list[str]:
    lines = []
    for change in scaffold.changes:
        lines.append(f"{_name(scaffold, change)}: {_WHAT[change.kind]}")
        lines += [_shown(change)] if change.asks else []
    return [*lines, *([f"{MARKER}: gets a section [frontend]"] if scaffold.section else [])]


def _tell(common: Common, scaffold: Scaffold, outcome: Outcome) -> None:
    common.out.document(_document(scaffold, outcome))
    for warning in scaffold.warnings:
        common.out.say(warning)
    if outcome.outdates_lock and (scaffold.folder / LOCK).exists():
        common.out.say(f"{LOCK} is older than package.json now: `dfdev npm install` brings it up to date")
    if outcome.left:
        names = ", ".join(outcome.left)
        common.out.complain(
            DfdevError(f"nobody could be asked about what differs: {names}", "dfdev frontend init --yes writes it")
        )
        return
    count = len(outcome.written) + bool(scaffold.section)
    versions = scaffold.versions
    done = f"{count} {'file' if count == 1 else 'files'} written" if count else "nothing to do"
    following = "grunt" if scaffold.grunt else "npm run build"
    common.out.say(
        f"{scaffold.dir}: {done} (preset {versions.preset}, node {versions.node}); `dfdev {following}` is next"
    )


def _document(scaffold: Scaffold, outcome: Outcome | None) -> dict[str, object]:
    written = outcome.written if outcome else ()
    changes = [
        {"path": c.path, "kind": c.kind, "written": c.path in written, "diff": _shown(c) if c.asks else ""}
        for c in scaffold.changes
    ]
    return {
        "dir": scaffold.dir,
        "preset": scaffold.versions.preset,
        "node": scaffold.versions.node,
        "adopted": scaffold.adopted,
        "section": scaffold.section,
        "left": list(outcome.left) if outcome else [],
        "changes": changes,
    }


def _name(scaffold: Scaffold, change: Change) -> str:
    return change.path if scaffold.dir == "." else f"{scaffold.dir}/{change.path}"
