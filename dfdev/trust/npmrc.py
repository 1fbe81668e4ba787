"""What npm is told of registries on this host, less what is about this host: for a file of mode 0600 or a build's
secret, never for a variable, a label or an argument. It may hold tokens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from dfdev.trust.proxies import to_host

_KEY = re.compile(
    r"registry|@[^/:=\s]+:registry|//[^=\s]+:(_authToken|_auth|username|_password|always-auth|email)|always-auth|strict-ssl"
)
_VARIABLE = re.compile(r"(?<!\\)\$\{([^}]+)\}")
_CONFIG = "npm_config_"


def npmrc(environ: Mapping[str, str], host: str = "") -> bytes:
    """`~/.npmrc`'s lines about registries, and `npm_config_registry`, which wins; b"" without any.

    `${NAME}` is filled in as npm does it: the variable is this host's. A registry on this host's loopback is at
    `host`; where that is "", it is left out.
    """
    lines = [*_lines(_user_file(environ), environ)]
    named = registry(environ)
    if named:
        lines = [(key, value) for key, value in lines if key != "registry"] + [("registry", named)]
    moved = [_moved(key, value, host) for key, value in lines]
    return "".join(f"{key}={value}\n" for key, value in moved if value).encode()


def tokens(environ: Mapping[str, str]) -> list[str]:
    """What in `~/.npmrc` lets somebody in."""
    return [
        value
        for key, value in _lines(_user_file(environ), environ)
        if key.endswith((":_authToken", ":_auth", ":_password"))
    ]


def registry(environ: Mapping[str, str]) -> str:
    """`npm_config_registry`, whose name npm takes in any case."""
    return next((value for name, value in environ.items() if name.lower() == f"{_CONFIG}registry" and value), "")


def plain_registry(environ: Mapping[str, str]) -> str:
    """The same for an argument of a build: "" where it has a password in it, or is on this host's loopback."""
    named = to_host(registry(environ), "")
    return "" if not named or urlsplit(named).username else named


def has_secrets(npmrc: bytes) -> bool:
    """Whether a build without it would be refused."""
    return re.search(rb"(?m)^//[^=]+:(_authToken|_auth|_password)=", npmrc) is not None


def _user_file(environ: Mapping[str, str]) -> str:
    named = next((value for name, value in environ.items() if name.lower() == f"{_CONFIG}userconfig" and value), "")
    try:
        return Path(named or Path(environ.get("HOME", "/")) / ".npmrc").read_text("utf-8", "replace")
    except OSError:
        return ""


def _lines(text: str, environ: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for line in text.splitlines():
        key, equals, value = (part.strip() for part in line.partition("="))
        if equals and _KEY.fullmatch(key):
            found.append((key, _VARIABLE.sub(lambda match: environ.get(match[1], match[0]), value.strip("\"'"))))
    return found


def _moved(key: str, value: str, host: str) -> tuple[str, str]:
    if key.endswith("registry"):
        return key, to_host(value, host)
    return (to_host(key, host), value) if key.startswith("//") and host else (key, value)
