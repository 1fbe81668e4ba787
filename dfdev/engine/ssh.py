"""`ssh HOST docker system dial-stdio`, as docker does it; and what ssh says where that leads nowhere.

The words are OpenSSH's: sshconnect.c (host keys, "Connection refused"), authfile.c (a key that others can read).
"""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from dfdev.core.typed import typed
from dfdev.engine.endpoint import Endpoint
from dfdev.errors import EngineAbsent, EngineDenied, EngineError

if TYPE_CHECKING:
    import subprocess

_LAST_WORDS = 1.0
"""Seconds for ssh to end after it hung up."""
_MOST = 4096
_TELLING = ("REMOTE HOST IDENTIFICATION HAS CHANGED", "UNPROTECTED PRIVATE KEY FILE", "are too open", "Offending ")
_FULL_STOP = re.compile(r"[.\s!]+$")
_TOO_OPEN = re.compile(r"Permissions 0\d+ for '(?P<file>[^']+)' are too open")
_ABSENT = r"Connection refused|timed out|No route to host|Network is unreachable|Could not resolve|not known|not found"
_DENIED = r"Permission denied|Host key verification failed|Too many authentication failures|permission denied"


class SshEnded(ConnectionError):
    """ssh ended. `said`: on stderr, all of it; `printed`: what the other side printed that is no HTTP."""

    def __init__(self, said: str, printed: str) -> None:
        super().__init__(said or printed or "ssh ended without a word")
        self.said = said
        self.printed = printed


def dial(endpoint: Endpoint) -> socket.socket:
    """The user's own ssh with its agent and configuration; never asks for a password, which nobody could see."""
    import subprocess
    import tempfile

    ours, theirs = socket.socketpair()
    target, port = endpoint.ssh_target
    options = ["-o", "BatchMode=yes", "-T", *(["-p", port] if port else [])]
    argv = ["ssh", *options, "--", target, "docker", "system", "dial-stdio"]
    said = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the connection
    with theirs:
        try:
            process = subprocess.Popen(
                argv, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=said, start_new_session=True
            )
        except FileNotFoundError as error:
            ours.close()
            said.close()
            raise EngineError(f"the engine at {endpoint} needs the command ssh", "install OpenSSH's client") from error
    return _Piped(process, ours, said)


def words(endpoint: Endpoint) -> tuple[str, ...]:
    """What people type to get there: a command of ours, then what it is about, as `typed` takes them."""
    target, port = endpoint.ssh_target
    return ("ssh -p", port, target) if port else ("ssh", target)


def gist(said: str) -> str:
    """ssh's own words without its frames of `@` and its advice: the lines that tell what is wrong, on one."""
    lines = [line.strip("@ \t") for line in said.splitlines()]
    lines = [_FULL_STOP.sub("", line.removeprefix("WARNING: ").removeprefix("ssh: ")) for line in lines if line]
    telling = [line for line in lines if any(sign in line for sign in _TELLING)]
    return "; ".join(dict.fromkeys([*telling, *lines[-1:]]))[:400]


def failure(endpoint: Endpoint, ended: SshEnded) -> EngineError:
    """In ssh's own words, and what to type."""
    if not ended.said.strip() and ended.printed:
        return text_before_http(endpoint, ended.printed)
    said = gist(ended.said)
    kind = EngineDenied if re.search(_DENIED, said) else EngineAbsent
    why = f"ssh says: {said}" if said else "ssh ended without a word"
    return kind(f"no Docker engine at {endpoint}: {why}", _hint(endpoint, ended.said))


def text_before_http(endpoint: Endpoint, printed: str) -> EngineError:
    """A login there that prints something, which docker's own client cannot cope with either."""
    return EngineDenied(
        f"{endpoint.ssh_target[0]} prints text where the engine's answer should begin: {printed!r}",
        "have its shell's start-up files (~/.bashrc, ~/.profile) print nothing where nobody sits:"
        f" `{typed(*words(endpoint))} true` must print nothing",
    )


def _hint(endpoint: Endpoint, said: str) -> str:
    target, port = endpoint.ssh_target
    if found := _TOO_OPEN.search(said):
        return f"`{typed('chmod 600', found['file'])}`"
    if "IDENTIFICATION HAS CHANGED" in said:
        name = target.rpartition("@")[2]
        forget = typed("ssh-keygen -R", f"[{name}]:{port}" if port not in ("", "22") else name)
        return f"if that machine was made anew: `{forget}`, then `{typed(*words(endpoint))}` and say yes"
    if "Host key verification failed" in said:
        return f"`{typed(*words(endpoint))}` once by hand, and say yes if the key is that machine's"
    if re.search(_ABSENT, gist(said)) and "command not found" not in said:
        return f"is that machine up, with its ssh? Its address comes from {endpoint.source}"
    return f"`{typed(*words(endpoint))} docker version` shows why"


class _Piped(socket.socket):
    """A socket whose other end is a child process, which ends with it. recv raises SshEnded where that one ended and
    had something to say.
    """

    def __init__(self, process: subprocess.Popen[bytes], end: socket.socket, said: IO[bytes]) -> None:
        super().__init__(end.family, end.type, fileno=end.detach())
        self._process = process
        self._said = said
        self._first = b""

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        lost: ConnectionResetError | None = None
        piece = b""
        try:
            piece = super().recv(bufsize, flags)
        except ConnectionResetError as error:
            lost = error  # it ended without reading what it was asked
        if not self._first:
            self._first = piece[:_MOST]
        if not piece:
            self._tell_why()
        if lost is not None:
            raise lost
        return piece

    def close(self) -> None:
        super().close()
        self._process.terminate()
        self._process.wait()
        self._said.close()

    def _tell_why(self) -> None:
        import subprocess

        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LAST_WORDS)
        if self._process.returncode:
            self._said.seek(0)
            said = self._said.read(_MOST * 4).decode("utf-8", "replace")
            raise SshEnded(said, begin(self._first))


def begin(piece: bytes) -> str:
    """The first line of what is no HTTP, "" for HTTP."""
    if piece.startswith(b"HTTP/"):
        return ""
    text = piece.decode("utf-8", "replace").strip()
    return text.splitlines()[0][:100] if text else ""
