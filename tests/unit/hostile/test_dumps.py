"""Dumps: names that a container tells of, and who may read what is written."""

from __future__ import annotations

import gzip
import os
import stat
from pathlib import Path

import pytest

from dfdev.core.desired import Service
from dfdev.engine.protocol import NO_NETWORK, ContainerSpec, ExecResult
from dfdev.errors import DfdevError
from dfdev.mysql.export import target
from dfdev.mysql.mysqlsh import write_dump
from dfdev.mysql.server import Server
from tests.fakes.engine import FakeEngine


def server(*names: str) -> Server:
    """Of an image whose `ls` tells of these files."""

    def on_exec(_name: str, argv: list[str]) -> ExecResult:
        return ExecResult(0, "\n".join(names) if argv[0] == "ls" else "")

    engine = FakeEngine(images={"i:1": "sha256:1"}, on_exec=on_exec)
    id = engine.create(ContainerSpec("w-mysql", Service("mysql", "i:1"), NO_NETWORK, {}))
    engine.start(id)
    return Server(engine, id, (), {})


@pytest.mark.parametrize("name", ["../x", "/abs", "..", ".", "a/b", "a\\b"])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(DfdevError, match="names a file"):
        write_dump(server("@.json", name), "shop", (), tmp_path / "out" / "dump", "key", lambda event: None)
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]


@pytest.mark.parametrize("name", ["dump.sql", "dump.sql.gz"])
def test_a_dump_is_the_users_alone(tmp_path: Path, name: str) -> None:
    """Also while it is written, and whatever the umask."""
    old = os.umask(0)
    try:
        with target(tmp_path / name) as take:
            take(b"SELECT 1;")
            (part,) = tmp_path.iterdir()
            assert stat.S_IMODE(part.stat().st_mode) == 0o600
    finally:
        os.umask(old)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    content = file.read_bytes()
    assert (gzip.decompress(content) if name.endswith(".gz") else content) == b"SELECT 1;"


def test_what_lies_where_a_dump_is_written_is_not_followed(tmp_path: Path) -> None:
    """A link by the name that a temporary file had until now."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / f".dump.sql.{os.getpid()}.part").symlink_to(victim)
    with target(tmp_path / "dump.sql") as take:
        take(b"SELECT 1;")
    assert victim.read_text() == "mine" and (tmp_path / "dump.sql").read_bytes() == b"SELECT 1;"
