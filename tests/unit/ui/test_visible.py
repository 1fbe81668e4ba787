"""A hostile name in each form of output: nothing of it reaches the terminal as a command."""

from __future__ import annotations

import io
import json

import pytest

from dfdev.core.events import Began, Notice
from dfdev.errors import DfdevError
from dfdev.ui.live import LiveReporter
from dfdev.ui.out import Out
from dfdev.ui.plain import PlainReporter
from dfdev.ui.table import columns, width

HOSTILE = "a\x1b]0;title\x07\x1b[2J\x1b[8m\x9b31m\x7f\r\b\u202eb"
STEERING = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u202e"} - {"\n", "\t"}


def out(**kind: bool) -> Out:
    return Out(io.StringIO(), io.StringIO(), **kind)


def written(one: Out) -> str:
    assert isinstance(one.stdout, io.StringIO)
    assert isinstance(one.stderr, io.StringIO)
    return one.stdout.getvalue() + one.stderr.getvalue()


@pytest.mark.parametrize("form", ["data", "say", "log", "error", "progress", "live", "json", "record"])
def test_nothing_steers_the_terminal(form: str) -> None:
    one = out(as_json=form in ("json", "record"))
    match form:
        case "data":
            one.data(HOSTILE)
        case "say":
            one.say(HOSTILE)
        case "log":
            one.log_line(HOSTILE.replace("\x1b[8m", ""))
        case "error":
            one.complain(DfdevError(HOSTILE, HOSTILE, details=(HOSTILE,)))
        case "progress":
            PlainReporter(one).emit(Notice(HOSTILE))
        case "live":
            with LiveReporter(one) as live:
                live.emit(Notice(HOSTILE))
        case "json":
            one.document({HOSTILE: HOSTILE})
        case "record":
            one.record({HOSTILE: HOSTILE})
    assert "title" in written(one)
    assert not STEERING & set(written(one))


def test_a_step_under_way_is_shown_as_it_is_called() -> None:
    live = LiveReporter(out())
    live._note(Began(HOSTILE, ""))
    row = live._row(HOSTILE, live._steps[HOSTILE]).plain
    assert "title" in row
    assert not STEERING & set(row)


def test_json_has_the_same_value() -> None:
    one = out(as_json=True)
    one.document(HOSTILE)
    assert json.loads(written(one)) == HOSTILE


def test_our_colours_stay_and_others_do_not() -> None:
    one = out(colour_out=True)
    one.data(one.paint("x", "red") + "\x1b[8my")
    assert written(one) == "\x1b[31mx\x1b[0m\\x1b[8my\n"


def test_a_log_keeps_its_colours_and_loses_the_rest() -> None:
    one = out()
    one.log_line("\x1b[1;38;5;9mred\x1b[0m\x1b[2J\r")
    assert written(one) == "\x1b[1;38;5;9mred\x1b[0m\\x1b[2J\x1b[0m\n"


def test_what_a_log_line_hides_ends_with_it() -> None:
    one = out()
    one.log_line("\x1b[8mhidden")
    assert written(one) == "\x1b[8mhidden\x1b[0m\n"


def test_a_cell_is_one_line_as_wide_as_it_looks() -> None:
    lines = columns(["N", "M"], [["a\n\x1b[2J", "b"], ["c", "d"]]).splitlines()
    assert lines[1] == r"a\x0a\x1b[2J  b"
    assert lines[2].index("d") == width(lines[1]) - 1
