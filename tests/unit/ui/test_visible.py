"""A hostile name in each form of output: nothing of it reaches the terminal as a command."""

from __future__ import annotations

import io
import json

import pytest

from dfdev.core.events import Began, Notice, Progress
from dfdev.core.secrets import MASK
from dfdev.errors import DfdevError
from dfdev.ui.live import LiveReporter
from dfdev.ui.out import Out
from dfdev.ui.plain import PlainReporter
from dfdev.ui.table import columns, width

HOSTILE = "a\x1b]0;title\x07\x1b[2J\x1b[8m\x9b31m\x7f\r\b\u202eb"
STEERING = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u202e"} - {"\n", "\t"}

FORMS = ["data", "say", "log", "error", "progress", "live", "json", "record"]


def out(*, as_json: bool = False, colour_out: bool = False, colour_err: bool = False) -> Out:
    return Out(io.StringIO(), io.StringIO(), as_json, colour_out=colour_out, colour_err=colour_err)


def written(one: Out) -> str:
    assert isinstance(one.stdout, io.StringIO)
    assert isinstance(one.stderr, io.StringIO)
    return one.stdout.getvalue() + one.stderr.getvalue()


def write_as(form: str, one: Out, text: str) -> None:
    match form:
        case "data":
            one.data(text)
        case "say":
            one.say(text)
        case "log":
            one.log_line(text)
        case "error":
            one.complain(DfdevError(text, text, details=(text,)))
        case "progress":
            PlainReporter(one).emit(Notice(text))
        case "live":
            with LiveReporter(one) as live:
                live.emit(Notice(text))
        case "json":
            one.document({text: text})
        case "record":
            one.record({text: text})


@pytest.mark.parametrize("form", FORMS)
def test_nothing_steers_the_terminal(form: str) -> None:
    one = out(as_json=form in ("json", "record"))
    write_as(form, one, HOSTILE.replace("\x1b[8m", "") if form == "log" else HOSTILE)
    assert "title" in written(one)
    assert not STEERING & set(written(one))


@pytest.mark.parametrize("form", FORMS)
def test_no_secret_gets_out(form: str) -> None:
    one = out(as_json=form in ("json", "record"))
    assert one.secrets is not None
    one.secrets.learn("xyz\nzy-mark")
    text = "of xyz\nzy-mark, redis://:zy-m@rk@h"
    write_as(form, one, text)
    assert MASK in written(one)
    assert "zy-m" not in written(one)
    asked = one.with_secrets()
    write_as(form, asked, text)
    assert "zy-mark" in written(asked)


def test_no_secret_is_in_a_step_under_way() -> None:
    one = out()
    assert one.secrets is not None
    one.secrets.learn("xyzzy-mark")
    live = LiveReporter(one)
    live._note(Began("pull xyzzy-mark", ""))
    live._steps["pull xyzzy-mark"].began -= 2
    live._note(Progress("pull xyzzy-mark", "of xyzzy-mark"))
    row = live._row("pull xyzzy-mark", live._steps["pull xyzzy-mark"]).plain
    assert row.count(MASK) == 2
    assert "xyzzy" not in row


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
