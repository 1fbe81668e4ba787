"""Making the images that the demo and the tests stand on, on any engine, with or without Docker Hub.

What was made carries the hash of what it was made from, so a second run does nothing and a changed Dockerfile is
built again.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dfdev.core.events import Emit, Notice, Planned, Progress
from dfdev.core.frozen import dataclass
from dfdev.engine.protocol import Engine
from dfdev.errors import ConfigError, DfdevError, EngineError
from dfdev.images.apt import VARIABLE, index_targets, source_lines
from dfdev.images.catalog import BASE_FOLDER, FOLDER, Base, Image
from dfdev.images.decide import Have, Step, choose, decide
from dfdev.images.inputs import LABEL, folder_digest, with_base
from dfdev.images.rootfs import Report, obtain
from dfdev.system.commands import HostCommands
from dfdev.system.parallel import spread
from dfdev.system.step import step as timed
from dfdev.trust.added import added_pem
from dfdev.trust.bundle import bundle
from dfdev.trust.npmrc import plain_registry
from dfdev.trust.proxies import proxy_args
from dfdev.trust.refused import CA_HINT, REFUSED

CA_VARIABLE = "DFDEV_CA_BUNDLE"
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Recipe:
    """Where the Dockerfiles are, and how this machine reaches Debian's packages."""

    folder: Path
    ca_bundle: bytes
    environ: Mapping[str, str]

    @classmethod
    def of(cls, templates: Path, environ: Mapping[str, str]) -> Recipe:
        """Images trust in what `DFDEV_CA_BUNDLE` names, else in what `dfdev ca add` was given. ConfigError: that
        file cannot be read.
        """
        named = environ.get(CA_VARIABLE)
        if not named:
            return cls(templates / FOLDER, added_pem(environ), environ)
        try:
            return cls(templates / FOLDER, Path(named).read_bytes(), environ)
        except OSError as error:
            raise ConfigError(f"{CA_VARIABLE}: {named}: {error.strerror}", f"unset {CA_VARIABLE}") from None

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
                try:
                    _build(engine, recipe, step.target, targets, _reporting(emit, step.ref))
                except EngineError as error:
                    raise _explained(error) from error

    spread(build_lane, lanes, workers=len(lanes) or 1)


def _explained(error: EngineError) -> EngineError:
    """The same, with the line to type where a tool of the build did not trust in a server."""
    said = _ESCAPES.sub("", "\n".join(error.details))
    return type(error)(error.message, CA_HINT, details=error.details) if REFUSED.search(said) else error


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
    args = target.args | proxy_args(recipe.environ) | _registry(target, recipe.environ)
    with _context(recipe, target.name, _trusted(recipe)) as context:
        engine.build(context, target.ref, args=args, labels=labels, on_line=report.line)


def _registry(image: Image, environ: Mapping[str, str]) -> dict[str, str]:
    """The company's own npm registry, for images that are made of packages from there."""
    named = plain_registry(environ)
    return {"npm_config_registry": named} if named and image.version_arg else {}


def _trusted(recipe: Recipe) -> Callable[[], bytes]:
    """All that this host trusts in, for stages that leave none of it in the image."""
    return lambda: bundle(recipe.environ, HostCommands(recipe.environ)).pem


def _build_base(engine: Engine, recipe: Recipe, base: Base, targets: str, report: Report) -> None:
    sources = source_lines(base.suite, recipe.environ, targets)
    raw = obtain(engine, base, sources, recipe.environ, report)
    args = {"BASE": raw, "SUITE": base.suite, "APT_SOURCES": "\n".join(sources)} | proxy_args(recipe.environ)
    with _context(recipe, BASE_FOLDER, lambda: recipe.ca_bundle) as context:
        engine.build(context, base.ref, args=args, labels={LABEL: recipe.digest(BASE_FOLDER)}, on_line=report.line)


@contextmanager
def _context(recipe: Recipe, name: str, certificates: Callable[[], bytes]) -> Iterator[Path]:
    """The image's folder; a copy with the certificates added where it has a place for them."""
    folder = recipe.folder / name
    if not (folder / "certs").is_dir():
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="dfdev-base-") as scratch:
        context = Path(scratch) / name
        shutil.copytree(folder, context)
        if pem := certificates():
            (context / "certs" / "dfdev.crt").write_bytes(pem)
        yield context
