"""Waiting until a service serves, or saying why it does not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

from dfdev.core.as_it_is import as_it_is
from dfdev.core.desired import Service
from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container
from dfdev.core.typed import typed
from dfdev.engine.protocol import Engine, LogLine
from dfdev.errors import DfdevError, NotFound
from dfdev.stack.probe import REFUSED, probe
from dfdev.stack.watch import Watch

_ENDED = ("exited", "dead")
_PREFIX = re.compile(r"^\S*\d{4}-\d\d-\d\d[T ]+\d{1,2}:\d\d:\d\d\S*(?: \d+)?(?: \[[\w:. -]+\])*:? ")
_LONGEST = 90
_LOG_TAIL, _LAST_LINES, _LAST_ERRORS = 100, 12, 8

Say = Callable[[str], None]


@dataclass(frozen=True)
class Pace:
    """Seconds. `stable`: how long a service without any check must run to count as started; most that fail at once
    fail within it. `first`, `last`: between two questions, growing. `fresh`: how old a listing may be. `slow`: after
    which a start is explained. `refused`: after which a refusal is not going to get better.
    """

    stable: float = 0.25
    first: float = 0.03
    last: float = 0.3
    fresh: float = 0.25
    slow: float = 3.0
    refused: float = 5.0


class Readiness:
    """`address` is where published ports are reachable from this host."""

    def __init__(self, engine: Engine, address: str, pace: Pace | None = None) -> None:
        self._engine = engine
        self._address = address
        self._pace = pace or Pace()
        self._watch = Watch(engine, self._pace.fresh)
        self._heard: dict[str, tuple[str, float]] = {}
        """Container -> its last line, and when that was asked for."""

    def wait(self, service: Service, container: str, say: Say, since: float | None = None) -> None:
        """Return once the service is ready. A container that stops, or patience that ends, is a DfdevError.

        `since`: when it was running already (`time.monotonic`), else now.
        """
        began = time.monotonic() if since is None else since
        pause, missing, refused = self._pace.first, "it has not answered yet", 0.0
        if service.health.kind == "image":
            time.sleep(max(0.0, began + self._pace.stable - time.monotonic()))
        while time.monotonic() - began < service.health.timeout:
            seen = self._alive(service, container, began)
            missing = self._missing(service, seen, time.monotonic() - began)
            if not missing:
                return
            refused = (refused or time.monotonic()) if missing.startswith(REFUSED) else 0.0
            if refused and time.monotonic() - refused >= self._pace.refused:
                raise _refused(service, missing)
            say(self._with_its_words(missing, container, began))
            time.sleep(pause)
            pause = min(pause * 1.5, self._pace.last)
        raise self._never_ready(service, container, missing)

    def still_runs(self, service: Service, container: str) -> None:
        """It was ready and may have ended since. DfdevError with its last lines."""
        found = self._engine.container(container)
        if found.state in _ENDED:
            raise self._stopped(service, found)

    def _with_its_words(self, missing: str, container: str, began: float) -> str:
        """A start that takes long is explained by whoever starts: its last line, asked for once a second."""
        now = time.monotonic()
        if now - began < self._pace.slow:
            return missing
        if now - self._heard.get(container, ("", 0.0))[1] >= 1.0:
            self._heard[container] = (self._last_line(container), now)
        words = self._heard[container][0]
        return f"{missing}; it says: {words}" if words else missing

    def _last_line(self, container: str) -> str:
        try:
            lines = [plain_line(line.text) for line in self._engine.logs(container, tail=3)]
        except DfdevError:
            return ""
        return next((line for line in reversed(lines) if line), "")

    def _missing(self, service: Service, seen: Container, waited: float) -> str:
        """Why it is not ready yet, "" when it is."""
        if seen.state != "running":
            return f"it is {seen.state}"
        if service.health.kind != "image":
            return probe(self._engine, as_it_is(service, seen), seen.id, self._address)
        if seen.health == "":
            return "" if waited >= self._pace.stable else "it has just started"
        return "" if seen.health == "healthy" else f"its own health check says {seen.health}"

    def _alive(self, service: Service, container: str, began: float) -> Container:
        """Bad news of a listing is asked for once more: it may have been under way when the container was started."""
        seen = self._watch.container(container, began)
        if seen is not None and seen.state not in _ENDED:
            return seen
        try:
            found = self._engine.container(container)
        except NotFound:
            raise DfdevError(
                f"the container of {service.name} went away while it started", "run `dfdev up` again"
            ) from None
        if found.state in _ENDED:
            raise self._stopped(service, found)
        return found

    def _stopped(self, service: Service, found: Container) -> DfdevError:
        why = f": {found.error}" if found.error else ""
        return DfdevError(
            f"{service.name} stopped with exit code {found.exit_code}{why}",
            f"mend it, then `dfdev up`; more with `{typed('dfdev logs', service.name)}`",
            details=self._last_lines(found.id),
        )

    def _never_ready(self, service: Service, container: str, missing: str) -> DfdevError:
        """Its own health check's last words say more than its state."""
        try:
            said = self._engine.container(container).health_log
        except NotFound:
            said = ""
        words = (f"its health check says: {said.strip()}",) if said.strip() else ()
        return DfdevError(
            f"{service.name} is not ready after {service.health.timeout:g} s: {missing}",
            f"see `{typed('dfdev logs', service.name)}`; a slow start needs a longer health.timeout in dfdev.toml",
            details=(*words, *self._last_lines(container)),
        )

    def _last_lines(self, container: str) -> tuple[str, ...]:
        try:
            return tuple(line.text for line in last_words(list(self._engine.logs(container, tail=_LOG_TAIL))))
        except DfdevError:
            return ()


def _refused(service: Service, missing: str) -> DfdevError:
    return DfdevError(
        f"{service.name} runs, and {missing.removeprefix('it ')}",
        "`user` and `password` under [mysql] are to be those that its image was made with; `dfdev config show mysql`",
    )


def last_words(lines: Sequence[LogLine]) -> list[LogLine]:
    """The last lines, and the last on stderr: the engine reads the two apart, and may have the final one first."""
    errors = [i for i, line in enumerate(lines) if line.stream == "stderr"][-_LAST_ERRORS:]
    recent = range(max(0, len(lines) - _LAST_LINES), len(lines))
    return [lines[i] for i in sorted({*errors, *recent})]


def plain_line(text: str) -> str:
    """A line of a log without what stands before its words: time, thread, level, code and part of MySQL's or MariaDB's,
    time of others; at most as long as a line of a terminal has room for.
    """
    words = _PREFIX.sub("", text).strip()
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
