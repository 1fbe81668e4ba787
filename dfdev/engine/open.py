"""`open_engine(endpoint, environ)` → the whole `Engine`: over the wire, with the SDK for images."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dfdev.engine.actor import WireActor
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.oneoff import WireOneOff
from dfdev.engine.protocol import OnLine
from dfdev.engine.reader import WireReader
from dfdev.engine.runner import WireRunner
from dfdev.engine.session import WireSessions
from dfdev.engine.wire import Wire
from dfdev.errors import ConfigError

if TYPE_CHECKING:
    from dfdev.engine.sdk import SdkImages

QUERY_SECONDS = 10.0


def open_engine(endpoint: Endpoint, environ: Mapping[str, str], timeout: float | None = None) -> OpenEngine:
    """Nothing is asked yet. `timeout`: seconds for a query, else `DFDEV_ENGINE_TIMEOUT`, else 10. ConfigError."""
    return OpenEngine(Wire(endpoint, timeout or _seconds(environ.get("DFDEV_ENGINE_TIMEOUT", ""))))


class OpenEngine(WireReader, WireRunner, WireSessions, WireActor, WireOneOff):
    """May be used from many threads at once."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self._lock = threading.Lock()
        self._images: SdkImages | None = None

    def pull(self, ref: str, on_line: OnLine) -> None:
        self._sdk().pull(ref, on_line)

    def build(
        self, context: Path, ref: str, *, args: Mapping[str, str], labels: Mapping[str, str], on_line: OnLine
    ) -> str:
        return self._sdk().build(context, ref, args=args, labels=labels, on_line=on_line)

    def import_image(self, tar: Path, ref: str) -> str:
        return self._sdk().import_image(tar, ref)

    def close(self) -> None:
        super().close()
        if self._images is not None:
            self._images.close()

    def _sdk(self) -> SdkImages:
        with self._lock:
            if self._images is None:
                self._images = self._load()
            return self._images

    def _load(self) -> SdkImages:
        """The engine is asked first: whether it is there decides, not how long the import takes."""
        api = self._wire.api
        from dfdev.engine.client import connect
        from dfdev.engine.sdk import SdkImages

        return SdkImages(connect(self._wire.endpoint, "{}.{}".format(*api), self._wire.timeout))


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
