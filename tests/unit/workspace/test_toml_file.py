"""A file that is no TOML: its line, its column, the line itself, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.errors import ConfigError
from dfdev.workspace.toml_file import parse_toml, read_toml
from tests.unit.workspace.support import loaded, locked


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse_toml(text, "dfdev.toml")
    assert caught.value.hint
    return caught.value


def test_line_column_and_a_mark_under_it() -> None:
    error = refused('[workspace]\nname = dramas\n[mysql]\nimage = "x"\n')
    assert error.message == "dfdev.toml, line 2, column 8: invalid value"
    assert error.details == ("2 | name = dramas", "           ^")
    assert error.hint == 'a text needs quotes: name = "dramas"'


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ('a = "x\nb = 1\n', 1, "quote"),
        ('a = 1\n\nb = "x', 3, "quote"),
        ("a = 1\na = 2\nb = 3\n", 2, "twice"),
        ("[a]\nb = 1\n[a]\n", 3, "twice"),
        ("a = [1,\n2\n", 2, "TOML"),
        ("just words\n", 1, "TOML"),
        ('a = "C:\\dir"\n', 1, "backslash"),
        ("a = {b = 1, = 2}\n", 1, "TOML"),
    ],
)
def test_each_kind_has_its_line_and_its_hint(text: str, line: int, hint: str) -> None:
    error = refused(text)
    assert f"line {line}," in error.message
    assert hint in error.hint


@pytest.mark.parametrize("line", ['password = "hunter2', 'env = { A = "1", DB_PASSWORD = "hunter2 }'])
def test_the_line_of_a_secret_is_not_shown(line: str) -> None:
    error = refused(f"[mysql]\n{line}\n")
    assert "hunter2" not in " ".join((error.message, error.hint, *error.details))
    assert "********" in error.details[0]


def test_nesting_and_numbers_without_end_are_refused() -> None:
    assert "nested" in refused("a = " + "[" * 100_000).message
    assert "digits" in refused("a = " + "1" * 10_000).message


def test_tables_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nested"):
        loaded(tmp_path, ".".join(["a"] * 3_000) + " = 1\n")


def test_bytes_that_are_not_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "dfdev.toml").write_bytes(b'[workspace]\nname = "caf\xe9"\n')
    with pytest.raises(ConfigError, match=r"dfdev\.toml, line 2: not UTF-8"):
        read_toml(tmp_path / "dfdev.toml")


def test_a_byte_order_mark_and_crlf_are_fine(tmp_path: Path) -> None:
    (tmp_path / "dfdev.toml").write_bytes(b'\xef\xbb\xbf[a]\r\nb = "c"\r\n')
    assert read_toml(tmp_path / "dfdev.toml") == {"a": {"b": "c"}}


def test_a_file_that_may_not_be_read_and_one_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "closed.toml").write_text("")
    with locked(tmp_path / "closed.toml"), pytest.raises(ConfigError, match="permission denied"):
        read_toml(tmp_path / "closed.toml")
    with pytest.raises(ConfigError, match="is a folder"):
        read_toml(tmp_path)
    with pytest.raises(ConfigError, match="does not exist"):
        read_toml(tmp_path / "none.toml")


def test_errors_in_both_files_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, "a = b\n", local_toml="c = d\n")
    assert "dfdev.toml, line 1" in caught.value.message
    assert any("dfdev.local.toml, line 1" in line for line in caught.value.details)
