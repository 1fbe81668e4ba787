"""What the client prints, what images say, and which tags they get."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.errors import DfdevError
from dfdev.mysql.age import staleness
from dfdev.mysql.baked import Baked, baked_of
from dfdev.mysql.failure import failure, parse_failure
from dfdev.mysql.migrations import fits, found_in
from dfdev.mysql.server import quoted_name, quoted_text, rows_of, version_of
from dfdev.mysql.tables import Table, table_files
from dfdev.mysql.tags import Tags

DAY = 86400.0
BAKED = Baked("ab" * 32, 1000 * DAY, "MySQL 9.7.0", 2, {"shop.order": 3, "shop.été": 0}, ("www/a/migrations/0001.py",))


@pytest.mark.parametrize(
    ("said", "code", "line", "text"),
    [
        ("ERROR 1064 (42000) at line 12: You have an error", 1064, 12, "You have an error"),
        ("mysql: [Warning] x\nERROR 2002 (HY000): Can't connect", 2002, 0, "Can't connect"),
        ("ERROR 1366 (22007) at line 3 in file: 'x': Incorrect", 0, 0, ""),
        ("ERROR at line 1: Unknown command '\\-'.", 0, 1, "Unknown command '\\-'."),
        ("all is well", 0, 0, ""),
    ],
)
def test_errors_of_the_client(said: str, code: int, line: int, text: str) -> None:
    found = parse_failure(said)
    if text:
        assert found is not None
        assert (found.code, found.line, found.text) == (code, line, text)
    else:
        assert found is None


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("ERROR 1273 (HY000) at line 1: Unknown collation: 'utf8mb4_0900_ai_ci'", "`base` under [mysql]"),
        ("ERROR 3 (HY000) at line 9: Error writing file (OS errno 28 - No space left on device)", "disk"),
        ("ERROR 1366 (HY000) at line 3: Incorrect string value: '\\xDFe' for column 'a' at row 1", "SET NAMES latin1"),
        ("ERROR 1366 (HY000) at line 3: Incorrect integer value: '' for column 'a' at row 1", "sql_mode"),
        ("ERROR 1366 (22007) at line 3: Incorrect decimal value: 'x' for column `d`.`t`.`a` at row 1", "sql_mode"),
        ("ERROR 1045 (28000): Access denied", "`password` under [mysql]"),
    ],
)
def test_what_to_do_about_them(said: str, hint: str) -> None:
    assert hint in failure(said).hint


def test_rows_of_a_batch() -> None:
    assert rows_of("a\tb\\nc\n1\tNULL\n\\\\n\t\\t\n") == [["a", "b\nc"], ["1", "NULL"], ["\\n", "\t"]]


@given(st.text(alphabet=st.characters(blacklist_characters="\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", codec="utf-8")))
def test_any_field_survives_the_batch(text: str) -> None:
    printed = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\0", "\\0")
    assert rows_of(f"x\t{printed}\n") == [["x", text]]


@pytest.mark.parametrize(
    ("text", "shown", "series"),
    [
        ("9.7.0", "MySQL 9.7.0", "MySQL 9.7"),
        ("8.4.10-1.el9", "MySQL 8.4.10", "MySQL 8.4"),
        ("10.11.14-MariaDB-0+deb12u2", "MariaDB 10.11.14", "MariaDB 10.11"),
        ("5.5.5-10.3.39-MariaDB", "MariaDB 10.3.39", "MariaDB 10.3"),
    ],
)
def test_versions(text: str, shown: str, series: str) -> None:
    assert (str(version_of(text)), version_of(text).series) == (shown, series)
    with pytest.raises(DfdevError):
        version_of("")


def test_names_and_texts_are_quoted() -> None:
    assert quoted_name("od`d") == "`od``d`"
    assert quoted_text("it's \\ \0") == "'it\\'s \\\\ \\0'"


def test_an_image_says_what_was_baked_into_it() -> None:
    assert baked_of(BAKED.labels()) == BAKED
    assert baked_of({}) is None
    assert baked_of({"dev.dfdev.mysql.fixtures": ""}) is None


@pytest.mark.parametrize(
    ("ref", "repository"),
    [
        ("our-alias:5000/mysql:dev", "our-alias:5000/mysql"),
        ("our-alias:5000/mysql", "our-alias:5000/mysql"),
        ("mysql", "mysql"),
        ("shop/mysql:dev", "shop/mysql"),
    ],
)
def test_tags(ref: str, repository: str) -> None:
    tags = Tags(ref)
    assert tags.by_digest("ab" * 32) == f"{repository}:fixtures-abababababab"
    assert tags.by_date(0) == f"{repository}:1970-01-01"


def test_files_of_the_data_folder_are_tables() -> None:
    paths = ["./shop/order.ibd", "./shop/log#p#p2024.ibd", "./ibdata1", "./shop/my@0020isam.MYD", "./a/b/c.ibd"]
    assert table_files(paths) == {"shop/order", "shop/log", "shop/my@0020isam"}


@pytest.mark.parametrize(
    ("schema", "name", "file", "is_its"),
    [
        ("shop", "order", "shop/order", True),
        ("shop", "order", "shop/orders", False),
        ("shop", "a b", "shop/a@0020b", True),
        ("shop", "a-b", "shop/a@0020b", False),
        ("caf\u00e9", "t", "caf@0e9/t", False),
        ("caf\u00e9", "t", "caf@0V/t", True),
        ("s", "\u5287", "s/@5287", True),
        ("s", "\U0001f3ad", "s/@d83c@dfad", True),
    ],
)
def test_the_file_of_a_table(schema: str, name: str, file: str, is_its: bool) -> None:
    assert bool(Table(schema, name, False).file.fullmatch(file)) is is_its


def test_fixtures_that_the_code_has_outgrown() -> None:
    new = ("www/a/migrations/0001.py", "www/a/migrations/0002.py")
    (text,) = staleness(BAKED, new, 0, 1001 * DAY)
    assert "baked before 1 migration of the code: www/a/migrations/0002.py" in text
    assert staleness(BAKED, BAKED.migrations, 7 * DAY, 1006 * DAY) == []
    (text,) = staleness(BAKED, BAKED.migrations, 7 * DAY, 1008 * DAY)
    assert "8 days old" in text
    assert staleness(BAKED, (), 0, 9999 * DAY) == [], "code that lacks a migration is an older branch"


def test_migrations_of_the_code(tmp_path: Path) -> None:
    ours = ("www/shop/migrations/0001_a.py", "www/migrations/0002.py")
    others = ("shop/migrations/__init__.py", "node_modules/x/migrations/0001.py", ".git/migrations/0001.py", "0003.py")
    for name in (*ours, *(f"www/{other}" for other in others)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert found_in(tmp_path, [tmp_path / "www"], ["**/migrations/[0-9]*.py"]) == tuple(sorted(ours))
    assert found_in(tmp_path, [tmp_path / "none"], ["**/*.py"]) == ()
    assert fits("db/migrate/20240101_x.rb", "db/migrate/*.rb")
