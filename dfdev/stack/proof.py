"""Proving mounts: a fresh nonce goes in on one side and is found on the other, through the container's own mount.

`code`: written on the host, read through the container. `logs`: written through the container, read on the host.
`beside`: whatever else of DFHOME is there, which may be nobody's to write to; only asked whether it was replaced.
The archive API does it, also in an image without a shell; what it cannot see is looked for in `stale`. Where a
container has both, one call proves both: a fresh link in the code folder leads to the log folder, and a probe written
through the container by way of that link must arrive on the host. If it does not, each is asked by itself, to say why.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from dfdev.core.desired import Mount
from dfdev.core.frozen import dataclass
from dfdev.core.typed import typed
from dfdev.engine.protocol import Engine, Reader
from dfdev.errors import DfdevError, EngineAbsent, EngineError, EngineHung
from dfdev.stack.stale import replaced
from dfdev.system.parallel import spread
from dfdev.workspace.regular import read_regular

PREFIX = ".dfdev-proof-"
_NO_LOOK = (EngineAbsent, EngineHung)
"""An engine that does not answer, as in a sleep, has shown nothing of its mounts."""
_WORKERS = 4
_PAGE = 4096
_STALE = 300.0
"""Seconds after which a probe left by a killed command is cleaned up."""


@dataclass(frozen=True)
class Target:
    """A mount of a running container that is to be proven."""

    service: str
    container: str
    mount: Mount
    made_on: str = ""
    """Identity of the folder that the container was made on, "" when it has just been started."""


@dataclass(frozen=True)
class Proof:
    target: Target
    missing: str = ""
    """Why it is not proven, "" when it is."""
    outside: bool = False
    """The folder leads outside DFHOME: it was not even tried."""

    @property
    def proven(self) -> bool:
        return not self.missing


def prove(engine: Engine, targets: Iterable[Target]) -> list[Proof]:
    """All at once. Probes are removed again, also those that a killed command left behind."""
    todo = [t for t in targets if t.mount.of_host]
    by_container: dict[str, list[Target]] = {}
    for target in todo:
        by_container.setdefault(target.container, []).append(target)
    try:
        found = spread(lambda group: _prove_one(engine, group), by_container.values(), workers=_WORKERS)
        return [proof for proofs in found for proof in proofs]
    finally:
        for folder in {t.mount.source for t in todo}:
            sweep(folder)


def _prove_one(engine: Engine, targets: Sequence[Target]) -> list[Proof]:
    """The mounts of one container."""
    code = next((t for t in targets if t.mount.role == "code"), None)
    logs = next((t for t in targets if t.mount.role == "logs"), None)
    both = code is not None and logs is not None and _cross(engine, code, logs.mount)
    return [Proof(t, _check(engine, t, known=both and (t is code or t is logs))) for t in targets]


def _cross(engine: Engine, code: Target, logs: Mount) -> bool:
    """Whether a probe goes from the container by way of the code folder into the log folder of the host."""
    name, text = _nonce()
    link, arrived = Path(f"{code.mount.source}/{name}"), Path(f"{logs.source}/{name}")
    inside = f"{code.mount.target.rstrip('/')}/{name}/{name}"
    try:
        link.symlink_to(logs.target)
        _write(engine, code.container, inside, text)
        if read_regular(arrived, _PAGE) == text.encode():
            return True
    except (OSError, EngineError):
        _take_back(engine, code.container, inside)
    finally:
        _remove(arrived, link)
    return False


def must_hold(proofs: Sequence[Proof], home: str, *, started_before: bool = False) -> None:
    """DfdevError naming every mount that is not what it should be.

    `started_before`: the containers ran already; the folder may have been replaced under them.
    """
    wrong = [p for p in proofs if not p.proven]
    if not wrong:
        return
    lines = tuple(f"{p.target.service}: {p.target.mount.target} {_wrong(p)}" for p in wrong)
    share = (
        f"the Docker VM must share {home}: add it to the shared folders of your Docker product, then `dfdev restart`"
    )
    services = list(dict.fromkeys(p.target.service for p in wrong))
    if any(p.outside for p in wrong):
        raise DfdevError(
            lines[0],
            f"`dfdev down` ends it; `{typed('dfdev up', *services)}` says what would allow it",
            details=lines[1:],
        )
    again = f"`{typed('dfdev restart', *services)}` mounts it afresh; if that does not help, {share}"
    raise DfdevError(lines[0], again if started_before else share, details=lines[1:])


def _wrong(proof: Proof) -> str:
    return f"is {proof.missing}" if proof.outside else f"is not {proof.target.mount.source}: {proof.missing}"


def _check(engine: Engine, target: Target, *, known: bool) -> str:
    """What is wrong, "" when nothing is. `known`: the archive API has found it right already."""
    try:
        missing = "" if known else _check_alone(engine, target)
        return missing or replaced(engine, target.container, target.mount, target.made_on, PREFIX)
    except _NO_LOOK:
        raise
    except DfdevError as error:
        return error.message
    except OSError as error:
        return "" if target.mount.role == "beside" else f"cannot write a probe into it: {error.strerror}"


def _check_alone(engine: Engine, target: Target) -> str:
    if target.mount.role == "beside":
        return ""
    return _check_code(engine, target) if target.mount.role == "code" else _check_logs(engine, target)


def _check_code(engine: Reader, target: Target) -> str:
    name, text = _nonce()
    file = Path(target.mount.source) / name
    try:
        _put(file, text)
        found = engine.read_file(target.container, f"{target.mount.target.rstrip('/')}/{name}")
    except OSError as error:
        return f"cannot write a probe into it: {error.strerror}"
    except _NO_LOOK:
        raise
    except EngineError as error:
        return f"a file written on the host is not there ({error.message})"
    finally:
        _remove(file)
    return "" if found == text.encode() else "the container sees other content than the host wrote"


def _check_logs(engine: Engine, target: Target) -> str:
    name, text = _nonce()
    outside = Path(target.mount.source) / name
    inside = f"{target.mount.target.rstrip('/')}/{name}"
    _write(engine, target.container, inside, text)
    try:
        same = read_regular(outside, _PAGE) == text.encode()
        return "" if same else "the host sees other content than the container wrote"
    except OSError:
        _take_back(engine, target.container, inside)
        return "a file written in the container does not arrive on the host"
    finally:
        _remove(outside)


def _put(file: Path, text: str) -> None:
    """A new one: nothing that lies there by that name is written to."""
    with file.open("x") as stream:
        stream.write(text)


def _remove(*paths: Path) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _nonce() -> tuple[str, str]:
    """A file name and a content that nobody can have seen before."""
    text = os.urandom(16).hex()
    return f"{PREFIX}{text[:12]}", text


def _write(engine: Reader, container: str, path: str, text: str) -> None:
    engine.write_file(container, path, text.encode(), mode=0o644, uid=os.getuid(), gid=os.getgid())


def _take_back(engine: Engine, container: str, path: str) -> None:
    """The probe landed in some other folder: remove it there, as far as the image has an `rm`."""
    with contextlib.suppress(EngineError):
        engine.exec(container, ["rm", "-f", path], timeout=5)


def sweep(folder: str) -> None:
    """Remove probes that a killed command left behind."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for probe in [entry for entry in entries if entry.name.startswith(PREFIX)]:
            with contextlib.suppress(OSError):
                if time.time() - probe.stat(follow_symlinks=False).st_mtime > _STALE:
                    Path(probe).unlink(missing_ok=True)
