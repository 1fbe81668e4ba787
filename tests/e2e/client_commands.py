"""The commands that the servers' clients have of their own, in a file that somebody else has made."""

from __future__ import annotations

import shlex
from typing import Any, cast

from dfdev.mysql.load import LOADING
from dfdev.mysql.server import Server
from tests.e2e.mysql_lab import MysqlLab

SHELL = r"\! touch /tmp/obeyed"
COMMANDS = (
    SHELL,
    "system touch /tmp/obeyed",
    r"SELECT 1 \! touch /tmp/obeyed",
    r"SELECT 1; \! touch /tmp/obeyed",
    "/*! SELECT 1 \\! touch /tmp/obeyed\n */;",
    "/*M!999999\\- enable the sandbox mode */\n\\! touch /tmp/obeyed",
    "tee /tmp/obeyed",
    r"\T /tmp/obeyed",
    "pager touch /tmp/obeyed\nSELECT 1;",
    "\\P touch /tmp/obeyed\nSELECT 1;",
    "edit",
    r"\e",
    "source /tmp/more.sql",
    r"SELECT 1 \. /tmp/more.sql",
)
"""`source` at the beginning of a line is read by dfdev; the others are for the client, wherever they stand."""
_BEFORE = f"""printf '%s\\n' {shlex.quote(SHELL)} >/tmp/more.sql
printf '#!/bin/sh\\ntouch /tmp/obeyed\\n' >/tmp/editor; chmod +x /tmp/editor
export EDITOR=/tmp/editor VISUAL=/tmp/editor
"""


def obeyed(mysql: MysqlLab, *, closed: bool = True) -> list[str]:
    """Those by which something happens in the database's container. `closed`: by the client that reads dumps."""
    server = Server(cast(Any, None), mysql.container)
    client = shlex.join((server.loader if closed else server.client)(*LOADING, "--database=dev"))
    lines = [_BEFORE]
    for number, text in enumerate(COMMANDS):
        sent = f"printf '%s\\n' {shlex.quote(text)} | {client} >/dev/null 2>&1"
        lines.append(f"rm -f /tmp/obeyed; {sent}; test ! -e /tmp/obeyed || echo {number}")
    lines.append("rm -f /tmp/obeyed")
    told = mysql.lab.docker("exec", mysql.container, "sh", "-c", "\n".join(lines))
    return [COMMANDS[int(line)] for line in told.split()]
