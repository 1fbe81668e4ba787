"""A workspace with a database of either flavour, and a look into it that does not go through dfdev."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.lab import Done, Lab, unused_port
from tests.mysql.checksums import checksums
from tests.mysql.dataset import Flavour, write_fixtures
from tests.mysql.server import Server

BASES: dict[Flavour, str] = {"mysql": "dfdev/mysql:9", "mariadb": "dfdev/mariadb:10"}
SMALL = """CREATE TABLE play (id INT AUTO_INCREMENT PRIMARY KEY, title VARCHAR(99));
INSERT INTO play (title) VALUES ('Antigone');
"""


def mysql_of_a_module(docker_host: str, folder: Path, name: str, flavour: Flavour = "mysql") -> MysqlLab:
    """For the tests of one file together; who makes it cleans it."""
    home, user = folder / "home", folder / "user"
    home.mkdir()
    user.mkdir()
    return MysqlLab(Lab(home, user, docker_host, f"{name}-{os.getpid()}"), flavour, unused_port())


@dataclass(frozen=True)
class MysqlLab:
    """`port`: the database's on 127.0.0.1."""

    lab: Lab
    flavour: Flavour
    port: int

    @property
    def image(self) -> str:
        return f"dfdev-test/{self.lab.name}-mysql:dev"

    @property
    def fixtures(self) -> Path:
        return self.lab.home / "fixtures"

    def workspace(self, more: str = "", services: str = "", base: str = "") -> None:
        self.lab.workspace(f"""
[mysql]
image = "{self.image}"
base = "{base or BASES[self.flavour]}"
port = {self.port}
fixtures = "fixtures/"
user = "dev"
password = "dev"
database = "dev"
{more}
{services}
""")

    def small(self, **files: str) -> None:
        """One table with one row, or these files."""
        self.fixtures.mkdir(exist_ok=True)
        for name, text in (files or {"01-play": SMALL}).items():
            (self.fixtures / f"{name}.sql").write_text(text)

    def everything(self) -> None:
        self.fixtures.mkdir(exist_ok=True)
        write_fixtures(self.fixtures, self.flavour)

    def mysql(self, *args: str, **more: Any) -> Done:
        return self.lab.dfdev("mysql", *args, **more)

    @property
    def container(self) -> str:
        return self.lab.containers()["mysql"]

    @property
    def server(self) -> Server:
        docker = ["docker", "-H", self.lab.docker_host]
        return Server(docker, os.environ, self.container, self.flavour)

    def query(self, sql: str, database: str = "dev") -> list[list[str]]:
        return self.server.query(f"USE `{database}`; {sql}")

    def digests(self) -> dict[str, str]:
        return checksums(self.server.query)

    def clean(self) -> None:
        """The images too, and what a build that was killed has left."""
        self.lab.clean()
        left = self.lab.docker("ps", "-aq", "--filter", f"name={self.lab.name}-mysql-build", check=False).split()
        if left:
            self.lab.docker("rm", "-fv", *left, check=False)
        for repository in (self.image.rpartition(":")[0], f"dfdev-snapshots/{self.lab.name}"):
            refs = self.lab.docker("images", "--format", "{{.Repository}}:{{.Tag}}", repository).split()
            if refs:
                self.lab.docker("rmi", "-f", *refs, check=False)
