from __future__ import annotations

import pytest

from tests.bench.readme import BEGIN, END, replaced
from tests.bench.sample import BenchError


def test_only_what_stands_between_the_markers_changes() -> None:
    text = f"# dfdev\n\n{BEGIN}\nold\n{END}\n\nrest\n"
    assert replaced(text, "new\n", "README.md") == f"# dfdev\n\n{BEGIN}\n\nnew\n\n{END}\n\nrest\n"


def test_writing_the_same_again_changes_nothing() -> None:
    once = replaced(f"{BEGIN}{END}", "table", "README.md")
    assert replaced(once, "table", "README.md") == once


@pytest.mark.parametrize(
    "text",
    ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}", f"{BEGIN}{END}{END}", f"{END}{BEGIN}{END}"],
)
def test_without_both_markers_once_and_in_order_it_fails(text: str) -> None:
    with pytest.raises(BenchError, match=r"README\.md must have one line"):
        replaced(text, "table", "README.md")
