"""From what a person types to one machine. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from dfdev.core.machine import Machine
from dfdev.errors import MachineError, UsageError
from dfdev.machines.catalog import provider
from dfdev.machines.survey import Found


def selected(name: str, found: Sequence[Found]) -> Machine:
    """`PROVIDER`, `NAME`, or `PROVIDER/NAME` where a name alone fits several. MachineError, UsageError."""
    machines = [machine for look in found for machine in look.machines]
    fitting = [m for m in machines if name in _names(m)]
    exact = [m for m in fitting if name == full(m)] or [m for m in fitting if m.name == name]
    usual = [m for m in fitting if m.provider == name and m.default]
    for candidates in (exact, usual, fitting):
        if len(candidates) == 1:
            return candidates[0]
    if fitting:
        raise UsageError(f"{name} is the name of several machines", f"name one of: {_list(fitting)}")
    missing = next((look for look in found if look.provider == name and not look.installed), None)
    if missing is not None and provider(name).install:
        raise MachineError(f"{provider(name).title} is not installed here", provider(name).install)
    known = f"there are: {_list(machines)}" if machines else "`dfdev machine list` shows what was looked for"
    raise MachineError(f"there is no machine {name}", known)


def full(machine: Machine) -> str:
    """The name that fits no other machine."""
    return f"{machine.provider}/{machine.name}" if machine.name else machine.provider


def _names(machine: Machine) -> tuple[str, ...]:
    return (machine.provider, machine.name, full(machine), machine.label)


def _list(machines: Sequence[Machine]) -> str:
    return ", ".join(full(machine) for machine in machines)
