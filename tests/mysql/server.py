"""A server in a container, loaded and dumped by its own clients: what dfdev's ways are compared with."""

from __future__ import annotations

import bz2
import csv
import gzip
import lzma
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.mysql.client import Login, execute, query
from tests.mysql.dataset import Flavour, zstd

DATABASES = ("archive 2014", "dev")
"""Those of the fixtures, in an order in which a dump of them can be loaded: a view of the second uses the first."""

_DUMP: dict[Flavour, str] = {"mysql": "mysqldump", "mariadb": "mariadb-dump"}
_DUMPED = ("--user=root", "--routines", "--events", "--triggers", "--single-transaction", "--databases")
_CSV = (
    "LOAD DATA INFILE '{path}' INTO TABLE `{table}` CHARACTER SET utf8mb4 FIELDS TERMINATED BY ','"
    " OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' LINES TERMINATED BY '{end}' IGNORE 1 LINES ({columns})"
)


@dataclass(frozen=True)
class Server:
    """`docker` is the command with its options, `env` its environment. root goes through the socket."""

    docker: Sequence[str]
    env: Mapping[str, str] = field(repr=False)
    container: str
    flavour: Flavour
    password: str = ""

    @property
    def root(self) -> Login:
        return Login(self.flavour, "root", self.password, host="")

    def query(self, sql: str) -> list[list[str]]:
        return query(self.docker, self.env, self.container, sql, login=self.root)

    def run(self, *argv: str, stdin: bytes = b"") -> bytes:
        return execute(self.docker, self.env, self.container, argv, stdin, self.password)

    def wait(self, seconds: float = 60.0) -> None:
        """Until a query over TCP is answered: the server without networking of a first start does not count."""
        ask = Login(self.flavour).argv("--execute=SELECT 1")
        retry = 'until "$@" >/dev/null 2>&1; do sleep 0.1; done'
        execute(self.docker, self.env, self.container, ["sh", "-c", retry, "sh", *ask], b"", "dev", seconds)

    def source(self, sql: bytes, database: str = "") -> None:
        self.run(*self.root.argv("--comments", *([database] if database else [])), stdin=sql)

    def load_all(self, folder: Path, database: str = "dev") -> None:
        for file in sorted(folder.iterdir()):
            self.load(file, database)

    def load(self, file: Path, database: str = "dev") -> None:
        if file.suffix == ".sh":
            self.run("sh", stdin=file.read_bytes())
        elif file.suffix == ".csv":
            self._load_csv(file, database)
        else:
            self.source(unpacked(file), database)

    def _load_csv(self, file: Path, database: str) -> None:
        content, path = file.read_bytes(), "/var/lib/mysql-files/one.csv"
        self.run("sh", "-c", f"cat > {path}", stdin=content)
        end = "\\r\\n" if b"\r\n" in content else "\\n"
        columns = ",".join(f"`{name}`" for name in next(csv.reader(content.decode().splitlines())))
        table = file.stem.partition("-")[2]
        self.source(_CSV.format(path=path, table=table, end=end, columns=columns).encode(), database)

    def dump(self, databases: Sequence[str] = DATABASES) -> bytes:
        return self.run(_DUMP[self.flavour], *_DUMPED, *databases)


def unpacked(file: Path) -> bytes:
    content = file.read_bytes()
    match file.suffix:
        case ".gz":
            return gzip.decompress(content)
        case ".bz2":
            return bz2.decompress(content)
        case ".xz":
            return lzma.decompress(content)
        case ".zst":
            plain: bytes = zstd().decompress(content)
            return plain
    return content
