import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfdev.errors import DfdevError
from dfdev.system.lock import lock_path, locked

HOLD = """
import sys
from collections.abc import Iterator
from pathlib import Path
from dfdev.system.lock import locked
with locked(Path(sys.argv[1]), "dfdev up", print):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the lock until its standard input ends."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_says_who_holds_it_and_goes_on_when_it_is_free(
    other: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    said: list[str] = []

    def told(holder: str) -> None:
        said.append(holder)
        assert other.stdin is not None
        other.stdin.close()

    with locked(tmp_path / "lock", "dfdev down", told):
        pass
    assert said == [f"`dfdev up` (pid {other.pid})"]


def test_patience_ends(other: "subprocess.Popen[str]", tmp_path: Path) -> None:
    with pytest.raises(DfdevError, match="still works on this workspace"):
        with locked(tmp_path / "lock", "dfdev down", lambda holder: None, patience=0.2):
            pass


def test_a_holder_that_was_killed_holds_nothing(other: "subprocess.Popen[str]", tmp_path: Path) -> None:
    other.kill()
    other.wait()
    with locked(tmp_path / "lock", "dfdev up", lambda holder: pytest.fail("nobody holds it")):
        pass


def test_free_locks_do_not_wait(tmp_path: Path) -> None:
    with locked(tmp_path / "a", "one", lambda holder: pytest.fail("free")):
        with locked(tmp_path / "b", "two", lambda holder: pytest.fail("free")):
            pass


def test_one_lock_for_each_home() -> None:
    state = {"XDG_STATE_HOME": "/state"}
    assert lock_path(Path("/a"), state) != lock_path(Path("/b"), state)
    assert str(lock_path(Path("/a"), state)).startswith("/state/dfdev/locks/")
