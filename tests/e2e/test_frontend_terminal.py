"""A tool at a terminal, and without one: colours, size, Ctrl-C, and that nothing is left in the container."""

from __future__ import annotations

import signal
import termios
from collections.abc import Iterator

import pexpect
import pytest

from tests import machine
from tests.e2e.frontend_lab import FrontendLab, front_of_a_module
from tests.e2e.lab import DFDEV
from tests.e2e.trouble import wait_until

pytestmark = [pytest.mark.engine, pytest.mark.timeout(120)]
_WAITS = "echo ready; exec sleep 4321"
_LISTENS = "process.stdout.on('resize', () => console.log(`now ${process.stdout.columns} ${process.stdout.rows}`));"


@pytest.fixture(scope="module")
def front(node_engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontendLab]:
    with front_of_a_module(node_engine, tmp_path_factory.mktemp("terminal"), "terminal") as made:
        made.small()
        made.run("grunt", "build").ok()
        yield made


def ended(child: pexpect.spawn) -> int:
    """Its exit code; 128 + n for signal n."""
    child.expect(pexpect.EOF)
    child.close()
    return 128 + (child.signalstatus or 0) if child.exitstatus is None else int(child.exitstatus)


def gone(front: FrontendLab, word: str = "sleep 4321") -> None:
    wait_until(lambda: not front.processes(word), 10, f"{word} to be gone from the container")


def guarded(front: FrontendLab) -> None:
    """A command of half a second needs nobody who watches over it."""
    wait_until(lambda: front.processes("read -r word"), 10, "the lifeline in the container")


def shell(front: FrontendLab) -> pexpect.spawn:
    """The caller's own, to run dfdev as one job after the other."""
    environ = {**front.lab.environ, "PS1": "here> ", "TERM": "xterm"}
    child = pexpect.spawn(
        "bash", ["--norc", "--noprofile"], env=environ, cwd=str(front.folder), timeout=30, encoding="utf-8"
    )
    child.expect_exact("here> ")
    return child


# -- at a terminal


def test_it_is_a_terminal_with_colours(front: FrontendLab) -> None:
    child = front.terminal("npx", "-c", "test -t 0 && test -t 1 && test -t 2 && echo $TERM")
    child.expect("xterm-256color\r\n")
    assert ended(child) == 0
    child = front.terminal("grunt", "colour")
    child.expect_exact("\x1b[31mred\x1b[39m")
    assert ended(child) == 0


def test_it_has_the_size_of_the_callers(front: FrontendLab) -> None:
    child = front.terminal("npx", "-c", "stty size", size=(93, 27))
    child.expect("27 93\r\n")
    assert ended(child) == 0


def test_it_follows_when_the_window_changes(front: FrontendLab) -> None:
    front.save("listens.js", f"{_LISTENS} setInterval(() => {{}}, 1000); console.log('ready');")
    child = front.terminal("npx", "--no", "--", "node", "listens.js")
    child.expect("ready")
    child.setwinsize(50, 132)
    child.expect("now 132 50")
    child.sendintr()
    assert ended(child) == 130


def test_what_is_typed_arrives(front: FrontendLab) -> None:
    child = front.terminal("frontend", "shell")
    child.expect(r"\$ |# ")
    child.sendline("read answer; echo got-$answer; exit 6")
    child.sendline("ä b")
    child.expect("got-ä b")
    assert ended(child) == 6


def test_the_terminal_is_as_before(front: FrontendLab) -> None:
    child = front.terminal("npx", "-c", _WAITS)
    before = termios.tcgetattr(child.child_fd)
    child.expect("ready")
    assert termios.tcgetattr(child.child_fd) != before, "raw while it runs"
    child.kill(signal.SIGTERM)
    wait_until(lambda: termios.tcgetattr(child.child_fd) == before, 10, "the terminal to be as it was")
    assert ended(child) == 143
    gone(front)


# -- Ctrl-C and Ctrl-Z


def test_ctrl_c_ends_the_tool(front: FrontendLab) -> None:
    child = front.terminal("npx", "-c", _WAITS)
    child.expect("ready")
    child.sendintr()
    assert ended(child) == 130
    assert "Traceback" not in str(child.before)
    gone(front)


def test_ctrl_c_is_the_tools_to_take(front: FrontendLab) -> None:
    """A tool that cleans up after Ctrl-C does so, and says its own exit code."""
    front.save("takes.js", "process.on('SIGINT', () => { console.log('cleaned'); process.exit(7); });"
               "setInterval(() => {}, 1000); console.log('ready');")  # fmt: skip
    child = front.terminal("npx", "-c", "exec node takes.js")
    child.expect("ready")
    child.sendintr()
    child.expect("cleaned")
    assert ended(child) == 7


def test_ctrl_c_in_a_shell_ends_one_command_of_it(front: FrontendLab) -> None:
    child = front.terminal("frontend", "shell")
    child.expect(r"\$ |# ")
    child.sendline("sleep 4321")
    wait_until(lambda: front.processes("sleep 4321"), 10, "sleep to run")
    child.sendintr()
    child.sendline("echo code-$?; exit")
    child.expect("code-130")
    ended(child)
    gone(front)


def test_killed_in_the_middle(front: FrontendLab) -> None:
    """Nobody is left who could tell the container: it notices by itself."""
    child = front.terminal("npx", "-c", _WAITS)
    child.expect("ready")
    guarded(front)
    child.kill(signal.SIGKILL)
    gone(front)


def test_the_window_is_closed(front: FrontendLab) -> None:
    child = front.terminal("npx", "-c", _WAITS)
    child.expect("ready")
    child.close(force=False)
    gone(front)


# -- without a terminal


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_what_runs_in_the_container(front: FrontendLab, number: signal.Signals, code: int) -> None:
    child = front.start("npx", "-c", _WAITS)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    child.send_signal(number)
    _, said = child.communicate(timeout=30)
    assert (child.returncode, said) == (code, b"")
    assert front.processes("sleep 4321") == [], "gone when the command is"


def test_killed_without_a_terminal(front: FrontendLab) -> None:
    child = front.start("npx", "-c", _WAITS)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    guarded(front)
    child.kill()
    child.communicate(timeout=30)
    gone(front)


def test_one_of_two_is_ended(front: FrontendLab) -> None:
    """Both are in the same container."""
    other = front.start("npx", "-c", "echo ready; exec sleep 1234")
    child = front.start("npx", "-c", _WAITS)
    assert child.stdout is not None and other.stdout is not None
    assert (child.stdout.readline(), other.stdout.readline()) == (b"ready\n", b"ready\n")
    child.terminate()
    child.communicate(timeout=30)
    assert len(front.processes("sleep 1234")) == 1
    other.terminate()
    other.communicate(timeout=30)
    gone(front, "sleep 1234")


def test_in_the_background_of_a_shell(front: FrontendLab) -> None:
    """It runs to its end: what only would set the terminal up is stopped there."""
    child = shell(front)
    child.sendline(f"'{DFDEV}' npx -c 'echo in-the-ba''ck' & wait $!; echo code-$?")
    child.expect("in-the-back\r\n")
    child.expect("code-0")
    child.sendline("exit")
    assert ended(child) == 0


def test_ctrl_z_goes_to_the_tool(front: FrontendLab) -> None:
    """As with `ssh`: the container's shell stops its own job, not the caller's."""
    child = front.terminal("frontend", "shell")
    child.expect(r"\$ |# ")
    child.sendline("sleep 4321")
    wait_until(lambda: front.processes("sleep 4321"), 10, "sleep to run")
    child.send("\x1a")
    child.expect("Stopped")
    child.sendline("fg")
    child.expect("fg\r\n")
    child.sendintr()
    child.sendline("exit 4")
    assert ended(child) == 4
    gone(front)
