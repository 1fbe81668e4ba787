"""What a database holds, as digests: equal for an original and its copy, whatever the order of rows."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Query = Callable[[str], list[list[str]]]
"""Runs SQL, all in one session, and returns the rows of its answers, without the names of columns."""

_SYSTEM = "('mysql', 'sys', 'information_schema', 'performance_schema', 'dfdev_meta')"
_GEOMETRY = ("geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
             "geomcollection", "geometrycollection")  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A table of information_schema, and its columns that make up what is called `kind`."""

    kind: str
    table: str
    schema: str
    name: str
    details: str
    """Names of columns, with blanks between."""


_SOURCES = (
    Source("structure", "COLUMNS", "TABLE_SCHEMA", "TABLE_NAME", "ORDINAL_POSITION COLUMN_NAME COLUMN_TYPE IS_NULLABLE"
           " COLUMN_DEFAULT EXTRA COLLATION_NAME GENERATION_EXPRESSION COLUMN_COMMENT"),
    Source("structure", "TABLES", "TABLE_SCHEMA", "TABLE_NAME",
           "TABLE_TYPE ENGINE TABLE_COLLATION CREATE_OPTIONS TABLE_COMMENT"),
    Source("structure", "STATISTICS", "TABLE_SCHEMA", "TABLE_NAME",
           "INDEX_NAME SEQ_IN_INDEX COLUMN_NAME NON_UNIQUE SUB_PART INDEX_TYPE"),
    Source("structure", "KEY_COLUMN_USAGE", "TABLE_SCHEMA", "TABLE_NAME", "CONSTRAINT_NAME ORDINAL_POSITION COLUMN_NAME"
           " REFERENCED_TABLE_SCHEMA REFERENCED_TABLE_NAME REFERENCED_COLUMN_NAME"),
    Source("structure", "REFERENTIAL_CONSTRAINTS", "CONSTRAINT_SCHEMA", "TABLE_NAME",
           "CONSTRAINT_NAME UPDATE_RULE DELETE_RULE"),
    Source("structure", "PARTITIONS", "TABLE_SCHEMA", "TABLE_NAME",
           "PARTITION_NAME PARTITION_METHOD PARTITION_EXPRESSION PARTITION_DESCRIPTION"),
    Source("check", "CHECK_CONSTRAINTS", "CONSTRAINT_SCHEMA", "CONSTRAINT_NAME", "CHECK_CLAUSE"),
    Source("view", "VIEWS", "TABLE_SCHEMA", "TABLE_NAME", "VIEW_DEFINITION CHECK_OPTION DEFINER SECURITY_TYPE"),
    Source("trigger", "TRIGGERS", "TRIGGER_SCHEMA", "TRIGGER_NAME", "EVENT_OBJECT_TABLE ACTION_TIMING"
           " EVENT_MANIPULATION ACTION_ORDER ACTION_STATEMENT DEFINER SQL_MODE CHARACTER_SET_CLIENT"),
    Source("routine", "ROUTINES", "ROUTINE_SCHEMA", "ROUTINE_NAME", "ROUTINE_TYPE DTD_IDENTIFIER ROUTINE_DEFINITION"
           " IS_DETERMINISTIC SQL_DATA_ACCESS SECURITY_TYPE DEFINER SQL_MODE ROUTINE_COMMENT CHARACTER_SET_CLIENT"),
    Source("routine", "PARAMETERS", "SPECIFIC_SCHEMA", "SPECIFIC_NAME",
           "ORDINAL_POSITION PARAMETER_MODE PARAMETER_NAME DTD_IDENTIFIER"),
    Source("event", "EVENTS", "EVENT_SCHEMA", "EVENT_NAME", "EVENT_DEFINITION EVENT_TYPE EXECUTE_AT INTERVAL_VALUE"
           " INTERVAL_FIELD STARTS ENDS STATUS ON_COMPLETION TIME_ZONE DEFINER SQL_MODE EVENT_COMMENT"),
)  # fmt: skip

_COLUMNS = f"""
SELECT HEX(c.TABLE_SCHEMA), HEX(c.TABLE_NAME), HEX(c.COLUMN_NAME), c.DATA_TYPE
FROM information_schema.COLUMNS c JOIN information_schema.TABLES t
    ON BINARY c.TABLE_SCHEMA = BINARY t.TABLE_SCHEMA AND BINARY c.TABLE_NAME = BINARY t.TABLE_NAME
WHERE t.TABLE_TYPE <> 'VIEW' AND c.TABLE_SCHEMA NOT IN {_SYSTEM} ORDER BY c.ORDINAL_POSITION
"""
"""Its names are compared without regard to case, unless as bytes."""


def checksums(query: Query) -> dict[str, str]:
    """Kind, database and name ("rows dev.play", "view dev.cheap seats") -> digest, of all but the server's databases.

    Kinds: rows, structure, check, view, trigger, routine, event. Values of AUTO_INCREMENT are left out.
    """
    return _definitions(query) | _rows(query)


def _definitions(query: Query) -> dict[str, str]:
    lines: dict[str, list[str]] = defaultdict(list)
    for kind, schema, name, *details in query(" UNION ALL ".join(map(_select, _SOURCES))):
        text = "|".join(_normal(part) for part in details[0].split("|"))
        lines[f"{kind} {_text(schema)}.{_text(name)}"].append(text)
    return {key: hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest() for key, found in lines.items()}


def _select(source: Source) -> str:
    details = ", ".join([f"'{source.table}'", *(f"`{column}`" for column in source.details.split())])
    return (
        f"SELECT '{source.kind}', {_hex(source.schema)}, {_hex(source.name)}, {_joined(details)}"
        f" FROM information_schema.{source.table} WHERE {source.schema} NOT IN {_SYSTEM}"
    )


def _rows(query: Query) -> dict[str, str]:
    """Computed by the server: the number of rows, and the sum of digests of each."""
    columns: dict[tuple[str, str], list[str]] = defaultdict(list)
    for schema, table, column, type_ in query(_COLUMNS):
        columns[_text(schema), _text(table)].append(_value(_quoted(_text(column)), type_))
    selects = [_digest_of_rows(schema, table, values) for (schema, table), values in columns.items()]
    found = query("SET time_zone = '+00:00'; " + " UNION ALL ".join(selects)) if selects else []
    return {f"rows {_text(schema)}.{_text(table)}": ":".join(digest) for schema, table, *digest in found}


def _digest_of_rows(schema: str, table: str, values: Iterable[str]) -> str:
    names = f"'{schema.encode().hex()}', '{table.encode().hex()}'"
    sums = ", ".join(f"SUM(CAST(CONV(SUBSTR(d, {start}, 15), 16, 10) AS UNSIGNED))" for start in (1, 16))
    digests = f"SELECT SHA2(CONCAT_WS('|', {', '.join(values)}), 256) AS d FROM {_quoted(schema)}.{_quoted(table)}"
    return f"SELECT {names}, COUNT(*), {sums} FROM ({digests}) AS digests"


def _value(column: str, type_: str) -> str:
    if type_.lower() in _GEOMETRY:
        return f"COALESCE(CONCAT(ST_SRID({column}), HEX(ST_AsBinary({column}))), '-')"
    if type_.lower() == "json":
        return f"COALESCE(HEX(CAST({column} AS CHAR)), '-')"
    return f"COALESCE(HEX(CAST({column} AS BINARY)), '-')"


def _joined(details: str) -> str:
    return "CONCAT_WS('|', " + ", ".join(f"COALESCE({_hex(part)}, '-')" for part in details.split(", ")) + ")"


def _hex(expression: str) -> str:
    return f"HEX(CAST({expression} AS CHAR CHARACTER SET utf8mb4))"


def _normal(part: str) -> str:
    return part if part == "-" else re.sub(r"\s+", " ", _text(part)).strip()


def _text(digits: str) -> str:
    return bytes.fromhex(digits).decode()


def _quoted(name: str) -> str:
    return "`{}`".format(name.replace("`", "``"))
