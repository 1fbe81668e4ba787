"""Looking at the engine: `protocol.Reader` over the wire."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, cast

from dfdev.core.observed import Container, EngineInfo, Network
from dfdev.engine import parse, tar
from dfdev.engine.wire import Wire
from dfdev.errors import EngineError, NotFound


class WireReader:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def info(self) -> EngineInfo:
        item = cast(parse.Json, self._wire.get("/info", "asking the engine who it is"))
        local = self._wire.endpoint.scheme == "unix" and sys.platform == "linux"
        host = os.uname()
        api = "{}.{}".format(*self._wire.api)
        return parse.engine_info(item, api, local=local, hostname=host.nodename, kernel=host.release)

    def containers(self) -> list[Container]:
        items = self._wire.get("/containers/json", "listing the containers", all="1")
        return [parse.listed(item) for item in cast(list[parse.Json], items)]

    def container(self, id: str) -> Container:
        item = self._wire.get(f"/containers/{id}/json", f"looking at container {_short(id)}")
        return parse.inspected(cast(parse.Json, item))

    def networks(self, name: str) -> list[Network]:
        """The engine's filter finds names that contain the text, and takes it as a pattern; hence once more here."""
        items = self._wire.get("/networks", "listing the networks", filters=f'{{"name":["{name}"]}}')
        return [parse.network(item) for item in cast(list[parse.Json], items) if item["Name"] == name]

    def image_id(self, ref: str) -> str | None:
        try:
            return str(self._image(ref)["Id"])
        except NotFound:
            return None

    def image_labels(self, ref: str) -> Mapping[str, str]:
        labels = (self._image(ref).get("Config") or {}).get("Labels") or {}
        return cast(Mapping[str, str], labels)

    def read_file(self, container: str, path: str) -> bytes:
        archive = f"/containers/{container}/archive"
        answer = self._wire.call("GET", archive, f"reading {path} in container {_short(container)}", {"path": path})
        content = tar.unpack(answer.body)
        if content is None:
            raise EngineError(f"{path} in container {_short(container)} is not a regular file")
        return content

    def write_file(self, container: str, path: str, data: bytes, *, mode: int, uid: int, gid: int) -> None:
        folder, _, name = path.rpartition("/")
        self._wire.call(
            "PUT",
            f"/containers/{container}/archive",
            f"writing {path} in container {_short(container)}",
            {"path": folder or "/"},
            body=tar.pack(name, data, mode=mode, uid=uid, gid=gid),
            content_type="application/x-tar",
        )

    def close(self) -> None:
        self._wire.close()

    def _image(self, ref: str) -> dict[str, Any]:
        return cast(dict[str, Any], self._wire.get(f"/images/{ref}/json", f"looking at image {ref}"))


def _short(id: str) -> str:
    return id[:12] if len(id) == 64 else id
