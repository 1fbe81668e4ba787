"""The generated part of a Markdown file, between two markers. Pure."""

from __future__ import annotations

from tests.bench.sample import BenchError

BEGIN = "<!-- bench:begin -->"
END = "<!-- bench:end -->"


def replaced(text: str, generated: str, name: str, markers: tuple[str, str] = (BEGIN, END)) -> str:
    """`text` with what stands between the markers replaced. BenchError when they are not there once each, in order."""
    begin, end = markers
    before, found_begin, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end or begin in rest or end in before + after:
        raise BenchError(f"{name} must have one line {begin} and after it one line {end}; nothing was written")
    return f"{before}{begin}\n\n{generated.strip()}\n\n{end}{after}"
