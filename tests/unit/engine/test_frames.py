"""Multiplexed streams and log lines, cut anywhere."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from dfdev.engine.frames import frames, log_lines
from dfdev.engine.protocol import LogLine

STAMP = "2026-11-24T02:31:47.627500106Z"


def frame(stream: int, data: bytes) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(data).to_bytes(4, "big") + data


@given(
    st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(min_size=1, max_size=40)), max_size=8),
    st.lists(st.integers(0, 400), max_size=10),
)
def test_frames_do_not_depend_on_how_the_bytes_arrive(sent: list[tuple[int, bytes]], cuts: list[int]) -> None:
    whole = b"".join(frame(*one) for one in sent)
    at = sorted({0, *(min(cut, len(whole)) for cut in cuts), len(whole)})
    pieces = [whole[a:b] for a, b in itertools.pairwise(at)]
    assert list(frames(pieces, tty=False)) == [({1: "stdout", 2: "stderr"}[s], data) for s, data in sent]


def test_a_frame_that_is_cut_off_is_given_as_far_as_it_came() -> None:
    assert list(frames([frame(1, b"whole"), frame(2, b"half a frame")[:12]], tty=False)) == [
        ("stdout", b"whole"),
        ("stderr", b"half"),
    ]


def test_a_terminal_has_no_frames() -> None:
    assert list(frames([b"a", b"b"], tty=True)) == [("stdout", b"a"), ("stdout", b"b")]


def line(text: str) -> bytes:
    return f"{STAMP} {text}".encode()


def test_lines_of_both_streams() -> None:
    found = list(log_lines([("stdout", line("one\n")), ("stderr", line("two\n")), ("stdout", line("three"))]))
    assert found == [LogLine(STAMP, "one"), LogLine(STAMP, "two", "stderr"), LogLine(STAMP, "three")]


def test_pieces_of_a_long_line_lose_their_stamps() -> None:
    found = list(log_lines([("stdout", line("a" * 9)), ("stderr", line("x\n")), ("stdout", line("b" * 9 + "\n"))]))
    assert found == [LogLine(STAMP, "x", "stderr"), LogLine(STAMP, "a" * 9 + "b" * 9)]


def test_lines_without_a_stamp_or_with_a_terminals_end() -> None:
    assert list(log_lines([("stdout", b"plain\n"), ("stdout", line("tty\r\n")), ("stdout", line("\n"))])) == [
        LogLine("", "plain"),
        LogLine(STAMP, "tty"),
        LogLine(STAMP, ""),
    ]


def test_what_is_no_text_is_marked() -> None:
    assert next(log_lines([("stdout", STAMP.encode() + b" \xff\n")])).text == "�"
