"""What `dfdev clock watch` shows: a line for everything that happens; with `--json` a document for each correction."""

from __future__ import annotations

import time

from dfdev.cli.clocking import not_ours, place_of
from dfdev.cli.common import Common
from dfdev.cli.ground import Ground, ground_of
from dfdev.clock.correct import Correction
from dfdev.clock.keeping import Keeper
from dfdev.clock.watch import Watch, Watched
from dfdev.core.clock import spoken_size
from dfdev.core.events import Emit, Ended, Event, Notice
from dfdev.machines.place import Place
from dfdev.system.commands import CommandLate
from dfdev.ui.out import Out
from dfdev.ui.plain import PlainReporter


def watch_clock(common: Common) -> None:
    """Until Ctrl-C. MachineError: an engine whose clock dfdev does not set."""
    emit = _lines(common.out)
    ground = _ground(common, emit)
    endpoint, within = ground.located.endpoint, spoken_size(ground.keeper().tolerance)
    whose = endpoint if endpoint.missing is None else endpoint.source
    common.out.say(f"watching the clock of {whose}; beyond {within} it is set. Ctrl-C ends it.")
    Watch(
        _watched(ground),
        lambda: _watched(ground_of(common)),
        emit,
        on_set=lambda keeper, done: _document(common.out, keeper, done),
    ).run()


def _ground(common: Common, emit: Emit) -> Ground:
    """A tool that is late at the start, as in a login with everything else, is asked again."""
    while True:
        try:
            return ground_of(common)
        except CommandLate as late:
            emit(Notice(f"{late.message}: asking again", warning=True))


def _watched(ground: Ground) -> Watched:
    return Watched(ground.keeper(), lambda: _place(ground))


def _place(ground: Ground) -> Place:
    place = place_of(ground)
    if not place.can_set_clock:
        raise not_ours(place)
    return place


def _lines(out: Out) -> Emit:
    """No list that updates in place: this goes on for days, and is read afterwards."""
    reporter = PlainReporter(out)

    def emit(event: Event) -> None:
        if isinstance(event, Notice):
            warning = f"{out.paint_err('warning:', 'yellow')} " if event.warning else ""
            out.say(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {warning}{event.text}")
        elif not isinstance(event, Ended):
            reporter.emit(event)

    return emit


def _document(out: Out, keeper: Keeper, done: Correction) -> None:
    if not out.as_json:
        return
    found = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "endpoint": keeper.located.endpoint.host,
        "before_ms": done.before.ms,
        "after_ms": done.after.ms if done.after else None,
        "bound_ms": done.after.bound_ms if done.after else None,
        "method": done.method,
        "seconds": done.seconds,
    }
    out.record(found)
