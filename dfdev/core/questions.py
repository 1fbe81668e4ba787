"""What a person is asked, as a port: a use-case asks, somebody else knows how, or that nobody is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dfdev.core.frozen import dataclass


def _nobody(_text: str, _choices: Sequence[str]) -> int | None:
    return None


@dataclass(frozen=True)
class Questions:
    """`agree(text)`: whether to do it; without somebody to ask, False. `choose(text, choices)`: an index of
    `choices`, None when nobody can be asked.
    """

    agree: Callable[[str], bool] = lambda _text: False
    choose: Callable[[str, Sequence[str]], int | None] = _nobody
