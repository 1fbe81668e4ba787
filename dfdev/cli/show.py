"""How plans and services are shown as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dfdev.core.plan import Plan
from dfdev.stack.rows import MountRow, ServiceRow
from dfdev.ui.out import Out
from dfdev.ui.table import columns

_STYLES = {"running": "green", "absent": "dim", "exited": "red", "dead": "red"}


def plan_lines(plan: Plan) -> list[str]:
    """The plan as JSON carries it: a line a step."""
    return [str(action) for action in plan.actions]


def show_plan(out: Out, plan: Plan, nothing: str) -> None:
    out.data("\n".join(str(action) for action in plan.actions) if plan else nothing)


def show_facts(out: Out, facts: Iterable[tuple[str, str]]) -> None:
    """A line each: its name, and what is so."""
    lines = list(facts)
    width = max(len(name) for name, _ in lines)
    out.data("\n".join(f"{out.paint(name.ljust(width), 'dim')}  {text}" for name, text in lines))


def service_table(out: Out, rows: Sequence[ServiceRow], home: Path, *, seconds: bool) -> str:
    """service, state, URL, code mount, log folder, and with `seconds` what each one took."""
    headers = ["SERVICE", "STATE", "URL", "CODE", "LOGS", *(["SECONDS"] if seconds else [])]
    cells = [_cells(out, row, home, seconds) for row in rows]
    return columns([out.paint(h, "dim") for h in headers], cells)


def _cells(out: Out, row: ServiceRow, home: Path, seconds: bool) -> list[str]:
    state = f"{row.state}, {row.health}" if row.health and row.health != "healthy" else row.state
    cells = [
        out.paint(row.name, "bold"),
        out.paint(state, _STYLES.get(row.state, "yellow")),
        row.url or "-",
        _mount(out, row, "code", home),
        _mount(out, row, "logs", home),
    ]
    return [*cells, f"{row.seconds:.1f}"] if seconds else cells


def _mount(out: Out, row: ServiceRow, role: str, home: Path) -> str:
    mount = next((m for m in row.mounts if m.role == role), None)
    if mount is None:
        return "-"
    text = f"{short(mount.source, home)} -> {mount.target}" if role == "code" else short(mount.source, home)
    return f"{text} {_mark(out, mount)}".rstrip()


def _mark(out: Out, mount: MountRow) -> str:
    if mount.proven is None:
        return ""
    return out.paint("✓", "green") if mount.proven else out.paint("✗ not mounted", "red")


def short(path: str, home: Path) -> str:
    """Relative to DFHOME where it lies inside."""
    try:
        return str(Path(path).relative_to(home))
    except ValueError:
        return path
