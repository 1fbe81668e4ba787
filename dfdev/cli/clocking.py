"""What `dfdev clock status` and `dfdev clock sync` do and show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast, get_args

from dfdev.cli.changing import questions_for
from dfdev.cli.clock_agent import agent_state, agent_told
from dfdev.cli.common import Common
from dfdev.cli.ground import Ground, ground_of
from dfdev.clock.correct import Correction, Method
from dfdev.clock.keeping import Keeper
from dfdev.clock.reading import Reading
from dfdev.core.clock import spoken, verdict
from dfdev.core.correction import SAFE_BACKWARD
from dfdev.core.frozen import dataclass
from dfdev.errors import ClockRefused, DfdevError, EngineAbsent, EngineHung, MachineError, UsageError
from dfdev.machines.place import Place
from dfdev.ui.reporter import Reporter, reporter_for

_AWAY = 2.0
"""Seconds for the first answer where nobody waits for one."""


@dataclass(frozen=True)
class Wish:
    """The options of `sync`."""

    method: str = "auto"
    allow_backward: bool = False
    if_running: bool = False
    if_slept: bool = False
    log: str = ""


def show_status(common: Common) -> int:
    """The exit code: 1 for a clock that is off."""
    ground = ground_of(common)
    keeper, place = ground.keeper(), place_of(ground)
    reading, hint, refusal = keeper.read(place), "", not_ours(place)
    if reading.verdict == "skewed" and reading.can_set:
        from dfdev.cli.clock_advice import advice

        found = advice(keeper, place, reading)
        reading, hint = found.reading, found.hint
    elif reading.verdict == "skewed":
        hint = f"dfdev does not set this one: {refusal.hint}"
    agent = agent_state(common)
    common.out.document({**reading.as_json(), "agent": agent.as_json()})
    common.out.data(f"{reading.provider}: {reading.told()}")
    if reading.can_set:
        common.out.say(agent_told(agent))
    if place.here and place.capabilities.clock_per_container:
        hint = hint or f"this is the engine's own clock: {refusal.message}; {refusal.hint}"
    if hint:
        common.out.say(hint)
    return 1 if reading.verdict == "skewed" else 0


def place_of(ground: Ground) -> Place:
    """Whose engine it is; one that refuses TLS because of the date is asked for nothing more."""
    try:
        return ground.place(ground.engine.info())
    except ClockRefused:
        return ground.place()


def synchronise(common: Common, wish: Wish) -> int:
    """The exit code: 0 when the clock is right, now or already."""
    if wish.method not in get_args(Method):
        raise UsageError(f"--method {wish.method} is none", f"it is one of: {', '.join(get_args(Method))}")
    with logging_to(common, wish.log) as common:
        return _synchronised(common, wish)


def _synchronised(common: Common, wish: Wish) -> int:
    try:
        ground = ground_of(common)
    except (MachineError, EngineAbsent):
        if wish.if_running:
            return 0  # there is no machine whose clock could be off
        raise
    keeper = ground.keeper()
    if wish.if_slept and keeper.rested():
        return 0
    if wish.if_running and not _answers(ground):
        return 0
    with reporter_for(common.out) as reporter:
        place = place_of(ground)
        before = keeper.read(place)
        if wish.if_running and not before.can_set:
            return 0
        _must_be_ours(before, place)
        done = _corrected(common, keeper, place, before, wish, reporter)
    _show(common, before, done)
    return 0 if done is None or _held(done, before) else 1


def _answers(ground: Ground) -> bool:
    """Never starts a machine, and never waits for one."""
    try:
        ground.engine.date(_AWAY)
    except ClockRefused:
        return True
    except (EngineAbsent, EngineHung):
        return False
    return True


def _must_be_ours(before: Reading, place: Place) -> None:
    if not before.can_set and before.verdict != "ok":
        raise not_ours(place, f" (it is {before.told()})")


def not_ours(place: Place, seen: str = "") -> MachineError:
    """Of a machine whose clock dfdev does not set."""
    if place.owner.provider == "native":
        return MachineError(
            f"the engine runs on this host, whose clock dfdev does not set{seen}",
            "your system's time service does: `timedatectl` shows it",
        )
    if place.here and place.capabilities.clock_per_container:
        return MachineError(
            f"{place.provider.title} gives each container a clock of its own, which dfdev does not set{seen}",
            "`dfdev exec SERVICE date -u` shows one; `dfdev restart SERVICE` starts its VM anew",
        )
    return MachineError(f"dfdev does not set the clock of {place.label}{seen}", _mended_there(place))


def _mended_there(place: Place) -> str:
    theirs = "mend it there: whoever looks after that machine runs a time service"
    if place.here and place.machine.perhaps_here:
        address = place.machine.host or place.host
        return (
            f"{address} is in a private network, maybe another computer's: if that machine runs on this computer, "
            f"write `local = true` under [machine] of dfdev.toml; if not, {theirs}"
        )
    return theirs


def _corrected(
    common: Common, keeper: Keeper, place: Place, before: Reading, wish: Wish, reporter: Reporter
) -> Correction | None:
    """None when there was nothing to do."""
    if before.offset is None:
        raise MachineError("the engine does not tell its clock", "`dfdev machine ssh date` shows it")
    if before.verdict != "skewed":
        return None
    if before.offset.middle > SAFE_BACKWARD and not wish.allow_backward:
        ahead = spoken(before.offset.middle)
        text = f"the machine's clock is {ahead}: setting it lets time run backwards there. Set it?"
        if not questions_for(common, False, reporter.asking).agree(text):
            raise MachineError(
                f"the machine's clock is {ahead}, and setting it lets time run backwards there",
                "`dfdev clock sync --allow-backward`; databases and builds in it may mind",
            )
    return keeper.set(place, before.offset, cast(Method, wish.method), reporter.emit, look_again=True)


def _held(done: Correction, before: Reading) -> bool:
    return verdict(done.last, before.tolerance) == "ok"


def _show(common: Common, before: Reading, done: Correction | None) -> None:
    if done is None:
        common.out.document({**before.as_json(), **_sync_json(before, None)})
        common.out.data(f"{before.provider}: {before.told()}: nothing to do")
        return
    after = Reading(before.provider, done.last, before.tolerance, before.can_set, done.method)
    common.out.document({**after.as_json(), **_sync_json(before, done)})
    common.out.data(f"{before.provider}: {after.told()}")


def _sync_json(before: Reading, done: Correction | None) -> Mapping[str, object]:
    last = done.last if done else before.offset
    return {
        "before_ms": before.offset.ms if before.offset else None,
        "after_ms": last.ms if last else None,
        "stepped": done is not None,
        "seconds": done.seconds if done else 0.0,
        "pulled_back_by": list(done.pullers) if done and done.pulled_back else [],
    }


@contextmanager
def logging_to(common: Common, path: str) -> Iterator[Common]:
    """Messages go to the end of that file, with the time before each; it is put aside when it has grown. What went
    wrong is in it too, though nobody expected it: launchd keeps no output.
    """
    if not path:
        yield common
        return
    from dfdev.system.logfile import appended

    with appended(Path(path)) as stream:
        try:
            stdout = common.out.stdout if common.out.as_json else stream
            yield replace(common, out=replace(common.out, stdout=stdout, stderr=stream, quiet=False, colour_err=False))
        except DfdevError as error:
            stream.write(common.out.fit(f"error: {error.message}; {error.hint}\n"))
            raise
        except Exception as error:
            stream.write(common.out.fit(f"error: {error!r}\n"))
            raise
