"""The docker SDK's client with our deadlines, our TLS and no detours. Importing this imports docker (120 ms)."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from docker import APIClient
from docker.tls import TLSConfig
from requests import Response
from requests.adapters import HTTPAdapter
from urllib3 import disable_warnings
from urllib3.exceptions import InsecureRequestWarning

from dfdev.engine.dial import tls_context
from dfdev.engine.endpoint import Endpoint, Tls
from dfdev.engine.errors import translated
from dfdev.errors import EngineError

_POOL = 32
"""Kept connections; beyond it urllib3 complains to stderr."""


class Client(APIClient):
    """Every request ends: the SDK itself waits for a pull or an import without limit."""

    def __init__(self, endpoint: Endpoint, api: str, timeout: float) -> None:
        self._endpoint = endpoint
        self._default = timeout
        self._now = threading.local()
        super().__init__(
            base_url=endpoint.host,
            version=api,
            tls=_tls(endpoint.tls),
            use_ssh_client=endpoint.scheme == "ssh",
            max_pool_size=_POOL,
        )
        # A proxy or a CA bundle of the environment is for the internet, not for the engine.
        self.trust_env = False
        if endpoint.tls is not None:
            self.mount("https://", _TlsAdapter(endpoint.tls))

    @contextmanager
    def patient(self, doing: str, seconds: float) -> Iterator[None]:
        """Calls inside wait `seconds` for each piece of the answer, and fail in our words."""
        self._now.seconds = seconds
        try:
            with translated(self._endpoint, doing, seconds):
                yield
        finally:
            self._now.seconds = self._default

    def request(self, *args: Any, **kwargs: Any) -> Response:
        kwargs["timeout"] = getattr(self._now, "seconds", self._default)
        return super().request(*args, **kwargs)


def connect(endpoint: Endpoint, api: str, timeout: float) -> Client:
    """No call is made: the version is known. EngineError for ssh:// without paramiko."""
    if endpoint.scheme == "ssh" and not _has_paramiko():
        raise EngineError(f"the engine at {endpoint} needs paramiko to change anything", "pip install 'dfdev[ssh]'")
    # Its own error says the same, and says it once.
    warnings.filterwarnings("ignore", message="docker-credential-.* not installed", category=UserWarning)
    if endpoint.tls is not None and not endpoint.tls.verify:
        disable_warnings(InsecureRequestWarning)
    with translated(endpoint, "preparing the docker SDK", timeout):
        return Client(endpoint, api, timeout)


class _TlsAdapter(HTTPAdapter):
    def __init__(self, tls: Tls) -> None:
        self._tls = tls
        super().__init__(pool_maxsize=_POOL)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=tls_context(self._tls), **kwargs)


def _tls(tls: Tls | None) -> TLSConfig | bool:
    if tls is None:
        return False
    pair = (tls.cert, tls.key) if tls.cert and tls.key else None
    return TLSConfig(client_cert=pair, ca_cert=tls.ca, verify=tls.verify)


def _has_paramiko() -> bool:
    from importlib.util import find_spec

    return find_spec("paramiko") is not None
