"""The one error type that users see, and its exit codes.

DfdevError            1  failed
├── UsageError        2  the command line
├── ConfigError       3  dfdev.toml, .env, DFHOME
├── MachineError      4  the VM
└── EngineError       5  the Docker engine
    ├── EngineAbsent     nothing answers at the endpoint
    ├── EngineHung       it accepted the call and did not answer in time
    ├── EngineDenied     no permission for the socket, or TLS refused
    │   └── ClockRefused     TLS refused because of a date: a clock is wrong
    ├── NotFound         no such container, image, network
    └── Conflict         the engine's state forbids it (name or port taken, in use)
        └── Overtaken    something else changed the same objects meanwhile: look again
"""

from __future__ import annotations


class DfdevError(Exception):
    """What happened (`message`) and what to type (`hint`), one line each."""

    code = 1

    def __init__(self, message: str, hint: str = "", *, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details
        """More lines to show under the message: log lines, one line per problem."""


class UsageError(DfdevError):
    code = 2


class ConfigError(DfdevError):
    code = 3


class MachineError(DfdevError):
    code = 4


class EngineError(DfdevError):
    code = 5


class EngineAbsent(EngineError):
    """Nothing answers at the endpoint."""


class EngineHung(EngineError):
    """The engine accepted the call and did not answer before the deadline."""


class EngineDenied(EngineError):
    """The socket is not ours to open, or TLS was refused."""


class ClockRefused(EngineDenied):
    """A certificate is not valid by one of the two clocks: not yet, or no longer."""


class NotFound(EngineError):
    """No such container, image, network, path."""


class Conflict(EngineError):
    """The engine's state forbids it: a name or port taken, an object in use."""


class Overtaken(Conflict):
    """Something else changed the same objects meanwhile: another look tells what is left to do."""
