"""A container for one command, and the engine's clock: the same on the engine in memory and on both real ones."""

from __future__ import annotations

import contextlib
import threading

import pytest

from dfdev.core.clock import SECOND, estimate
from dfdev.core.labels import HELPER
from dfdev.engine.protocol import ExecResult
from dfdev.errors import EngineHung, NotFound
from tests.contract.rig import IMAGE, Rig, connected, soon
from tests.fakes.engine import FakeEngine


def test_an_image_that_is_not_there_is_not_pulled(rig: Rig) -> None:
    with pytest.raises(NotFound):
        rig.engine.run_once("dfdev-test/none:1", ["true"], label=rig.name, timeout=20)


def test_images_are_listed_by_reference(rig: Rig) -> None:
    assert IMAGE in rig.engine.images()


def test_info_and_date_tell_the_clock_of_this_host(rig: Rig) -> None:
    """Fake and native engines share our clock, so that what they say must allow for no offset at all."""
    exact = [rig.engine.info().clock for _ in range(3)]
    offset = estimate(sample for sample in exact if sample is not None)
    assert offset is not None and offset.low <= 0 <= offset.high and offset.bound < SECOND
    coarse = rig.engine.date()
    assert coarse is not None and coarse.grain == SECOND and coarse.offset.low <= 0 <= coarse.offset.high


def test_exit_code_and_output_come_back_and_nothing_stays(real: Rig) -> None:
    ran = real.engine.run_once(IMAGE, ["sh", "-c", "echo out; echo err >&2; exit 3"], label=real.name, timeout=30)
    assert (ran.exit_code, sorted(ran.output.split())) == (3, ["err", "out"])
    assert real.docker("ps", "-aq", "--filter", f"label={HELPER}={real.name}") == ""


def test_a_program_that_is_not_in_the_image(real: Rig) -> None:
    with pytest.raises(NotFound):
        real.engine.run_once(IMAGE, ["/no/such/program"], label=real.name, timeout=30)


def test_no_network_and_no_rights_but_those_asked_for(real: Rig) -> None:
    show = ["sh", "-c", "cat /proc/net/route; cat /proc/self/status"]
    bare = real.engine.run_once(IMAGE, show, label=real.name, timeout=30)
    able = real.engine.run_once(IMAGE, show, cap_add=["SYS_TIME"], label=real.name, timeout=30)
    assert [line for line in bare.output.splitlines() if line.startswith("eth")] == []
    assert (_rights(bare), _rights(able)) == (0, 1 << 25)


def test_what_does_not_end_is_given_up_and_removed(real: Rig) -> None:
    engine = connected(real.host, timeout=3)
    with pytest.raises(EngineHung), contextlib.closing(engine):
        engine.run_once(IMAGE, ["sleep", "1000"], label=real.name, timeout=1)
    assert real.docker("ps", "-aq", "--filter", f"label={HELPER}={real.name}") == ""


def test_a_leftover_of_a_killed_run_goes_and_a_running_one_stays(real: Rig) -> None:
    label = f"{HELPER}={real.name}"
    left = real.docker("create", "--name", f"dfdev-{real.name}-00000000", "--label", label, IMAGE, "true")
    named = f"dfdev-{real.name}-00000001"
    running = real.docker("run", "-d", "--name", named, "--label", label, IMAGE, "sleep", "1000")
    stranger = real.docker("create", "--label", label, IMAGE, "true")
    try:
        real.engine.run_once(IMAGE, ["sh", "-c", ":"], label=real.name, timeout=30)
        soon(lambda: left[:12] not in real.docker("ps", "-aq"))
        assert real.docker("ps", "-q", "--no-trunc", "--filter", f"label={label}") == running
        assert stranger[:12] in real.docker("ps", "-aq"), "an image hands labels on; the name is not ours"
    finally:
        real.docker("rm", "-f", running, stranger)


def test_two_at_once(real: Rig) -> None:
    codes: list[int] = []

    def run() -> None:
        codes.append(real.engine.run_once(IMAGE, ["sh", "-c", "exit 7"], label=real.name, timeout=30).exit_code)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [7, 7]


def test_the_engine_in_memory_does_what_it_is_told() -> None:
    engine = FakeEngine(images={IMAGE: "sha256:1"}, on_once=lambda image, argv: ExecResult(5, f"{image} {argv[0]}"))
    ran = engine.run_once(IMAGE, ["date"], cap_add=["SYS_TIME"], label="clock", timeout=1)
    assert (ran.exit_code, ran.output) == (5, f"{IMAGE} date")


def _rights(ran: ExecResult) -> int:
    """The effective capabilities, of /proc/self/status (capabilities(7): CAP_SYS_TIME is 25)."""
    line = next(line for line in ran.output.splitlines() if line.startswith("CapEff:"))
    return int(line.split()[1], 16)
