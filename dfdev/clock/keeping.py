"""Keeping a machine's clock right: looked at for nothing where nothing happened, measured, set, and looked at again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from dfdev.clock.correct import Correction, Method, Subject, correct, measured, told
from dfdev.clock.glance import glance, settled_by
from dfdev.clock.memory import memory_path, recall, remember
from dfdev.clock.reading import Reading
from dfdev.core.clock import Offset, breaks, spoken, verdict
from dfdev.core.correction import SAFE_BACKWARD, Decision, Mode, Rest, as_before, decide, stood_still, undisturbed
from dfdev.core.events import Began, Emit, Ended, Failed, Notice, Progress
from dfdev.core.frozen import dataclass
from dfdev.core.observed import EngineInfo
from dfdev.core.questions import Questions
from dfdev.engine.protocol import Engine
from dfdev.errors import ClockRefused, DfdevError, MachineError
from dfdev.machines.locate import Located
from dfdev.machines.place import Place
from dfdev.system.commands import Commands
from dfdev.system.dialogue import Shell
from dfdev.system.rest import host_rest

_KEY = "set the machine's clock"
_POLL = 0.5


@dataclass(frozen=True)
class Keeper:
    """One engine's clock. `tolerance` in nanoseconds; `images`: what a helper container may be made of, best first;
    `open_root`: a root shell in the machine, anew for each use unless somebody keeps one.
    """

    engine: Engine
    located: Located
    commands: Commands
    tolerance: int
    mode: Mode = "auto"
    images: Sequence[str] = ()
    rest: Callable[[], Rest] = host_rest
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    open_root: Callable[[Place], AbstractContextManager[Shell]] = lambda place: place.open_root()

    def keep(self, info: EngineInfo, questions: Questions, emit: Emit) -> Reading:
        """For every `up`: `info` has just been asked for other reasons. Beyond the tolerance the clock is measured
        anew and, where that is dfdev's to do, set. Never raises for a clock that stays wrong: it says so.
        """
        owner, seen = self.located.whose(info), glance(info.clock)
        found = settled_by(info.clock, owner, self.tolerance)
        if found is None and verdict(seen, self.tolerance) == "ok":
            self._found_right()
            found = Reading(owner.provider, seen, self.tolerance)
        if found is not None:
            return found
        place = self.located.place(info, self.commands)
        try:
            return self.put_right(place, questions, emit)
        except MachineError as error:
            emit(_stays_wrong(error))
            return Reading(owner.provider, seen, self.tolerance)

    def keep_on(self, info: EngineInfo, before: Reading, questions: Questions, emit: Emit) -> Reading:
        """At the end of a long command: the lid may have been closed meanwhile. One short question; none where the
        clock was off before and left so, which has been said.
        """
        if before.verdict == "skewed":
            return before
        seen = glance(self.engine.date())
        if verdict(seen, self.tolerance) != "skewed":
            return before
        return self.keep(replace(info, clock=None), questions, emit)

    def read(self, place: Place) -> Reading:
        """Measured with care. MachineError, EngineError."""
        offset = measured(self._subject(place))
        can_set, method = place.can_set_clock, "none"
        if can_set:
            method = "root shell" if place.has_root else "helper container"
        found = Reading(place.owner.provider, offset, self.tolerance, can_set, method)
        if found.verdict == "ok":
            self._found_right()
        return found

    def put_right(self, place: Place, questions: Questions, emit: Emit) -> Reading:
        """Measure, decide, set when that is the decision, and tell."""
        found = self._after_product(place, self.read(place), emit)
        decision = self.decide(found)
        if decision.action == "nothing" or found.offset is None:
            return found
        if decision.action == "leave" or (decision.action == "ask" and not questions.agree(f"{decision.why}. Set it?")):
            emit(Notice(_left(decision, found), warning=True))
            return found
        done = self.set(place, found.offset, "auto", emit, look_again=decision.doubtful)
        return replace(found, offset=done.last)

    def decide(self, found: Reading, silence: float | None = None) -> Decision:
        """`silence`: the longest one of the engine since the clock was right, in seconds, where somebody listened."""
        memory = recall(self._memory)
        again = as_before(memory, found.offset, self.rest(), self.now())
        if again and not memory.pulled and silence is not None and not stood_still(found.offset, silence):
            memory = replace(memory, pulled=True)
            remember(self._memory, memory)
        fought, doubtful = again and memory.pulled, again and silence is None
        return decide(found.offset, self.tolerance, self.mode, can_set=found.can_set, fought=fought, doubtful=doubtful)

    def fought(self, found: Reading) -> bool:
        """Something was seen to set it back after dfdev had set it, and it is off by as much again."""
        memory = recall(self._memory)
        return memory.pulled and as_before(memory, found.offset, self.rest(), self.now())

    def set(self, place: Place, before: Offset, method: Method, emit: Emit, *, look_again: bool = False) -> Correction:
        """Set it and say what came of it. CannotSet, MachineError, EngineError."""
        emit(Began(_KEY))
        emit(Progress(_KEY, f"it is {spoken(before.middle)}"))
        began = time.monotonic()
        try:
            done = correct(
                self._subject(place), before, self.tolerance, method, look_again=look_again, sleep=self.sleep
            )
        except DfdevError as error:
            emit(Failed(_KEY, error.message))
            raise
        self._was_set(done)
        emit(Ended(_KEY, time.monotonic() - began))
        emit(Notice(f"the machine's clock: {told(done)}"))
        if done.pulled_back:
            emit(Notice(pulled(done), warning=True))
        return done

    def rescue(self, questions: Questions, emit: Emit, refused: ClockRefused) -> None:
        """The engine refuses TLS because of a date: set the clock through the machine's shell, if it is off."""
        place = self.located.place(None, self.commands)
        if not place.has_root:
            raise refused
        emit(Notice(f"{refused.message}: looking at the machine's clock through its shell"))
        found = self.put_right(place, questions, emit)
        if found.verdict != "ok":
            raise refused

    def rested(self) -> bool:
        """This host has not slept since the clock was last found right."""
        return undisturbed(recall(self._memory), self.rest(), self.now())

    def _after_product(self, place: Place, found: Reading, emit: Emit) -> Reading:
        """A product that sets the clock itself is given its few seconds after a wake."""
        seconds = place.capabilities.self_sync if found.can_set and found.verdict == "skewed" else 0.0
        if not seconds or not self._just_woken():
            return found
        key, began = f"wait for {place.provider.title} to set its clock", time.monotonic()
        emit(Began(key))
        for _ in range(round(seconds / _POLL)):
            emit(Progress(key, f"it is {found.told()}"))
            self.sleep(_POLL)
            found = self.read(place)
            if found.verdict != "skewed":
                break
        emit(Ended(key, time.monotonic() - began))
        return found

    def _just_woken(self) -> bool:
        """Unknown counts as a wake: a machine that dfdev has not seen before."""
        return not self.rested()

    def _subject(self, place: Place) -> Subject:
        return Subject(self.engine, (lambda: self.open_root(place)) if place.has_root else None, self._helpers)

    def _helpers(self) -> Sequence[str]:
        there = self.engine.images()
        ours = [image for image in self.images if image in there]
        return list(dict.fromkeys([*ours, *(image for image in there if image.startswith("dfdev/")), *there]))

    @property
    def _memory(self) -> Path:
        return memory_path(self.commands.environ, self.located.endpoint.host)

    def _found_right(self) -> None:
        memory, rest, now = recall(self._memory), self.rest(), self.now()
        if not undisturbed(memory, rest, now):
            remember(self._memory, replace(memory, rest=rest, measured=now))

    def _was_set(self, done: Correction) -> None:
        memory, rest, now = recall(self._memory), self.rest(), self.now()
        if verdict(done.last, self.tolerance) == "ok":
            memory = replace(memory, rest=rest, measured=now)
        off, pulled = done.before.middle, done.pulled_back
        remember(self._memory, replace(memory, stepped=now, stepped_rest=rest, stepped_from=off, pulled=pulled))


def pulled(done: Correction) -> str:
    who = " or ".join(done.pullers) or "a time daemon in the machine"
    back = spoken(done.last.middle) if done.last is not None else "off"
    return f"{who} sets the machine's clock back ({back} again): give it the right time, or stop it"


def _left(decision: Decision, found: Reading) -> str:
    fails = breaks(found.offset)
    harm = f"; at this offset fail: {', '.join(fails)}" if fails else ""
    if not found.can_set:
        return f"{decision.why}{harm}: compare `date` there and here, and mend the one that is wrong"
    backward = found.offset is not None and found.offset.middle > SAFE_BACKWARD
    return f"{decision.why}{harm}: `dfdev clock sync{' --allow-backward' if backward else ''}` sets it"


def _stays_wrong(error: MachineError) -> Notice:
    """It does not stop the day's work: what fails because of it will say so itself."""
    return Notice(f"the machine's clock stays wrong: {error.message}; {error.hint}", warning=True)
