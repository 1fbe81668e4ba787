"""A container for one command: created, started, waited for, read and removed, whatever happens in between."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from typing import Any, cast

from dfdev.core.labels import HELPER
from dfdev.engine.frames import frames
from dfdev.engine.patience import Total
from dfdev.engine.protocol import ExecResult
from dfdev.engine.wire import Wire
from dfdev.errors import EngineError, NotFound

_NO_PROGRAM = (126, 127)


class WireOneOff:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def run_once(
        self, image: str, argv: Sequence[str], *, cap_add: Sequence[str] = (), label: str, timeout: float
    ) -> ExecResult:
        doing = f"running {argv[0]} in a container of {image}"
        self._sweep(label)
        body = once_body(image, argv, cap_add, label, bool(cap_add) and self._remapped())
        query = {"name": f"{_prefix(label)}{os.urandom(4).hex()}"}
        made = self._wire.act("POST", "/containers/create", doing, timeout, query=query, body=body)
        id = str(cast(dict[str, Any], made)["Id"])
        try:
            return self._ran(id, doing, timeout)
        finally:
            self._remove(id)

    def _ran(self, id: str, doing: str, timeout: float) -> ExecResult:
        try:
            self._wire.act("POST", f"/containers/{id}/start", doing, timeout)
        except EngineError as error:
            if "executable file not found" in error.message or "no such file or directory" in error.message:
                raise NotFound(error.message, error.hint) from error
            raise
        ended = cast(dict[str, Any], self._wire.act("POST", f"/containers/{id}/wait", doing, timeout))
        result = ExecResult(int(ended.get("StatusCode") or 0), self._output(id, doing))
        if result.exit_code in _NO_PROGRAM:
            raise NotFound(f"{doing}: {result.output.strip() or 'no such program'}")
        return result

    def _output(self, id: str, doing: str) -> str:
        query = {"stdout": "1", "stderr": "1"}
        patience = Total(self._wire.timeout)
        with self._wire.stream("GET", f"/containers/{id}/logs", doing, patience, query=query) as (_, pieces):
            return b"".join(data for _, data in frames(pieces, tty=False)).decode("utf-8", "replace")

    def _sweep(self, label: str) -> None:
        """Of a run that was killed. One that still runs belongs to another command of this moment, and one by another
        name to somebody whose image has inherited our label.
        """
        query = {"all": "1", "filters": f'{{"label":["{HELPER}={label}"],"status":["created","exited","dead"]}}'}
        for left in cast(list[dict[str, Any]], self._wire.get("/containers/json", "looking for helpers", **query)):
            if any(name.startswith(f"/{_prefix(label)}") for name in left.get("Names") or ()):
                self._remove(str(left["Id"]))

    def _remove(self, id: str) -> None:
        with contextlib.suppress(EngineError):
            self._wire.act("DELETE", f"/containers/{id}", f"removing {id[:12]}", 30.0, query={"force": "1", "v": "1"})

    def _remapped(self) -> bool:
        info = cast(dict[str, Any], self._wire.get("/info", "asking the engine who it is"))
        return any("name=userns" in option for option in info.get("SecurityOptions") or ())


def _prefix(label: str) -> str:
    return f"dfdev-{label}-"


def once_body(
    image: str, argv: Sequence[str], cap_add: Sequence[str], label: str, remapped: bool
) -> Mapping[str, object]:
    """`remapped`: the engine maps user ids, and only the host's own namespace may do what `cap_add` says."""
    host: dict[str, object] = {
        "NetworkMode": "none",
        "CapDrop": ["ALL"],
        "CapAdd": list(cap_add),
        "LogConfig": {"Type": "json-file", "Config": {}},
    }
    if remapped:
        host["UsernsMode"] = "host"
    return {
        "Image": image,
        "Entrypoint": list(argv),
        "Cmd": [],
        "User": "0:0",
        "Labels": {HELPER: label},
        "HostConfig": host,
    }
