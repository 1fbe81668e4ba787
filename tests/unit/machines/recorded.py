"""Recorded outputs, tests/data/PROVIDER/NAME.txt, without the lines that say where they come from."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"


def recorded(name: str) -> str:
    lines = (DATA / f"{name}.txt").read_text().splitlines(keepends=True)
    assert lines[0].startswith("# source: "), name
    while lines and lines[0].startswith("# source: "):
        del lines[0]
    return "".join(lines)
