"""docker-machine: virtual machines and cloud hosts with Docker on them; archived in 2021.

Sources: docker/machine commands/ls.go (columns, states, what an error does to a row), docs/reference/{ls,inspect}.md,
drivers/virtualbox/virtualbox_{darwin,linux}.go and the driver's flags (shares), docker/machine#3226 (StorePath).
"""

from __future__ import annotations

import posixpath
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from dfdev.core.frozen import dataclass
from dfdev.core.machine import Capabilities, Machine, Share, State
from dfdev.core.typed import typed
from dfdev.errors import MachineError
from dfdev.machines.output import Json, asked, failed, object_of, one, text_of
from dfdev.machines.protocol import Argv
from dfdev.system.commands import Commands
from dfdev.system.parallel import spread

name = "docker-machine"
title = "docker-machine"
program = "docker-machine"
install = (
    "docker-machine is no longer made (archived in 2021); its successor: `brew install colima docker && colima start`"
)

COLUMNS = ("Name", "Active", "DriverName", "State", "URL", "Error")
LIST = ("docker-machine", "ls", "-t", "2", "--format", "\t".join(f"{{{{.{column}}}}}" for column in COLUMNS))
LIST_SECONDS = 15.0
"""`-t 2` does not keep it from taking up to 10 s."""
STATUS = ("docker-machine", "status")
"""Asks the hypervisor alone: it answers where `ls`, which logs in for the address, says `Timeout`."""
OLD_LIST = ("docker-machine", "ls")
"""Before 0.6 there is no --format, and before 0.5.2 no timeout."""

LOCAL_DRIVERS = (
    "virtualbox", "vmwarefusion", "vmware", "xhyve", "hyperkit", "parallels", "hyperv", "kvm", "kvm2", "qemu",
)  # fmt: skip
"""Of machines on this host. With any other driver the machine is somewhere else, unless its address is this host's."""
GENERIC = "generic"
"""The driver for a machine that was there before: by ssh, anywhere. It starts and stops nothing, but reboots."""

Reach = Literal["loopback", "private", "public"]

_STATES: Mapping[str, State] = {
    "Running": "running",
    "Paused": "paused",
    "Saved": "paused",
    "Stopped": "stopped",
    "Stopping": "stopping",
    "Starting": "starting",
    "Error": "broken",
}
TIMEOUT = "Timeout"
UNANSWERED = "does not answer `docker-machine ls` in time"
_STATUS_SECONDS = 2.0
_SHARING = ("virtualbox", "vmwarefusion", "vmware", "parallels")
"""The drivers that mount /Users of a Mac unless told otherwise."""


@dataclass(frozen=True)
class Row:
    """One machine of `docker-machine ls`. `error`: what could not be found out, "" when all is well."""

    name: str
    driver: str
    state: State
    url: str
    error: str


@dataclass(frozen=True)
class Inspected:
    """Of `docker-machine inspect`. `certs`: folder, "" when not told. `shares`: None when not told."""

    driver: str
    certs: str
    shares: tuple[Share, ...] | None
    ip: str = ""


def parse_list(text: str) -> list[Row]:
    """The rows of our own format: tab-separated, anything else on a line of its own is a warning."""
    rows = [line.split("\t", len(COLUMNS) - 1) for line in text.splitlines()]
    return [_row(*row) for row in rows if len(row) == len(COLUMNS) and row[0]]


def parse_table(text: str) -> list[Row]:
    """The table of old versions: columns begin where their heading begins. MachineError: there is no heading."""
    lines = text.splitlines()
    head = next((i for i, line in enumerate(lines) if line.startswith("NAME") and "DRIVER" in line), None)
    if head is None:
        if text.strip():
            raise MachineError(
                f"`docker-machine ls` did not print its table, but: {' '.join(text.split())[:60]}",
                "run it by hand to see all of it: `docker-machine ls`",
            )
        return []
    words = lines[head].split()
    starts = [lines[head].index(word) for word in words]
    return [_table_row(words, starts, line) for line in lines[head + 1 :] if line.strip()]


def parse_inspect(text: str, machine: str, platform: str) -> Inspected:
    """MachineError. The certificates lie where the server's are: what StorePath means changed with 0.6."""
    item = one(text, ("docker-machine", "inspect", machine))
    driver, auth = object_of(item, "Driver"), object_of(item, "HostOptions", "AuthOptions")
    kind = text_of(item, "DriverName")
    server, store = text_of(auth, "ServerKeyPath", "ServerCertPath"), text_of(auth, "StorePath")
    certs = posixpath.dirname(server)
    if not certs and store:
        certs = store if posixpath.basename(store) == machine else posixpath.join(store, "machines", machine)
    return Inspected(kind, certs, _shares(driver, kind, platform), text_of(driver, "IPAddress"))


def reach(address: str) -> Reach:
    """How far an address reaches: a name of a host tells nothing, and is taken for one far away."""
    import ipaddress

    if address == "localhost":
        return "loopback"
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "public"
    return "loopback" if ip.is_loopback else "private" if ip.is_private else "public"


def installed(commands: Commands) -> str:
    return commands.which(program) or ""


def machines(commands: Commands, platform: str = sys.platform) -> list[Machine]:
    rows = _rows(commands)
    details = spread(lambda row: _details(commands, row, platform), rows, workers=4)
    return [_machine(row, found, commands.environ) for row, found in zip(rows, details, strict=True)]


def _certain(commands: Commands, row: Row) -> Row:
    """`Timeout` is no state: it is not known yet."""
    if row.error != TIMEOUT:
        return row
    try:
        word = asked(commands, (*STATUS, row.name), seconds=_STATUS_SECONDS).strip()
    except MachineError:
        return row
    state = _STATES.get(word, "unknown")
    error = {"running": UNANSWERED, "unknown": TIMEOUT}.get(state, "")
    return replace(row, state=state, error=error)


def capabilities(machine: Machine) -> Capabilities:
    return Capabilities(machine.driver != GENERIC, True, set_clock=not machine.cloud, unshared="empty")


def start(machine: Machine) -> Sequence[Argv]:
    return [("docker-machine", "start", machine.name)] if machine.driver != GENERIC else ()


def stop(machine: Machine) -> Sequence[Argv]:
    return [("docker-machine", "stop", machine.name)] if machine.driver != GENERIC else ()


def restart(machine: Machine) -> Sequence[Argv]:
    if machine.driver == GENERIC:
        return [("docker-machine", "restart", machine.name)]
    return [("docker-machine", "kill", machine.name), ("docker-machine", "start", machine.name)]


def shell(machine: Machine) -> Argv:
    return ("docker-machine", "ssh", machine.name)


def root(machine: Machine) -> Argv:
    return (*shell(machine), "sudo", "sh", "-s")


def share_hint(machine: Machine, folder: str) -> str:
    """The boot2docker image mounts only the share called Users by itself; any other one by hand after each start."""
    if machine.cloud:
        return f"{machine.label} is another host: it has no folder of this one"
    if machine.driver == GENERIC:
        return f"share it with {machine.label} by what runs that machine, and mount it there as {shlex.quote(folder)}"
    return virtualbox_hint(machine.name, folder, stop(machine), start(machine), shell(machine))


def virtualbox_hint(vm: str, folder: str, stop: Sequence[Argv], start: Sequence[Argv], ssh: Argv) -> str:
    """The three steps of a VirtualBox share: add it to the stopped machine, start, mount."""
    share = "".join(char if char.isalnum() else "-" for char in posixpath.basename(folder.rstrip("/"))) or "dfdev"
    path = shlex.quote(folder)
    mount = shlex.join((*ssh, f"sudo mkdir -p {path} && sudo mount -t vboxsf {share} {path}"))
    return (
        f"move it below /Users, or (VirtualBox) `{shlex.join(stop[0])} && {typed('VBoxManage sharedfolder add', vm)} "
        f"--name {shlex.quote(share)} --hostpath {path} && {shlex.join(start[0])}`, then `{mount}` after each start"
    )


def _row(title: str, _active: str, driver: str, state: str, url: str, error: str) -> Row:
    error = " ".join(error.split())
    return Row(title, driver, _STATES.get(state, "unknown"), url, error or (state if state == TIMEOUT else ""))


def _table_row(words: Sequence[str], starts: Sequence[int], line: str) -> Row:
    ends = [*starts[1:], len(line)]
    cells = {word: line[a:b].strip() for word, a, b in zip(words, starts, ends, strict=False)}
    return _row(*(cells.get(word, "") for word in ("NAME", "ACTIVE", "DRIVER", "STATE", "URL", "ERRORS")))


def _shares(driver: Json, kind: str, platform: str) -> tuple[Share, ...] | None:
    """On Linux VirtualBox has /home as /hosthome: at another path, which is as good as not at all."""
    if driver.get("NoShare") is True:
        return ()
    folder, _, share = text_of(driver, "ShareFolder").rpartition(":")
    if folder:
        return (Share(folder),) if f"/{share.lstrip('/')}" == folder else ()
    if platform == "darwin":
        return (Share("/Users"),) if kind in _SHARING else None
    return () if kind == "virtualbox" else None


def _rows(commands: Commands) -> list[Row]:
    ran = commands.run(LIST, timeout=LIST_SECONDS)
    if ran.ok:
        return [_certain(commands, row) for row in parse_list(ran.out)]
    if "flag provided but not defined" in ran.err + ran.out:
        return parse_table(asked(commands, OLD_LIST))
    raise failed(ran)


def _details(commands: Commands, row: Row, platform: str) -> Inspected:
    """A machine whose own record is damaged is listed all the same."""
    try:
        return parse_inspect(asked(commands, ("docker-machine", "inspect", row.name)), row.name, platform)
    except MachineError:
        return Inspected("", "", None)


def _machine(row: Row, found: Inspected, environ: Mapping[str, str]) -> Machine:
    store = environ.get("MACHINE_STORAGE_PATH") or f"{environ.get('HOME', '')}/.docker/machine"
    driver = found.driver or row.driver
    elsewhere = driver not in LOCAL_DRIVERS
    far = reach(found.ip or _host_of(row.url)) if elsewhere else "loopback"
    return Machine(
        provider=name,
        name=row.name,
        state=row.state,
        word=row.error,
        late=row.error in (TIMEOUT, UNANSWERED),
        host=row.url,
        certs=found.certs or f"{store}/machines/{row.name}",
        default=row.name == "default",
        cloud=far != "loopback",
        driver=driver,
        perhaps_here=far == "private",
        rootless=False,
        shares=found.shares,
    )


def _host_of(url: str) -> str:
    """Of `tcp://HOST:PORT`, `tcp://[V6]:PORT`."""
    return url.partition("://")[2].rpartition(":")[0].strip("[]")
