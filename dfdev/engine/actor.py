"""Changing containers and networks, over the wire: each call has its own limit, and a hung engine is noticed early."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

from dfdev.engine.protocol import AS_IS, ContainerSpec, ImageConfig
from dfdev.engine.spec import commit_body, create_body
from dfdev.engine.wire import Wire
from dfdev.errors import Conflict, EngineHung, NotFound

_NETWORK, _START, _REMOVE = 60.0, 60.0, 60.0
_CREATE = 120.0
"""The first use of a volume copies the image's files into it."""
_COMMIT = 1800.0
"""Gigabytes are copied."""
_STOP = 30.0
"""On top of the time that the container has to leave."""


class WireActor:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def create_network(self, name: str, labels: Mapping[str, str]) -> str:
        body = {"Name": name, "Driver": "bridge", "Labels": dict(labels), "CheckDuplicate": True}
        made = self._wire.act("POST", "/networks/create", f"creating network {name}", _NETWORK, body=body)
        return str(cast(dict[str, Any], made)["Id"])

    def remove_network(self, id: str) -> None:
        self._unless_gone("DELETE", f"/networks/{id}", f"removing network {id[:12]}", _NETWORK)

    def connect(self, container: str, network: str, alias: str) -> None:
        doing = f"connecting {container[:12]} to {network}"
        about = cast(dict[str, Any], self._wire.get(f"/containers/{container}/json", doing))
        if network in about["NetworkSettings"]["Networks"]:
            leave = {"Container": container, "Force": True}
            self._wire.act("POST", f"/networks/{network}/disconnect", doing, _NETWORK, body=leave)
        join = {"Container": container, "EndpointConfig": {"Aliases": [alias]}}
        self._wire.act("POST", f"/networks/{network}/connect", doing, _NETWORK, body=join)

    def create(self, spec: ContainerSpec) -> str:
        body, query = create_body(spec, self._wire.api), {"name": spec.name}
        made = self._wire.act("POST", "/containers/create", f"creating {spec.name}", _CREATE, query=query, body=body)
        id = str(cast(dict[str, Any], made)["Id"])
        try:
            self._put_files(id, spec)
        except BaseException:
            self.remove(id, volumes=True)
            raise
        return id

    def start(self, id: str) -> None:
        self._wire.act("POST", f"/containers/{id}/start", f"starting {id[:12]}", _START)

    def unpause(self, id: str) -> None:
        self._wire.act("POST", f"/containers/{id}/unpause", f"unpausing {id[:12]}", _START)

    def rename(self, id: str, name: str) -> None:
        doing = f"renaming {id[:12]} to {name}"
        self._wire.act("POST", f"/containers/{id}/rename", doing, _START, query={"name": name})

    def stop(self, id: str, seconds: int) -> None:
        if seconds == 0:
            self._kill(id)
            return
        path, query = f"/containers/{id}/stop", {"t": str(seconds)}
        self._unless_gone("POST", path, f"stopping {id[:12]}", seconds + _STOP, query)

    def remove(self, id: str, *, volumes: bool = False) -> None:
        doing, query = f"removing {id[:12]}", {"force": "1", "v": "1" if volumes else "0"}
        try:
            self._unless_gone("DELETE", f"/containers/{id}", doing, _REMOVE, query)
        except Conflict as conflict:
            if "already in progress" not in conflict.message:
                raise
            self._wait_until_gone(id, doing)

    def remove_volume(self, name: str) -> None:
        self._unless_gone("DELETE", f"/volumes/{name}", f"removing volume {name}", _REMOVE)

    def tag(self, source: str, ref: str) -> None:
        repository, _, tag = ref.rpartition(":")
        query = {"repo": repository, "tag": tag}
        self._wire.call("POST", f"/images/{source}/tag", f"tagging {source} as {ref}", query)

    def commit(
        self,
        container: str,
        ref: str,
        *,
        labels: Mapping[str, str],
        config: ImageConfig = AS_IS,
        pause: bool = False,
        comment: str = "",
    ) -> str:
        repository, _, tag = ref.rpartition(":")
        query = {"container": container, "repo": repository, "tag": tag, "pause": "1" if pause else "0"}
        query |= {"comment": comment} if comment else {}
        doing = f"making {ref or 'an image'} of container {container[:12]}"
        made = self._wire.act("POST", "/commit", doing, _COMMIT, query=query, body=commit_body(labels, config))
        return str(cast(dict[str, Any], made)["Id"])

    def remove_image(self, ref: str) -> None:
        self._unless_gone("DELETE", f"/images/{ref}", f"removing image {ref}", _COMMIT)

    def _kill(self, id: str) -> None:
        """The engine waits for its end. (Told to stop within 0 s it sends the signal for a clean end first.)"""
        with suppress(Conflict):
            self._unless_gone("POST", f"/containers/{id}/kill", f"killing {id[:12]}", _STOP, {"signal": "KILL"})

    def _put_files(self, id: str, spec: ContainerSpec) -> None:
        if not spec.service.files:
            return
        from dfdev.engine.files import archive

        self._wire.call(
            "PUT",
            f"/containers/{id}/archive",
            f"putting files into {spec.name}",
            {"path": "/"},
            body=archive(spec.service.files),
            content_type="application/x-tar",
        )

    def _unless_gone(
        self, method: str, path: str, doing: str, seconds: float, query: Mapping[str, str] | None = None
    ) -> None:
        try:
            self._wire.act(method, path, doing, seconds, query=query)
        except NotFound:
            return

    def _wait_until_gone(self, id: str, doing: str) -> None:
        """Somebody else removes it at this moment."""
        end = time.monotonic() + _REMOVE
        while time.monotonic() < end:
            try:
                self._wire.get(f"/containers/{id}/json", doing)
            except NotFound:
                return
            time.sleep(0.05)
        raise EngineHung(f"{doing}: the engine does not finish it", "`docker ps -a` shows its state")
