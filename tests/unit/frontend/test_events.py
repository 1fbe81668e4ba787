"""Whether a save is noticed in the container: tried, remembered, told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from dfdev.core.observed import Container
from dfdev.engine.protocol import ExecResult
from dfdev.errors import EngineError
from dfdev.frontend.events import Verdict, probe_events, remember, remembered
from dfdev.frontend.spec import EVENTS, Front
from tests.fakes.engine import FakeEngine
from tests.unit.frontend.fronts import front_in
from tests.unit.workspace.support import locked

BOX = Container("c1", "drama-frontend-tools", "x", "sha256:1", "running")
SAID = b"listening\n"


class Talking(FakeEngine):
    """Its container's listener says what it is told to, while its input is open."""

    def __init__(self, *said: bytes) -> None:
        super().__init__(containers=[BOX])
        self._said = said

    def pipe(
        self,
        id: str,
        argv: list[str],
        *,
        feed: Iterable[bytes] = (),
        take: Callable[[bytes], None] | None = None,
        user: str = "",
    ) -> ExecResult:
        for piece in self._said:
            if take is not None:
                take(piece)
        return ExecResult(0, "")


@pytest.fixture
def front(tmp_path: Path) -> Front:
    return front_in(tmp_path)


def test_an_event_that_comes(front: Front) -> None:
    verdict = probe_events(Talking(SAID, b"event\n"), "c1", front)
    assert verdict.found == "native"
    assert str(verdict).startswith("native: an event came after ")
    assert list(front.project.folder.iterdir()) == [], "nothing is left"


@pytest.mark.parametrize(("said", "tried"), [((b"failed",), False), ((SAID, b"failed"), True)])
def test_what_cannot_be_tried_counts_as_none(front: Front, said: tuple[bytes, ...], tried: bool) -> None:
    assert probe_events(Talking(*said), "c1", front) == Verdict("poll", tried=tried)


def test_a_container_that_stopped(front: Front) -> None:
    assert probe_events(FakeEngine(), "none", front) == Verdict("poll", tried=False)
    assert list(front.project.folder.iterdir()) == []


def test_a_folder_that_nobody_may_write(front: Front) -> None:
    with locked(front.project.folder):
        assert probe_events(FakeEngine(containers=[BOX]), "c1", front) == Verdict("poll", tried=False)


def test_the_verdict_is_remembered_in_the_container() -> None:
    engine = FakeEngine(containers=[BOX])
    assert remembered(engine, "c1") == ""
    remember(engine, "c1", Verdict("poll"))
    assert remembered(engine, "c1") == "poll: no event came within 2 s"
    remember(engine, "c1", Verdict("poll", tried=False))
    assert remembered(engine, "c1") == "poll: whether events come could not be tried"
    assert b"export CHOKIDAR_USEPOLLING=1\n" in engine.read_file("c1", EVENTS)
    remember(engine, "c1", Verdict("native", 0.0123))
    assert remembered(engine, "c1") == "native: an event came after 12 ms"
    assert b"POLLING" not in engine.read_file("c1", EVENTS)


def test_what_cannot_be_read_is_not_known() -> None:
    engine = FakeEngine(containers=[BOX])
    engine.write_file("c1", EVENTS, b"", mode=0o644, uid=0, gid=0)
    assert remembered(engine, "c1") == ""
    with pytest.raises(EngineError):
        engine.read_file("c2", EVENTS)
