"""A container's log: stamped lines, from a moment on, followed to the end."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from dfdev.engine.protocol import LogLine
from dfdev.errors import NotFound
from tests.contract.rig import Rig, soon


def finished(rig: Rig, script: str) -> str:
    id = rig.run(command=("sh", "-c", script))
    soon(lambda: rig.engine.container(id).state == "exited")
    return id


def texts(rig: Rig, id: str, **choices: float) -> list[str]:
    return [line.text for line in rig.engine.logs(id, **choices)]  # type: ignore[arg-type]


def test_lines_of_both_streams_with_their_stamps(real: Rig) -> None:
    lines = list(real.engine.logs(finished(real, "echo one; sleep 0.2; echo zwei ä >&2")))
    assert [(line.text, line.stream) for line in lines] == [("one", "stdout"), ("zwei ä", "stderr")]
    assert lines[0].time < lines[1].time
    assert len(lines[0].time) == len("2026-01-01T00:00:00.000000000Z")


def test_the_last_lines_only(real: Rig) -> None:
    id = finished(real, "seq 9")
    assert texts(real, id, tail=2) == ["8", "9"]
    assert texts(real, id, tail=0) == []


def test_from_a_moment_on(real: Rig) -> None:
    id = finished(real, "echo before; sleep 0.5; echo after")
    first = next(iter(real.engine.logs(id)))
    moment = datetime.fromisoformat(first.time[:26] + "+00:00").timestamp()
    assert texts(real, id, since=moment + 0.25) == ["after"]


def test_a_line_that_the_engine_cuts_into_pieces(real: Rig) -> None:
    id = finished(real, "dd if=/dev/zero bs=40000 count=1 2>/dev/null | tr '\\0' x; echo; echo end")
    lines = texts(real, id)
    assert [len(line) for line in lines] == [40000, 3]


def test_a_line_without_its_end(real: Rig) -> None:
    assert texts(real, finished(real, "printf 'no newline'")) == ["no newline"]


def test_following_ends_with_the_container(real: Rig) -> None:
    id = real.run(command=("sh", "-c", "echo one; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo two"))
    seen: list[LogLine] = []
    follower = threading.Thread(target=lambda: seen.extend(real.engine.logs(id, follow=True)), daemon=True)
    follower.start()
    real.engine.exec(id, ["touch", "/tmp/go"], timeout=20)
    follower.join(20)
    assert not follower.is_alive()
    assert [line.text for line in seen] == ["one", "two"]


def test_lines_arrive_while_it_runs(real: Rig) -> None:
    id = real.run(command=("sh", "-c", "echo one; sleep 1000000"))
    lines = iter(real.engine.logs(id, follow=True))
    assert next(lines).text == "one"


def test_a_container_with_a_terminal(real: Rig) -> None:
    id = real.docker(
        "create",
        "--tty",
        "--label",
        f"dev.dfdev.workspace={real.name}",
        "dfdev-test/busybox:1",
        "sh",
        "-c",
        "echo one; echo two",
    )
    real.engine.start(id)
    soon(lambda: real.engine.container(id).state == "exited")
    assert texts(real, id) == ["one", "two"]


def test_an_unknown_container(real: Rig) -> None:
    with pytest.raises(NotFound):
        list(real.engine.logs("nosuchcontainer"))
