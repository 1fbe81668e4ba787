"""A MySQL server in memory, as far as dfdev asks it: for the fake engine's `on_exec` and `on_pipe`."""

from __future__ import annotations

from collections.abc import Callable

from dfdev.engine.protocol import ExecResult

_WORD = b"dfdev-loaded-"


class FakeMysql:
    """`rows`: "database.table" -> rows; `written`: files in the data folder that are newer than the bake.

    `loaded`: inputs that were loaded; `refuses`: a word in an input -> what the client says then; `on_shutdown`: what
    a SHUTDOWN does; `strangers`: definers without an account; `variables`: those that may be read.
    """

    def __init__(self, version: str = "9.7.0") -> None:
        self.version = version
        self.rows: dict[str, int] = {}
        self.written: list[str] = []
        self.loaded: list[bytes] = []
        self.ran: list[str] = []
        self.refuses: dict[bytes, str] = {}
        self.strangers: list[tuple[str, int]] = []
        self.variables: dict[str, str] = {"local_infile": "0"}
        self.on_shutdown: Callable[[], None] = lambda: None

    def exec(self, _name: str, argv: list[str]) -> ExecResult:
        sql = next((word.removeprefix("--execute=") for word in argv if word.startswith("--execute=")), "")
        if "VERSION()" in sql:
            return ExecResult(0, f"{self.version}\n")
        if sql.startswith("SELECT @@global."):
            return ExecResult(0, f"{self.variables[sql.removeprefix('SELECT @@global.')]}\n")
        if "update_time" in sql:
            names = (title.partition(".") for title in self.rows)
            return ExecResult(0, "".join(f"{schema}\t{table}\t0\n" for schema, _, table in names))
        if "COUNT(*) FROM (" in sql.replace("\n", " "):
            return ExecResult(0, "".join(f"{who}\t{count}\n" for who, count in self.strangers))
        if "COUNT(*)" in sql:
            return ExecResult(0, self._counts(sql))
        if any("-newer" in word for word in argv):
            return ExecResult(0, "".join(f"./{file}.ibd\n" for file in self.written))
        return ExecResult(0, "")

    def pipe(self, _name: str, argv: list[str], data: bytes) -> tuple[int, str, bytes]:
        if "--batch" not in argv:
            return 0, "", b""
        data += "".join(word.removeprefix("--execute=") for word in argv if word.startswith("--execute=")).encode()
        if b"SHUTDOWN" in data:
            self.on_shutdown()
        for word, said in self.refuses.items():
            if word in data:
                return 1, said, b""
        if _WORD not in data:
            self.ran.append(data.decode())
            return 0, "", b""
        self.loaded.append(data.partition(b"\n;\nDELIMITER")[0])
        return 0, "", data[data.index(_WORD) :].split(b"'")[0]

    def _counts(self, sql: str) -> str:
        parts = (part.removeprefix("SELECT ").split(", COUNT(*) FROM ") for part in sql.split(" UNION ALL "))
        return "".join(f"{number}\t{self.rows[name.replace('`', '')]}\n" for number, name in parts)
