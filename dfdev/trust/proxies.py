"""The proxies of this host, for containers and builds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

HOST = "host.docker.internal"
"""This host, as a container is told of it."""
_NAMES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")
_BUILD = ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy")
_LOOPBACK = re.compile(r"^((?:(?:\w+:)?//)?(?:[^@/]*@)?)(?:localhost|127(?:\.\d+){3}|\[::1\])(?=[:/]|$)", re.IGNORECASE)
_LOCAL = ("localhost", "127.0.0.1", "::1")


def proxy_env(environ: Mapping[str, str], names: Iterable[str] = (), host: str = "") -> Mapping[str, str]:
    """Variables of a container, each in lower and upper case; {} without a proxy.

    `names`: the services that it reaches without one. A proxy on this host's loopback is `host` there, where the
    container knows this host by a name; else it is left out.
    """
    found = {name: to_host(_named(environ, name), host) for name in _NAMES[:-1]}
    set_ = {name: value for name, value in found.items() if value}
    if not set_:
        return {}
    without = [part.strip() for part in _named(environ, "no_proxy").split(",") if part.strip()]
    set_["no_proxy"] = ",".join(dict.fromkeys([*without, *_LOCAL, *names, *([host] if host else [])]))
    return {cased: value for name, value in set_.items() for cased in (name, name.upper())}


def proxy_args(environ: Mapping[str, str]) -> dict[str, str]:
    """Docker's predefined build arguments, which leave no trace in the image.

    A proxy on this machine's loopback is left out: a build cannot reach it.
    """
    named = {name: _named(environ, name) for name in _BUILD}
    return {name: value for name, value in named.items() if value and not _LOOPBACK.match(value)}


def to_host(url: str, host: str) -> str:
    """A URL or an address of this host's loopback as a container reaches it; "" where it has no name for this host."""
    if not _LOOPBACK.match(url):
        return url
    return _LOOPBACK.sub(rf"\g<1>{host}", url) if host else ""


def _named(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name) or environ.get(name.upper(), "")
