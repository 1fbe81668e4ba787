"""The database that is measured: its workspace, what is typed, and a client on the host that is not dfdev's."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.lab import DFDEV, Lab
from tests.bench.sample import BenchError, Run, run

NAME = "dfbench-mysql"
BASE = "dfdev/mysql:9"
DATABASE = "dev"
EMPTY = f"DROP DATABASE {DATABASE}; CREATE DATABASE {DATABASE}"
_IMAGE = "dfbench/fixtures"
_CLIENT = f"{NAME}-client"
_CONTAINER = f"{NAME}-mysql"
_STOCK = f"{NAME}-stock"
_DEFAULTS = (
    "--innodb-redo-log-capacity=100M",
    "--innodb-buffer-pool-size=128M",
    "--innodb-doublewrite=ON",
    "--innodb-flush-log-at-trx-commit=1",
)
"""Of MySQL 9, where our images have others. Source: MySQL manual, InnoDB Startup Options and System Variables."""
_ANSWERS = 'until mysql --user=dev --execute="SELECT 1" >/dev/null 2>&1; do sleep 0.1; done'
_START_SECONDS = "60"
_PASSWORD = {"MYSQL_PWD": "dev"}
_DISK = 4.5
"""Bytes on the engine's disk for a byte of the dump, at most: a bake has its container, its image and the dump."""


@dataclass(frozen=True)
class MysqlLab:
    """`folder`: the workspace; `port`: of the database on 127.0.0.1."""

    lab: Lab
    folder: Path
    port: int

    @classmethod
    def at(cls, lab: Lab) -> MysqlLab:
        made = cls(lab, lab.root / NAME, next(lab.ports))
        made.dump.parent.mkdir(parents=True)
        (made.folder / "dfdev.toml").write_text(made._workspace())
        return made

    @property
    def dump(self) -> Path:
        return self.folder / "fixtures/01-dump.sql"

    def must_have_room(self, gigabytes: float) -> None:
        """BenchError: before an hour is spent on a disk that will be full."""
        needed = _DISK * gigabytes * 1e9
        for place in (self.lab.engine.data, self.lab.root):
            free = shutil.disk_usage(place).free
            if free < needed:
                raise BenchError(f"{place} has {free / 1e9:.0f} GB free, {gigabytes:g} GB need {needed / 1e9:.0f} GB")

    @contextmanager
    def clean_engine(self) -> Iterator[None]:
        """Nothing of ours before, the client meanwhile, nothing of ours after, whatever happens."""
        self._clean()
        try:
            self._docker("run", "-d", "--name", _CLIENT, "--network=host", "--entrypoint=sleep", BASE, "infinity")
            yield
        finally:
            self._clean()

    def up(self) -> None:
        run([str(DFDEV), "up", "mysql"], self.lab.env, self.folder)

    def dfdev(self, *args: str) -> tuple[float, Any]:
        """Seconds of the whole process, and what it says as JSON."""
        done = run([str(DFDEV), "mysql", *args, "--json"], self.lab.env, self.folder)
        return done.sample.seconds, json.loads(done.out)

    def reimport(self, container: str = _CONTAINER) -> float:
        """The usual way. Its client takes the server's socket, as everybody's does."""
        typed = f'exec "$0" exec -i -e MYSQL_PWD {container} mysql --user=dev {DATABASE} <"$1"'
        return self._run("sh", "-c", typed, *self.lab.docker, str(self.dump)).sample.seconds

    def reimport_stock(self) -> float:
        """The same into an emptied server that has MySQL's own defaults."""
        self._docker("run", "-d", "--init", "--name", _STOCK, f"{_IMAGE}:dev", *_DEFAULTS)
        inside = ("exec", "-e", "MYSQL_PWD", _STOCK)
        self._docker(*inside, "timeout", _START_SECONDS, "sh", "-c", _ANSWERS)
        self._docker(*inside, "mysql", "--user=dev", f"--execute={EMPTY}")
        os.sync()
        seconds = self.reimport(_STOCK)
        self._docker("rm", "-fv", _STOCK)
        return seconds

    def ask(self, sql: str) -> list[list[str]]:
        """The rows, over TCP through the published port, as a program on the host asks."""
        where = ("--protocol=tcp", "--host=127.0.0.1", f"--port={self.port}", "--user=dev")
        client = ("mysql", *where, "--batch", "--skip-column-names", f"--execute={sql}", DATABASE)
        found = self._docker("exec", "-e", "MYSQL_PWD", _CLIENT, *client).out
        return [line.split("\t") for line in found.splitlines()]

    def written(self) -> float:
        """MB of the database's container beyond its image: SizeRw, as `docker ps -s` shows it."""
        return int(self._docker("inspect", "-s", "--format", "{{.SizeRw}}", _CONTAINER).out) / 1e6

    def _clean(self) -> None:
        self._remove(("ps", "-aq", "--filter", f"name=^{NAME}-"), ("rm", "-fv"))
        for repository in (_IMAGE, f"dfdev-snapshots/{NAME}"):
            self._remove(("images", "--format", "{{.Repository}}:{{.Tag}}", repository), ("rmi", "-f"))
        self._remove(("network", "ls", "-q", "--filter", f"name=^{NAME}_"), ("network", "rm"))

    def _remove(self, listing: Sequence[str], removing: Sequence[str]) -> None:
        found = self._docker(*listing).out.split()
        if found:
            self._docker(*removing, *found)

    def _docker(self, *args: str) -> Run:
        return self._run(*self.lab.docker, *args)

    def _run(self, *argv: str) -> Run:
        return run(argv, {**self.lab.env, **_PASSWORD}, self.folder)

    def _workspace(self) -> str:
        return f"""[workspace]
name = "{NAME}"

[mysql]
image = "{_IMAGE}:dev"
base = "{BASE}"
fixtures = "{self.dump.parent.name}/"
port = {self.port}
user = "dev"
password = "dev"
database = "{DATABASE}"
"""
