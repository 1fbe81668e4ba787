"""What `dfdev clock watch` shows: a line for everything that happens; with `--json` a document for each correction."""

from __future__ import annotations

import time

from dfdev.cli.clocking import not_ours, place_of
from dfdev.cli.common import Common
from dfdev.cli.ground import Ground, ground_of
from dfdev.clock.correct import Correction
from dfdev.clock.watch import Watch
from dfdev.core.clock import spoken_size
from dfdev.core.events import Emit, Ended, Event, Notice
from dfdev.machines.place import Place
from dfdev.ui.out import Out
from dfdev.ui.plain import PlainReporter


def watch_clock(common: Common) -> None:
    """Until Ctrl-C. MachineError: an engine whose clock dfdev does not set."""
    ground = ground_of(common)
    keeper = ground.keeper()
    within = spoken_size(keeper.tolerance)
    common.out.say(f"watching the clock of {ground.located.endpoint}; beyond {within} it is set. Ctrl-C ends it.")
    Watch(
        keeper, lambda: _watched(ground), _lines(common.out), on_set=lambda done: _document(common.out, ground, done)
    ).run()


def _watched(ground: Ground) -> Place:
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


def _document(out: Out, ground: Ground, done: Correction) -> None:
    if not out.as_json:
        return
    found = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "endpoint": ground.located.endpoint.host,
        "before_ms": done.before.ms,
        "after_ms": done.after.ms if done.after else None,
        "bound_ms": done.after.bound_ms if done.after else None,
        "method": done.method,
        "seconds": done.seconds,
    }
    out.record(found)
