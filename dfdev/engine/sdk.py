"""Images through the docker SDK: it knows credential helpers, build contexts and .dockerignore."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from dfdev.engine.client import Client
from dfdev.engine.errors import CredentialsError
from dfdev.engine.progress import ProgressError, follow, unknown, unreachable
from dfdev.engine.protocol import OnLine
from dfdev.errors import EngineError, EngineHung, NotFound

_PULL = 60.0
"""Seconds between two pieces of a pull's progress."""
_BUILD = 900.0
"""Between two lines of a build: a step may be silent for long."""
_IMPORT = 300.0


class SdkImages:
    def __init__(self, client: Client) -> None:
        self._client = client

    def pull(self, ref: str, on_line: OnLine) -> None:
        """A credential helper that fails is no reason yet: docker itself then asks without a password."""
        try:
            self._pull(ref, None, on_line)
        except CredentialsError as why:
            on_line(f"{why.message}; trying without one")
            try:
                self._pull(ref, {}, on_line)
            except NotFound as error:
                raise NotFound(error.message, why.hint, details=(why.message,)) from error

    def _pull(self, ref: str, auth: dict[str, str] | None, on_line: OnLine) -> None:
        try:
            with self._client.patient(f"pulling {ref}", _PULL):
                follow(self._client.pull(ref, stream=True, decode=True, auth_config=auth), on_line)
        except ProgressError as failed:
            raise _no_image(ref, str(failed)) from failed
        except (EngineHung, CredentialsError):
            raise
        except EngineError as error:
            if unreachable(error.message) or unknown(error.message):
                raise _no_image(ref, error.message.removeprefix(f"pulling {ref}: ")) from error
            raise

    def build(
        self, context: Path, ref: str, *, args: Mapping[str, str], labels: Mapping[str, str], on_line: OnLine
    ) -> str:
        try:
            with self._client.patient(f"building {ref}", _BUILD):
                lines = self._client.build(
                    path=str(context),
                    tag=ref,
                    buildargs=dict(args),
                    labels=dict(labels),
                    rm=True,
                    forcerm=True,
                    decode=True,
                )
                return follow(lines, on_line)
        except ProgressError as failed:
            raise EngineError(f"building {ref}: {failed}", "mend the Dockerfile", details=failed.last) from failed

    def import_image(self, tar: Path, ref: str) -> str:
        repository, _, tag = ref.rpartition(":")
        with self._client.patient(f"importing {ref}", _IMPORT), tar.open("rb") as stream:
            # Given the file itself, requests does not chunk it, though the SDK's header says so.
            chunks = iter(lambda: stream.read(1 << 20), b"")
            said = self._client.import_image_from_stream(chunks, repository=repository, tag=tag)
        return _imported(str(said), ref)

    def close(self) -> None:
        self._client.close()


def _imported(said: str, ref: str) -> str:
    """The last line of progress holds the id, or what went wrong."""
    last = json.loads(said.strip().splitlines()[-1])
    if "error" in last:
        raise EngineError(f"importing {ref}: {last['error']}", "is the file a tar archive of a root file system?")
    return str(last["status"])


def _no_image(ref: str, text: str) -> NotFound:
    if unreachable(text):
        return NotFound(
            f"no registry answers for {ref}: {text}",
            "check the network and the registry, then try again; `dfdev images bootstrap` builds the built-in ones",
        )
    if "denied" in text or "unauthorized" in text:
        return NotFound(
            f"there is no image {ref}, or you may not pull it: {text}", "check its name, or `docker login` first"
        )
    return NotFound(f"there is no image {ref}: {text}", "check its name and tag in dfdev.toml")
