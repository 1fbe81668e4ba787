"""Commands in a container and its log: streams over the wire, with an end or a sign of life."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from dfdev.engine.errors import hung
from dfdev.engine.frames import frames, log_lines
from dfdev.engine.patience import Idle, Total
from dfdev.engine.protocol import ExecResult, LogLine
from dfdev.engine.wire import Wire
from dfdev.errors import EngineHung


class WireRunner:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def exec(self, id: str, argv: list[str], *, timeout: float, env: Mapping[str, str] | None = None) -> ExecResult:
        doing = f"running {argv[0]} in container {id[:12]}"
        patience = Total(timeout)
        exec_id = self._prepare(id, argv, env, doing)
        started = self._wire.stream(
            "POST", f"/exec/{exec_id}/start", doing, patience, body=b'{"Detach":false,"Tty":false}'
        )
        try:
            with started as (_, pieces):
                output = b"".join(data for _, data in frames(pieces, tty=False))
        except EngineHung:
            raise self._late(argv, timeout) from None
        state = cast(dict[str, Any], self._wire.get(f"/exec/{exec_id}/json", doing))
        return ExecResult(int(state.get("ExitCode") or 0), output.decode("utf-8", "replace"))

    def pipe(
        self,
        id: str,
        argv: list[str],
        *,
        feed: Iterable[bytes] = (),
        take: Callable[[bytes], None] | None = None,
        user: str = "",
    ) -> ExecResult:
        doing = f"running {argv[0]} in container {id[:12]}"
        said = bytearray()
        exec_id = self._prepare(id, argv, None, doing, user=user, stdin=True)
        # As long as it likes; during a silence the engine is asked whether it is still there.
        patience = Idle(self._wire.timeout, self._wire.ping)
        body = b'{"Detach":false,"Tty":false}'
        with self._wire.converse(f"/exec/{exec_id}/start", doing, patience, body, iter(feed)) as pieces:
            for stream, data in frames(pieces, tty=False):
                if take is not None and stream == "stdout":
                    take(data)
                else:
                    said += data
        state = cast(dict[str, Any], self._wire.get(f"/exec/{exec_id}/json", doing))
        return ExecResult(int(state.get("ExitCode") or 0), said.decode("utf-8", "replace"))

    def logs(self, id: str, *, follow: bool = False, since: float = 0.0, tail: int | None = None) -> Iterator[LogLine]:
        doing = f"reading the log of container {id[:12]}"
        about = cast(dict[str, Any], self._wire.get(f"/containers/{id}/json", doing))
        query = {
            "stdout": "1",
            "stderr": "1",
            "timestamps": "1",
            "follow": "1" if follow else "0",
            "since": f"{since:.9f}" if since else "0",
            "tail": "all" if tail is None else str(tail),
        }
        # A log that is followed may be silent for ever: the engine is asked whether it is still there.
        patience = Idle(self._wire.timeout, self._wire.ping if follow else None)
        with self._wire.stream("GET", f"/containers/{id}/logs", doing, patience, query=query) as (_, pieces):
            yield from log_lines(frames(pieces, tty=bool(about["Config"].get("Tty"))))

    def _prepare(
        self,
        id: str,
        argv: list[str],
        env: Mapping[str, str] | None,
        doing: str,
        *,
        user: str = "",
        stdin: bool = False,
    ) -> str:
        wanted = {
            "AttachStdin": stdin,
            "AttachStdout": True,
            "AttachStderr": True,
            "Cmd": argv,
            "User": user,
            "Env": [f"{name}={value}" for name, value in (env or {}).items()],
        }
        made = self._wire.act("POST", f"/containers/{id}/exec", doing, self._wire.timeout, body=wanted)
        return str(cast(dict[str, Any], made)["Id"])

    def _late(self, argv: list[str], timeout: float) -> EngineHung:
        """Whose fault it is: an engine that answers a ping waits for a command that does not end."""
        self._wire.ping()
        late = hung(self._wire.endpoint, f"running {argv[0]}", timeout)
        return EngineHung(f"{argv[0]} did not end within {timeout:g} s", late.hint)
