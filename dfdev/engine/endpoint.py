"""Which engine: the docker CLI's own order, so that dfdev and `docker` never talk to different engines.

`DOCKER_HOST` > `DOCKER_CONTEXT` > `currentContext` in config.json > the default socket; an unknown context is an
error. Source: docker/cli cli/command/cli.go, resolveContextName.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.core.typed import typed
from dfdev.engine import contexts
from dfdev.errors import EngineAbsent, EngineError, EngineHung

DEFAULT_HOST = "unix:///var/run/docker.sock"
_LOOPBACK = "127.0.0.1"
_CERTS = "set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem"
_NOWHERE = "unix:///nowhere"
_SCHEMES = ("unix", "tcp", "ssh")


@dataclass(frozen=True)
class Tls:
    """Paths of PEM files. `verify` off: any certificate of the engine is accepted."""

    folder: str
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    verify: bool = True


@dataclass(frozen=True)
class Missing:
    """Why there is no address, and what to type. `hangs`: the machine runs, and does not answer."""

    message: str
    hint: str
    hangs: bool = False


@dataclass(frozen=True)
class Endpoint:
    """`host`: URL as in DOCKER_HOST. `source`: the rule that won, in words. `context`: its docker context, if any.

    `missing`: of a machine that has no address now; `host` leads nowhere then, so that nobody answers in its place.
    """

    host: str
    source: str
    tls: Tls | None = None
    context: str = ""
    missing: Missing | None = None

    def __str__(self) -> str:
        return self.missing.message if self.missing else f"{self.host} ({self.source})"

    @property
    def shown(self) -> str:
        """For people and scripts: "" where there is no address."""
        return "" if self.missing else self.host

    def must_be_there(self) -> None:
        """EngineAbsent, EngineHung: there is no address."""
        if self.missing is not None:
            kind = EngineHung if self.missing.hangs else EngineAbsent
            raise kind(self.missing.message, self.missing.hint)

    @property
    def scheme(self) -> str:
        return self.host.partition("://")[0]

    @property
    def path(self) -> str:
        """Of the Unix socket."""
        return self.host.partition("://")[2]

    @property
    def name_and_port(self) -> tuple[str, int]:
        """Of a tcp endpoint; the port defaults to 2376 with TLS, 2375 without."""
        name, port = _split(self.path.partition("/")[0])
        return name or _LOOPBACK, int(port or (2376 if self.tls else 2375))

    @property
    def ssh_target(self) -> tuple[str, str]:
        """Of an ssh endpoint, as ssh takes them: `USER@HOST` (an IPv6 address without brackets) and the port or ""."""
        user, at, host = self.path.partition("/")[0].rpartition("@")
        name, port = _split(host)
        return f"{user}{at}{name}", port

    @property
    def address(self) -> str:
        """Where published ports can be reached from this host."""
        if self.scheme == "unix":
            return _LOOPBACK
        name = _split(self.path.partition("/")[0].rpartition("@")[2])[0]
        return _LOOPBACK if name in ("", "localhost", "::1") else name

    def docker_environ(self) -> dict[str, str]:
        """Variables for a `docker` child process. Empty ones switch off what the child would inherit."""
        tls = self.tls
        return {
            "DOCKER_HOST": self.host,
            "DOCKER_CONTEXT": "",
            "DOCKER_TLS": "1" if tls and not tls.verify else "",
            "DOCKER_TLS_VERIFY": "1" if tls and tls.verify else "",
            "DOCKER_CERT_PATH": tls.folder if tls else "",
        }


def resolve(environ: Mapping[str, str], home_dir: Path | None = None) -> Endpoint:
    """The endpoint that `docker` itself would use. EngineError: unknown context, broken config.json, no CA."""
    home = home_dir or Path(environ.get("HOME") or Path.home())
    config_dir = Path(environ.get("DOCKER_CONFIG") or home / ".docker")
    host = environ.get("DOCKER_HOST", "").strip()
    if host:
        return _default_context(host, "DOCKER_HOST", environ, config_dir)
    name, rule = environ.get("DOCKER_CONTEXT", ""), "DOCKER_CONTEXT"
    if not name:
        name, rule = contexts.current(config_dir), "currentContext in config.json"
    if name in ("", "default"):
        return Endpoint(DEFAULT_HOST, "default socket")
    return _context(name, rule, config_dir)


def at(host: str, source: str, certs: str = "") -> Endpoint:
    """The endpoint of a machine that was chosen otherwise. `certs`: folder of its TLS files. EngineError."""
    return Endpoint(_url(host, source), source, _tls(Path(certs), True) if certs else None)


def nowhere(source: str, missing: Missing) -> Endpoint:
    return Endpoint(_NOWHERE, source, missing=missing)


def _default_context(host: str, source: str, environ: Mapping[str, str], config_dir: Path) -> Endpoint:
    """The variables of the boot2docker era: any value switches TLS on, as in the docker CLI."""
    url = _url(host, source)
    verify = bool(environ.get("DOCKER_TLS_VERIFY"))
    if not url.startswith("tcp:") or not (verify or environ.get("DOCKER_TLS")):
        return Endpoint(url, source)
    given = environ.get("DOCKER_CERT_PATH", "")
    folder = Path(given or config_dir)
    if given and not _is_folder(folder):
        raise EngineError(f"DOCKER_CERT_PATH names {folder}, and there is no such folder", _CERTS)
    tls = _tls(folder, verify)
    if verify and tls.ca is None:
        raise EngineError(
            f"DOCKER_TLS_VERIFY is set, but there is no {folder / 'ca.pem'}",
            _CERTS,
        )
    return Endpoint(url, source, tls)


def _context(name: str, rule: str, config_dir: Path) -> Endpoint:
    docker = contexts.docker_endpoint(config_dir, name, rule)
    source = f"context {name} ({rule})"
    url = _url(str(docker.get("Host") or DEFAULT_HOST), source)
    tls = _tls(contexts.tls_folder(config_dir, name), not docker.get("SkipTLSVerify"))
    has_tls = url.startswith("tcp:") and (tls.ca or tls.cert)
    return Endpoint(url, source, tls if has_tls else None, name)


def _tls(folder: Path, verify: bool) -> Tls:
    """EngineError: the folder may not be entered, or one of a pair is missing."""
    files = [folder / f"{name}.pem" for name in ("ca", "cert", "key")]
    ca, cert, key = (str(file) if _is_file(file) else None for file in files)
    if bool(cert) != bool(key):
        there, missing = ("cert.pem", "key.pem") if cert else ("key.pem", "cert.pem")
        raise EngineError(f"{folder} has a {there} and no {missing}: the engine knows us by both", _CERTS)
    return Tls(str(folder), ca, cert, key, verify)


def _is_file(path: Path) -> bool:
    return stat.S_ISREG(_mode(path))


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(_mode(path))


def _mode(path: Path) -> int:
    """0 where nothing is. By stat: from Python 3.14 on, pathlib's questions say no to what may not be looked at."""
    with _looked_for(path):
        try:
            return path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return 0


@contextmanager
def _looked_for(path: Path) -> Iterator[None]:
    """EngineError: the folder that it is in may not be entered."""
    try:
        yield
    except OSError as error:
        hint = f"`{typed('ls -ld', path.parent)}` shows whose folder it is in"
        raise EngineError(f"cannot look for {path}: {error.strerror}", hint) from error


def _url(host: str, source: str) -> str:
    """A URL of a scheme that we speak; `HOST:PORT` alone means tcp. EngineError."""
    url = host if "://" in host else f"tcp://{host}"
    scheme, _, rest = url.partition("://")
    named = rest.partition("/")[0]
    port = _split(named.rpartition("@")[2] if scheme == "ssh" else named)[1] if scheme != "unix" else ""
    if scheme not in _SCHEMES or not rest or not (port == "" or port.isdecimal()):
        raise EngineError(
            f"{source} names {host}, which is no address of an engine",
            "it looks like unix:///var/run/docker.sock, tcp://HOST:2376 or ssh://USER@HOST",
        )
    return url


def _split(authority: str) -> tuple[str, str]:
    """`host:port` or `[v6]:port` in two parts."""
    if authority.startswith("["):
        name, _, rest = authority[1:].partition("]")
        return name, rest.removeprefix(":")
    name, _, port = authority.partition(":")
    return name, port
