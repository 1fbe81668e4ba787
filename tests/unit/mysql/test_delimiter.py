"""The delimiter at the end of a file."""

from __future__ import annotations

import pytest

from dfdev.mysql.delimiter import Delimiter


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("SELECT 1;", ";"),
        ("DELIMITER $$\nCREATE …$$\n", "$$"),
        ("DELIMITER $$\nCREATE …$$\nDELIMITER ;\n", ";"),
        ("SELECT 1;\n  delimiter //\nSELECT 2//", "//"),
        ("INSERT INTO word VALUES ('a DELIMITER $$');", ";"),
        ("DELIMITER", ";"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_last_one_counts_however_the_file_is_cut(text: str, last: str, size: int) -> None:
    data, delimiter = text.encode(), Delimiter()
    for begin in range(0, len(data), size):
        delimiter.read(data[begin : begin + size])
    delimiter.read(b"")
    assert delimiter.last == last.encode()
