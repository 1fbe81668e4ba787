"""`open_engine(endpoint, environ)` → the whole `Engine`: looks at once over the wire, loads the SDK to act."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dfdev.engine.endpoint import Endpoint
from dfdev.engine.protocol import ContainerSpec, OnLine
from dfdev.engine.reader import WireReader
from dfdev.engine.runner import WireRunner
from dfdev.engine.wire import Wire
from dfdev.errors import ConfigError

if TYPE_CHECKING:
    from dfdev.engine.sdk import SdkActor

QUERY_SECONDS = 10.0


def open_engine(endpoint: Endpoint, environ: Mapping[str, str], timeout: float | None = None) -> OpenEngine:
    """Nothing is asked yet. `timeout`: seconds for a query, else `DFDEV_ENGINE_TIMEOUT`, else 10. ConfigError."""
    return OpenEngine(Wire(endpoint, timeout or _seconds(environ.get("DFDEV_ENGINE_TIMEOUT", ""))))


class OpenEngine(WireReader, WireRunner):
    """May be used from many threads. `warm` is for a caller that is going to act, while it still looks."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self._lock = threading.Lock()
        self._actor: SdkActor | None = None

    def warm(self) -> None:
        """Import the SDK in the background."""
        threading.Thread(target=importlib.import_module, args=("dfdev.engine.sdk",), daemon=True).start()

    def pull(self, ref: str, on_line: OnLine) -> None:
        self._act().pull(ref, on_line)

    def create_network(self, name: str, labels: Mapping[str, str]) -> str:
        return self._act().create_network(name, labels)

    def remove_network(self, id: str) -> None:
        self._act().remove_network(id)

    def connect(self, container: str, network: str, alias: str) -> None:
        self._act().connect(container, network, alias)

    def create(self, spec: ContainerSpec) -> str:
        return self._act().create(spec)

    def start(self, id: str) -> None:
        self._act().start(id)

    def unpause(self, id: str) -> None:
        self._act().unpause(id)

    def stop(self, id: str, seconds: int) -> None:
        self._act().stop(id, seconds)

    def remove(self, id: str) -> None:
        self._act().remove(id)

    def build(
        self, context: Path, ref: str, *, args: Mapping[str, str], labels: Mapping[str, str], on_line: OnLine
    ) -> str:
        return self._act().build(context, ref, args=args, labels=labels, on_line=on_line)

    def import_image(self, tar: Path, ref: str) -> str:
        return self._act().import_image(tar, ref)

    def tag(self, source: str, ref: str) -> None:
        self._act().tag(source, ref)

    def close(self) -> None:
        super().close()
        if self._actor is not None:
            self._actor.close()

    def _act(self) -> SdkActor:
        with self._lock:
            if self._actor is None:
                self._actor = self._load()
            return self._actor

    def _load(self) -> SdkActor:
        """The engine is asked first: whether it is there decides, not how long the import takes."""
        api = self._wire.api
        from dfdev.engine.client import connect
        from dfdev.engine.sdk import SdkActor

        client = connect(self._wire.endpoint, "{}.{}".format(*api), self._wire.timeout)
        return SdkActor(client, api, self._wire.timeout)


def _seconds(text: str) -> float:
    if not text:
        return QUERY_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 86400:
        raise ConfigError(f"DFDEV_ENGINE_TIMEOUT is {text!r}", "set it to a number of seconds above 0, e.g. 10")
    return seconds
