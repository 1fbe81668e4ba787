"""templates/clock/step.sh, run by real shells. This machine's clock is never set: nothing here has the right to.

Most of it runs with stub programs that note what they are asked and answer as they are told.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from dfdev.clock.step import WAYS, script
from dfdev.core.clock import SECOND
from tests import machine
from tests.unit.clock.harmless import harmless

_SYS_TIME = 25
_STUB = """#!/bin/sh
echo "{name} $*" >>"$LOG"
"""
_DATE = """
case "$*" in
    --version) echo "date ($KIND) 9.1"; exit 0 ;;
    +%s) read -r first rest <"$CLOCK"; echo "$rest" >"$CLOCK"; echo "$first"; exit 0 ;;
esac
echo "$SAYS"
exit "$DATE"
"""


def test_nothing_here_may_set_the_clock() -> None:
    done = subprocess.run(harmless(["cat", "/proc/self/status"]), capture_output=True, text=True, check=True)
    (effective,) = (line.split()[1] for line in done.stdout.splitlines() if line.startswith("CapEff:"))
    assert not int(effective, 16) >> _SYS_TIME & 1


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    calls: list[str]


@dataclass(frozen=True)
class Bench:
    """A folder of stubs; `shell` runs the script, which sees them before anything else."""

    folder: Path
    shell: Sequence[str]

    def run(self, delta: int, ways: str, *, clock: str = "100 100 101 101", **environ: str) -> Done:
        """`clock`: what `date +%s` says, time by time. `PYTHON`, `PERL`, `DATE`: exit codes; `SAYS`: what `date` says
        to being set; `MACHINE` of uname; `KIND` of `date`.
        """
        (self.folder / "clock").write_text(clock + "\n")
        log = self.folder / "log"
        log.write_text("")
        env = {
            "LOG": str(log),
            "CLOCK": str(self.folder / "clock"),
            "PATH": f"{self.folder}/bin:/usr/bin:/bin",
            "PYTHON": "0",
            "PERL": "0",
            "DATE": "0",
            "SAYS": "",
            "MACHINE": "x86_64",
            "KIND": "GNU coreutils",
            **environ,
        }
        argv = [*self.shell, "-c", self._prelude() + script(delta, ways.split(), 1_700_000_000 * SECOND)]
        done = subprocess.run(harmless(argv), capture_output=True, text=True, env=env, timeout=30, check=False)
        return Done(done.returncode, done.stdout, log.read_text().splitlines())

    def has(self, name: str, body: str) -> None:
        file = self.folder / "bin" / name
        file.write_text(_STUB.format(name=name) + body)
        file.chmod(0o755)

    def _prelude(self) -> str:
        """busybox takes its own `date` before any in PATH, but no function's."""
        stubs = (self.folder / "bin").iterdir()
        return "".join(f'{stub.name}() {{ {shlex.quote(str(stub))} "$@"; }}\n' for stub in stubs)


def busybox() -> str:
    return str(machine.fetch("28", machine.default_cache()) / "bin" / "busybox")


@pytest.fixture(params=["dash", "bash", "busybox"])
def shell(request: pytest.FixtureRequest) -> Sequence[str]:
    return [busybox(), "sh"] if request.param == "busybox" else [str(shutil.which(request.param))]


@pytest.fixture
def bench(tmp_path: Path, shell: Sequence[str]) -> Bench:
    made = Bench(tmp_path, shell)
    (tmp_path / "bin").mkdir()
    made.has("python3", 'exit "$PYTHON"\n')
    made.has("perl", 'exit "$PERL"\n')
    made.has("date", _DATE)
    made.has("usleep", "exit 0\n")
    made.has("uname", 'echo "$MACHINE"\n')
    return made


# -- which way


@pytest.mark.parametrize(
    ("environ", "method"),
    [
        ({}, "python"),
        ({"PYTHON": "3"}, "perl"),
        ({"PYTHON": "77"}, "perl"),
        ({"PYTHON": "1"}, "perl"),  # a Python that does not even start
        ({"PYTHON": "3", "PERL": "3"}, "date"),
        ({"PYTHON": "3", "MACHINE": "armv7l"}, "date"),
        ({"PYTHON": "3", "PERL": "3", "KIND": "BusyBox"}, "edge"),
        ({"PYTHON": "3", "PERL": "77", "KIND": "BusyBox"}, "edge"),
    ],
)
def test_the_best_way_that_works(bench: Bench, environ: dict[str, str], method: str) -> None:
    done = bench.run(0, " ".join(WAYS), clock="100 100 101 101", **environ)
    assert (done.code, done.out) == (0, f"method: {method}\n")


@pytest.mark.parametrize("ways", ["date", "perl date", "edge", "absolute", "date python"])
def test_the_ways_in_the_order_that_is_asked_for(bench: Bench, ways: str) -> None:
    assert bench.run(0, ways).out == f"method: {ways.split()[0]}\n"


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"PYTHON": "3", "PERL": "3", "KIND": "BusyBox", "SAYS": "date: invalid date '@101'"}, 3),
        ({"PYTHON": "77", "PERL": "3", "KIND": "BusyBox", "SAYS": "date: invalid date '@101'"}, 77),
        ({"PYTHON": "3", "PERL": "77", "KIND": "BusyBox", "SAYS": "date: invalid date '@101'"}, 77),
        ({"PYTHON": "3", "PERL": "3", "DATE": "1", "SAYS": "date: cannot set date: no"}, 77),
        ({"PYTHON": "3", "PERL": "3", "KIND": "BusyBox", "SAYS": "date: can't set date: no"}, 77),
    ],
)
def test_no_tool_is_3_and_no_right_is_77(bench: Bench, environ: dict[str, str], code: int) -> None:
    done = bench.run(0, " ".join(WAYS), **environ)
    assert (done.code, done.out) == (code, "")


@pytest.mark.parametrize("way", ["python", "perl"])
def test_without_the_program_the_next_way(bench: Bench, way: str) -> None:
    (bench.folder / "bin" / {"python": "python3", "perl": "perl"}[way]).unlink()
    tools = bench.folder / "tools"
    tools.mkdir()
    (tools / "grep").symlink_to("/usr/bin/grep")
    done = bench.run(0, f"{way} date", PATH=f"{bench.folder}/bin:{tools}")
    assert (done.code, done.out) == (0, "method: date\n")


# -- what the programs are asked


def test_python_and_perl_are_given_seconds_and_nanoseconds(bench: Bench) -> None:
    done = bench.run(-3_250_000_000, "python perl", PYTHON="3")
    assert done.calls[0].startswith("python3 -c ") and done.calls[-1].endswith(" 305 -4 750000000")
    assert next(line for line in done.calls if line.endswith("-4 750000000")).startswith("sys.exit(0 if answer >= 0")


@pytest.mark.parametrize(("architecture", "number"), [("x86_64", "305"), ("aarch64", "266")])
def test_the_system_call_s_number(bench: Bench, architecture: str, number: str) -> None:
    assert bench.run(5, "perl", MACHINE=architecture).calls[-1].endswith(f" {number} 0 5")


@pytest.mark.parametrize(
    ("delta", "asked"),
    [
        (-3_250_000_000, "date -u -s -3.250000000 seconds"),
        (3_250_000_000, "date -u -s 3.250000000 seconds"),
        (-1, "date -u -s -0.000000001 seconds"),
    ],
)
def test_gnu_date_steps_by_the_delta(bench: Bench, delta: int, asked: str) -> None:
    assert bench.run(delta, "date").calls == ["date --version", asked]


@pytest.mark.parametrize("delta", [-3_250_000_000, 3_250_000_000, -500_000_000, 86400 * SECOND, -86400 * SECOND])
def test_gnu_date_understands_the_delta(delta: int) -> None:
    """As a question, with -d."""
    _, whole = script(delta, ["date"]).splitlines()[0].split("DELTA=")
    before = time.time_ns()
    argv = ["date", "-u", "-d", f"{whole.split()[0]} seconds", "+%s%N"]
    told = int(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
    assert before + delta <= told <= time.time_ns() + delta


def test_what_people_typed_in_2014(bench: Bench) -> None:
    done = bench.run(-5 * SECOND, "absolute")
    assert (done.code, done.calls) == (0, ["date -u -s 2023-11-14 22:13:20"])
    assert bench.run(0, "absolute", SAYS="date: can't set date: Operation not permitted").code == 77


# -- whole seconds, at their edge


@pytest.mark.parametrize(
    ("delta", "waited", "target"),
    [
        (0, None, 101),
        (5 * SECOND, None, 106),
        (-5 * SECOND, None, 96),
        (250_000_000, 750_000, 102),
        (-250_000_000, 250_000, 101),
        (-3_250_000_000, 250_000, 98),
        (3_250_000_000, 750_000, 105),
        (3_999_999_000, 1, 105),
        (1_000, 999_999, 102),
    ],
)
def test_the_right_second_is_set_when_it_begins(bench: Bench, delta: int, waited: int | None, target: int) -> None:
    """The machine's clock has just come to 101: `waited` microseconds later, and `delta`, it is `target`."""
    done = bench.run(delta, "edge", clock=f"100 100 100 101 {target}")
    assert (done.code, done.out) == (0, "method: edge\n")
    waits = [] if waited is None else [f"usleep {waited}"]
    assert done.calls == ["date +%s"] * 4 + waits + [f"date -u -s @{target}", "date +%s"]
    assert 101 * SECOND + (waited or 0) * 1000 + delta == target * SECOND


def test_without_usleep_it_sleeps(bench: Bench) -> None:
    bench.has("usleep", "exit 127\n")
    bench.has("sleep", "exit 0\n")
    assert "sleep 0.000750000" in bench.run(SECOND - 750_000, "edge").calls
    bench.has("sleep", "exit 1\n")
    assert bench.run(SECOND - 750_000, "edge").code == 3


@pytest.mark.parametrize(
    ("delta", "shows", "code"),
    [
        (100 * SECOND, 201, 0),
        (100 * SECOND, 206, 0),  # somebody else had the processor
        (100 * SECOND, 200, 0),  # its coarse clock is a tick late
        (100 * SECOND, 101, 77),  # busybox said nothing, exited 0 and did not set it
        (-100 * SECOND, 101, 77),
        (100 * SECOND, 207, 77),
    ],
)
def test_what_counts_is_what_the_clock_shows_then(bench: Bench, delta: int, shows: int, code: int) -> None:
    assert bench.run(delta, "edge", clock=f"100 101 {shows}").code == code


@pytest.mark.parametrize(
    "words", ["can't set date: Operation not permitted", "cannot set date: Operation not permitted"]
)
def test_exit_0_and_not_permitted(bench: Bench, words: str) -> None:
    """busybox, in words of several of its versions."""
    assert bench.run(0, "edge", SAYS=f"date: {words}", DATE="0").code == 77


# -- the real programs, without the right


def really(way: str, delta: int, shell: Sequence[str]) -> subprocess.CompletedProcess[str]:
    argv = harmless([*shell, "-c", script(delta, [way])])
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    return subprocess.run(argv, capture_output=True, text=True, env={"PATH": path}, timeout=30, check=False)


@pytest.mark.parametrize("way", ["python", "perl", "date"])
@pytest.mark.parametrize("delta", [-3_250_000_000, 0, 3_250_000_000, 10**18])
def test_the_kernel_says_no(way: str, delta: int) -> None:
    done = really(way, delta, ["sh"])
    assert (done.returncode, done.stdout, done.stderr) == (77, "", "")


@pytest.mark.parametrize("delta", [-3_250_000_000, 250_000_000])
def test_the_kernel_says_no_to_busybox_which_exits_0(delta: int) -> None:
    done = really("edge", delta, [busybox(), "sh"])
    assert (done.returncode, done.stdout, done.stderr) == (77, "", "")


def embedded(begin: str, end: str) -> str:
    """A program out of the script, that reads the clock and does not set it: with no mode nobody needs a right."""
    text = script(0, [])
    return text.partition(begin)[2].partition(end)[0].replace("0x2100", "0")


def reads_the_kernel_s_clock(argv: Sequence[str]) -> None:
    """Its answer is where the script writes seconds and the part below: the layout is the kernel's."""
    before = time.time_ns()
    done = subprocess.run(harmless(argv), capture_output=True, text=True, check=False)
    after = time.time_ns()
    assert done.returncode == 0, done.stderr
    seconds, part = (int(word) for word in done.stdout.split())
    grains = [seconds * SECOND + part, seconds * SECOND + part * 1000]
    assert any(before - 1_000_000 <= told <= after for told in grains)


def test_the_layout_of_python_s_struct() -> None:
    program = embedded("python3 -c '", '\' "$SEC"')
    (offset,) = re.findall(r'pack_into\("=qq", timex, (\d+),', program)
    show = f"print(*struct.unpack_from('=qq', timex, {offset}))\nsys.exit(0 if answer"
    reads_the_kernel_s_clock([sys.executable, "-c", program.replace("sys.exit(0 if answer", show), "-5", "7"])


def test_the_layout_of_perl_s_struct() -> None:
    program = embedded("perl -e '", '\' "$number"')
    call, _, _ = program.partition("exit(syscall(")
    (layout,) = re.findall(r'pack\("L ([x\d ]+ q q)', program)
    show = f'my $answer = syscall($number, 0, $timex); print join " ", unpack "x4 {layout}", $timex;'
    number = {"x86_64": "305", "aarch64": "266"}[os.uname().machine]
    reads_the_kernel_s_clock(["perl", "-e", f"{call}{show} exit($answer >= 0 ? 0 : 1)", number, "-5", "7"])


def test_perl_s_struct_is_as_long_as_the_kernel_s() -> None:
    call, _, _ = embedded("perl -e '", '\' "$number"').partition("exit(syscall(")
    argv = ["perl", "-e", f"{call} print length($timex)", "305", "-5", "7"]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == "208"
