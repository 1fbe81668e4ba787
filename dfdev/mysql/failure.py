"""What the client says when a statement fails, and what to do about it. Pure."""

from __future__ import annotations

import re

from dfdev.core.frozen import dataclass
from dfdev.errors import DfdevError

_ERROR = re.compile(r"^ERROR(?: (?P<code>\d+))?(?: \(\w+\))?(?: at line (?P<line>\d+))?: (?P<text>.*)", re.M)

_HINTS = {
    1045: "`user` and `password` under [mysql] in dfdev.toml are not those of this server",
    1044: "the account under [mysql] may not do that: give it the right, or name another one",
    1049: "create the database first, or name another one with `--into`",
    1054: "a table has no such column; the first line of a CSV names the columns",
    1064: "mend the statement; a dump that is cut off ends in the middle of one",
    1114: "the disk of the engine is full: `dfdev machine status` shows it",
    1021: "the disk of the engine is full: `dfdev machine status` shows it",
    1115: "the data come from another kind or a newer version of server: `base` under [mysql] names this one",
    1146: "files are loaded in the order of their names: the one that makes the table has to come first",
    1227: "the account under [mysql] may not do that: give it the right, or take the statement out",
    1231: "the data come from another version of server: `base` under [mysql] names this one",
    1273: "the data come from another kind or a newer version of server: `base` under [mysql] names this one",
    1300: "the file is not in the character set that it says: recode it, or begin it with SET NAMES latin1;",
    1366: "the file is not in the character set that it says: recode it, or begin it with SET NAMES latin1;",
    1419: "log_bin_trust_function_creators = true in [mysql.settings] allows it",
    1452: "the rows that it refers to have to come first, or SET foreign_key_checks = 0; at the top of the file",
    2020: "max_allowed_packet in [mysql.settings] has to be larger",
    1153: "max_allowed_packet in [mysql.settings] has to be larger",
    3105: "the dump has values for generated columns: make it with MySQL's own mysqldump, or with --complete-insert",
    1906: "the dump has values for generated columns: make it with MariaDB's own dump, or with --complete-insert",
    3948: "local_infile = true in [mysql.settings] allows it",
    4166: "local_infile = true in [mysql.settings] allows it",
    3675: "the disk of the engine is full: `dfdev machine status` shows it",
}
_CHARSET, _STRICT = (
    "Incorrect string value",
    ("the server that it comes from is less strict: sql_mode in [mysql.settings] as it is there, or mend the value"),
)
_FULL = re.compile(r"errno: 28|error 28|No space left", re.I)


_COMMANDS = re.compile(r"Unknown command '\\|Not allowed in the sandbox mode")
_NO_COMMANDS = "take it out: of the client's own commands a file may have DELIMITER, USE and source"


@dataclass(frozen=True)
class Failure:
    """`code`: the server's, 0 for the client's own; `line` of the input, 0 where the client does not tell."""

    code: int
    line: int
    text: str

    @property
    def told(self) -> str:
        return f"{self.text} (error {self.code})" if self.code else self.text

    @property
    def hint(self) -> str:
        if _FULL.search(self.text):
            return _HINTS[1021]
        if not self.code and _COMMANDS.match(self.text):
            return _NO_COMMANDS
        if self.code == 1366 and not self.text.startswith(_CHARSET):
            return _STRICT
        return _HINTS.get(self.code, "mend the statement, then try again")


def parse_failure(output: str) -> Failure | None:
    """The first error in what the client printed."""
    found = _ERROR.search(output)
    return None if found is None else Failure(int(found["code"] or 0), int(found["line"] or 0), found["text"].strip())


def failure(output: str) -> DfdevError:
    """For statements of our own."""
    found = parse_failure(output)
    if found is None:
        last = next((line for line in reversed(output.splitlines()) if line.strip()), "it says nothing")
        return DfdevError(f"the database's client failed: {last}", "`dfdev logs mysql` shows what the server says")
    return DfdevError(f"the database refuses: {found.told}", found.hint)
