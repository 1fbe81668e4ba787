"""What will set a machine's clock that is off: looked for where it is asked, and told."""

from __future__ import annotations

from dataclasses import replace

from dfdev.clock.correct import pullers
from dfdev.clock.keeping import Keeper
from dfdev.clock.reading import Reading
from dfdev.core.correction import SAFE_BACKWARD
from dfdev.core.frozen import dataclass
from dfdev.errors import MachineError
from dfdev.machines.place import Place

_SECONDS = 3.0
_CLOSED = "the machine's shell does not open"


@dataclass(frozen=True)
class Advice:
    """`reading`: with the method that is left. `hint`: a sentence each of what to type and what stands against it."""

    reading: Reading
    hint: str


def advice(keeper: Keeper, place: Place, reading: Reading) -> Advice:
    """For a clock that is off and dfdev's to set. It looks into the machine: whether its shell opens, who else sets
    the clock there.
    """
    opens, daemons = _inside(place)
    method = reading.method if opens or not place.has_root else "helper container"
    why = f"; {_CLOSED}" if place.has_root and not opens else ""
    backward = reading.offset is not None and reading.offset.middle > SAFE_BACKWARD
    command = f"dfdev clock sync{' --allow-backward' if backward else ''}"
    hint = f"`{command}` sets it ({method}{why})"
    return Advice(replace(reading, method=method), hint + _against(keeper, reading, daemons))


def _against(keeper: Keeper, reading: Reading, daemons: tuple[str, ...]) -> str:
    who = " and ".join(daemons)
    if keeper.fought(reading):
        return f", and {who or 'a time daemon in the machine'} sets it back: give that one the right time, or stop it"
    return f"; {who} in the machine may set it back" if who else ""


def _inside(place: Place) -> tuple[bool, tuple[str, ...]]:
    """Whether the root shell opens, and the time daemons that run there."""
    if not place.has_root:
        return False, ()
    try:
        with place.open_root() as shell:
            shell.ask("true", timeout=_SECONDS)
            return True, pullers(shell)
    except MachineError:
        return False, ()
