"""Where statements begin and end, however the stream is cut."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dfdev.mysql.statements import HEAD, Part, Statements

SIZES = [1, 7, 1000]


def cut(text: str, size: int = 1000, first: int = 0) -> tuple[list[Part], Statements]:
    """In pieces of `size` after a `first` one. Parts that belong together are put together."""
    data = text.encode()
    reader, parts = Statements(), list[Part]()
    pieces = [data[:first], *(data[begin : begin + size] for begin in range(first, len(data), size))]
    for piece in pieces:
        parts += reader.cut(piece)
    parts += reader.cut(b"", last=True)
    assert b"".join(part.data for part in parts) == data
    return list(_joined(parts)), reader


def _joined(parts: Iterable[Part]) -> Iterable[Part]:
    whole: Part | None = None
    for part in parts:
        if part.kind == "more" and whole and whole.kind == "statement":
            whole = Part("statement", whole.data + part.data)
            continue
        if whole:
            yield whole
        whole = part
    if whole:
        yield whole


def statements(text: str, size: int) -> list[str]:
    return [part.data.decode() for part in cut(text, size)[0] if part.kind == "statement"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELECT 1; SELECT 2", ["SELECT 1;", "SELECT 2"]),
        ("SELECT ';\\';', \";\", `;`; SELECT 'it''s;'", ["SELECT ';\\';', \";\", `;`;", "SELECT 'it''s;'"]),
        ("SELECT 1 -- ; it's\n + 1; -- it's\nSELECT 2;", ["SELECT 1 -- ; it's\n + 1;", "SELECT 2;"]),
        ("SELECT 1--'a;'\n; SELECT 2", ["SELECT 1--'a;'\n;", "SELECT 2"]),
        ("# it's; a\nSELECT 1 # it's;\n; SELECT 2", ["SELECT 1 # it's;\n;", "SELECT 2"]),
        ("/* it's; */ SELECT /* ' */ 1; SELECT 2", ["SELECT /* ' */ 1;", "SELECT 2"]),
        ("/*!50001 SELECT ';' */; /*M!100100 USE x */;", ["/*!50001 SELECT ';' */;", "/*M!100100 USE x */;"]),
        ("SELECT 4 / 2 - 1; SELECT 3", ["SELECT 4 / 2 - 1;", "SELECT 3"]),
        ("SELECT 1\\G SELECT 2;", ["SELECT 1\\G", "SELECT 2;"]),
        ("INSERT INTO t VALUES ('\nDELIMITER $$\n');\n#", ["INSERT INTO t VALUES ('\nDELIMITER $$\n');"]),
        ("/* one\nDELIMITER $$\nUSE a;\n*/ SELECT 1; SELECT 2", ["SELECT 1;", "SELECT 2"]),
        ("DELIMITER ;;\nSELECT 1; SELECT 2;;\nDELIMITER ;\nSELECT 3;", ["SELECT 1; SELECT 2;;", "SELECT 3;"]),
        ("DELIMITER //\r\nSELECT 4 / 2; // SELECT 3 //\r\n", ["SELECT 4 / 2; //", "SELECT 3 //"]),
        ("delimiter $$\nSELECT '$$' $ 1 $$ SELECT 2", ["SELECT '$$' $ 1 $$", "SELECT 2"]),
        ("SELECT 1\nDELIMITER $$\nSELECT 2; SELECT 3$$", ["SELECT 1", "SELECT 2; SELECT 3$$"]),
        ("SELECT 1\n, de FROM\ndelimiters; SELECT 2", ["SELECT 1\n, de FROM\ndelimiters;", "SELECT 2"]),
        ("use a\nSELECT 1;\nwarnings\n\\. b.sql\nSELECT 2;", ["SELECT 1;", "SELECT 2;"]),
        ("USE `a`; select 1;", ["USE `a`;", "select 1;"]),
        ("/*M!999999\\- enable the sandbox mode */ \n-- it's\nSELECT 1;", ["SELECT 1;"]),
        ("", []),
        ("\n -- nothing\n/**/;;", []),
    ],
)  # fmt: skip
def test_statements(text: str, found: list[str], size: int) -> None:
    assert [one.removeprefix("\n").removesuffix("\n") for one in statements(text, size)] == found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("SELECT 1;", ";"),
        ("DELIMITER $$\nCREATE …$$\n", "$$"),
        ("DELIMITER $$\nCREATE …$$\nDELIMITER ;\n", ";"),
        ("SELECT 1;\n  delimiter //\nSELECT 2//", "//"),
        ("INSERT INTO word VALUES ('a DELIMITER $$');", ";"),
        ("INSERT INTO word VALUES ('a\nDELIMITER $$\n');", ";"),
        ('INSERT INTO word VALUES ("a\nDELIMITER $$\n");', ";"),
        ("/*\nDELIMITER $$\n*/ SELECT 1;", ";"),
        ("-- one\n# DELIMITER $$\nSELECT 1;", ";"),
        ("DELIMITER", ";"),
    ],
)
def test_the_last_delimiter_counts_however_the_file_is_cut(text: str, last: str, size: int) -> None:
    assert cut(text, size)[1].delimiter == last.encode()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "text", ["source a b.sql ;", "SOURCE\ta b.sql", "\\. a b.sql", "\\.a b.sql\r\n", " source a b.sql;SELECT 1;"]
)
def test_what_is_sourced(text: str, size: int) -> None:
    (found,) = [part for part in cut(text, size)[0] if part.kind == "source"]
    assert found.word == b"a b.sql"


@pytest.mark.parametrize("size", SIZES)
def test_a_sandbox_line_is_told_wherever_it_stands(size: int) -> None:
    text = "SELECT 1;\n/*!999999\\- enable the sandbox mode */\nSELECT 2;\n/*M!999999\\- enable the sandbox mode */"
    assert [part.kind for part in cut(text, size)[0] if part.kind != "between"] == [
        "statement", "sandbox", "statement", "sandbox",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "quoted"), [("SELECT 'a", True), ("/* a", True), ("-- a", False), ("SELECT 1", False)]
)
def test_what_ends_inside_something(text: str, quoted: bool) -> None:
    assert cut(text)[1].quoted is quoted


def test_without_escapes_a_backslash_is_one() -> None:
    reader = Statements(escapes=False)
    parts = [*reader.cut(b"SELECT 'C:\\'; SELECT 2;"), *reader.cut(b"", last=True)]
    assert [part.data for part in parts if part.kind == "statement"] == [b"SELECT 'C:\\';", b"SELECT 2;"]


PIECES = [
    *("'", '"', "`", "\\", ";", "\n", "--", " ", "#", "/*", "*/", "!", "a", "delimiter $$\n", "$$", "$", "source x"),
    *("\\'", "/", "\\G", "x" * 80),
]
LONG = "SELECT " + "x" * HEAD
"""Where a statement is long enough, what comes is looked at as it comes."""


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.integers(1, 9))
@example(["'", "x" * 80, "\\", "'", ";", "'", "x" * 80, ";", "a"], 1)
@example(["'", "x" * 80, "\\", "\\", "'", ";", "a" * 80], 1)
@example(["/*", "x" * 80, "*/", ";", "a" * 80], 1)
@example(["--", " ", "'", "x" * 80, "\n", ";", "a" * 80], 1)
@example(["\n", "delimiter $$\n", ";", "$$", "a"], 1)
def test_the_cut_makes_no_difference(pieces: list[str], size: int) -> None:
    text = "".join(pieces)
    whole, reader = cut(LONG + text, 10_000)
    small, other = cut(LONG + text, size, len(LONG))
    kinds = [(part.kind, part.data) for part in whole if part.kind != "between"]
    assert [(part.kind, part.data) for part in small if part.kind != "between"] == kinds
    assert (other.delimiter, other.open, other.quoted) == (reader.delimiter, reader.open, reader.quoted)


ROW = b"INSERT INTO `t` VALUES " + b",".join([b"(1,'it\\'s \\\"so\\\" ; -- /* #',0.5,NULL)"] * 9000) + b";\n"


def test_long_statements_in_pieces() -> None:
    reader, parts = Statements(), list[Part]()
    data = ROW * 5
    for begin in range(0, len(data), 1 << 16):
        parts += reader.cut(data[begin : begin + (1 << 16)])
    parts += reader.cut(b"", last=True)
    assert sum(part.kind == "statement" for part in parts) == 5
    assert b"".join(part.data for part in parts) == data
