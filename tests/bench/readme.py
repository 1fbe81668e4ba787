"""The generated part of a Markdown file, between two markers. Pure."""

from __future__ import annotations

from tests.bench.sample import BenchError

BEGIN = "<!-- bench:begin -->"
END = "<!-- bench:end -->"


def replaced(text: str, generated: str, name: str) -> str:
    """`text` with what stands between the markers replaced. BenchError when they are not there once each, in order."""
    before, found_begin, rest = text.partition(BEGIN)
    _, found_end, after = rest.partition(END)
    if not found_begin or not found_end or BEGIN in rest or END in before + after:
        raise BenchError(f"{name} must have one line {BEGIN} and after it one line {END}; nothing was written")
    return f"{before}{BEGIN}\n\n{generated.strip()}\n\n{END}{after}"
