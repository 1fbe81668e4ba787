"""Which machine, and why. Pure: the survey and the docker CLI's endpoint come in as values.

The docker CLI's own rule comes first, so that dfdev and `docker` talk to the same engine wherever nobody says
otherwise; dfdev.toml says otherwise, and the environment overrides both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dfdev.core.frozen import dataclass
from dfdev.core.machine import Machine, State
from dfdev.core.providers import Owner
from dfdev.errors import MachineError
from dfdev.machines import catalog, remote
from dfdev.machines.survey import Found

_STARTABLE: tuple[State, ...] = ("stopped", "paused", "starting", "stopping", "unknown")


@dataclass(frozen=True)
class Wanted:
    """`[machine]` of dfdev.toml."""

    provider: str = "auto"
    profile: str = ""


@dataclass(frozen=True)
class Held:
    """The engine that `docker` itself would use: engine/endpoint.py's `host` and `source`, and whose it is."""

    host: str
    source: str
    owner: Owner | None = None
    certs: str = ""

    @property
    def by_environment(self) -> bool:
        return self.source == "DOCKER_HOST" or self.source.endswith("(DOCKER_CONTEXT)")

    @property
    def by_default(self) -> bool:
        return self.source == "default socket"


@dataclass(frozen=True)
class Choice:
    """`why`: the rule that chose, in words. `shadows`: what it overrides, one sentence each. `candidates`: the rest."""

    machine: Machine
    why: str
    shadows: tuple[str, ...] = ()
    candidates: tuple[Machine, ...] = ()


@dataclass(frozen=True)
class Several:
    """Nothing decides between these: somebody must be asked. In the order of preference."""

    machines: tuple[Machine, ...]
    why: str

    def first(self) -> Choice:
        """For when nobody can be asked."""
        machine = self.machines[0]
        state = "the first that runs" if machine.state == "running" else "the first"
        return Choice(machine, f"{self.why}: {state} in the order of preference", (), self.machines[1:])


def choose(wanted: Wanted, held: Held, found: Sequence[Found], platform: str) -> Choice | Several:
    """MachineError: what is wanted is not installed or does not exist, or there is nothing at all."""
    if held.by_environment:
        return _by_environment(wanted, held, found)
    if wanted.provider != "auto":
        return _by_file(wanted, held, found)
    owned = _owned(held, found)
    if held.by_default and (owned is None or (owned.state != "running" and _running(found))):
        return _by_survey(found, platform)
    machine = owned or _stand_in(held)
    return Choice(machine, f"{held.source}{_because(held)}", (), _others(machine, found))


def _by_environment(wanted: Wanted, held: Held, found: Sequence[Found]) -> Choice:
    machine = _owned(held, found) or _stand_in(held)
    shadows: tuple[str, ...] = ()
    asked = "remote" if wanted.provider == "ssh" else wanted.provider
    if asked != "auto" and (machine.provider != asked or wanted.profile not in ("", machine.name)):
        variable = "DOCKER_HOST" if held.source == "DOCKER_HOST" else "DOCKER_CONTEXT"
        names = f"{wanted.provider} {wanted.profile}".rstrip()
        shadows = (f"{variable} is set and wins over {names} of dfdev.toml: `unset {variable}` to use that",)
    return Choice(machine, f"{held.source}{_because(held)}", shadows, _others(machine, found))


def _by_file(wanted: Wanted, held: Held, found: Sequence[Found]) -> Choice | Several:
    if wanted.provider in ("ssh", "remote"):
        return _by_address(wanted, held)
    product = catalog.provider(wanted.provider)
    look = next((f for f in found if f.provider == wanted.provider), Found(wanted.provider))
    if not look.installed:
        raise MachineError(f"dfdev.toml wants {product.title}, which is not installed here", product.install)
    if look.problem is not None:
        raise look.problem
    machines = _named(wanted.profile, look.machines) if wanted.profile else list(look.machines)
    if not machines:
        raise _missing(wanted, product.title, look.machines)
    chosen = next((machine for machine in machines if machine.default), machines[0] if len(machines) == 1 else None)
    if chosen is None:
        return Several(_in_order(machines), f"dfdev.toml names {product.title}, which has {len(machines)} machines")
    return Choice(chosen, "dfdev.toml names it", _shadowed(chosen, held, found), _others(chosen, found))


def _by_address(wanted: Wanted, held: Held) -> Choice:
    """`profile` is USER@HOST, or a whole address."""
    if wanted.profile:
        host = wanted.profile if "://" in wanted.profile else f"ssh://{wanted.profile}"
        return Choice(remote.at(host), "dfdev.toml names it")
    if held.owner is not None and held.owner.provider == "remote":
        return Choice(_stand_in(held), f"dfdev.toml wants another host, and {held.source} names one")
    raise MachineError(
        "dfdev.toml wants an engine on another host, and nothing names the host",
        'write `profile = "USER@HOST"` under [machine], or set DOCKER_HOST=ssh://USER@HOST',
    )


def _by_survey(found: Sequence[Found], platform: str) -> Choice | Several:
    running = _running(found)
    usable = running + [m for m in _all(found) if m.state in _STARTABLE and not m.cloud and _can_start(m)]
    if not usable:
        raise _nothing(found, platform)
    machines = running or usable
    if len(machines) == 1:
        why = "the only machine that runs" if running else "the only machine there is"
        return Choice(machines[0], why, (), _others(machines[0], found))
    return Several(_in_order(usable), f"{len(machines)} machines {'run' if running else 'could be started'}")


def _running(found: Sequence[Found]) -> list[Machine]:
    """On this host: an engine elsewhere is used when somebody names it, and not because it happens to run."""
    return [machine for machine in _all(found) if machine.state == "running" and not machine.cloud]


def _owned(held: Held, found: Sequence[Found]) -> Machine | None:
    """The machine at the endpoint: by its own address, else by the owner's name, else the only one of the owner."""
    by_host = [machine for machine in _all(found) if machine.host and machine.host == held.host]
    if len(by_host) == 1:
        return by_host[0]
    owner = held.owner
    if owner is None or owner.provider == "remote":
        return None
    machines = [machine for machine in _all(found) if machine.provider == owner.provider]
    named = _named(owner.name, machines)
    if named or owner.name:
        return named[0] if named else None
    return machines[0] if len(machines) == 1 else next((m for m in machines if m.default), None)


def _stand_in(held: Held) -> Machine:
    """For an engine that nobody lists: an address, and whose it looks like."""
    owner = held.owner
    if owner is None or owner.provider == "remote":
        return remote.at(held.host, held.certs)
    return Machine(owner.provider, owner.name, word="its provider does not list it", host=held.host, certs=held.certs)


def _because(held: Held) -> str:
    return f", {held.owner.why}" if held.owner is not None else ""


def _shadowed(chosen: Machine, held: Held, found: Sequence[Found]) -> tuple[str, ...]:
    """Plain `docker` in the same terminal talks to somebody else: worth a word."""
    other = _owned(held, found)
    if held.by_default or held.host == chosen.host or (other is not None and _same(other, chosen)):
        return ()
    whose = other.label if other is not None else held.host
    return (f"plain `docker` uses {whose} ({held.source}); dfdev.toml names {chosen.label}",)


def _named(name: str, machines: Iterable[Machine]) -> list[Machine]:
    return [machine for machine in machines if machine.name == name]


def _same(a: Machine, b: Machine) -> bool:
    return (a.provider, a.name) == (b.provider, b.name)


def _all(found: Sequence[Found]) -> list[Machine]:
    return [machine for look in found for machine in look.machines]


def _others(chosen: Machine, found: Sequence[Found]) -> tuple[Machine, ...]:
    return tuple(machine for machine in _all(found) if not _same(machine, chosen))


def _can_start(machine: Machine) -> bool:
    return catalog.provider(machine.provider).capabilities(machine).start


def _in_order(machines: Iterable[Machine]) -> tuple[Machine, ...]:
    """Running ones first, then by the catalog, a provider's default first."""
    return tuple(sorted(machines, key=lambda m: (m.state != "running", catalog.NAMES.index(m.provider), not m.default)))


def _missing(wanted: Wanted, title: str, machines: Sequence[Machine]) -> MachineError:
    if not machines:
        start = catalog.provider(wanted.provider).install.rpartition("&& ")[2]
        return MachineError(f"dfdev.toml wants {title}, which has no machine yet", f"make one: `{start}`")
    names = ", ".join(machine.name or machine.provider for machine in machines)
    return MachineError(
        f"dfdev.toml wants {title} {wanted.profile}; there are: {names}", "mend `profile` under [machine] in dfdev.toml"
    )


def _nothing(found: Sequence[Found], platform: str) -> MachineError:
    hint = "brew install colima docker && colima start" if platform == "darwin" else "sh shell/quickstart.sh"
    broken = [f"{m.label}: {m.word or m.state}" for m in _all(found)]
    problems = [f"{look.provider}: {look.problem.message}" for look in found if look.problem is not None]
    if broken or problems:
        return MachineError("no machine here can be used", f"mend one, or `{hint}`", details=(*broken, *problems))
    return MachineError("there is no Docker engine here, and nothing that could run one", f"`{hint}`")
