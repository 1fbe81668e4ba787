import pytest

from dfdev.ui.out import paint
from dfdev.ui.table import columns, width


def test_columns_line_up_and_end_clean() -> None:
    assert columns(["A", "LONG"], [["one", "x"], ["1", ""]]) == "A    LONG\none  x\n1"


@pytest.mark.parametrize(
    ("text", "cells"), [("abc", 3), (paint("abc", "red"), 3), ("日本", 4), ("e\u0301", 1), ("Вишня", 5)]
)
def test_width_is_in_cells(text: str, cells: int) -> None:
    assert width(text) == cells
