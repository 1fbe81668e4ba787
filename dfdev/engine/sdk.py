"""Acting on the engine through the docker SDK. Only what changes something: looking goes over the wire."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from docker.errors import APIError
from docker.errors import NotFound as Gone

from dfdev.engine.client import Client
from dfdev.engine.files import archive
from dfdev.engine.progress import ProgressError, follow, unknown, unreachable
from dfdev.engine.protocol import ContainerSpec, OnLine
from dfdev.engine.spec import create_body
from dfdev.errors import EngineError, EngineHung, NotFound

_PULL = 60.0
"""Seconds between two pieces of a pull's progress."""
_BUILD = 900.0
"""Between two lines of a build: a step may be silent for long."""
_IMPORT = 300.0
_CREATE = 120.0
"""The first use of a volume copies the image's files into it."""
_START, _REMOVE = 60.0, 60.0


class SdkActor:
    """`timeout`: seconds for calls that do no work to speak of."""

    def __init__(self, client: Client, api: tuple[int, int], timeout: float) -> None:
        self._client = client
        self._api = api
        self._timeout = timeout

    def pull(self, ref: str, on_line: OnLine) -> None:
        try:
            with self._client.patient(f"pulling {ref}", _PULL):
                follow(self._client.pull(ref, stream=True, decode=True), on_line)
        except ProgressError as failed:
            raise _no_image(ref, str(failed)) from failed
        except EngineHung:
            raise
        except EngineError as error:
            if unreachable(error.message) or unknown(error.message):
                raise _no_image(ref, error.message.removeprefix(f"pulling {ref}: ")) from error
            raise

    def create_network(self, name: str, labels: Mapping[str, str]) -> str:
        with self._client.patient(f"creating network {name}", self._timeout + _START):
            made = self._client.create_network(name, driver="bridge", labels=dict(labels), check_duplicate=True)
        return str(made["Id"])

    def remove_network(self, id: str) -> None:
        with self._client.patient(f"removing network {id[:12]}", self._timeout + _START):
            _unless_gone(self._client.remove_network, id)

    def connect(self, container: str, network: str, alias: str) -> None:
        with self._client.patient(f"connecting {container[:12]} to {network}", self._timeout):
            attached = self._client.inspect_container(container)["NetworkSettings"]["Networks"]
            if network in attached:
                self._client.disconnect_container_from_network(container, network, force=True)
            self._client.connect_container_to_network(container, network, aliases=[alias])

    def create(self, spec: ContainerSpec) -> str:
        with self._client.patient(f"creating {spec.name}", _CREATE):
            made = cast(Any, self._client).create_container_from_config(create_body(spec, self._api), spec.name)
        id = str(made["Id"])
        try:
            self._put_files(id, spec)
        except BaseException:
            self.remove(id)
            raise
        return id

    def start(self, id: str) -> None:
        with self._client.patient(f"starting {id[:12]}", _START):
            self._client.start(id)

    def unpause(self, id: str) -> None:
        with self._client.patient(f"unpausing {id[:12]}", self._timeout):
            self._client.unpause(id)

    def stop(self, id: str, seconds: int) -> None:
        with self._client.patient(f"stopping {id[:12]}", self._timeout + seconds):
            _unless_gone(self._client.stop, id, timeout=seconds)

    def remove(self, id: str) -> None:
        with self._client.patient(f"removing {id[:12]}", _REMOVE):
            try:
                _unless_gone(self._client.remove_container, id, v=True, force=True)
            except APIError as error:
                if error.status_code != 409 or "already in progress" not in str(error.explanation):
                    raise
                self._wait_until_gone(id)

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
            chunks = iter(lambda: stream.read(1 << 20), b"")  # requests would not chunk a file, and the SDK says that it does
            said = self._client.import_image_from_stream(chunks, repository=repository, tag=tag)
        return _imported(str(said), ref)

    def tag(self, source: str, ref: str) -> None:
        repository, _, tag = ref.rpartition(":")
        with self._client.patient(f"tagging {source} as {ref}", self._timeout):
            self._client.tag(source, repository, tag)

    def close(self) -> None:
        self._client.close()

    def _put_files(self, id: str, spec: ContainerSpec) -> None:
        if spec.service.files:
            with self._client.patient(f"putting files into {spec.name}", self._timeout):
                self._client.put_archive(id, "/", archive(spec.service.files))

    def _wait_until_gone(self, id: str) -> None:
        """Somebody else removes it at this moment."""
        end = time.monotonic() + _REMOVE
        while time.monotonic() < end:
            try:
                self._client.inspect_container(id)
            except Gone:
                return
            time.sleep(0.05)
        raise TimeoutError


def _unless_gone(call: Any, *args: Any, **kwargs: Any) -> None:
    try:
        call(*args, **kwargs)
    except Gone:
        return


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
