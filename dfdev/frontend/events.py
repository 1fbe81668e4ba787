"""Whether a file that is saved on the host is noticed in the container: tried, not guessed by the provider's name."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.engine.protocol import Engine
from dfdev.errors import DfdevError, EngineError
from dfdev.frontend.spec import EVENTS, Front, events_env
from dfdev.stack.proof import PREFIX

PATIENCE = 2.0
"""Seconds for an event to come. One that comes later is of no use to somebody who waits for the page."""
_START = 10.0
_LISTENER = """
const fs = require('fs'), dir = process.argv[1];
fs.watch(dir, function (kind, name) {
  if (!name || name === 'saved') { console.log('event'); process.exit(0); }
});
setTimeout(function () { process.exit(1); }, 60000);
process.stdin.resume();
process.stdin.on('end', function () { process.exit(1); });
console.log('listening');
"""


@dataclass(frozen=True)
class Verdict:
    """`found`: native or poll; `seconds`: from the save to the event, None where none came; `tried`: it could be."""

    found: str
    seconds: float | None = None
    tried: bool = True

    def __str__(self) -> str:
        if not self.tried:
            return f"{self.found}: whether events come could not be tried"
        if self.seconds is None:
            return f"{self.found}: no event came within {PATIENCE:g} s"
        return f"{self.found}: an event came after {self.seconds * 1000:.0f} ms"


def settle(engine: Engine, container: str, front: Front) -> None:
    """Try it, and let the container know."""
    remember(engine, container, probe_events(engine, container, front))


def probe_events(engine: Engine, container: str, front: Front) -> Verdict:
    """Save a file in the front-end folder and listen for it in the container. What cannot be tried counts as none."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=front.project.folder))
    except OSError:
        return Verdict("poll", tried=False)
    try:
        folder.chmod(0o755)
        file = folder / "saved"
        file.write_text("before")
        return _Listening(engine, container, f"{front.project.inside}/{folder.name}").verdict(file)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remember(engine: Engine, container: str, verdict: Verdict) -> None:
    """For every later command in that container; its script reads the file."""
    lines = [f"export {name}={value}\n" for name, value in events_env(verdict.found).items()]
    text = f"# {verdict}\n{''.join(lines)}"
    engine.write_file(container, EVENTS, text.encode(), mode=0o644, uid=0, gid=0)


def remembered(engine: Engine, container: str) -> str:
    """The verdict's text, "" where none is known."""
    try:
        first, *_ = engine.read_file(container, EVENTS).decode().splitlines()
    except (EngineError, ValueError):
        return ""
    return first.removeprefix("# ")


class _Listening:
    def __init__(self, engine: Engine, container: str, folder: str) -> None:
        self._engine = engine
        self._container = container
        self._folder = folder
        self._said = bytearray()
        self._heard = threading.Condition()
        self._done = threading.Event()

    def verdict(self, file: Path) -> Verdict:
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            if not self._until(b"listening", _START):
                return Verdict("poll", tried=False)
            began = time.monotonic()
            file.write_text("after")
            heard = self._until(b"event", PATIENCE)
            return Verdict("native", time.monotonic() - began) if heard else Verdict("poll")
        finally:
            self._done.set()

    def _listen(self) -> None:
        argv = ["node", "-e", _LISTENER, self._folder]
        try:
            self._engine.pipe(self._container, argv, feed=self._held(), take=self._take)
        except DfdevError:
            self._take(b"failed")

    def _held(self) -> Iterator[bytes]:
        """Its input ends when nobody listens any more."""
        while not self._done.wait(0.02):
            yield b""

    def _take(self, piece: bytes) -> None:
        with self._heard:
            self._said += piece
            self._heard.notify_all()

    def _until(self, word: bytes, seconds: float) -> bool:
        with self._heard:
            return self._heard.wait_for(lambda: word in self._said or b"failed" in self._said, seconds) and (
                word in self._said
            )
