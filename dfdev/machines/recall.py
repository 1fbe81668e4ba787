"""Where the engine of a machine was: tried before its tool is asked, beside it, and where the tool gets no answer."""

from __future__ import annotations

from dataclasses import replace

from dfdev.core.machine import Machine
from dfdev.engine.endpoint import Endpoint, at
from dfdev.errors import EngineError, MachineError
from dfdev.machines.known import Ask, Asking, Known, at_once, recall, remember
from dfdev.machines.locate import Located, choices, decided, nowhere, settled
from dfdev.machines.survey import Found
from dfdev.system.commands import CommandLate, Commands, Hurried

_FIRST = 0.7
"""Seconds for the first answer at the address of last time."""
_LONGER = 3.3
"""Seconds for its second chance, and for the tool that is asked meanwhile: a verdict within five, all together."""
_ELSEWHERE = 1.0
_NEW = 3.0
"""Seconds for an engine that its tool has just told: it is asked once, and remembered."""


class Recalled:
    """For one `locate`. Only a provider that dfdev.toml names is looked for where it was: which machine it is when
    nobody names one depends on which of them run.
    """

    def __init__(self, held: Located, commands: Commands, ask: Ask, platform: str) -> None:
        self._held = held
        self._ask = ask
        self._platform = platform
        self._asking: Asking | None = None
        self._known: Known | None = None
        self.commands = commands
        """With shorter deadlines where the engine was silent."""
        if held.provider not in ("auto", "ssh", "remote") and not held.held.by_environment:
            self._known = recall(commands.environ, held.provider, held.profile)

    def at_once(self) -> Located | None:
        """The engine at the address of last time, where it answers at once."""
        known, endpoint = self._known, self._endpoint(self._known)
        if known is None or endpoint is None:
            return None
        found, silent = at_once(self._ask, endpoint, _FIRST)
        if found == known.id:
            return self._located(known)
        if silent:
            self._asking = Asking(lambda: self._ask(endpoint, _LONGER), _LONGER)
            self.commands = Hurried(self.commands, _LONGER)
        return None

    def instead_of(self, error: MachineError) -> Located:
        """Where the tool fails. What it raised, unless it was only late with a machine that is silent."""
        known = self._known
        if known is None:
            raise error
        if self._answered(known):
            return self._located(known)
        if self._asking is None or not isinstance(error, CommandLate):
            raise error
        machine = Machine(self._held.provider, known.name, word=error.message, hangs=True)
        return replace(self._settled(known), endpoint=nowhere(machine), machine=machine)

    def completed(self, found: Located) -> Located:
        """What the tool told: remembered, or completed by what is remembered."""
        machine = found.machine
        if machine is None or machine.cloud:
            return found
        if machine.host:
            self._remember(found.endpoint, machine)
            return found
        known = self._known or recall(self.commands.environ, machine.provider, machine.name)
        if known is None or known.name != machine.name or machine.state not in ("running", "unknown"):
            return found
        if self._answered(known):
            return replace(found, endpoint=at(known.host, found.endpoint.source, known.certs), machine=None)
        if self._asking is not None and not machine.hangs:
            hanging = replace(machine, hangs=True)
            return replace(found, endpoint=nowhere(hanging), machine=hanging)
        return found

    def _answered(self, known: Known) -> bool:
        if self._asking is not None:
            return self._asking.answer() == known.id
        endpoint = self._endpoint(known)
        return endpoint is not None and at_once(self._ask, endpoint, _ELSEWHERE)[0] == known.id

    def _located(self, known: Known) -> Located:
        """As if a variable had named it: its tool is asked when more is wanted."""
        return replace(self._settled(known), machine=None)

    def _settled(self, known: Known) -> Located:
        provider = self._held.provider
        machine = Machine(provider, known.name, "running", host=known.host, certs=known.certs, default=True)
        return settled(
            self._held, decided(choices(self._held, [Found(provider, provider, (machine,))], self._platform))
        )

    def _endpoint(self, known: Known | None) -> Endpoint | None:
        if known is None:
            return None
        try:
            return at(known.host, self._held.provider, known.certs)
        except EngineError:
            return None

    def _remember(self, endpoint: Endpoint, machine: Machine) -> None:
        """An address that its tool has to ask for. A socket of this host is where it is."""
        if endpoint.scheme != "tcp":
            return
        found, _ = at_once(self._ask, endpoint, _NEW)
        if found:
            names = (machine.name, self._held.profile) if self._held.provider == machine.provider else (machine.name,)
            known = Known(machine.name, machine.host, machine.certs, found)
            remember(self.commands.environ, machine.provider, names, known)
