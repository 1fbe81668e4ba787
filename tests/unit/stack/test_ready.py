"""Readiness against the engine in memory."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from dfdev.core.desired import Health, Service
from dfdev.engine.protocol import ExecResult, LogLine
from dfdev.errors import DfdevError
from dfdev.stack.ready import Pace, Readiness, last_words, plain_line
from tests.fakes.engine import FakeEngine
from tests.unit.core.world import container, desired, network

WANT = desired(Service("api", "api:1"), Service("www", "www:1"))
PACE = Pace(stable=0, first=0, last=0, fresh=3600)


def wait(readiness: Readiness, name: str) -> None:
    readiness.wait(WANT.service(name), f"id-{name}", lambda text: None)


def test_an_old_listing_is_no_proof_that_a_container_ended() -> None:
    """It was listed for another service just before it was started."""
    seen = [container(WANT, "api"), container(WANT, "www", state="exited")]
    engine = FakeEngine(containers=seen, networks=[network(WANT)])
    readiness = Readiness(engine, "127.0.0.1", PACE)
    wait(readiness, "api")
    engine.start("id-www")
    wait(readiness, "www")


def test_the_time_that_it_has_run_already_counts() -> None:
    readiness = Readiness(FakeEngine(containers=[container(WANT, "www")]), "", Pace(stable=30, fresh=0))
    began = time.monotonic()
    readiness.wait(WANT.service("www"), "id-www", lambda text: None, since=began - 30)
    assert time.monotonic() - began < 5


def test_one_that_was_ready_and_ended_is_told() -> None:
    readiness = Readiness(FakeEngine(containers=[container(WANT, "www", state="exited", exit_code=3)]), "", PACE)
    with pytest.raises(DfdevError, match="www stopped with exit code 3"):
        readiness.still_runs(WANT.service("www"), "id-www")


def test_one_that_ended_is_told_with_its_exit_code() -> None:
    engine = FakeEngine(containers=[container(WANT, "www", state="exited", exit_code=3)])
    with pytest.raises(DfdevError, match="www stopped with exit code 3"):
        wait(Readiness(engine, "127.0.0.1", PACE), "www")


def test_one_that_is_gone_is_told() -> None:
    with pytest.raises(DfdevError, match="the container of www went away"):
        wait(Readiness(FakeEngine(), "127.0.0.1", PACE), "www")


@pytest.mark.parametrize("mended", [False, True])
def test_a_password_that_is_refused(mended: bool) -> None:
    """For a moment it may be: accounts are made while the server serves already."""
    want = Service("www", "www:1", kind="mysql", health=Health("mysql", "dev", 3306, ("mysql",)))
    said = iter([ExecResult(1, "ERROR 1045 (28000): Access denied for user 'dev'")] * (3 if mended else 10**6))
    engine = FakeEngine(
        containers=[container(WANT, "www")], on_exec=lambda _name, _argv: next(said, ExecResult(0, "1"))
    )
    readiness = Readiness(engine, "127.0.0.1", replace(PACE, refused=60 if mended else 0.01))
    if mended:
        readiness.wait(want, "id-www", lambda text: None)
        return
    with pytest.raises(DfdevError, match="www runs, and refuses the user dev of") as caught:
        readiness.wait(want, "id-www", lambda text: None)
    assert "ERROR 1045" in caught.value.message and "[mysql]" in caught.value.hint


def test_a_refusal_says_that_it_serves_where_the_file_names_no_password() -> None:
    want = Service("www", "www:1", kind="mysql", health=Health("mysql", "", 3306, ("mysql",)))
    denied = ExecResult(1, "ERROR 1045 (28000): Access denied for user 'root'")
    engine = FakeEngine(containers=[container(WANT, "www")], on_exec=lambda _name, _argv: denied)
    Readiness(engine, "127.0.0.1", PACE).wait(want, "id-www", lambda text: None)


def test_the_last_words_have_the_errors_among_them() -> None:
    lines = [LogLine("1", "no settings", "stderr"), *(LogLine("2", str(n)) for n in range(40))]
    assert [line.text for line in last_words(lines)] == ["no settings", *(str(n) for n in range(28, 40))]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "2026-11-24T11:12:23.700686Z 1 [System] [MY-013576] [InnoDB] InnoDB initialization has started.",
            "InnoDB initialization has started.",
        ),
        ("2026-11-24  9:00:01 0 [Note] InnoDB: Buffer pool(s) load completed", "InnoDB: Buffer pool(s) load completed"),
        ("[2026-11-24 09:00:01 +0000] Starting gunicorn", "+0000] Starting gunicorn"),
        ("plain words", "plain words"),
        ("x" * 200, "x" * 90 + "…"),
    ],
)
def test_a_line_of_a_log_without_its_stamps(line: str, words: str) -> None:
    assert plain_line(line) == words


def test_a_slow_start_is_explained_by_its_own_last_line() -> None:
    slow = replace(WANT.service("www"), health=Health("command", command=("ask",), timeout=0.2))
    engine = FakeEngine(
        containers=[container(WANT, "www")],
        log={"www": ["2026-11-24T11:12:23.1Z 1 [System] loading 3 of 9", ""]},
        on_exec=lambda _name, _argv: ExecResult(1, "not yet"),
    )
    said: list[str] = []
    with pytest.raises(DfdevError, match="www is not ready"):
        Readiness(engine, "127.0.0.1", replace(PACE, slow=0.1)).wait(slow, "id-www", said.append)
    assert said[0] == "its health command exits 1 not yet"
    assert said[-1] == "its health command exits 1 not yet; it says: loading 3 of 9"
