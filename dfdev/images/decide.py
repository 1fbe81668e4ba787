"""Which images have to be made, given what the engine has. Values only."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

from dfdev.core.frozen import dataclass
from dfdev.core.typed import typed
from dfdev.errors import UsageError
from dfdev.images.catalog import BASE_FOLDER, CATALOG, Base, Image
from dfdev.images.inputs import with_base

MISSING = "missing"
CHANGED = "made from older files"
NEW_BASE = "its base is new"
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,2}")


@dataclass(frozen=True)
class Have:
    """An image of the engine: its id, and the hash of what it was made from ("" when it is not ours)."""

    id: str
    inputs: str


@dataclass(frozen=True)
class Step:
    target: Base | Image
    reason: str

    @property
    def ref(self) -> str:
        return self.target.ref

    @property
    def suite(self) -> str:
        return self.target.suite if isinstance(self.target, Base) else self.target.base.suite

    def __str__(self) -> str:
        return f"build image {self.ref} ({self.reason})"


def choose(names: Iterable[str]) -> tuple[Image, ...]:
    """The named images (`NAME`, or `NAME:VERSION` where one has versions), or all that are not on request.

    UsageError names those that there are.
    """
    wanted = dict.fromkeys(_named(name) for name in names)
    order = [image.name for image in CATALOG]
    named = sorted(wanted, key=lambda image: order.index(image.name))
    return tuple(named) or tuple(image for image in CATALOG if not image.on_request)


def _named(text: str) -> Image:
    name, colon, version = text.partition(":")
    image = next((image for image in CATALOG if image.name == name), None)
    if image is None:
        known = "|".join(image.name for image in CATALOG)
        raise UsageError(f"no image {text!r}", f"dfdev images bootstrap [{known}]…")
    if not colon or version == image.tag:
        return image
    if not (image.version_arg and _VERSION.fullmatch(version)):
        raise UsageError(f"no image {text!r}: {_versions(image)}", typed("dfdev images bootstrap", name))
    return dataclasses.replace(image, tag=version)


def _versions(image: Image) -> str:
    return "its versions are numbers" if image.version_arg else f"there is one version, {image.tag}"


def decide(images: Iterable[Image], digests: Mapping[str, str], have: Mapping[str, Have]) -> tuple[Step, ...]:
    """The steps, bases before what stands on them.

    `digests`: folder -> hash of its files. `have`: reference -> image, only those that the engine has.
    """
    images = tuple(images)
    bases = dict.fromkeys(image.base for image in images)
    base_steps: dict[Base | Image, str] = {base: _base_reason(base, digests, have) for base in bases}
    image_steps: dict[Base | Image, str] = {image: _image_reason(image, base_steps, digests, have) for image in images}
    return tuple(Step(target, reason) for target, reason in [*base_steps.items(), *image_steps.items()] if reason)


def _base_reason(base: Base, digests: Mapping[str, str], have: Mapping[str, Have]) -> str:
    existing = have.get(base.ref)
    if existing is None:
        return MISSING
    return "" if existing.inputs == digests[BASE_FOLDER] else CHANGED


def _image_reason(
    image: Image, bases: Mapping[Base | Image, str], digests: Mapping[str, str], have: Mapping[str, Have]
) -> str:
    existing = have.get(image.ref)
    if existing is None:
        return MISSING
    if bases[image.base]:
        return NEW_BASE
    wanted = with_base(digests[image.name], have[image.base.ref].id, image.args)
    return "" if existing.inputs == wanted else CHANGED
