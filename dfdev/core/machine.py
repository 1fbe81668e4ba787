"""Machines: what an engine runs in (a VM of some product, this host, another host), as values."""

from __future__ import annotations

from typing import Literal

from dfdev.core.frozen import dataclass

State = Literal["running", "stopped", "starting", "stopping", "paused", "broken", "unknown"]
"""`paused`: its memory is kept (paused, saved, suspended). `broken`: the product itself says that it is not usable."""


@dataclass(frozen=True)
class Share:
    """A host folder that the machine has at the same path; `/` when it has all of them."""

    path: str
    writable: bool = True


@dataclass(frozen=True)
class Machine:
    """One machine of one provider, as its own tool tells it.

    `name`: colima profile, machine name …, "" where a product has only one. `word`: the product's own word for the
    state, or what it says is wrong. `host`: the engine's address as in DOCKER_HOST, "" when it is not known (a machine
    that is stopped has none, say). `certs`: folder with ca.pem, cert.pem and key.pem, "" without TLS.
    `default`: the one that the product itself takes when none is named.
    """

    provider: str
    name: str = ""
    state: State = "unknown"
    word: str = ""
    host: str = ""
    certs: str = ""
    default: bool = False
    hangs: bool = False
    """It runs, and what should answer in it does not; `word` says what."""
    late: bool = False
    """Its tool had no answer from it in time: what is not told is not known yet."""
    cloud: bool = False
    """It runs elsewhere (a cloud driver): its clock is measured and never set."""
    driver: str = ""
    """What its tool runs it with, where that tool has several ways (docker-machine's `virtualbox`, `generic` …)."""
    perhaps_here: bool = False
    """`cloud`, because its tool does not tell where it runs; its address may as well be on this computer."""
    rootless: bool | None = None
    """The engine in it is rootless, so that a container cannot set the clock; None: not told."""
    shares: tuple[Share, ...] | None = None
    """None: the tool does not tell."""
    version: str = ""
    """Of the product or of its agent in the machine, "" when not told."""

    @property
    def label(self) -> str:
        """How messages call it: `colima`, `colima work`."""
        return f"{self.provider} {self.name}".rstrip()


@dataclass(frozen=True)
class Capabilities:
    """What can be done with a machine.

    `root_shell`: commands can be run as root inside. `self_sync`: seconds within which the product itself corrects
    the clock after a wake, 0.0 when it does not. `unshared`: what a mount of a folder that is not shared becomes.
    """

    start: bool = False
    root_shell: bool = False
    set_clock: bool = False
    self_sync: float = 0.0
    unshared: Literal["empty", "error", "none"] = "none"
    clock_per_container: bool = False
    """Each container is a VM with a clock of its own, and the engine's clock is this computer's."""
