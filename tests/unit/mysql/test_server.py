"""Which of its own commands a client is told not to obey: by a stand-in for each of the servers' clients."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, cast

import pytest

from dfdev.mysql.failure import parse_failure
from dfdev.mysql.server import Server

HELP = {
    "MariaDB 10.11": "  expired password sandbox mode even\n  --named-commands\n  --sandbox   Disallow commands\n",
    "MySQL 8.4": "  -G, --named-commands\n  --commands   Enable or disable\n  --system-command   Enable\n",
    "one with a word for system alone": "  -G, --named-commands\n  --system-command    Enable\n",
    "an older one": "  -G, --named-commands\n  expired password sandbox mode\n",
}


@pytest.mark.parametrize(
    ("client", "told"),
    [
        ("MariaDB 10.11", ["--sandbox"]),
        ("MySQL 8.4", ["--skip-commands"]),
        ("one with a word for system alone", ["--skip-system-command"]),
        ("an older one", []),
    ],
)
@pytest.mark.parametrize("name", ["mysql", "mariadb"])
def test_a_client_gets_the_word_that_it_knows(tmp_path: Path, name: str, client: str, told: list[str]) -> None:
    (tmp_path / "help").write_text(HELP[client])
    stand_in = tmp_path / name
    stand_in.write_text(
        f'#!/bin/sh\n[ "$2" != --help ] || exec /bin/cat {tmp_path}/help\nprintf "%s\\n" "$EDITOR" "$@"\n'
    )
    stand_in.chmod(0o755)
    argv = Server(cast(Any, None), "").loader("--batch", "--database=a b")
    ran = subprocess.run(
        ["/bin/sh", *argv[1:]], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[2:] == ["--batch", "--database=a b", *told]
    assert ran.stdout.splitlines()[0] == "false"


@pytest.mark.parametrize("said", [r"Unknown command '\!'.", "Not allowed in the sandbox mode"])
def test_what_a_client_says_of_a_command(said: str) -> None:
    found = parse_failure(f"ERROR at line 7: {said}\n")
    assert found is not None
    assert (found.line, found.hint.startswith("take it out: ")) == (7, True)
