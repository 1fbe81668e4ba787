"""What is sent into a machine to set its clock, and what is made of the answer."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.clock.step import WAYS, ByHelper, ByShell, CannotSet, decimal, script
from dfdev.core.clock import MILLISECOND, SECOND
from dfdev.engine.protocol import ExecResult
from dfdev.errors import EngineHung, MachineError
from tests.fakes.engine import FakeEngine
from tests.fakes.shell import FakeShell
from tests.unit.clock.world import World

HEAD = re.compile(r"SEC=(-?\d+) NSEC=(\d+) DELTA=(-?\d+\.\d{9}) WAYS='([a-z ]*)' STAMP='([-: \d]+)'")


def head(delta: int, now: int = 1_700_000_000 * SECOND) -> tuple[str, ...]:
    found = HEAD.fullmatch(script(delta, WAYS, now).splitlines()[0])
    assert found
    return found.groups()


@pytest.mark.parametrize(
    ("delta", "seconds", "nanoseconds", "text"),
    [
        (0, "0", "0", "0.000000000"),
        (1, "0", "1", "0.000000001"),
        (-1, "-1", "999999999", "-0.000000001"),
        (SECOND, "1", "0", "1.000000000"),
        (-SECOND, "-1", "0", "-1.000000000"),
        (-3_250_000_000, "-4", "750000000", "-3.250000000"),
        (3_250_000_000, "3", "250000000", "3.250000000"),
        (10 * 365 * 86400 * SECOND + 5, "315360000", "5", "315360000.000000005"),
        (-10 * 365 * 86400 * SECOND, "-315360000", "0", "-315360000.000000000"),
    ],
)
def test_a_delta_in_three_spellings(delta: int, seconds: str, nanoseconds: str, text: str) -> None:
    assert head(delta)[:3] == (seconds, nanoseconds, text)


@given(st.integers(-(10**19), 10**19))
def test_all_spellings_say_the_same(delta: int) -> None:
    seconds, nanoseconds, text, *_ = head(delta)
    assert int(seconds) * SECOND + int(nanoseconds) == delta
    assert 0 <= int(nanoseconds) < SECOND
    whole, _, part = text.lstrip("-").partition(".")
    assert (int(whole) * SECOND + int(part)) * (-1 if text.startswith("-") else 1) == delta
    assert decimal(delta) == text


def test_the_ways_and_the_host_s_time() -> None:
    assert head(5)[3:] == ("python perl date edge", "2023-11-14 22:13:20")


def test_the_script_comes_whole_and_says_one_thing_a_line() -> None:
    lines = script(5, ["edge"]).splitlines()
    assert "by_edge() {" in lines and lines[-1] == 'exit "$refused"'
    done = subprocess.run(["sh", "-n"], input=script(-5, WAYS), text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# -- through a shell


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("method: python\n", "root shell: clock_adjtime"),
        ("method: perl\n", "root shell: clock_adjtime"),
        ("method: date\n", "root shell: GNU date"),
        ("method: edge\n", "root shell: date at the edge of a second"),
        ("method: absolute\n", "root shell: date"),
        ("sh: warning: something\nmethod: edge\n", "root shell: date at the edge of a second"),
    ],
)
def test_what_did_it(out: str, words: str) -> None:
    shell = FakeShell().on("SEC=", out)
    assert ByShell(shell).step(-5) == words


@pytest.mark.parametrize(
    ("code", "out", "message"),
    [
        (77, "", "root shell: not permitted to set the clock"),
        (77, "date: can't set date\n", "root shell: not permitted to set the clock"),
        (3, "", "root shell: nothing there sets a clock (exit code 3)"),
        (2, "sh: syntax error\n\n", "root shell: nothing there sets a clock (sh: syntax error)"),
        (0, "method: ?\n", "root shell: nothing there sets a clock (method: ?)"),
        (0, "", "root shell: nothing there sets a clock (exit code 0)"),
    ],
)
def test_what_did_not(code: int, out: str, message: str) -> None:
    with pytest.raises(CannotSet) as error:
        ByShell(FakeShell().on("SEC=", out, code)).step(1)
    assert error.value.message == message
    assert "restart the machine" in error.value.hint


def test_the_script_cannot_end_the_shell() -> None:
    """Its `exit` ends a subshell."""
    shell = FakeShell().on("SEC=", "method: date\n")
    ByShell(shell).step(-SECOND)
    assert shell.asked[0].startswith("(\nSEC=-1 NSEC=0 ") and shell.asked[0].rstrip().endswith('exit "$refused"\n\n)')


def test_a_shell_knows_its_clock_at_a_glance() -> None:
    found = ByShell(World(-5 * SECOND, percent_n="exact").shell()).offset()
    assert found is not None and found.bound < MILLISECOND and found.low <= -5 * SECOND <= found.high


# -- through a container


def run_once(images: dict[str, ExecResult], asked: list[str]) -> FakeEngine:
    def once(image: str, argv: list[str]) -> ExecResult:
        assert argv[:2] == ["sh", "-c"] and argv[2].startswith("SEC=")
        asked.append(image)
        return images[image]

    return FakeEngine(images=dict.fromkeys(images, "sha256:1"), on_once=once)


DONE = ExecResult(0, "method: python\n")


def test_a_helper_container() -> None:
    asked: list[str] = []
    helper = ByHelper(run_once({"a:1": DONE}, asked), ["a:1"])
    assert helper.step(1) == "helper container of a:1: clock_adjtime"
    assert helper.offset() is None
    assert asked == ["a:1"]


def test_an_image_that_is_not_there_or_has_no_shell_is_passed_over() -> None:
    asked: list[str] = []
    assert ByHelper(run_once({"c:1": DONE}, asked), ["a:1", "b:1", "c:1"]).step(1).startswith("helper container of c:1")
    assert asked == ["c:1"]


def test_an_image_that_may_not_is_the_last_one() -> None:
    """What the kernel refuses to one container it refuses to all of them."""
    asked: list[str] = []
    with pytest.raises(CannotSet, match="helper container of a:1: not permitted"):
        ByHelper(run_once({"a:1": ExecResult(77, ""), "b:1": DONE}, asked), ["a:1", "b:1"]).step(1)
    assert asked == ["a:1"]


def test_an_image_whose_tools_cannot_is_passed_over() -> None:
    asked: list[str] = []
    engine = run_once({"a:1": ExecResult(3, ""), "b:1": DONE}, asked)
    assert ByHelper(engine, ["a:1", "b:1"]).step(1) == "helper container of b:1: clock_adjtime"
    assert asked == ["a:1", "b:1"]


def test_without_any_image() -> None:
    with pytest.raises(CannotSet, match="has no image"):
        ByHelper(FakeEngine(), []).step(1)


def test_a_handful_of_images_is_tried() -> None:
    names = [f"{number}:1" for number in range(20)]
    engine = FakeEngine()
    with pytest.raises(CannotSet, match="no image here has a shell"):
        ByHelper(engine, names).step(1)
    assert engine.calls == [f"run once {name}" for name in names[:6]]


def test_an_engine_that_hangs_is_no_reason_to_try_the_next_image() -> None:
    engine = FakeEngine(images={"a:1": "x", "b:1": "y"}, fail_on={"run once a:1": EngineHung("hangs")})
    with pytest.raises(EngineHung):
        ByHelper(engine, ["a:1", "b:1"]).step(1)
    assert engine.calls == ["run once a:1"]


def test_cannot_set_is_an_error_of_the_machine() -> None:
    assert issubclass(CannotSet, MachineError) and CannotSet.code == 4
