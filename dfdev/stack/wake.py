"""A machine that is stopped is started, one that hangs is restarted when that is agreed to."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from dfdev.core.events import Began, Emit, Ended, Notice, Progress
from dfdev.core.questions import Questions
from dfdev.engine.open import open_engine
from dfdev.errors import ClockRefused, EngineAbsent, EngineError, EngineHung, MachineError
from dfdev.machines.choose import Choice, Several
from dfdev.machines.locate import Located, choices, decided, look, settled
from dfdev.machines.place import Place
from dfdev.machines.protocol import Argv
from dfdev.stack.site import Site
from dfdev.system.commands import Commands, Hurried

START_SECONDS = 300.0
"""Seconds from starting a machine to its engine's first answer."""
_PATIENT = 30.0
"""Seconds for which a tool that had no answer from its machine in time is asked again: the machine may be busy."""
_ONCE_MORE = 5.0
_POLL = 0.5


def restarted(site: Site, questions: Questions, emit: Emit, hung: EngineHung) -> Site:
    """The engine took the first call and did not answer. EngineHung unless a restart is agreed to; MachineError."""
    place = site.located.place(None, site.commands)
    lines = place.provider.restart(place.machine) if place.here else ()
    if not lines:
        raise hung
    words = " && ".join(shlex.join(line) for line in lines)
    missing = site.endpoint.missing
    what = missing.message if missing else f"{place.label} hangs: it took a call and does not answer it"
    if not questions.agree(f"{what}. Restart it (`{words}`)?"):
        said = missing.message if missing else f"{place.label} hangs: {hung.message}"
        raise EngineHung(said, f"`dfdev up --yes` restarts it, or type: `{words}`")
    return _after_all(site, place, emit) or _run(site, place, lines, "restart", emit)


def fell_silent(site: Site, hung: EngineHung) -> EngineHung:
    """An engine that answered before, and now does not: one sentence, after its tool was asked what its machine does.
    The error itself where there is no machine.
    """
    hurried = Hurried(site.commands, _ONCE_MORE)
    place = site.located.place(None, hurried)
    if not place.here:
        return hung
    machine = Place(place.owner, place.host, hurried).machine
    if machine.state in ("running", "unknown"):
        said = machine.word if machine.hangs else hung.message
        return EngineHung(f"{place.label} hangs: {said}", "`dfdev machine restart`, then `dfdev up` goes on from here")
    return EngineHung(f"{place.label} is {machine.state}", "`dfdev up` starts it, and goes on from here")


def _after_all(site: Site, place: Place, emit: Emit) -> Site | None:
    """It may only have been busy, and answer now: a restart would take its containers down for nothing."""
    try:
        hurried = Hurried(site.commands, _ONCE_MORE)
        located = answering(site.located, place, hurried, 0.0, lambda _event: None, place.label)
    except EngineError:
        return None
    emit(Notice(f"{place.label} answers again: it is not restarted"))
    return _at(site, located)


def started(site: Site, questions: Questions, emit: Emit, absent: EngineAbsent) -> Site:
    """The machine of that address, or any that would do where the address is nobody's. MachineError; the error that it
    was called with where there is nothing to start.
    """
    if site.located.owner is not None and not site.located.owner.here:
        raise absent
    located = _patiently(_chosen(site, questions, absent), site.commands, emit)
    place = located.place(None, site.commands)
    machine = place.machine
    if located.endpoint.host != site.endpoint.host and machine.state == "running":
        return _at(site, located)
    lines = place.provider.start(machine) if place.here and machine.state != "running" else ()
    if not lines:
        raise absent
    if machine.state == "broken":
        raise MachineError(f"{machine.label} is broken: {machine.word}", "mend it, or `dfdev machine restart`")
    emit(Notice(f"{machine.label} is {machine.word or machine.state}: starting it"))
    return _run(replace(site, located=located), place, lines, "start", emit)


def _chosen(site: Site, questions: Questions, absent: EngineAbsent) -> Located:
    located = site.located
    if located.machine is not None:
        return located
    try:
        choice = choices(located, look(located, site.commands))
    except MachineError as error:
        raise absent if located.owner is None else error from absent
    return settled(located, decided(choice, picker(questions)))


def _patiently(located: Located, commands: Commands, emit: Emit) -> Located:
    """A machine of which its tool does not know yet is no machine that stands still: it is asked for again."""
    machine, end = located.machine, time.monotonic() + _PATIENT
    if machine is None or not machine.late or located.owner is None:
        return located
    key, began = f"wait for {machine.label}", time.monotonic()
    emit(Began(key))
    while machine.late and time.monotonic() < end:
        emit(Progress(key, machine.word))
        time.sleep(_POLL)
        machine = Place(located.owner, "", commands).machine
        located = replace(settled(located, Choice(machine, located.owner.why)), shadows=located.shadows)
    emit(Ended(key, time.monotonic() - began))
    return located


def picker(questions: Questions) -> Callable[[Several], Choice]:
    """Asks which machine; without somebody to ask, the first in the order of preference."""

    def pick(several: Several) -> Choice:
        names = [f"{machine.label} ({machine.state})" for machine in several.machines]
        index = questions.choose(f"{several.why}. Which one?", names)
        if index is None:
            return several.first()
        others = tuple(m for number, m in enumerate(several.machines) if number != index)
        return Choice(several.machines[index], "chosen just now", (), others)

    return pick


def _run(site: Site, place: Place, lines: Sequence[Argv], verb: str, emit: Emit) -> Site:
    """Run its tool and wait for the engine, saying what it says."""
    key = f"{verb} {place.label}"
    began = time.monotonic()
    emit(Began(key))
    place.run_in_order(lines, START_SECONDS, lambda line: emit(Progress(key, line)))
    located = answering(site.located, place, site.commands, began + START_SECONDS, emit, key)
    emit(Ended(key, time.monotonic() - began))
    return _at(site, located)


def answering(located: Located, place: Place, commands: Commands, end: float, emit: Emit, key: str) -> Located:
    """Where the engine of a machine that was just started answers, even if only that it does not like the clock: it
    may have got another address. `end` is monotonic. EngineError when there is no answer by then.
    """
    while True:
        fresh = Place(place.owner, place.host, commands)
        found = replace(settled(located, Choice(fresh.machine, place.owner.why)), shadows=located.shadows)
        engine = open_engine(found.endpoint, commands.environ)
        try:
            engine.date(2.0)
            return found
        except ClockRefused:
            return found
        except EngineError as error:
            if time.monotonic() > end:
                raise
            emit(Progress(key, error.message))
        finally:
            engine.close()
        time.sleep(_POLL)


def _at(site: Site, located: Located) -> Site:
    """With an engine object of its own: the old one may have gone with the machine."""
    site.engine.close()
    return replace(site, located=located, engine=open_engine(located.endpoint, site.environ))
