"""Looking at the engine: `protocol.Reader` over the wire."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any, cast

from dfdev.core.clock import SECOND, Exchange, plausible, stamp_of, stamp_of_date
from dfdev.core.observed import Container, EngineInfo, Network, Volume
from dfdev.engine import parse, tar
from dfdev.engine.protocol import Image
from dfdev.engine.wire import Answer, Wire
from dfdev.errors import EngineError, NotFound


class WireReader:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def info(self) -> EngineInfo:
        answer, item = self._wire.ask("/info", "asking the engine who it is")
        local = self._wire.endpoint.scheme == "unix" and sys.platform == "linux"
        host = os.uname()
        api = "{}.{}".format(*self._wire.api)
        return parse.engine_info(
            item, api, local=local, hostname=host.nodename, kernel=host.release, clock=info_clock(answer, item)
        )

    def date(self, seconds: float | None = None) -> Exchange | None:
        answer = self._wire.ping(seconds)
        stamp = stamp_of_date(answer.headers.get("date", ""))
        return None if stamp is None else _exchange(answer, stamp, SECOND)

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

    def images(self) -> list[str]:
        items = cast(list[parse.Json], self._wire.get("/images/json", "listing the images"))
        tagged = (tag for item in items for tag in item.get("RepoTags") or ())
        return [tag for tag in tagged if not tag.startswith("<none>")]

    def image_labels(self, ref: str) -> Mapping[str, str]:
        labels = (self._image(ref).get("Config") or {}).get("Labels") or {}
        return cast(Mapping[str, str], labels)

    def image(self, ref: str) -> Image:
        return parse.image(self._image(ref))

    def labelled_images(self, label: str) -> list[Image]:
        filters = json.dumps({"label": [label]})
        items = cast(list[parse.Json], self._wire.get("/images/json", "listing the images", filters=filters))
        return sorted((parse.listed_image(item) for item in items), key=lambda found: -found.created)

    def volumes(self, label: str) -> list[Volume]:
        filters = json.dumps({"label": [label]})
        found = cast(parse.Json, self._wire.get("/volumes", "listing the volumes", filters=filters))
        return [Volume(item["Name"], item.get("Labels") or {}) for item in found.get("Volumes") or ()]

    def written(self, container: str) -> int:
        doing = f"looking at container {_short(container)}"
        item = cast(parse.Json, self._wire.get(f"/containers/{container}/json", doing, size="1"))
        return int(cast(int, item.get("SizeRw") or 0))

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


def info_clock(answer: Answer, item: parse.Json) -> Exchange | None:
    """What an answer to `/info` says of the engine's clock; None when it does not, or when its stamp is not its own."""
    stamp = stamp_of(str(item.get("SystemTime") or ""))
    if stamp is None:
        return None
    found = _exchange(answer, stamp)
    return found if plausible(found, stamp_of_date(answer.headers.get("date", ""))) else None


def _exchange(answer: Answer, stamp: int, grain: int = 1) -> Exchange:
    return Exchange(answer.asked, answer.answered, answer.took, stamp, grain)


def _short(id: str) -> str:
    return id[:12] if len(id) == 64 else id
