"""Files that are none, that never end, or that grow when they are read: an error, and soon."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dfdev.errors import ConfigError
from dfdev.workspace.load import load
from dfdev.workspace.names import service_names
from dfdev.workspace.problem import WorkspaceError
from dfdev.workspace.regular import LIMIT, read_below, read_regular
from tests.unit.workspace.support import WWW, problems, write

MIB = 1 << 20


@contextmanager
def soon() -> Iterator[None]:
    """In less than a second of work, also where others keep the machine busy."""
    began, worked = time.monotonic(), time.process_time()
    yield
    assert time.process_time() - worked < 1
    assert time.monotonic() - began < 10, "it waited for something"


def of_size(path: Path, size: int) -> None:
    """A file with a hole: of that size, and nothing on the disk."""
    with path.open("wb") as file:
        file.truncate(size)


PLANTED: dict[str, Callable[[Path], None]] = {
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "pipe": lambda path: os.mkfifo(path),
    "large": lambda path: of_size(path, 100 * MIB),
    "folder": lambda path: path.mkdir(),
}
FILES = ["dfdev.toml", "dfdev.local.toml", ".env", ".env.local", "own.env"]


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("name", FILES)
def test_what_is_no_file_is_an_error_at_once(tmp_path: Path, name: str, planted: str) -> None:
    home = write(tmp_path / "home", WWW + 'env_file = "own.env"\n')
    (home / "own.env").touch()
    (home / name).unlink(missing_ok=True)
    PLANTED[planted](home / name)
    with soon(), pytest.raises(ConfigError) as caught:
        load(home, {}, committed=lambda path: False)
    said = " ".join((caught.value.message, *caught.value.details))
    assert name in said or "/dev/zero" in said
    words = {"large": "larger than 16 MiB", "pipe": "not a regular file", "folder": "is a folder"}
    assert words.get(planted, "not a regular file" if name == ".env.local" else "which is /dev/zero") in said


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("name", ["dfdev.toml", "dfdev.local.toml"])
def test_completion_of_names_does_not_wait(tmp_path: Path, name: str, planted: str) -> None:
    home = write(tmp_path / "home", WWW)
    (home / name).unlink(missing_ok=True)
    PLANTED[planted](home / name)
    with soon():
        assert service_names(home) == ([] if name == "dfdev.toml" else ["www"])


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    of_size(tmp_path / "file", LIMIT)
    assert len(read_below(tmp_path, tmp_path / "file")) == LIMIT
    of_size(tmp_path / "file", LIMIT + 1)
    with pytest.raises(OSError, match="larger than 16 MiB"):
        read_regular(tmp_path / "file")


def test_a_file_that_says_that_it_is_empty_is_not_read_for_ever() -> None:
    """As those of the kernel do."""
    with pytest.raises(OSError, match="larger"):
        read_regular(Path("/proc/self/maps"), limit=100)


def test_references_that_double_forty_times(tmp_path: Path) -> None:
    lines = "".join(f"A{n}=${{A{n + 1}}}${{A{n + 1}}}\n" for n in range(40))
    with soon():
        found = problems(tmp_path, WWW, env=f"{lines}A40=0123456789\n")
    ((key, problem),) = found.items()
    assert key.startswith(".env A") and problem.expected == "a value of at most 128 KiB"


@pytest.mark.parametrize("separator", ["", "$${", "-"])
def test_references_in_one_value(tmp_path: Path, separator: str) -> None:
    text = separator.join(["${A}"] * 10_000)
    with soon():
        found = problems(tmp_path, f"{WWW}[services.www.env]\nB = '{text}'\n", env=f"A={'x' * 100_000}\n")
    assert found["services.www.env.B"].expected == "a text of at most 128 KiB"


@pytest.mark.parametrize("where", ["env", "toml"])
def test_references_in_many_values(tmp_path: Path, where: str) -> None:
    """Each of them may be; all of them together would take gigabytes."""
    keys = [f"B{n}" for n in range(2_000)]
    env = f"A={'x' * 100_000}\n" + ("".join(f"{key}=-${{A}}\n" for key in keys) if where == "env" else "")
    table = "[services.www.env]\n" + "".join(f'{key} = "-${{A}}"\n' for key in keys if where == "toml")
    with soon(), pytest.raises(WorkspaceError) as caught:
        load(write(tmp_path, WWW + table, env=env), {})
    assert "of at most 128 KiB" in caught.value.problems[0].expected
