"""A marker in each source of secrets, and every command, good and failing, in each form: nothing prints it, no program
is started with it, no file is left with it. On a computer of its own: `tests/e2e/test_no_secret_gets_out.py` asks a
real engine.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from email.utils import formatdate
from pathlib import Path

import pytest

from dfdev.cli.quick import TOOLS
from tests.unit.clock.harmless import harmless
from tests.unit.engine.server import Talk, answering, ok
from tests.unit.hostile.secrets_planted import ENVIRON, MARK, SAID, WWW, left, plant, planted
from tests.unit.hostile.walked import WORDS, commands, lines

FORMS = ((), ("--json",), ("--verbose",), ("--quiet",))
ASKED = re.compile(r"(--\w+ )?(mysql url|docker .*)")
"""Those print what they are asked for, or what another program says, as it is."""
WORKSPACE = f"""
[workspace]
name = "w"
{WWW.format(image="www:${A}")}
[mysql]
image = "m:${{A}}"
fixtures = "fixtures"
[frontend]
dir = "fe"
image = "node:${{A}}"
[registry]
storage = "s3"
bucket = "b"
region = "eu-central-1"
access_key = "xyzzymark-s3-id"
secret_key = "xyzzymark-s3"
"""
BROKEN = """
[services.www]
image = 5
ports = ["${A}", "redis://:xyzzymark/url@h/0"]
user = "${LOCAL}"
depends_on = ["${A}", "${LOCAL}"]
mounts = ["${LOCAL}:/x"]
[mysql]
fixtures = "${A}"
[machine]
provider = "${LOCAL}"
profile = "tcp://me:xyzzymark-profile@h"
"""
PROGRAMS = ("docker", "git", "ssh", "colima", "limactl", "systemctl", "xdg-open", "mysql", "npm", "podman")


def fails(connection: socket.socket, request: bytes) -> bool:
    """An engine that fails at everything."""
    return says(connection, 500)


def says(connection: socket.socket, status: int) -> bool:
    """What it was told, all of it."""
    body = json.dumps({"message": "; ".join(SAID)}).encode()
    connection.sendall(b"HTTP/1.1 %d No\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))
    return True


def is_empty(connection: socket.socket, request: bytes) -> bool:
    """An engine with nothing on it, on which nothing can be made: everything is attempted."""
    path = request.split()[1].decode()
    info = {
        "ServerVersion": "28.5.2",
        "OperatingSystem": "Ubuntu 24.04",
        "Name": "x",
        "SystemTime": "2026-01-01T00:00:00Z",
    }
    if request.startswith(b"GET") and re.search(r"/(info|containers/json|networks|images/json|volumes)(\?|$)", path):
        found = json.dumps(info if path.endswith("/info") else {} if "volumes" in path else []).encode()
        connection.sendall(ok(found, f"Date: {formatdate(time.time(), usegmt=True)}\r\n".encode()))
        return True
    return says(connection, 404 if request.startswith(b"GET") else 500)


class Computer:
    """`home`: DFHOME; `user`: whose HOME; `tmp`: for what is made meanwhile."""

    def __init__(self, folder: Path, toml: str) -> None:
        self.home, self.user, self.tmp = (folder / name for name in ("home", "user", "tmp"))
        for path in (self.home / "fe", self.home / "fixtures", self.user / "bin", self.tmp):
            path.mkdir(parents=True)
        plant(self.home, self.user, toml)
        (self.home / "fe" / "package.json").write_text('{"name": "fe", "version": "1.0.0"}')
        (self.home / "fixtures" / "1.sql").write_text("SELECT 1;\n")
        (self.home / "one.sql").write_text("SELECT 1;\n")
        (self.home / "variables.txt").write_text("sql_mode\tANSI\n")
        self.argvs, self.said = folder / "argvs", folder / "said"
        self.said.write_text("\n".join(SAID))
        for name in PROGRAMS:
            program = self.user / "bin" / name
            program.write_text(f'#!/bin/sh\necho "$0 $*" >>{self.argvs}\ncat {folder}/said >&2\nexit 1\n')
            program.chmod(0o755)

    def prints(self, docker_host: str, turn: int) -> Iterator[tuple[str, int, str]]:
        """Each command line with its exit code and what it prints, in the form that it has at this turn of four."""
        tried = enumerate(lines(home=self.home, tmp=self.tmp))
        asked = [[*FORMS[(number + turn) % len(FORMS)], *line] for number, line in tried]
        file = self.tmp / "asked"
        file.write_text(json.dumps(asked))
        environ = {
            "HOME": str(self.user),
            "DFHOME": str(self.home),
            "TMPDIR": str(self.tmp),
            "PATH": f"{self.user}/bin:/usr/bin:/bin",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "DOCKER_HOST": docker_host,
            "DFDEV_ENGINE_TIMEOUT": "2",
            "LANG": "C.UTF-8",
            **ENVIRON,
        }
        argv = harmless([sys.executable, "-m", "tests.unit.hostile.one_by_one", str(file)])
        done = subprocess.run(
            argv, env=environ, cwd=self.home, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        for line, code, text in json.loads(done.stdout):
            yield " ".join(line), code, text


def test_every_command_is_walked() -> None:
    assert sorted(WORDS) == sorted(commands()), "say in walked.py what a new command is tried with"
    assert set(TOOLS) <= WORDS.keys()


@pytest.mark.parametrize(
    ("turn", "toml", "engine"),
    [(0, WORKSPACE, fails), (1, WORKSPACE, is_empty), (2, WORKSPACE, None), (3, BROKEN, None)],
    ids=["an engine that fails", "an empty engine", "no engine", "a broken file"],
)
def test_no_command_lets_one_out(tmp_path: Path, turn: int, toml: str, engine: Talk | None) -> None:
    computer = Computer(tmp_path, toml)
    with ExitStack() as stack:
        host = "tcp://me:xyzzymark-host@127.0.0.1:1"
        if engine is not None:
            host = f"unix://{stack.enter_context(answering(engine)).endpoint.path}"
        found = list(computer.prints(host, turn))
    bad = re.compile(f"{MARK}|Traceback")
    assert {line: text for line, _, text in found if bad.search(text) and not ASKED.fullmatch(line)} == {}
    assert MARK not in (computer.argvs.read_text() if computer.argvs.exists() else "")
    holds = toml is WORKSPACE
    assert {code == 0 for line, code, _ in found if line.endswith(("config check", "config show"))} == {holds}
    mine = planted(computer.home, computer.user) | {computer.said}
    assert [file for file in left(tmp_path) if Path(file.rpartition(" ")[0]) not in mine] == []
