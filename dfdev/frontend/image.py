"""The image that the front end's tools run in: there already, or built from the front end's Dockerfile."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dfdev.core.events import Emit, Planned, Progress
from dfdev.core.frozen import dataclass
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.protocol import Engine
from dfdev.errors import ConfigError, Conflict, DfdevError, EngineError
from dfdev.frontend.buildx import Build, builder_of, hint_of, run_buildx
from dfdev.frontend.dockerfile import declared, plain, stages
from dfdev.frontend.image_plan import LABEL, ImagePlan
from dfdev.frontend.secrets import Secrets
from dfdev.images.rootfs import HUB_SECONDS, try_pull
from dfdev.system.commands import Commands
from dfdev.system.step import step

_INSTALL = (
    "install the buildx plug-in of docker (Debian: sudo apt-get install docker-buildx; Mac: brew install docker-buildx)"
)


@dataclass(frozen=True)
class Builder:
    """What builds: an engine, the docker CLI of this host, and where that finds the engine."""

    engine: Engine
    commands: Commands
    endpoint: Endpoint


def ensure_image(
    builder: Builder, plan: ImagePlan, secrets: Callable[[], Secrets], emit: Emit, *, force: bool = False
) -> str:
    """The reference of the tools' image, which is built where the engine does not have it: one call where it does.

    DfdevError; ConfigError: the Dockerfile has no such stage. Images of an older Dockerfile go when nothing uses them.
    """
    ref = plan.ref
    if not force and builder.engine.image_id(ref):
        return ref
    key = f"build image {ref}"
    emit(Planned((key,)))
    with step(key, emit, "the Dockerfile is new" if not force else "asked for"):
        _build(builder, plan, secrets(), _teller(emit, key))
    _sweep(builder.engine, plan)
    return ref


def build_assets_image(
    builder: Builder,
    plan: ImagePlan,
    folder: Path,
    ref: str,
    secrets: Callable[[], Secrets],
    emit: Emit,
    *,
    ignore: bytes = b"",
) -> str:
    """`plan.target` of the Dockerfile, with the front end's folder as its context, as an image named `ref`. What did
    not change is taken from the builder's cache. `ignore`: the .dockerignore for it. DfdevError; ConfigError.
    """
    _check(plan)
    key = f"build image {ref}"
    emit(Planned((key,)))
    with step(key, emit), tempfile.TemporaryDirectory(prefix="dfdev-frontend-") as scratch:
        words = _must_have_buildx(builder)
        on_line = _teller(emit, key)
        dockerfile = Path(scratch) / "Dockerfile"
        dockerfile.write_text(plan.dockerfile, "utf-8", "surrogateescape")
        dockerfile.with_name("Dockerfile.dockerignore").write_bytes(ignore)  # goes before the folder's own
        run_buildx(
            builder.commands,
            builder.endpoint,
            words,
            _order(plan, folder, dockerfile, ref, _base(builder.engine, plan, on_line), secrets(), {}),
            on_line,
        )
    return ref


def _teller(emit: Emit, key: str) -> Callable[[str], None]:
    return lambda line: emit(Progress(key, line))


def _build(builder: Builder, plan: ImagePlan, secrets: Secrets, on_line: Callable[[str], None]) -> None:
    _check(plan)
    base = _base(builder.engine, plan, on_line)
    with tempfile.TemporaryDirectory(prefix="dfdev-frontend-") as scratch:
        context = Path(scratch)
        dockerfile = context / "Dockerfile"
        words = builder_of(builder.commands)
        if words:
            dockerfile.write_text(plan.dockerfile, "utf-8", "surrogateescape")
            order = _order(plan, context, dockerfile, plan.ref, base, secrets, plan.labels)
            run_buildx(builder.commands, builder.endpoint, words, order, on_line)
            return
        if secrets.needed:
            _must_have_buildx(builder)
        dockerfile.write_text(plain(plan.dockerfile, plan.target, plan.platform), "utf-8", "surrogateescape")
        args = _args(plan, base, Secrets(proxies=secrets.proxies))
        _classic(builder.engine, context, plan, args, on_line)


def _classic(
    engine: Engine, context: Path, plan: ImagePlan, args: dict[str, str], on_line: Callable[[str], None]
) -> None:
    """Without a word of the build it is the engine that failed."""
    try:
        engine.build(context, plan.ref, args=args, labels=plan.labels, on_line=on_line)
    except EngineError as error:
        if not error.details:
            raise
        raise DfdevError(error.message, hint_of(error.details), details=error.details) from error


def _order(
    plan: ImagePlan, context: Path, dockerfile: Path, ref: str, base: str, secrets: Secrets, labels: dict[str, str]
) -> Build:
    args = _args(plan, base, secrets)
    return Build(context, dockerfile, plan.target, ref, plan.platform, args, secrets.files, labels, _base_hint(plan))


def _args(plan: ImagePlan, base: str, secrets: Secrets) -> dict[str, str]:
    """Only what the Dockerfile asks for: the classic builder refuses others."""
    asked = declared(plan.dockerfile)
    wanted = {**secrets.args, "NODE": plan.node, "BASE": base, **plan.args}
    return {name: value for name, value in wanted.items() if name in asked} | dict(secrets.proxies)


def _check(plan: ImagePlan) -> None:
    there = stages(plan.dockerfile)
    if plan.target not in there:
        named = f"its stages are {', '.join(there)}" if there else "it names no stage"
        raise ConfigError(
            f"the front end's Dockerfile has no stage {plan.target} ({named})",
            f"begin that stage with `FROM … AS {plan.target}`, or name an image: `image` under [frontend]",
        )


def _base(engine: Engine, plan: ImagePlan, on_line: Callable[[str], None]) -> str:
    """The image that the Dockerfile stands on. One of another platform is left to the builder to pull."""
    if plan.base:
        return plan.base
    for ref in (plan.official, plan.own):
        if engine.image_id(ref):
            return ref
    refusal = "" if plan.platform else try_pull(engine, plan.official, on_line, HUB_SECONDS)
    if refusal:
        raise DfdevError(f"cannot pull {plan.official} ({refusal})", _base_hint(plan))
    return plan.official


def _base_hint(plan: ImagePlan) -> str:
    if plan.base:
        return f"`base` under [frontend] names {plan.base}: check its name and tag, and `docker login`"
    return f"dfdev images bootstrap node:{plan.base_node}, then again"


def _must_have_buildx(builder: Builder) -> tuple[str, ...]:
    """See `builder_of`. DfdevError."""
    words = builder_of(builder.commands)
    if not words:
        raise DfdevError("building needs `docker buildx`, which gives it certificates and registries", _INSTALL)
    return words


def _sweep(engine: Engine, plan: ImagePlan) -> None:
    for image in engine.labelled_images(f"{LABEL}={plan.workspace}"):
        for ref in image.refs:
            if ref.startswith(f"{plan.repository}:") and ref != plan.ref:
                with suppress(Conflict):
                    engine.remove_image(ref)
