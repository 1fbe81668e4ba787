"""A command of the engine in memory: a process of this host, which the same protocol leads to."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dfdev.engine.duplex import Duplex
from dfdev.engine.frames import Frame, Unframed
from dfdev.engine.protocol import Size
from dfdev.engine.refused import refused

_IN_TERMINAL = (
    "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execvp(sys.argv[1], sys.argv[1:])"
)
_FRAMES = {"stdout": 1, "stderr": 2}


class LocalSession:
    """`refusal`: why there is no process. `awake`: raises when the engine is gone."""

    def __init__(self, argv: Sequence[str], ours: socket.socket, tty: bool, awake: Callable[[], None]) -> None:
        self.argv = argv
        self._duplex = Duplex(ours, b"")
        self._unframed = Unframed(tty=tty)
        self._awake = awake
        self.quiet = 10.0
        self.refusal = ""
        self.process: subprocess.Popen[bytes] | None = None
        self.terminal = -1
        self.resized: list[Size] = []
        """As it was asked to, whether it has a terminal or not."""

    @property
    def ended(self) -> bool:
        return self._duplex.ended

    @property
    def unsent(self) -> int:
        return self._duplex.unsent

    def fileno(self) -> int:
        return self._duplex.fileno()

    def pending(self) -> bool:
        return self._duplex.pending()

    def send(self, data: bytes) -> None:
        self._duplex.send(data)

    def flush(self) -> None:
        self._duplex.flush()

    def close_input(self) -> None:
        self._duplex.close_input()

    def receive(self) -> list[Frame]:
        found = self._unframed.more(self._duplex.receive())
        return found + (self._unframed.rest() if self.ended else [])

    def resize(self, columns: int, rows: int) -> None:
        self.resized.append((columns, rows))
        if self.terminal >= 0:
            with contextlib.suppress(OSError):
                _resize(self.terminal, (columns, rows))

    def quiet_left(self) -> float:
        return self.quiet

    def check(self) -> None:
        self._awake()

    def exit_code(self) -> int:
        if self.process is None:
            raise refused(self.refusal, self.argv[0])
        code = self.process.wait()
        return 128 - code if code < 0 else code


@contextmanager
def local_session(
    argv: Sequence[str], tty: Size | None, cwd: str, env: Mapping[str, str], user: str, awake: Callable[[], None]
) -> Iterator[LocalSession]:
    ours, theirs = socket.socketpair()
    session = LocalSession(argv, ours, tty is not None, awake)
    session.refusal = _refusal(argv[0], cwd)
    work: list[threading.Thread] = []
    if session.refusal:
        theirs.close()
    else:
        environ = {"PATH": os.environ["PATH"], **env}
        work = (_with_terminal if tty else _with_pipes)(session, theirs, cwd or None, environ, user, tty)
    try:
        yield session
    finally:
        ours.close()
        if session.process is not None and session.process.poll() is None:
            session.process.send_signal(signal.SIGKILL)
            session.process.wait()
        for thread in work:
            thread.join()


def _refusal(program: str, cwd: str) -> str:
    if cwd and not Path(cwd).is_dir():
        return f'OCI runtime exec failed: chdir to cwd ("{cwd}") set in config.json failed: no such file or directory'
    if shutil.which(program) is None:
        return f'OCI runtime exec failed: exec: "{program}": executable file not found in $PATH: unknown'
    return ""


def _with_pipes(
    session: LocalSession, theirs: socket.socket, cwd: str | None, env: Mapping[str, str], user: str, _tty: Size | None
) -> list[threading.Thread]:
    pipe = subprocess.PIPE
    who = int(user) if user else None
    process = subprocess.Popen(list(session.argv), stdin=pipe, stdout=pipe, stderr=pipe, cwd=cwd, env=env, user=who)
    assert process.stdin and process.stdout and process.stderr
    session.process = process
    lock = threading.Lock()

    def frame(name: str) -> Callable[[bytes], None]:
        def send(data: bytes) -> None:
            with lock:
                theirs.sendall(bytes([_FRAMES[name], 0, 0, 0]) + len(data).to_bytes(4, "big") + data)

        return send

    outs = {"stdout": process.stdout, "stderr": process.stderr}
    work = [_started(_copied, os.dup(out.fileno()), frame(name)) for name, out in outs.items()]
    fed = _started(_fed, theirs, os.dup(process.stdin.fileno()))
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()
    return [fed, *work, _started(_hang_up, theirs, process, work)]


def _with_terminal(
    session: LocalSession, theirs: socket.socket, cwd: str | None, env: Mapping[str, str], _user: str, tty: Size | None
) -> list[threading.Thread]:
    main, side = os.openpty()
    assert tty
    _resize(main, tty)
    argv = [sys.executable, "-c", _IN_TERMINAL, *session.argv]
    process = subprocess.Popen(argv, stdin=side, stdout=side, stderr=side, cwd=cwd, env=env)
    os.close(side)
    session.process, session.terminal = process, os.dup(main)
    work = [_started(_copied, os.dup(main), theirs.sendall)]
    fed = _started(_fed, theirs, main)
    return [fed, *work, _started(_hang_up, theirs, process, work)]


def _started(work: Callable[..., None], *args: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=args, daemon=True)
    thread.start()
    return thread


def _copied(source: int, send: Callable[[bytes], None]) -> None:
    with contextlib.suppress(OSError):
        while piece := os.read(source, 1 << 16):
            send(piece)
    os.close(source)


def _fed(theirs: socket.socket, target: int) -> None:
    with contextlib.suppress(OSError):
        while piece := theirs.recv(1 << 16):
            while piece:
                piece = piece[os.write(target, piece) :]
    os.close(target)


def _hang_up(theirs: socket.socket, process: subprocess.Popen[bytes], copying: Sequence[threading.Thread]) -> None:
    for thread in copying:
        thread.join()
    process.wait()
    with contextlib.suppress(OSError):
        theirs.shutdown(socket.SHUT_RDWR)
    theirs.close()


def _resize(terminal: int, size: Size) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
