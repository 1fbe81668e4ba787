"""Which engine a command talks to, and whose it is.

A provider's tool is asked only where nothing else tells, and an engine only whether it is the one that answered at the
address that was remembered (`known`).
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dfdev.core.frozen import dataclass
from dfdev.core.observed import EngineInfo
from dfdev.core.providers import Owner, by_endpoint, by_info
from dfdev.engine import endpoint as address
from dfdev.engine.endpoint import Endpoint, Missing, at, resolve
from dfdev.errors import MachineError
from dfdev.system.commands import Commands

if TYPE_CHECKING:
    from dfdev.core.machine import Machine
    from dfdev.machines.choose import Choice, Held, Several, Wanted
    from dfdev.machines.known import Ask
    from dfdev.machines.place import Place
    from dfdev.machines.survey import Found


@dataclass(frozen=True)
class Located:
    """`owner` is None when the address does not tell; `machine`: as a tool told it, when one was asked.

    `shadows`: what the choice overrides, a sentence each.
    """

    endpoint: Endpoint
    owner: Owner | None
    provider: str = "auto"
    profile: str = ""
    shadows: tuple[str, ...] = ()
    machine: Machine | None = None
    local: bool = False
    """`[machine] local`."""

    @property
    def held(self) -> Held:
        from dfdev.machines.choose import Held

        tls = self.endpoint.tls
        return Held(self.endpoint.host, self.endpoint.source, self.owner, tls.folder if tls else "")

    @property
    def wanted(self) -> Wanted:
        from dfdev.machines.choose import Wanted

        return Wanted(self.provider, self.profile)

    def place(self, info: EngineInfo | None, commands: Commands) -> Place:
        """`info`: what the engine says of itself, None when it cannot be asked."""
        from dfdev.machines.place import Place

        return Place(self.whose(info), self.endpoint.host, commands, self.machine, local=self.local)

    def whose(self, info: EngineInfo | None) -> Owner:
        """The address tells, else the engine itself; an engine that nobody knows is somebody else's."""
        if self.owner is not None:
            return self.owner
        unix = self.endpoint.scheme == "unix"
        local = unix and sys.platform == "linux"
        told = by_info(info, hostname=os.uname().nodename, local=local) if info is not None else None
        return told or Owner("native" if info is None and local else "remote", "", "nothing tells whose it is")


def look(located: Located, commands: Commands) -> list[Found]:
    """The machines of the one provider that matters, or of all."""
    from dfdev.machines.survey import survey

    return survey(commands, looked_at(located))


def looked_at(located: Located) -> Sequence[str]:
    """The providers whose machines matter. Of one whose engine is elsewhere nobody lists any."""
    from dfdev.machines.catalog import NAMES

    if located.provider not in ("auto", "ssh", "remote"):
        return (located.provider,)
    if located.owner is not None and located.owner.provider != "native":
        return (located.owner.provider,)
    return NAMES if located.provider == "auto" else ()


def locate(
    commands: Commands,
    provider: str = "auto",
    profile: str = "",
    pick: Callable[[Several], Choice] | None = None,
    *,
    platform: str = sys.platform,
    there: Callable[[str], bool] = os.path.exists,
    look: Callable[[Located, Commands], list[Found]] = look,
    ask: Ask | None = None,
) -> Located:
    """`provider`, `profile`: `[machine]` of dfdev.toml. `pick`: asks somebody when several machines would do; by
    default the first in the order of preference. EngineError, MachineError.
    """
    held = held_by(commands, provider, profile)
    if _needs_no_tool(held, there):
        return held
    from dfdev.machines.known import engine_id
    from dfdev.machines.recall import Recalled

    recalled = Recalled(held, commands, ask or engine_id, platform)
    found = recalled.at_once()
    if found is not None:
        return found
    try:
        found = settled(held, decided(choices(held, look(held, recalled.commands), platform), pick))
    except MachineError as error:
        if provider == "auto" and platform == "linux":
            return held  # the engine that is absent says the rest
        return recalled.instead_of(error)
    return recalled.completed(found)


def held_by(commands: Commands, provider: str = "auto", profile: str = "") -> Located:
    """What docker itself would use, whatever `[machine]` says. EngineError."""
    endpoint = resolve(commands.environ)
    return Located(endpoint, _owner(endpoint, commands), provider, profile)


def decided(choice: Choice | Several, pick: Callable[[Several], Choice] | None = None) -> Choice:
    """The choice; where several would do, somebody's, or the first."""
    from dfdev.machines.choose import Several

    if not isinstance(choice, Several):
        return choice
    return pick(choice) if pick else choice.first()


def choices(located: Located, found: Sequence[Found], platform: str = sys.platform) -> Choice | Several:
    """What `[machine]`, the environment and the machines there are lead to. MachineError."""
    from dfdev.machines.choose import choose

    return choose(located.wanted, located.held, found, platform)


def settled(located: Located, choice: Choice) -> Located:
    """The engine of the machine that was chosen. Where that one's address is not known yet, the one as before if it is
    that machine's, and none if it is somebody else's, who would answer in its place.
    """
    machine, held = choice.machine, located.owner
    owner = Owner(machine.provider, machine.name, choice.why)
    endpoint = located.endpoint
    if machine.host and machine.host != endpoint.host:
        endpoint = at(machine.host, f"{machine.label}, {choice.why}", machine.certs)
    elif not machine.host and (
        held is None or held.provider != machine.provider or held.name not in ("", machine.name)
    ):
        endpoint = nowhere(machine)
    return replace(located, endpoint=endpoint, owner=owner, shadows=choice.shadows, machine=machine)


def nowhere(machine: Machine) -> Endpoint:
    """Of a machine that has no address yet: nothing answers there, and it says so in the provider's own words."""
    return address.nowhere(machine.label, _missing(machine))


def _missing(machine: Machine) -> Missing:
    label, state = machine.label, machine.state
    if state == "running":
        words = f"{label} runs and {machine.word or 'tells no address'}"
        return Missing(words, _RESTART if machine.hangs else _way_in(machine), machine.hangs)
    if state == "unknown":
        word = f" ({machine.word})" if machine.word else ""
        hint = _RESTART if machine.hangs else f"try again in a moment, or {_RESTART}"
        return Missing(f"{label} does not tell whether it runs{word}", hint, machine.hangs)
    if state == "broken":
        return Missing(f"{label} is broken: {machine.word}", f"mend it, or {_RESTART}")
    return Missing(
        f"{label} is {state}, it has no address", "`dfdev up` starts it, `dfdev machine start` without services"
    )


_RESTART = "`dfdev machine restart`"


def _way_in(machine: Machine) -> str:
    from dfdev.machines.catalog import provider

    return f"`{shlex.join(provider(machine.provider).shell(machine))}` shows more; mend that, or {_RESTART}"


def _needs_no_tool(held: Located, there: Callable[[str], bool]) -> bool:
    """The docker CLI's own choice holds, unless dfdev.toml names another or there is no such socket."""
    endpoint, owner = held.endpoint, held.owner
    if held.provider == "auto":
        return endpoint.source != "default socket" or there(endpoint.path)
    return owner is not None and owner.provider == held.provider and held.profile in ("", owner.name)


def _owner(endpoint: Endpoint, commands: Commands) -> Owner | None:
    real = os.path.realpath(endpoint.path) if endpoint.scheme == "unix" else ""
    home = commands.environ.get("HOME", "")
    return by_endpoint(endpoint.host, real_path=real, context=endpoint.context, environ=commands.environ, home=home)
