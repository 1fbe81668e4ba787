"""Colours: only for somebody at a terminal who did not say no."""

from __future__ import annotations

import io

import pytest

from dfdev.ui.out import coloured


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "terminal", "pipe"),
    [
        ({}, True, False),
        ({"TERM": "xterm-256color"}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, False, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": "0"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "true"}, True, True),
        ({"FORCE_COLOR": "3"}, True, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "false"}, False, False),
        ({"FORCE_COLOR": "False"}, False, False),
        ({"FORCE_COLOR": ""}, True, False),
    ],
)
def test_who_sees_colours(environ: dict[str, str], terminal: bool, pipe: bool) -> None:
    assert (coloured(Tty(), environ), coloured(io.StringIO(), environ)) == (terminal, pipe)
