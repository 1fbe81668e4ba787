"""`.env` files: python-dotenv's documented behaviour, and what merging before interpolating changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.workspace.support import WWW, loaded, problems


def env_of(tmp_path: Path, env: str, local: str = "", environ: dict[str, str] | None = None) -> dict[str, str]:
    ws = loaded(tmp_path, "", environ, env=env, env_local=local)
    return {k: v for k, v in ws.env.items() if k != "DFHOME"}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Y=$A", "$A"),
        ("Y=${A}", "a"),
        ("Y='${A}'", "${A}"),
        ("Y='$${A} $$ ${A:-${B:-c}}'", "$${A} $$ ${A:-${B:-c}}"),
        ("export 'Y' = '${A}'", "${A}"),
        ('Y="\\\\${A}"', "\\a"),
        ('Y="\\${A}"', "${A}"),
        ('Y="\\$A and ${A}"', "$A and a"),
        ('Y="pa\\$\\${A}\\n$"', "pa$${A}\n$"),
        ('Y="$\\${A}"', "$${A}"),
        ("Y=$${A}", "${A}"),
        ("Y=pa$$word", "pa$word"),
        ('Y="pa$$word"', "pa$word"),
        ("Y='pa$$word'", "pa$$word"),
        ("Y=a#b # c", "a#b"),
        ('Y="a # b" # c', "a # b"),
        ("Y='a # b' # c", "a # b"),
        ("Y=it's ${A}", "it's a"),
        ('Y="${A}b"', "ab"),
        ("Y=${NOPE}", ""),
        ("Y=${NOPE:-d}", "d"),
        ("Y=${EMPTY:-d}", ""),
        ("Y=${A:?no}", "${A:?no}"),
        ("Y=\\${A}", "\\a"),
        ("export Y=1", "1"),
        ("Y= spaced # comment", "spaced"),
        ("Y=#kept", "#kept"),
        ("Y= # comment", ""),
        ('Y="two\nlines"', "two\nlines"),
        ("Y='it\\'s'", "it's"),
    ],
)
def test_quirks(tmp_path: Path, line: str, value: str) -> None:
    assert env_of(tmp_path, f"A=a\nEMPTY=\n{line}\n")["Y"] == value


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    assert env_of(tmp_path, "\ufeffA=1\r\nexport B='${A}'\r\nC=\"${A}\\$\"\r\n") == {"A": "1", "B": "${A}", "C": "1$"}


def test_a_default_in_a_default_is_said(tmp_path: Path) -> None:
    found = problems(tmp_path, "", env="A=${B:-${C:-d}}\n")
    assert found[".env A"].found == "another ${…} in the default"
    (tmp_path / ".env").unlink()
    found = problems(tmp_path, WWW + "command = 'echo ${B:-${C:-d}}'\n")
    assert found["services.www.command"].expected == "${NAME} or ${NAME:-default}"


def test_a_bare_name_sets_nothing(tmp_path: Path) -> None:
    assert env_of(tmp_path, "A\nB=1\n") == {"B": "1"}


def test_references_see_the_merged_map_whatever_the_order(tmp_path: Path) -> None:
    found = env_of(tmp_path, "URL=http://${HOST}:${PORT}\nHOST=a\nPORT=1\n", "HOST=b\n", {"PORT": "2"})
    assert found == {"URL": "http://b:2", "HOST": "b", "PORT": "2"}


def test_the_local_file_sees_the_common_one(tmp_path: Path) -> None:
    assert env_of(tmp_path, "A=1\n", "B=${A}2\n")["B"] == "12"


def test_a_variable_that_names_itself_sees_the_layer_below(tmp_path: Path) -> None:
    assert env_of(tmp_path, "A=base\n", "A=${A}:more\n") == {"A": "base:more"}


def test_the_environment_is_taken_as_it_is(tmp_path: Path) -> None:
    assert env_of(tmp_path, "", "", {"A": "${B}", "B": "b"}) == {"A": "${B}", "B": "b"}


def test_a_circle_is_a_problem_and_not_a_hang(tmp_path: Path) -> None:
    found = problems(tmp_path, "", env="A=${B}\nB=${C}\nC=${A}\n")
    (problem,) = found.values()
    assert problem.found == "A -> B -> C -> A"
    assert problem.file == ".env"


def test_a_very_long_chain_ends_in_a_problem_or_a_value(tmp_path: Path) -> None:
    chain = "".join(f"A{n}=${{A{n + 1}}}\n" for n in range(5000)) + "A5000=end\n"
    assert problems(tmp_path, "", env=chain)


def test_unreadable_lines_are_told_with_their_numbers_and_without_their_text(tmp_path: Path) -> None:
    found = problems(tmp_path, "", env_local="A=1\n\n\nSECRET two words\nB='open\n")
    assert [p.key for p in found.values()] == [".env.local line 4", ".env.local line 5"]
    assert str(found[".env.local line 4"]).startswith(".env.local line 4: expected NAME=value")
    assert not any("two words" in str(p) or "open" in p.found for p in found.values())


def test_a_file_that_is_a_folder_or_not_utf8_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    (tmp_path / ".env.local").write_bytes(b"A=\xff\n")
    found = problems(tmp_path, "")
    assert "is a folder" in found[".env"].found
    assert "not UTF-8" in found[".env.local"].found


def test_service_files_come_below_the_table(tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text("A=1\nB=1\nC=${B}${SHARED}\nBARE\nGONE\n")
    (tmp_path / "b.env").write_text("B=2\nD=file\n")
    toml = WWW + 'env_file = ["a.env", "b.env"]\nenv = { D = true, E = 5 }\n'
    ws = loaded(tmp_path, toml, {"BARE": "bare"}, env="SHARED=s\nB=not-mine\n")
    assert ws.service_env["www"] == {"A": "1", "B": "2", "C": "1s", "BARE": "bare", "D": "true", "E": "5"}


def test_a_service_file_that_is_missing_or_broken_is_a_problem_at_its_key(tmp_path: Path) -> None:
    (tmp_path / "b.env").write_text("=\n")
    found = problems(tmp_path, WWW + 'env_file = ["none.env", "b.env"]\n')
    assert "nothing at" in found["services.www.env_file[0]"].found
    assert "services.www.env_file[1] (b.env line 1)" in found
