"""Making the images that the demo and the tests stand on, on any engine, with or without Docker Hub.

What was made carries the hash of what it was made from, so a second run does nothing and a changed Dockerfile is
built again.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dfdev.core.events import Emit, Notice, Planned, Progress
from dfdev.core.frozen import dataclass
from dfdev.engine.protocol import Engine
from dfdev.errors import ConfigError, DfdevError
from dfdev.images.apt import VARIABLE, index_targets, source_lines
from dfdev.images.catalog import BASE_FOLDER, FOLDER, Base, Image
from dfdev.images.decide import Have, Step, choose, decide
from dfdev.images.inputs import LABEL, folder_digest, with_base
from dfdev.images.rootfs import Report, obtain
from dfdev.system.parallel import spread
from dfdev.system.step import step as timed

CA_VARIABLE = "DFDEV_CA_BUNDLE"
_PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy")
_NPM_REGISTRY = "npm_config_registry"
_LOOPBACK = re.compile(r"//(localhost|127\.|\[::1])")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Recipe:
    """Where the Dockerfiles are, and how this machine reaches Debian's packages."""

    folder: Path
    ca_bundle: bytes
    environ: Mapping[str, str]

    @classmethod
    def of(cls, templates: Path, environ: Mapping[str, str]) -> Recipe:
        """ConfigError when `DFDEV_CA_BUNDLE` names a file that cannot be read."""
        named = environ.get(CA_VARIABLE)
        try:
            bundle = Path(named).read_bytes() if named else b""
        except OSError as error:
            raise ConfigError(f"{CA_VARIABLE}: {named}: {error.strerror}", f"unset {CA_VARIABLE}") from None
        return cls(templates / FOLDER, bundle, environ)

    def digest(self, name: str) -> str:
        extra = (self.ca_bundle,) if name == BASE_FOLDER else ()
        return folder_digest(self.folder / name, *extra)


def plan_bootstrap(engine: Engine, recipe: Recipe, names: Iterable[str]) -> tuple[Step, ...]:
    """What has to be built; () when everything is there."""
    images = choose(names)
    bases = dict.fromkeys(image.base for image in images)
    digests = {name: recipe.digest(name) for name in [BASE_FOLDER, *(image.name for image in images)]}
    refs = [*(base.ref for base in bases), *(image.ref for image in images)]
    return decide(images, digests, {ref: have for ref in refs if (have := _have(engine, ref))})


def bootstrap(engine: Engine, recipe: Recipe, steps: Sequence[Step], emit: Emit) -> None:
    """Build them: each suite's images in order, the suites side by side. An error is raised once all have ended."""
    emit(Planned(tuple(step.ref for step in steps)))
    targets = "" if recipe.environ.get(VARIABLE) or not steps else index_targets()
    lanes = [[step for step in steps if step.suite == suite] for suite in dict.fromkeys(s.suite for s in steps)]

    def build_lane(lane: list[Step]) -> None:
        for step in lane:
            with timed(step.ref, emit, step.reason):
                _build(engine, recipe, step.target, targets, _reporting(emit, step.ref))

    spread(build_lane, lanes, workers=len(lanes) or 1)


def _have(engine: Engine, ref: str) -> Have | None:
    found = engine.image_id(ref)
    return Have(found, engine.image_labels(ref).get(LABEL, "")) if found else None


def _reporting(emit: Emit, ref: str) -> Report:
    def on_line(line: str) -> None:
        text = _ESCAPES.sub("", line).strip()
        if text:
            emit(Progress(ref, text[:160]))

    return Report(on_line, lambda text: emit(Notice(text)))


def _build(engine: Engine, recipe: Recipe, target: Base | Image, targets: str, report: Report) -> None:
    if isinstance(target, Base):
        _build_base(engine, recipe, target, targets, report)
        return
    base_id = engine.image_id(target.base.ref)
    if base_id is None:
        raise DfdevError(f"{target.base.ref} went away while {target.ref} was built", "dfdev images bootstrap")
    labels = {LABEL: with_base(recipe.digest(target.name), base_id, target.args)}
    args = target.args | proxies(recipe.environ) | _registry(target, recipe.environ)
    engine.build(recipe.folder / target.name, target.ref, args=args, labels=labels, on_line=report.line)


def _registry(image: Image, environ: Mapping[str, str]) -> dict[str, str]:
    """The company's own npm registry, for images that are made of packages from there."""
    named = environ.get(_NPM_REGISTRY) or environ.get(_NPM_REGISTRY.upper(), "")
    return {_NPM_REGISTRY: named} if named and image.version_arg and not _LOOPBACK.search(named) else {}


def _build_base(engine: Engine, recipe: Recipe, base: Base, targets: str, report: Report) -> None:
    sources = source_lines(base.suite, recipe.environ, targets)
    raw = obtain(engine, base, sources, recipe.environ, report)
    args = {"BASE": raw, "SUITE": base.suite, "APT_SOURCES": "\n".join(sources)} | proxies(recipe.environ)
    with _base_context(recipe) as context:
        engine.build(context, base.ref, args=args, labels={LABEL: recipe.digest(BASE_FOLDER)}, on_line=report.line)


@contextmanager
def _base_context(recipe: Recipe) -> Iterator[Path]:
    """The base's folder with the company's certificate authority added, in a copy."""
    with tempfile.TemporaryDirectory(prefix="dfdev-base-") as scratch:
        context = Path(scratch) / BASE_FOLDER
        shutil.copytree(recipe.folder / BASE_FOLDER, context)
        if recipe.ca_bundle:
            (context / "certs" / "dfdev.crt").write_bytes(recipe.ca_bundle)
        yield context


def proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """Docker's predefined build arguments, which leave no trace in the image.

    A proxy on this machine's loopback is left out: a build cannot reach it.
    """
    named = {name: environ.get(name) or environ.get(name.upper(), "") for name in _PROXIES}
    return {name: value for name, value in named.items() if value and not _LOOPBACK.search(value)}
