"""A MySQL or MariaDB server in a container, asked through the client beside it: dfdev has no client of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field

from dfdev.core.frozen import dataclass
from dfdev.engine.protocol import Engine, ExecResult
from dfdev.errors import DfdevError
from dfdev.mysql.failure import failure
from dfdev.stack.mysql import OPTIONS

BY_FILE = (f"--defaults-extra-file={OPTIONS}",)
_EITHER = 'exec "$(command -v {0} || command -v {1})" "$@"'
"""MariaDB's images have no `mysql` any more since 11."""
_CLOSED = """client="$(command -v mysql || command -v mariadb)"
export EDITOR=false VISUAL=false
case "$("$client" --no-defaults --help 2>/dev/null)" in
  *--sandbox*) closed=--sandbox ;;
  *" --commands"*) closed=--skip-commands ;;
  *--system-command*) closed=--skip-system-command ;;
  *) closed= ;;
esac
exec "$client" "$@" $closed
"""
"""The client for a file of somebody's: as MySQL 9's by itself, it obeys no command in it, to run a program or to write
a file. MariaDB's has an own word for that, older ones have none.
"""
_PATIENCE = 600.0
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\0": "\0", "\\\\": "\\"}


@dataclass(frozen=True)
class Version:
    """`number`: "9.7.0"; `flavour`: "MySQL" or "MariaDB"."""

    flavour: str
    number: str

    def __str__(self) -> str:
        return f"{self.flavour} {self.number}"

    @property
    def series(self) -> str:
        """Whose data folders fit one another: "MySQL 9.7"."""
        return f"{self.flavour} {'.'.join(self.number.split('.')[:2])}"


@dataclass(frozen=True)
class Server:
    """`access`: options that say whom to be; `login`: the same for mysqlsh, which reads no such options."""

    engine: Engine
    container: str
    access: tuple[str, ...] = BY_FILE
    login: Mapping[str, str | int] = field(default_factory=dict, repr=False)

    def client(self, *options: str) -> list[str]:
        """The argv of the client, in the container."""
        return self.tool("mysql", "mariadb", *options)

    def loader(self, *options: str) -> list[str]:
        """The argv of the client for statements that are not ours."""
        return ["sh", "-c", _CLOSED, "sh", *self.access, *options]

    def tool(self, mysql: str, mariadb: str, *options: str) -> list[str]:
        """The argv of a program that each flavour calls by its own name."""
        return ["sh", "-c", _EITHER.format(mysql, mariadb), "sh", *self.access, *options]

    def rows(self, sql: str, database: str = "") -> list[list[str]]:
        """DfdevError with the server's own words. NULL is "NULL"."""
        options = ["--batch", "--skip-column-names", "--default-character-set=utf8mb4", f"--execute={sql}"]
        argv = self.client(*options, *([database] if database else []))
        return rows_of(self._ran(argv).output)

    def value(self, sql: str, database: str = "") -> str:
        """The first field of the first row; "" without one."""
        found = self.rows(sql, database)
        return found[0][0] if found else ""

    def run(self, sql: str, database: str = "") -> None:
        """Statements that may hold secrets: they travel as the client's input. DfdevError."""
        argv = self.client("--batch", "--default-character-set=utf8mb4", *([database] if database else []))
        ran = self.engine.pipe(self.container, argv, feed=[sql.encode()])
        if ran.exit_code:
            raise failure(ran.output)

    def version(self) -> Version:
        return version_of(self.value("SELECT VERSION()"))

    def _ran(self, argv: Sequence[str]) -> ExecResult:
        ran = self.engine.exec(self.container, list(argv), timeout=_PATIENCE)
        if ran.exit_code:
            raise failure(ran.output)
        return ran


def shell_argv() -> list[str]:
    """The client for a person: in the workspace's database, with completion and colours as it likes."""
    return ["sh", "-c", _EITHER.format("mysql", "mariadb"), "sh", *BY_FILE, "--default-character-set=utf8mb4"]


def rows_of(text: str) -> list[list[str]]:
    """What `--batch` prints: rows in lines, fields between TABs, both escaped inside a field."""
    return [[_plain(field) for field in line.split("\t")] for line in text.splitlines() if line]


def version_of(text: str) -> Version:
    """ "9.7.0", "8.4.10-1.el9", "10.11.14-MariaDB-0+deb12u2". DfdevError."""
    number = re.match(r"(?:5\.5\.5-)?(\d+\.\d+\.\d+)", text)
    if number is None:
        raise DfdevError(f"the server says that its version is {text!r}", "is it MySQL or MariaDB?")
    return Version("MariaDB" if "mariadb" in text.lower() else "MySQL", number[1])


def quoted_name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def quoted_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0")
    return f"'{escaped}'"


def _plain(field: str) -> str:
    return re.sub(r"\\[nt0\\]", lambda found: _ESCAPES[found[0]], field)
