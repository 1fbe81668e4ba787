"""The demo's own image, built from its folder on dfdev's, and again only when its Dockerfile changes.

Its database is made as any other: by `dfdev mysql build`.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dfdev.core.events import Emit, Planned, Progress
from dfdev.core.frozen import dataclass
from dfdev.engine.protocol import Engine
from dfdev.errors import DfdevError
from dfdev.images.inputs import LABEL, folder_digest, with_base
from dfdev.system.step import step
from dfdev.trust.proxies import proxy_args

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class DemoImage:
    """`dockerfile` is relative to the demo's folder."""

    ref: str
    base: str
    dockerfile: str


IMAGES = (DemoImage("dfdev-demo/www:dev", "dfdev/python:3", "Dockerfile-www"),)


def build_images(engine: Engine, home: Path, environ: Mapping[str, str], emit: Emit) -> list[str]:
    """Build those whose files or base changed since the image was made. The references of what was built."""
    steps = [(image, why) for image in IMAGES if (why := _reason(engine, home, image))]
    emit(Planned(tuple(image.ref for image, _ in steps)))
    for image, why in steps:
        _build(engine, home, image, why, environ, emit)
    return [image.ref for image, _ in steps]


def _reason(engine: Engine, home: Path, image: DemoImage) -> str:
    """Why it has to be built, "" when it is there and fits."""
    if engine.image_id(image.ref) is None:
        return "missing"
    with _context(home, image) as context:
        wanted = _inputs(engine, context, image)
    return "" if engine.image_labels(image.ref).get(LABEL) == wanted else "made from other files"


def _build(engine: Engine, home: Path, image: DemoImage, why: str, environ: Mapping[str, str], emit: Emit) -> None:
    with step(image.ref, emit, why), _context(home, image) as context:
        label = {LABEL: _inputs(engine, context, image)}
        engine.build(
            context,
            image.ref,
            args=proxy_args(environ),
            labels=label,
            on_line=lambda line: _report(emit, image.ref, line),
        )


def _report(emit: Emit, ref: str, line: str) -> None:
    text = _COLOURS.sub("", line).strip()
    if text:
        emit(Progress(ref, text[:160]))


def _inputs(engine: Engine, context: Path, image: DemoImage) -> str:
    base = engine.image_id(image.base)
    if base is None:
        raise DfdevError(f"there is no {image.base} to build {image.ref} on", "dfdev images bootstrap")
    return with_base(folder_digest(context), base)


@contextmanager
def _context(home: Path, image: DemoImage) -> Iterator[Path]:
    """A folder with the Dockerfile under its usual name: not the whole workspace."""
    with tempfile.TemporaryDirectory(prefix="dfdev-demo-") as scratch:
        context = Path(scratch)
        try:
            shutil.copy(home / image.dockerfile, context / "Dockerfile")
        except OSError as error:
            raise DfdevError(f"cannot read {error.filename}: {error.strerror}", "dfdev demo OTHER_FOLDER") from error
        yield context
