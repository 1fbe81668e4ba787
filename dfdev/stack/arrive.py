"""Coming to an engine that answers. What is done about one that does not is in `wake`, imported only then."""

from __future__ import annotations

from dfdev.core.events import Emit
from dfdev.core.questions import Questions
from dfdev.errors import ClockRefused, EngineAbsent, EngineHung
from dfdev.machines.locate import Located
from dfdev.stack.site import Site

_FIRST = 5.0
"""Seconds for the first answer: an engine that hangs after a wake should be told from one that works."""
_PATIENT = {"docker-desktop": 15.0}
"""Its Resource Saver stops the machine when nothing runs; the next call starts it, which takes up to 10 s."""


def arrive(site: Site, questions: Questions, emit: Emit) -> Site:
    """The same site, or the one whose engine answers after something was started. EngineError, MachineError.

    ClockRefused is none: a machine whose clock is off is there.
    """
    try:
        site.engine.date(_patience(site.located))
    except ClockRefused:
        return site
    except EngineHung as hung:
        from dfdev.stack.wake import restarted

        return restarted(site, questions, emit, hung)
    except EngineAbsent as absent:
        from dfdev.stack.wake import started

        return started(site, questions, emit, absent)
    return site


def _patience(located: Located) -> float:
    return _PATIENT.get(located.owner.provider, _FIRST) if located.owner else _FIRST
