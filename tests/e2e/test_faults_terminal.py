"""At a terminal: progress in place, Ctrl-C, the question before data goes. Elsewhere: plain lines, and no question."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping

import pexpect
import pytest

from tests.e2e.lab import DFDEV, Lab
from tests.e2e.trouble import assert_settled, build, ready, web

pytestmark = pytest.mark.engine
FreePort = Callable[[], int]

ESCAPE = "\x1b["
QUESTION = "Let this data go"


def terminal(lab: Lab, *args: str, env: Mapping[str, str] | None = None) -> pexpect.spawn:
    """The command in a pty of 100 columns, colours welcome."""
    environ = {**lab.environ, "TERM": "xterm-256color", **(env or {})}
    if "NO_COLOR" not in (env or {}):
        del environ["NO_COLOR"]
    return pexpect.spawn(
        str(DFDEV), list(args), env=environ, cwd=str(lab.home), timeout=60, encoding="utf-8", dimensions=(40, 100)
    )


def ended(child: pexpect.spawn) -> tuple[int, str]:
    """Its exit code (128 + n for signal n) and what it wrote since the last match."""
    child.expect(pexpect.EOF)
    child.close()
    code = 128 + (child.signalstatus or 0) if child.exitstatus is None else child.exitstatus
    return code, str(child.before)


def test_progress_is_shown_in_place(lab: Lab, free_port: FreePort) -> None:
    ready(lab, web(free_port()) + web(free_port(), "api", 'depends_on = ["www"]'), "www", "api")
    code, shown = ended(terminal(lab, "up"))
    assert code == 0, shown
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert "create network" in plain
    assert re.search("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] ", plain), "something turns while it works"
    assert re.search(r"\x1b\[\d*A", shown), "the cursor goes up: the list is redrawn"
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l"), "the cursor is back"
    last = plain.rstrip().splitlines()[-4:]
    assert [line.split()[0] for line in last[:3]] == ["SERVICE", "www", "api"]
    assert last[0].split() == ["SERVICE", "STATE", "URL", "CODE", "LOGS", "SECONDS"]
    assert f"{lab.name} is up" in last[3]


def test_interrupted_at_a_terminal(lab: Lab) -> None:
    lab.workspace('[services.app]\nimage = "dfdev/small:1"\nhealth = { tcp = 80, timeout = "60s" }\n')
    child = terminal(lab, "up")
    child.expect("wait for app")
    child.expect(r"[1-9] s ", timeout=10)
    child.sendintr()
    code, shown = ended(child)
    assert code == 130, shown
    assert "interrupted; `dfdev up` goes on" in shown
    assert "Traceback" not in shown
    assert "\x1b[?25h" in shown, "the cursor is back"
    lab.workspace('[services.app]\nimage = "dfdev/small:1"\n')
    lab.up().ok()
    assert_settled(lab)


def test_a_step_that_fails_at_a_terminal(lab: Lab) -> None:
    lab.workspace('[services.app]\nimage = "dfdev/small:1"\ncommand = ["sh", "-c", "echo why; exit 4"]\n')
    code, shown = ended(terminal(lab, "up"))
    assert code == 1
    assert shown.count("error:") == 1, shown
    assert "app stopped with exit code 4" in shown
    assert "  why" in shown


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colour(lab: Lab, free_port: FreePort, env: Mapping[str, str]) -> None:
    ready(lab, web(free_port()), "www")
    for args in (("up",), ("status",), ("logs",), ("down",)):
        code, shown = ended(terminal(lab, *args, env=env))
        assert code == 0, shown
        assert ESCAPE not in shown


def test_a_pipe_gets_no_escape_codes(lab: Lab, free_port: FreePort) -> None:
    ready(lab, web(free_port()), "www")
    env = {"NO_COLOR": "", "TERM": "xterm-256color"}
    for args in (
        ("up", "-v"),
        ("up",),
        ("status",),
        ("logs",),
        ("restart",),
        ("status", "--json"),
        ("down",),
        ("frob",),
    ):
        done = lab.dfdev(*args, env=env)
        assert ESCAPE not in done.out + done.err, args


@pytest.mark.parametrize("command", ["status", "up --dry-run", "logs", "config show"])
def test_a_reader_that_went_away(lab: Lab, command: str) -> None:
    """As in `dfdev logs | head`: no traceback."""
    lab.workspace('[services.app]\nimage = "dfdev/small:1"\ncommand = "seq 1 5000"\n')
    lab.up()
    reading, writing = os.pipe()
    os.close(reading)
    argv = [str(DFDEV), *command.split()]
    done = subprocess.run(argv, env=lab.environ, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert done.returncode in (0, 1), done.stderr


@pytest.fixture
def database(lab: Lab, free_port: FreePort) -> Iterator[Callable[[str], None]]:
    """Make the image of a running database another one: it then has a new row, and a new image id."""
    ref = f"dfdev-test/changing:{lab.name}"

    def change(version: str) -> None:
        build(lab, ref, f"FROM dfdev-test/mysql:1\nLABEL version={version}\n")

    change("1")
    lab.workspace(f'[mysql]\nimage = "{ref}"\nport = {free_port()}\n')
    yield change
    lab.clean()
    lab.docker("rmi", "-f", ref)


def query(lab: Lab, sql: str) -> str:
    return lab.dfdev("exec", "mysql", "mysql", "-udev", "-pdev", "-h127.0.0.1", "dev", "-Ne", sql).ok().out.strip()


def test_data_is_asked_about_before_it_goes(lab: Lab, database: Callable[[str], None]) -> None:
    lab.up().ok()
    query(lab, "create table mine (a int); insert into mine values (42)")
    first = lab.containers()
    database("2")

    child = terminal(lab, "up")
    child.expect(f"{lab.name}-mysql .*new image.* holds data")
    child.expect(QUESTION)
    child.sendline("n")
    code, shown = ended(child)
    assert code == 0, shown
    assert "mysql is left as it is" in shown
    assert lab.containers() == first
    assert query(lab, "select a from mine") == "42"

    for args in ((), ("--no-input",), ("--json",)):
        done = lab.up(*args).ok()
        assert "warning: mysql is left as it is" in done.err
        assert "dfdev up --yes" in done.err
        assert QUESTION not in done.out + done.err
        assert lab.containers() == first

    child = terminal(lab, "up")
    child.expect(QUESTION)
    child.sendintr()
    code, shown = ended(child)
    assert (code, lab.containers()) == (130, first), shown

    child = terminal(lab, "up")
    child.expect(QUESTION)
    child.sendline("y")
    code, shown = ended(child)
    assert code == 0, shown
    assert lab.containers() != first
    assert "mine" not in query(lab, "show tables")
    assert_settled(lab)


def test_yes_lets_data_go_and_down_keeps_it(lab: Lab, database: Callable[[str], None]) -> None:
    lab.up().ok()
    query(lab, "create table mine (a int)")
    first = lab.containers()
    done = lab.dfdev("down").ok()
    assert "mysql is kept with its data" in done.err
    lab.up().ok()
    assert lab.containers() == first
    assert query(lab, "show tables like 'mine'") == "mine"
    database("2")
    lab.up("--yes").ok()
    assert lab.containers() != first
    assert query(lab, "show tables like 'mine'") == ""
    refused = lab.dfdev("down", "--data")
    assert refused.code == 2
    assert "nothing was removed" in refused.err
    child = terminal(lab, "down", "--data")
    child.expect(QUESTION)
    child.sendline("y")
    assert ended(child)[0] == 0
    assert lab.containers() == {}
