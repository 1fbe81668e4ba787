"""Making room beside what runs already: other ports, and another name, in `dfdev.local.toml`."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from itertools import chain, count
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container
from dfdev.core.ours import mark_of
from dfdev.errors import DfdevError

NAME = "dramas"
PORTS: Mapping[str, int] = {"www": 8000, "mysql": 3306, "registry": 5000}
"""The name and the ports that `templates/demo/dfdev.toml` asks for."""
LOCAL = "dfdev.local.toml"
_SECTIONS = {
    "www": '[services.www]\nports = ["{port}:80"]\n',
    "mysql": "[mysql]\nport = {port}\n",
    "registry": "[registry]\nport = {port}\n",
}

IsFree = Callable[[int], bool]


@dataclass(frozen=True)
class Room:
    """What differs from the template: `name` is "" when its own is free, `ports` has the changed ones."""

    name: str = ""
    ports: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.name or self.ports)

    def lines(self) -> list[str]:
        """For the developer: what was taken, and what is used instead."""
        named = [f"the workspace name {NAME} is taken: this one is {self.name}"] if self.name else []
        moved = [f"port {PORTS[who]} is taken: {who} gets {port}" for who, port in self.ports.items()]
        return named + moved


def choose(names: Collection[str], is_free: IsFree) -> Room:
    """The wanted name and ports where they are free, else the next ones. `names`: of other workspaces."""
    name = next(n for n in chain([NAME], (f"{NAME}-{i}" for i in count(2))) if n not in names)
    ports: dict[str, int] = {}
    for who, wanted in PORTS.items():
        others = {*PORTS.values(), *ports.values()} - {wanted}
        ports[who] = next((p for p in range(wanted, 65536) if p not in others and is_free(p)), wanted)
    return Room(name if name != NAME else "", {who: p for who, p in ports.items() if p != PORTS[who]})


def render(room: Room) -> str:
    """`dfdev.local.toml`."""
    lines = [f"# {line}" for line in room.lines()]
    parts = [f'[workspace]\nname = "{room.name}"\n'] if room.name else []
    parts += [_SECTIONS[who].format(port=port) for who, port in room.ports.items()]
    head = "# Written by `dfdev demo`. It wins over dfdev.toml; git ignores it.\n"
    return "\n".join([head + "\n".join(lines) + "\n", *parts])


def others(home: Path, containers: Iterable[Container], is_free: IsFree) -> tuple[set[str], IsFree]:
    """Names of the other workspaces, and whether a port is free for this one: its own containers do not count.

    `is_free`: whether a process could listen on that port of this host now.
    """
    here = os.path.realpath(home)
    containers = tuple(containers)
    ours = [c for c in containers if mark_of(c).home == here]
    strangers = [c for c in containers if mark_of(c).home != here]
    own = {port.host for c in ours if c.running for port in c.ports}
    taken = {port.host for c in strangers if c.running for port in c.ports}
    names = {mark_of(c).workspace for c in strangers} - {""}
    return names, lambda port: port in own or (port not in taken and is_free(port))


def make_room(home: Path, containers: Iterable[Container], is_free: IsFree) -> Room:
    """Write `dfdev.local.toml` where it is needed. One that is there is left as it is."""
    path = home / LOCAL
    if path.exists():
        return Room()
    room = choose(*others(home, containers, is_free))
    if room:
        try:
            path.write_text(render(room), encoding="utf-8")
        except OSError as error:
            raise DfdevError(f"cannot write {path}: {error.strerror}", "dfdev demo OTHER_FOLDER") from error
    return room
