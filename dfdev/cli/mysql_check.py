"""How `dfdev mysql check` shows the differences from production."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dfdev.cli.common import Common
from dfdev.mysql.likeness import Difference, settings_table
from dfdev.ui.out import Out
from dfdev.ui.table import columns

_WIDEST = 36
"""Characters of a value in the table; a whole sql_mode has two hundred."""


def show_check(common: Common, differences: Sequence[Difference], production_file: str | Path) -> int:
    """Differences, and a [mysql.settings] to paste, on stdout. The exit code: 1 where there are some, as `diff` has."""
    out = common.out
    table = settings_table(differences)
    out.document({"differences": [_document(d) for d in differences], "settings": table})
    if not differences:
        out.say(f"the server behaves as {production_file} says")
        return 0
    out.data("\n\n".join(part for part in (_table(out, differences), _others(out, differences), table) if part))
    count = "1 difference" if len(differences) == 1 else f"{len(differences)} differences"
    out.say(f"{count} from {production_file}{_advice(differences)}")
    return 1


def _document(difference: Difference) -> dict[str, str]:
    return {name: getattr(difference, name) for name in ("name", "production", "here", "why", "way_out")}


def _table(out: Out, differences: Sequence[Difference]) -> str:
    headers = [out.paint(text, "dim") for text in ("VARIABLE", "PRODUCTION", "HERE", "WHAT IT CHANGES")]
    return columns(headers, [_row(out, d) for d in differences])


def _row(out: Out, difference: Difference) -> list[str]:
    values = [_short(value) or '""' for value in (difference.production, difference.here)]
    return [out.paint(difference.name, "bold"), *values, difference.why]


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"


def _others(out: Out, differences: Sequence[Difference]) -> str:
    """What to do where no setting helps."""
    return "\n".join(f"{out.paint(d.name, 'bold')}: {d.way_out}" for d in differences if not d.setting)


def _advice(differences: Sequence[Difference]) -> str:
    settable = [d for d in differences if d.setting]
    if not settable:
        return ""
    build = any(d.way_out.endswith("`dfdev mysql build`") for d in settable)
    return f": put the settings into dfdev.toml, then `dfdev {'mysql build' if build else 'up'}`"
