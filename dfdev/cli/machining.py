"""What the `dfdev machine` commands do and show."""

from __future__ import annotations

import shlex
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from dfdev.cli.common import Common
from dfdev.cli.ground import Ground, ground_by, ground_of
from dfdev.clock.reading import Reading
from dfdev.core.events import Began, Ended, Progress
from dfdev.core.machine import Machine
from dfdev.core.providers import Owner
from dfdev.core.typed import typed
from dfdev.engine.endpoint import at
from dfdev.errors import DfdevError, EngineError, MachineError, UsageError
from dfdev.machines.choose import Choice, Several
from dfdev.machines.disk import Disk
from dfdev.machines.env import SHELLS, env_lines, shell_of
from dfdev.machines.locate import Located, choices, held_by, nowhere
from dfdev.machines.place import Place
from dfdev.machines.select import full, selected
from dfdev.machines.survey import Found, survey
from dfdev.stack.ground import disk_of
from dfdev.stack.wake import START_SECONDS, answering
from dfdev.system.commands import CommandMissing, HostCommands
from dfdev.ui.out import Out
from dfdev.ui.reporter import reporter_for
from dfdev.ui.table import columns

Verb = Literal["start", "stop", "restart"]
_STATES = {"running": "green", "stopped": "dim", "broken": "red"}


def show_list(common: Common) -> None:
    found = survey(HostCommands(common.environ))
    choice, why = _choice(common, found)
    machines = [machine for one in found for machine in one.machines]
    if choice is not None and not any(_is(machine, choice.machine) for machine in machines):
        machines.append(choice.machine)
    out = common.out
    out.document(_list_document(found, machines, choice, why))
    rows = [_row(out, machine, choice) for machine in machines]
    out.data(columns([out.paint(h, "dim") for h in ("", "PROVIDER", "MACHINE", "STATE", "ENGINE")], rows))
    for one in found:
        if one.problem is not None:
            out.say(f"{out.paint_err('warning:', 'yellow')} {one.provider}: {one.problem.message}")
    out.say(why)
    for text in choice.shadows if choice else ():
        out.say(f"{out.paint_err('warning:', 'yellow')} {text}")


def _choice(common: Common, found: Sequence[Found]) -> tuple[Choice | None, str]:
    """The machine that is used, and why, or why there is none."""
    try:
        choice = choices(_held(common), found)
    except DfdevError as error:
        return None, f"none is used: {error.message}; {error.hint}"
    if isinstance(choice, Several):
        first = choice.first()
        return first, f"{first.machine.label} would be used: {first.why}; `dfdev up` asks"
    return choice, f"{choice.machine.label} is used: {choice.why}"


def _held(common: Common) -> Located:
    """What docker itself would use. Where the address does not tell whose that is, the engine is asked."""
    ground = ground_by(common, lambda commands, wanted: held_by(commands, wanted.provider, wanted.profile))
    if ground.located.owner is not None:
        return ground.located
    try:
        return replace(ground.located, owner=ground.located.whose(ground.engine.info()))
    except EngineError:
        return ground.located


def _list_document(
    found: Sequence[Found], machines: Sequence[Machine], choice: Choice | None, why: str
) -> dict[str, object]:
    used = choice.machine if choice else None
    return {
        "machines": [{**_as_json(m), "used": _is(m, used)} for m in machines],
        "providers": [
            {
                "provider": one.provider,
                "installed": one.installed,
                "problem": one.problem.message if one.problem is not None else "",
            }
            for one in found
        ],
        "used": _as_json(used) if used else None,
        "why": why,
        "shadows": list(choice.shadows) if choice else [],
    }


def _as_json(machine: Machine) -> dict[str, object]:
    shares = None
    if machine.shares is not None:
        shares = [{"path": share.path, "writable": share.writable} for share in machine.shares]
    return {
        "provider": machine.provider,
        "name": machine.name,
        "state": machine.state,
        "word": machine.word,
        "endpoint": machine.host,
        "shares": shares,
        "version": machine.version,
    }


def _row(out: Out, machine: Machine, choice: Choice | None) -> list[str]:
    mark = out.paint("→", "green") if choice and _is(machine, choice.machine) else ""
    state = machine.state if machine.state != "broken" else f"broken: {machine.word}"
    painted = out.paint(state, _STATES.get(machine.state, "yellow"))
    return [mark, out.paint(machine.provider, "bold"), machine.name or "-", painted, machine.host or "-"]


def _is(machine: Machine, other: Machine | None) -> bool:
    return other is not None and (machine.provider, machine.name) == (other.provider, other.name)


def _ground_at(common: Common, name: str | None) -> Ground:
    """The machine that is used, or the one that is named."""
    return ground_of(common) if name is None else ground_by(common, lambda commands, _: _named(commands, name))


def _named(commands: HostCommands, name: str) -> Located:
    """Whatever else would be used: a machine that is broken is restarted by its name."""
    machine, why = selected(name, survey(commands)), "named on the command line"
    source = f"{full(machine)}, {why}"
    endpoint = at(machine.host, source, machine.certs) if machine.host else nowhere(machine)
    return Located(endpoint, Owner(machine.provider, machine.name, why), machine=machine)


def show_status(common: Common, name: str | None) -> int:
    """The exit code: 0 for a machine whose engine answers, else 4."""
    ground = _ground_at(common, name)
    place, engine, problem = ground.place(), None, ""
    try:
        info = ground.engine.info()
        place = ground.place(info)
        engine = {"version": info.version, "os": info.os, "api": info.api}
    except EngineError as error:
        info, problem = None, f"{error.message}; {error.hint}"
    reading = _reading(ground, place) if info else None
    disk = disk_of(place, info, ground.engine) if info else None
    document = {
        **_as_json(place.machine),
        "endpoint": ground.located.endpoint.shown,
        "source": ground.located.endpoint.source,
        "engine": engine,
        "problem": problem,
        "clock": reading.as_json() if reading else None,
        "disk": disk.as_json() if disk else None,
    }
    common.out.document(document)
    common.out.data(columns(["", ""], _status_rows(ground, place, problem, engine, reading, disk)).strip())
    return 0 if engine else MachineError.code


def _reading(ground: Ground, place: Place) -> Reading | None:
    try:
        return ground.keeper().read(place)
    except DfdevError:
        return None


def _status_rows(
    ground: Ground,
    place: Place,
    problem: str,
    engine: dict[str, str] | None,
    reading: Reading | None,
    disk: Disk | None,
) -> list[list[str]]:
    machine, endpoint = place.machine, ground.located.endpoint
    shares = ", ".join(f"{s.path}{'' if s.writable else ' (read-only)'}" for s in machine.shares or ())
    return [
        ["machine", f"{machine.label} ({place.owner.why})"],
        ["state", _state(machine, running=engine is not None)],
        ["engine", f"{engine['version']} on {engine['os']}" if engine else problem],
        ["endpoint", str(endpoint) if endpoint.shown else "none"],
        ["clock", reading.told() if reading else "not measured"],
        ["disk", str(disk) if disk else "not told"],
        ["shares", shares or _NO_SHARES.get(place.owner.provider, "not told")],
    ]


_NO_SHARES = {"native": "every folder", "remote": "none: it is another host"}


def _state(machine: Machine, *, running: bool) -> str:
    """An engine that answers runs, whatever its tool knows of it."""
    if machine.state == "unknown":
        return "running" if running else machine.word or "not told"
    return machine.word or machine.state


def drive(common: Common, name: str | None, verb: Verb, dry_run: bool) -> None:
    """Run its tool's commands, and for all but `stop` wait for the engine."""
    ground = _ground_at(common, name)
    place = ground.place_asked()
    lines = {"start": place.provider.start, "stop": place.provider.stop, "restart": place.provider.restart}[verb](
        place.machine
    )
    if not lines:
        raise MachineError(f"dfdev cannot {verb} {place.label}", _by_hand(place, verb))
    done = {"start": "running", "stop": "stopped"}.get(verb)
    if place.machine.state == done:
        lines = ()
    plan = [shlex.join(line) for line in lines]
    if dry_run or not lines:
        common.out.data("\n".join(plan) or f"nothing to do: {place.label} is {place.machine.state}")
        common.out.document({"plan": plan, "seconds": 0.0})
        return
    seconds = _driven(common, ground, place, verb, lines)
    common.out.document({"plan": plan, "seconds": round(seconds, 3)})


def _driven(common: Common, ground: Ground, place: Place, verb: Verb, lines: Sequence[Sequence[str]]) -> float:
    key, began = f"{verb} {place.label}", time.monotonic()
    with reporter_for(common.out) as reporter:
        reporter.emit(Began(key))
        place.run_in_order(lines, START_SECONDS, lambda line: reporter.emit(Progress(key, line)))
        if verb != "stop":
            answering(ground.located, place, ground.commands, began + START_SECONDS, reporter.emit, key)
        seconds = time.monotonic() - began
        reporter.emit(Ended(key, seconds))
    return seconds


def _by_hand(place: Place, verb: str) -> str:
    if place.owner.provider == "native":
        return f"it runs on this host: `sudo systemctl {verb} docker`"
    return "it runs elsewhere: ask whoever looks after it"


def way_in(common: Common, argv: Sequence[str]) -> list[str]:
    """The words of the tool that lead into the machine."""
    ground = ground_of(common)
    place = ground.place_asked()
    words = [*place.provider.shell(place.machine), *argv]
    if place.provider.shell(place.machine):
        if ground.commands.which(words[0]) is None:
            raise CommandMissing(f"there is no command {words[0]} here", place.provider.install)
        return words
    if place.owner.provider == "native":
        raise MachineError("the engine runs on this host: there is no machine to go into", "type the command as it is")
    nsenter = "docker run --rm -it --privileged --pid=host IMAGE nsenter -t 1 -m -u -n -i sh"
    hint = f"a container leads into it: `{nsenter}`" if place.here else "use ssh"
    raise MachineError(f"{place.label} has no ssh of its own", hint)


def show_env(common: Common, name: str | None, shell: str) -> None:
    ground = _ground_at(common, name)
    kind = shell or shell_of(common.environ.get("SHELL", ""))
    if kind not in SHELLS:
        raise UsageError(f"--shell is sh or fish, not {kind}", "bash and zsh understand sh")
    machine = ground.located.machine
    if machine is not None and not machine.host:
        start = f"`{typed('dfdev machine start', full(machine))}`"
        raise MachineError(f"{machine.label} is {machine.state}: it has no address", start)
    variables = ground.located.endpoint.docker_environ()
    common.out.document(variables)
    common.out.data("\n".join(env_lines(variables, kind)))
