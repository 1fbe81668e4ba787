"""Who gets a terminal of ours: tools that ask, when neither their input nor their output is data."""

import os
from pathlib import Path

import pytest

from dfdev.frontend.asking import asks, carries_data, use_pty


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("bower install", True),
        ("bower install jquery --save", True),
        ("bower -F install", True),
        ("bower", False),
        ("bower list", False),
        ("bower --version", False),
        ("bower install --json", False),
        ("yo", True),
        ("yo webapp", True),
        ("npm init", True),
        ("npm init -y", True),
        ("npm create vite@latest app", True),
        ("npm publish", True),
        ("npm install", False),
        ("npm ci", False),
        ("npm ls --json", False),
        ("npm exec create-vite", True),
        ("npm exec -- yo webapp", True),
        ("npm x prettier file.js", False),
        ("npm", False),
        ("npx create-react-app app", True),
        ("npx --yes @scope/create-thing@2", True),
        ("npx @scope/create", True),
        ("npx yo", True),
        ("npx prettier file.js", False),
        ("npx", False),
        ("grunt", False),
        ("grunt watch", False),
    ],
)
def test_tools(line: str, asked: bool) -> None:
    tool, *argv = line.split()
    assert asks(tool, argv) == asked


def test_data_on_stdin(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    (tmp_path / "file").write_text("y\n")
    (tmp_path / "empty").touch()
    null, file, empty = (os.open(path, os.O_RDONLY) for path in ("/dev/null", tmp_path / "file", tmp_path / "empty"))
    try:
        assert not carries_data(reader), "an open pipe in which nothing is"
        os.write(writer, b"y\n")
        assert carries_data(reader)
        assert not use_pty("yo", [], reader)
        os.read(reader, 10)
        os.close(writer)
        assert not carries_data(reader), "at its end"
        assert use_pty("yo", [], reader)
        assert [carries_data(fd) for fd in (null, file, empty)] == [False, True, False]
    finally:
        for fd in (reader, null, file, empty):
            os.close(fd)
    assert not carries_data(reader), "closed"
