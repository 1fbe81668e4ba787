"""What this host itself trusts in: the files that its tools are told of, its own store, a Mac's keychains.

The Mac's side (`security find-certificate -a -p`) was written from Apple's manual page; only its output's shape and
the calls are tested, on other hosts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.errors import MachineError
from dfdev.system.commands import Commands
from dfdev.trust.der import facts
from dfdev.trust.pem import ders_in

VARIABLES = (
    "DFDEV_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "PIP_CERT",
)
"""Each names a file of certificates; a company's setup script sets some of them."""
_WHOLE = "SSL_CERT_FILE"
"""OpenSSL trusts in nothing else then."""
STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Debian, Fedora, RHEL, SUSE twice, Alpine. Source: Go, crypto/x509/root_linux.go."""
ROOTS = "/System/Library/Keychains/SystemRootCertificates.keychain"
KEYCHAINS = ("/Library/Keychains/System.keychain", "~/Library/Keychains/login.keychain-db")
_SECONDS = 20.0


@dataclass(frozen=True)
class Source:
    """A file, and why it counts. `keychain`: it has to be asked for by `security`. `store`: it is the host's own,
    which has the public CAs too.
    """

    path: str
    why: str
    keychain: bool = False
    store: bool = False

    def __str__(self) -> str:
        return f"{self.path} ({self.why})"


def sources(environ: Mapping[str, str], platform: str = sys.platform) -> tuple[Source, ...]:
    """Those that there are, each file once."""
    named = [Source(environ[name], name, store=name == _WHOLE) for name in VARIABLES if environ.get(name)]
    found: dict[str, Source] = {}
    for source in [*named, *_own(environ, platform)]:
        if Path(source.path).is_file():
            found.setdefault(os.path.realpath(source.path), source)
    own = {os.path.realpath(source.path) for source in _own(environ, platform)}
    return tuple(Source(s.path, s.why, s.keychain, s.store or path in own) for path, s in found.items())


def _own(environ: Mapping[str, str], platform: str) -> list[Source]:
    if platform == "darwin":
        home = environ.get("HOME", "")
        chains = [Source(path.replace("~", home), "keychain", keychain=True) for path in KEYCHAINS]
        return [Source(ROOTS, "keychain", keychain=True, store=True), *chains]
    first = next((path for path in STORES if Path(path).is_file()), "")
    return [Source(first, "this host's store", store=True)] if first else []


def read(source: Source, commands: Commands) -> tuple[bytes, ...]:
    """Its certificates as DER. One that cannot be read, or a keychain that does not answer, has none."""
    if source.keychain:
        return _keychain(source.path, commands)
    try:
        return ders_in(Path(source.path).read_bytes())
    except OSError:
        return ()


def _keychain(path: str, commands: Commands) -> tuple[bytes, ...]:
    try:
        ran = commands.run(["security", "find-certificate", "-a", "-p", path], timeout=_SECONDS)
    except MachineError:
        return ()
    return tuple(der for der in ders_in(ran.out.encode()) if path == ROOTS or _is_anchor(der))


def _is_anchor(der: bytes) -> bool:
    """A person's keychain also holds the certificates of servers, mail and developers."""
    try:
        return facts(der).ca
    except ValueError:
        return False
