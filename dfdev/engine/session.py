"""A command in a container that talks with its caller: bytes both ways, as they come, for a loop around `select`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from dfdev.engine.duplex import Duplex
from dfdev.engine.errors import translated
from dfdev.engine.frames import Frame, Unframed
from dfdev.engine.patience import Total
from dfdev.engine.protocol import Size
from dfdev.engine.refused import BEGINNINGS, NEVER_RAN, refused
from dfdev.engine.wire import Wire
from dfdev.errors import EngineAbsent, EngineDenied, EngineError, EngineHung

_SIZED_AT_START = (1, 42)


class WireSession:
    """`protocol.Session` over the wire. Used by one thread."""

    def __init__(self, wire: Wire, exec_id: str, argv: Sequence[str], duplex: Duplex, *, tty: bool) -> None:
        self._wire = wire
        self._path = f"/exec/{exec_id}"
        self._argv = argv
        self._doing = f"talking with {argv[0]}"
        self._duplex = duplex
        self._unframed = Unframed(tty=tty)
        self._silent = Total(wire.timeout)
        self._refusal: bytes | None = b""
        """What may be the engine's own words in the place of the command's; None once the command spoke."""

    @property
    def ended(self) -> bool:
        return self._duplex.ended and not self._duplex.pending()

    @property
    def unsent(self) -> int:
        return self._duplex.unsent

    def fileno(self) -> int:
        return self._duplex.fileno()

    def pending(self) -> bool:
        return self._duplex.pending()

    def send(self, data: bytes) -> None:
        with self._told():
            self._duplex.send(data)

    def flush(self) -> None:
        with self._told():
            self._duplex.flush()

    def close_input(self) -> None:
        with self._told():
            self._duplex.close_input()

    def receive(self) -> list[Frame]:
        with self._told():
            piece = self._duplex.receive()
        if piece:
            self._silent = Total(self._wire.timeout)
        found = self._unframed.more(piece)
        if self.ended:
            found += self._unframed.rest()
        return self._kept_back(found)

    def quiet_left(self) -> float:
        try:
            return self._silent.left()
        except TimeoutError:
            return 0.0

    def check(self) -> None:
        if not self.quiet_left():
            self._wire.ping()
            self._silent = Total(self._wire.timeout)

    def resize(self, columns: int, rows: int) -> None:
        query = {"w": str(columns), "h": str(rows)}
        try:
            self._wire.call("POST", f"{self._path}/resize", self._doing, query)
        except (EngineHung, EngineAbsent, EngineDenied):
            raise
        except EngineError:
            """The command has ended meanwhile: engines of different age have different words for it."""

    def exit_code(self) -> int:
        state = cast(dict[str, Any], self._wire.get(f"{self._path}/json", self._doing))
        code = int(state.get("ExitCode") or 0)
        if self._refusal and code in NEVER_RAN:
            raise refused(self._refusal.decode("utf-8", "replace"), self._argv[0])
        return code

    def _kept_back(self, found: list[Frame]) -> list[Frame]:
        """Without the engine's words about a command that it could not run: they are the error of `exit_code`."""
        if self._refusal is None or not found:
            return found
        self._refusal += b"".join(data for _, data in found)
        if self._refusal.startswith(BEGINNINGS):
            return []
        self._refusal = None
        return found

    @contextmanager
    def _told(self) -> Iterator[None]:
        with translated(self._wire.endpoint, self._doing, self._wire.timeout):
            yield


class WireSessions:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @contextmanager
    def session(
        self,
        id: str,
        argv: Sequence[str],
        *,
        tty: Size | None = None,
        cwd: str = "",
        env: Mapping[str, str] | None = None,
        user: str = "",
    ) -> Iterator[WireSession]:
        doing = f"running {argv[0]} in container {id[:12]}"
        exec_id = self._prepared(id, doing, _wanted(argv, tty, cwd, env or {}, user))
        at_start = tty is not None and self._wire.api >= _SIZED_AT_START
        how = {"Detach": False, "Tty": tty is not None, **({"ConsoleSize": tty[::-1]} if tty and at_start else {})}
        patience = Total(self._wire.timeout)
        with self._wire.upgraded(f"/exec/{exec_id}/start", doing, patience, json.dumps(how).encode()) as connection:
            session = WireSession(self._wire, exec_id, argv, Duplex(*connection.taken_over()), tty=tty is not None)
            if tty and not at_start:
                session.resize(*tty)
            yield session

    def _prepared(self, id: str, doing: str, wanted: Mapping[str, object]) -> str:
        made = self._wire.act("POST", f"/containers/{id}/exec", doing, self._wire.timeout, body=wanted)
        return str(cast(dict[str, Any], made)["Id"])


def _wanted(argv: Sequence[str], tty: Size | None, cwd: str, env: Mapping[str, str], user: str) -> Mapping[str, object]:
    return {
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
        "Tty": tty is not None,
        "Cmd": list(argv),
        "User": user,
        "WorkingDir": cwd,
        "Env": [f"{name}={value}" for name, value in env.items()],
    }
