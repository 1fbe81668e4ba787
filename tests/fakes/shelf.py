"""The images of the engine in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path

from dfdev.engine.protocol import Image
from dfdev.errors import EngineError, NotFound

_NAMELESS = "<none>@"


class Shelf:
    """`ids`: reference -> id; an id without a reference left is gone. Real engines take an id for a reference too."""

    def __init__(self, ids: Mapping[str, str]) -> None:
        self.ids = dict(ids)
        self._volumes: dict[str, tuple[str, ...]] = {}
        """Id -> paths that it declares."""
        self._comments: dict[str, str] = {}
        self._labels: dict[str, Mapping[str, str]] = {}
        """Id -> labels."""
        self._numbers = count(1)

    def id_of(self, ref: str) -> str | None:
        return self.ids.get(ref) or (ref if ref in self.ids.values() else None)

    def labels(self, ref: str) -> Mapping[str, str]:
        return self._labels.get(self._must(ref), {})

    def image(self, ref: str) -> Image:
        id = self._must(ref)
        refs = tuple(r for r, other in self.ids.items() if other == id and not r.startswith(_NAMELESS))
        volumes, comment = self._volumes.get(id, ()), self._comments.get(id, "")
        return Image(id, refs, self.labels(id), 1000, _made(id), (id,), volumes, comment)

    def labelled(self, label: str) -> list[Image]:
        name, _, value = label.partition("=")
        found = [replace(self.image(id), volumes=(), comment="") for id in dict.fromkeys(self.ids.values())]
        fitting = [i for i in found if name in i.labels and value in ("", i.labels[name])]
        return sorted(fitting, key=lambda i: -i.created)

    def put(self, ref: str, id: str, labels: Mapping[str, str]) -> str:
        """`ref`: "" for an image without a name."""
        self.ids[ref or f"{_NAMELESS}{id}"] = id
        self._labels[id] = dict(labels)
        return id

    def make(self, ref: str, labels: Mapping[str, str], volumes: Iterable[str] = (), comment: str = "") -> str:
        """A new image of that reference; returns its id."""
        id = self.put(ref, f"sha256:image{next(self._numbers):04d}", labels)
        self._volumes[id], self._comments[id] = tuple(volumes), comment
        return id

    def build(self, context: Path, ref: str, labels: Mapping[str, str]) -> str:
        """An image that declares the volumes of the Dockerfile in that folder. EngineError: there is none."""
        file = context / "Dockerfile"
        if not file.is_file():
            raise EngineError(f"building {ref}: there is no Dockerfile in {context}")
        lines = [line.split() for line in file.read_text().splitlines()]
        return self.make(ref, labels, [line[1] for line in lines if line[:1] == ["VOLUME"]])

    def tag(self, source: str, ref: str) -> None:
        id = self._must(source, f"tagging {source} as {ref}")
        self.ids[ref] = id
        self.ids.pop(f"{_NAMELESS}{id}", None)

    def dropped(self, ref: str) -> None:
        self.ids.pop(ref, None)
        self.ids.pop(f"{_NAMELESS}{ref}", None)

    def is_last(self, ref: str) -> bool:
        """Whether the image goes with this reference."""
        return list(self.ids.values()).count(self.ids.get(ref, "")) == 1

    def _must(self, ref: str, doing: str = "") -> str:
        found = self.id_of(ref)
        if found is None:
            raise NotFound(f"{doing or f'looking at image {ref}'}: No such image: {ref}")
        return found


def _made(id: str) -> float:
    """The later an image was made, the higher its number."""
    digits = "".join(c for c in id if c.isdecimal())
    return float(digits or 0)
