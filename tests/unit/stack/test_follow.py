"""`dfdev logs -f`: a service is followed, and not a container."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from dfdev.core import labels
from dfdev.core.observed import Container, State
from dfdev.engine.protocol import LogLine
from dfdev.errors import EngineAbsent, EngineDenied, EngineHung, NotFound
from dfdev.stack.follow import Want, Word, followed, lines_of
from dfdev.stack.logs import Line

ALL = Want("shop", 0.0, None)
HUNG = EngineHung("the engine at x did not answer within 10 s", "restart it")


class Over(Exception):
    """The end of a test's story."""


class Story:
    """An engine of which each look and each log is written down. `asked`: container and from when, of each log."""

    def __init__(self, *acts: Container | Exception | None, logs: Iterable[list[LogLine | Exception]] = ()) -> None:
        self._acts = list(acts)
        self._logs = list(logs)
        self._now: Container | None = None
        self.asked: list[tuple[str, float, int | None]] = []
        self.waited: list[float] = []

    def containers(self) -> list[Container]:
        if not self._acts:
            raise Over
        act = self._acts.pop(0)
        if isinstance(act, Exception):
            raise act
        self._now = act
        return [] if act is None else [replace(act, exit_code=None)]

    def container(self, id: str) -> Container:
        assert self._now is not None and self._now.id == id
        return self._now

    def logs(self, id: str, *, follow: bool = False, since: float = 0.0, tail: int | None = None) -> Iterator[LogLine]:
        assert follow
        self.asked.append((id, since, tail))
        for item in self._logs.pop(0):
            if isinstance(item, Exception):
                raise item
            yield item


def www(id: str = "c1", state: State = "running", code: int | None = None) -> Container:
    whose = {labels.WORKSPACE: "shop", labels.SERVICE: "www"}
    return Container(id, "shop-www", "www:1", "sha256:1", state, claims=whose, exit_code=code)


def line(second: int, text: str) -> LogLine:
    return LogLine(f"2026-01-01T00:00:{second:02d}.123456789Z", text)


def told(story: Story, want: Want = ALL) -> list[str]:
    """Each line's text, and each word in brackets."""
    found: list[str] = []
    with pytest.raises(Over):
        for item in lines_of(story, "www", want, story.waited.append):
            assert item.service == "www"
            found.append(item.line.text if isinstance(item, Line) else f"({item.text})")
    return found


def test_a_restart_is_told_and_no_line_comes_twice() -> None:
    logs: list[list[LogLine | Exception]] = [
        [line(1, "one"), line(2, "two")],
        [line(2, "two"), line(2, "two more"), line(3, "three")],
    ]
    story = Story(www(), www(), logs=logs)
    assert told(story) == ["one", "two", "(goes on)", "two more", "three"]
    (_, first, _), (_, again, _) = story.asked
    assert first == 0.0
    assert 1767225602.123456789 - 1e-5 < again < 1767225602.123456789


def test_old_lines_are_asked_for_once_only() -> None:
    story = Story(www(), www("c2"), logs=[[line(1, "one")], [line(2, "two")]])
    assert told(story, Want("shop", 5.0, 3)) == ["one", "(was made anew)", "two"]
    assert story.asked == [("c1", 5.0, 3), ("c2", 0.0, None)]


def test_one_that_ended_is_waited_for_and_that_is_told_once() -> None:
    ended = www(state="exited", code=3)
    story = Story(www(), ended, ended, ended, www(), logs=[[line(1, "one")], [line(2, "two")]])
    assert told(story) == ["one", "(has ended (exit code 3): waiting for it to run again)", "(goes on)", "two"]
    assert story.waited == [0.2, 1.0, 1.0, 1.0, 0.2], "who waits looks seldom"


def test_the_log_of_one_that_has_ended_already_is_shown() -> None:
    ended = www(state="exited", code=0)
    assert told(Story(ended, ended, logs=[[line(1, "one")]])) == [
        "one",
        "(has ended (exit code 0): waiting for it to run again)",
    ]


def test_one_without_a_container_is_waited_for() -> None:
    story = Story(None, None, www(), None, logs=[[line(1, "one")]])
    assert told(story) == ["(was never started: waiting for it)", "one", "(has no container: waiting for one)"]


def test_an_engine_that_falls_silent_is_waited_for_and_no_line_is_lost() -> None:
    absent = EngineAbsent("no Docker engine at x", "start it")
    story = Story(www(), HUNG, absent, absent, www(), logs=[[line(1, "one"), HUNG], [line(1, "one"), line(2, "two")]])
    assert told(story) == [
        "one",
        "(the engine at x did not answer within 10 s: waiting for it)",
        "(no Docker engine at x: waiting for it)",
        "(goes on)",
        "two",
    ]


def test_one_that_is_removed_between_two_calls_is_looked_for_again() -> None:
    story = Story(www(), www("c2"), logs=[[NotFound("no such container")], [line(1, "one")]])
    assert told(story) == ["(was made anew)", "one"]


def test_another_containers_name_is_no_reason() -> None:
    other = replace(www(), name="backup")
    assert told(Story(other)) == ["(was never started: waiting for it)"]


def test_what_waiting_does_not_mend_ends_it() -> None:
    with pytest.raises(EngineDenied):
        list(lines_of(Story(EngineDenied("not yours", "be root")), "www", ALL, lambda _: None))


def test_several_at_once_until_one_fails() -> None:
    items = followed(Story(None), ["www"], ALL, lambda _: None)
    assert next(items) == Word("www", "was never started: waiting for it")
    with pytest.raises(Over):
        next(items)
