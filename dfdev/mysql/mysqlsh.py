"""Dumps of MySQL Shell: folders that `mysqlsh` writes and reads, in the container, where the official images have it.

It is spoken to in Python, which every build of it knows, through its input: a password is then in no argument.
Source: MySQL Shell manual, Dump Loading Utility and Instance, Schema and Table Dump Utility.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from dfdev.core.amounts import pace_text, size_text
from dfdev.core.events import Emit, Progress
from dfdev.errors import DfdevError
from dfdev.mysql.for_now import local_infile
from dfdev.mysql.server import Server

_MARK = "@.json"
_NO_SHELL = 90
_RUN = (
    f"command -v mysqlsh >/dev/null || exit {_NO_SHELL};"
    " LC_ALL=C.UTF-8 exec mysqlsh --no-defaults --py --no-wizard 2>&1"
)
_NO_STORE = 'shell.options.set("credentialStore.helper", "<disabled>")'
"""Its helpers may wait for ever on a terminal that there is none of."""
_NOISE = ("Cannot set LC_ALL", "Traceback ", 'File "<string>"')
_SECONDS = 60.0
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def is_dump(folder: Path) -> bool:
    return (folder / _MARK).is_file()


def dump_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def databases_in(folder: Path) -> list[str]:
    """Those that it says it holds."""
    with suppress(OSError, ValueError, AttributeError):
        return list(json.loads((folder / _MARK).read_text()).get("schemas") or [])
    return []


def load_dump(server: Server, folder: Path, into: str, key: str, emit: Emit) -> None:
    """`into`: another schema than that of the dump, "" for the same. DfdevError with what mysqlsh says."""
    options = {"ignoreVersion": True, "resetProgress": True, "showProgress": False, "threads": 4}
    with _scratch(server) as scratch:
        _put(server, folder, scratch, key, emit)
        with local_infile(server):
            _run(server, f"util.load_dump({scratch!r}, {options | ({'schema': into} if into else {})!r})", key, emit)


def write_dump(server: Server, database: str, only: Sequence[str], folder: Path, key: str, emit: Emit) -> int:
    """The bytes of the folder, which is complete or absent. DfdevError: it is there and not empty, mysqlsh fails."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DfdevError(f"{folder} is there already", "name a folder that is new or empty")
    with _scratch(server) as scratch:
        target = f"{scratch}/dump"
        options = {"showProgress": False, "threads": 4}
        what = f"{database!r}, {list(only)!r}" if only else f"[{database!r}]"
        _run(server, f"util.dump_{'tables' if only else 'schemas'}({what}, {target!r}, {options!r})", key, emit)
        return _fetch(server, target, folder, key, emit)


@contextmanager
def _scratch(server: Server) -> Iterator[str]:
    folder = f"/tmp/dfdev-dump-{os.urandom(6).hex()}"
    server.engine.exec(server.container, ["mkdir", folder], timeout=_SECONDS)
    try:
        yield folder
    finally:
        server.engine.exec(server.container, ["rm", "-rf", folder], timeout=_SECONDS)


def _put(server: Server, folder: Path, scratch: str, key: str, emit: Emit) -> None:
    files = dump_files(folder)
    done, total = 0, sum(path.stat().st_size for path in files)
    for path in files:
        data = path.read_bytes()
        server.engine.write_file(server.container, f"{scratch}/{path.name}", data, mode=0o644, uid=0, gid=0)
        done += len(data)
        emit(Progress(key, f"copied {pace_text(done, total, 0)}"))


def _fetch(server: Server, source: str, folder: Path, key: str, emit: Emit) -> int:
    names = server.engine.exec(server.container, ["ls", "-1", source], timeout=_SECONDS).output.splitlines()
    strange = next((name for name in names if not is_plain_name(name)), None)
    if strange is not None:
        raise DfdevError(f"the database's image names a file {strange!r} of the dump", "use another image of MySQL")
    done, part = 0, folder
    try:
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
        for name in names:
            data = server.engine.read_file(server.container, f"{source}/{name}")
            with os.fdopen(os.open(part / name, _NEW, 0o600), "wb") as file:
                file.write(data)
            done += len(data)
            emit(Progress(key, f"copied {size_text(done)}"))
        part.replace(folder)
    except OSError as error:
        raise DfdevError(f"cannot write {folder}: {error.strerror}", "name another folder, or make room") from error
    finally:
        if part != folder:
            shutil.rmtree(part, ignore_errors=True)
    return done


def is_plain_name(text: str) -> bool:
    """Of a file that a container tells of: a name, and no way to another folder."""
    return text not in ("", ".", "..") and not any(c in text for c in "/\\\0")


def _run(server: Server, statement: str, key: str, emit: Emit) -> None:
    said = bytearray()

    def take(piece: bytes) -> None:
        said.extend(piece)
        lines = _lines(said)
        if lines:
            emit(Progress(key, lines[-1][:90]))

    script = f"{_NO_STORE}\nshell.connect({dict(server.login)!r})\n{statement}\n"
    ran = server.engine.pipe(server.container, ["sh", "-c", _RUN], feed=[script.encode()], take=take)
    if ran.exit_code == _NO_SHELL:
        raise DfdevError("there is no mysqlsh in the database's image", "`base` under [mysql]: mysql:8.4 has it")
    if ran.exit_code:
        lines = _lines(said)
        words = lines[-1] if lines else f"exit code {ran.exit_code}"
        raise DfdevError(f"mysqlsh: {words}", "mend that, and try again", details=tuple(lines[-6:-1]))


def _lines(said: bytearray) -> list[str]:
    """Without what Python and the locale have to say."""
    lines = (line.strip() for line in said.decode("utf-8", "replace").splitlines())
    return [line for line in lines if line and not line.startswith(_NOISE)]
