"""Watching a machine's clock: looked at once a second for next to nothing, set within two seconds of each wake.

Two things tell of a wake. This host slept: its clocks say so (facts §6.1, §6.2). The machine alone stood still: the
`Date` of its engine's shortest answer, whole seconds that together come to a few hundredths, contradicts what was
measured before. Either leads to a careful measurement, and that to what `core.correction` decides.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn

from dfdev.clock.correct import Correction, pullers
from dfdev.clock.keeping import Keeper
from dfdev.clock.reading import Reading
from dfdev.clock.search import Run, Search, pause
from dfdev.clock.signs import Clocks, moved
from dfdev.core.clock import SECOND, Exchange, Offset, breaks
from dfdev.core.correction import Decision
from dfdev.core.events import Emit, Notice
from dfdev.core.frozen import dataclass
from dfdev.engine.endpoint import Endpoint
from dfdev.errors import ClockRefused, EngineAbsent, EngineError, EngineHung, MachineError
from dfdev.machines.kept import KeptShell
from dfdev.machines.place import Place
from dfdev.system.rest import host_slept

TICK = 0.45
"""Seconds between two looks at this host's own clocks."""
_GLANCE = 0.8
"""Seconds at least between two questions: every second tick. Not a whole second, or each `Date` would be cut alike."""
_GLANCES = 10
_PATIENCE = 1.0
"""Seconds within which the shortest answer has to come."""
_ABSENT = 5.0
"""Seconds between two questions to an engine that is not there."""
_AWAKE = 30.0
"""Seconds after a wake for which an engine that is not there is expected any moment."""
_SILENCE = 2.0
_RETRY, _RETRY_MOST = 1.0, 60.0


@dataclass(frozen=True)
class Watched:
    """`place`: whose machine it is, asked for when the engine answers; it raises MachineError where there is nothing
    to watch.
    """

    keeper: Keeper
    place: Callable[[], Place]


class Watch:
    """`find`: the same machine, looked for anew: it may have got an address, or another one. `on_set`: told of each
    correction. It starts no machine: an engine that is not there is waited for.
    """

    def __init__(
        self,
        watched: Watched,
        find: Callable[[], Watched],
        emit: Emit,
        *,
        run: Run | None = None,
        on_set: Callable[[Keeper, Correction], None] = lambda _keeper, _done: None,
        monotonic: Callable[[], float] = time.monotonic,
        slept: Callable[[], float] = host_slept,
    ) -> None:
        self._shell = KeptShell()
        self._search = Search(find, run)
        self._meet(watched)
        self._emit = emit
        self._on_set = on_set
        self._monotonic = monotonic
        self._slept = slept
        self._clocks = self._clocks_now()
        self._seen: deque[Exchange] = deque(maxlen=_GLANCES)
        self._known: Offset | None = None
        self._answered, self._silence = self._monotonic(), 0.0
        self._left: Offset | None = None
        self._refused: ClockRefused | None = None
        self._due, self._met, self._told = True, False, ""
        self._woke, self._ask_at, self._look_at, self._retry = float("-inf"), 0.0, 0.0, _RETRY
        self._gone_since: float | None = None
        self._search_at = float("-inf")
        self._gone_told = False

    def run(self) -> NoReturn:
        """Until it is interrupted. MachineError, EngineError: there is nothing to watch."""
        try:
            while True:
                self.turn()
                self._keeper.sleep(TICK)
        finally:
            self._shell.close()
            self._search.end()

    def turn(self) -> None:
        """One look, for nothing where nothing is due."""
        self._mind_the_host()
        self._mind_the_search()
        now = self._monotonic()
        if now < self._ask_at:
            return
        self._ask_at = now + _GLANCE
        try:
            self._glance()
            if self._due and now >= self._look_at:
                self._look()
        except EngineError as error:
            self._gone(error)

    def _meet(self, watched: Watched) -> None:
        self._keeper = replace(watched.keeper, open_root=self._shell.open_root)
        self._ask_place = watched.place
        self._place: Place | None = None

    def _mind_the_search(self) -> None:
        """Another address is gone over to; that there is none is no news, and the old one may answer again."""
        found = self._search.take()
        if found is None or self._gone_since is None:
            return
        before, there = self._endpoint(self._keeper), self._endpoint(found.keeper)
        if there.missing is None and there.host != before.host:
            self._known = None
            self._meet(found)
            self._emit(Notice(f"its engine is at {there}"))
            self._due, self._ask_at = True, 0.0

    @staticmethod
    def _endpoint(keeper: Keeper) -> Endpoint:
        return keeper.located.endpoint

    def _clocks_now(self) -> Clocks:
        return Clocks(self._keeper.now(), self._monotonic(), self._slept())

    def _mind_the_host(self) -> None:
        before, self._clocks = self._clocks, self._clocks_now()
        if self._clocks.jumped(before):
            self._woke = self._clocks.monotonic
            self._due, self._retry, self._ask_at, self._look_at = True, _RETRY, 0.0, 0.0
            self._told, self._search_at = "", float("-inf")

    def _glance(self) -> None:
        try:
            sample = self._keeper.engine.date(_PATIENCE)
            self._refused = None
        except ClockRefused as error:
            sample, self._refused, self._due = None, error, True
        self._back()
        if sample is not None and not sample.host_was_set:
            self._seen.append(sample)
            self._due = self._due or moved(self._seen, self._known)

    def _look(self) -> None:
        """With care; and what is to be done about it."""
        self._seen.clear()
        if self._place is None:
            self._place = self._ask_place()
        try:
            found = self._keeper.read(self._place)
            self._known = found.offset
            self._judge(self._place, found, self._keeper.decide(found, self._silence))
            self._answered, self._silence = self._monotonic(), 0.0
        except MachineError as error:
            self._failed(error)

    def _judge(self, place: Place, found: Reading, decision: Decision) -> None:
        if found.offset is None:
            raise MachineError("the engine does not tell its clock", "`dfdev machine ssh date` shows it")
        if decision.action == "nothing":
            self._right(place, found)
        elif decision.action == "step":
            done = self._keeper.set(place, found.offset, "auto", self._emit)
            self._on_set(self._keeper, done)
            self._known, self._left = done.after, None
            self._settled(done.after is not None)
        else:
            self._settled(True)
            self._leave(place, found, decision)

    def _right(self, place: Place, found: Reading) -> None:
        """Said at the beginning, and when it was not right before."""
        if self._refused is not None:
            raise MachineError(self._refused.message, self._refused.hint)
        if self._left is not None or self._told or not self._met:
            self._emit(Notice(f"the machine's clock is right: {found.told()}"))
        self._left, self._told = None, ""
        self._settled(True)
        self._log_in(place)

    def _log_in(self, place: Place) -> None:
        """Before the next wake: then every second counts. Where it fails now it may not then."""
        if self._keeper.mode == "auto" and place.has_root:
            with suppress(MachineError), self._shell.open_root(place):
                return

    def _settled(self, done: bool) -> None:
        self._met, self._due, self._retry = True, not done, _RETRY

    def _leave(self, place: Place, found: Reading, decision: Decision) -> None:
        """Said once: again only when it is off by another second."""
        before, self._left = self._left, found.offset
        if before is not None and found.offset is not None and abs(found.offset.middle - before.middle) < SECOND:
            return
        fails = breaks(found.offset)
        harm = f"; at this offset fail: {', '.join(fails)}" if fails else ""
        self._emit(Notice(f"{decision.why}{harm}: {self._way_out(place, decision)}", warning=True))

    def _way_out(self, place: Place, decision: Decision) -> str:
        if decision.action == "ask":
            return "`dfdev clock sync` asks, and sets it (`--allow-backward`: without asking)"
        if self._keeper.mode == "never":
            return "`dfdev clock sync` sets it"
        who = " or ".join(self._who_sets(place)) or "a time daemon in the machine"
        return f"{who} sets it back; it is left alone now: give that one the right time, or stop it"

    def _who_sets(self, place: Place) -> tuple[str, ...]:
        """Time daemons that run in the machine; the product itself, where it sets the clock from outside."""
        names: tuple[str, ...] = ()
        if place.has_root:
            with suppress(MachineError), self._shell.open_root(place) as shell:
                names = pullers(shell)
        return names or ((place.provider.title,) if place.capabilities.self_sync else ())

    def _failed(self, error: MachineError) -> None:
        """Tried again, ever more slowly; said once. Right after a wake a machine's ssh needs a moment too."""
        self._met = True
        self._look_at = self._monotonic() + self._retry
        self._retry = min(self._retry * 2, _RETRY_MOST)
        text = f"the machine's clock stays as it is: {error.message}; {error.hint}"
        if text != self._told:
            self._emit(Notice(text, warning=True))
        self._told = text

    def _gone(self, error: EngineError) -> None:
        """A machine that stands still may go on any moment, so one that hangs is asked as often as before."""
        if not self._met and not isinstance(error, EngineAbsent | EngineHung):
            raise error
        now = self._monotonic()
        since = self._gone_since = now if self._gone_since is None else self._gone_since
        self._due = True
        absent = not isinstance(error, EngineHung)
        if now >= self._search_at and (absent or now - since >= _SILENCE):
            self._search_at = now + pause(now - max(since, self._woke))
            self._search.begin()
        if absent:
            self._place = None  # another machine may be there when the engine answers again
        if absent and now - self._woke > _AWAKE:
            self._ask_at = now + _ABSENT
        if not self._gone_told and (absent or now - since >= _SILENCE):
            self._gone_told = True
            self._emit(Notice(f"{error.message}: waiting for it", warning=True))

    def _back(self) -> None:
        if self._gone_told:
            self._emit(Notice("the engine answers again"))
        now = self._monotonic()
        self._silence, self._answered = max(self._silence, now - self._answered), now
        self._gone_since, self._gone_told = None, False
