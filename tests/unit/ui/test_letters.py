"""Streams of any encoding: nothing that dfdev writes raises, and JSON stays JSON."""

from __future__ import annotations

import io
import json

import pytest

from dfdev.core.events import Began, Failed, Notice
from dfdev.errors import DfdevError
from dfdev.ui.letters import FRAMES, fits, lenient
from dfdev.ui.out import Out
from dfdev.ui.plain import PlainReporter
from dfdev.ui.table import columns

TEXT = "Jörg → 戏剧 … ✓ ✗ \udcff " + FRAMES


def stream(encoding: str) -> io.TextIOWrapper:
    made = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    lenient(made, None)
    return made


def written(made: io.TextIOWrapper) -> str:
    made.flush()
    return str(made.buffer.getvalue(), made.encoding)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", "J?rg -> ?? ... v x ? |/-\\|/-\\|/"),
        ("latin-1", "Jörg -> ?? ... v x ? |/-\\|/-\\|/"),
        ("utf-8", TEXT.replace("\udcff", "?")),
    ],
)
def test_the_nearest_letters(encoding: str, shown: str) -> None:
    made = stream(encoding)
    Out(made, made).data(TEXT)
    assert written(made) == f"{shown}\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_every_writer(encoding: str) -> None:
    out, err = stream(encoding), stream(encoding)
    one = Out(out, err, verbose=True, colour_out=True, colour_err=True)
    one.data(columns(["NÄME", "…"], [[one.paint(TEXT, "green"), TEXT], ["a", "b"]]))
    one.say(TEXT)
    one.error(DfdevError(TEXT, TEXT, details=(TEXT,)))
    reporter = PlainReporter(one)
    for event in (Began(TEXT, TEXT), Notice(TEXT, warning=True), Failed(TEXT, TEXT)):
        reporter.emit(event)
    assert "rg" in written(out) and written(err).count("rg") >= 7


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_live_display(encoding: str) -> None:
    from dfdev.ui.live import LiveReporter

    err = stream(encoding)
    with LiveReporter(Out(err, err, colour_err=True)) as reporter:
        for event in (Began(TEXT, TEXT), Notice(TEXT, warning=True), Failed(TEXT, TEXT)):
            reporter.emit(event)
    assert "rg" in written(err)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_document_loses_nothing(encoding: str) -> None:
    out = stream(encoding)
    value = {"name": TEXT, "plain": "Jörg"}
    Out(out, out, as_json=True).document(value)
    assert json.loads(written(out)) == value


def test_a_document_is_readable_where_it_can_be() -> None:
    out = stream("latin-1")
    Out(out, out, as_json=True).document({"name": "Jörg"})
    assert "Jörg" in written(out)
    assert fits("Jörg", out) and not fits("戏", out)
