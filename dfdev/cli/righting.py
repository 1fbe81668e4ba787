"""The clock before a command that talks to a registry: free when nothing happened, else measured and set."""

from __future__ import annotations

from dfdev.cli.changing import questions_for
from dfdev.cli.common import Common
from dfdev.clock.keeping import Keeper
from dfdev.errors import ClockRefused, EngineError
from dfdev.ui.reporter import reporter_for


def right_clock(common: Common, keeper: Keeper) -> None:
    """Silent unless there is something to say. An engine that does not answer is left to the command itself."""
    if keeper.rested():
        return
    with reporter_for(common.out) as reporter:
        questions = questions_for(common, False, reporter.asking)
        try:
            keeper.keep(keeper.engine.info(), questions, reporter.emit)
        except ClockRefused as refused:
            keeper.rescue(questions, reporter.emit, refused)
        except EngineError:
            return
