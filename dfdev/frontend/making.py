"""The images of a front end, for a workspace and its engine."""

from __future__ import annotations

from dataclasses import replace

from dfdev.core.events import Emit, Progress
from dfdev.errors import NotFound
from dfdev.frontend.front import image_plan
from dfdev.frontend.image import Builder, build_assets_image, ensure_image
from dfdev.frontend.image_plan import ImagePlan
from dfdev.frontend.personal import left_out
from dfdev.frontend.secrets import Secrets, secrets_of
from dfdev.frontend.spec import Front
from dfdev.stack.site import Site
from dfdev.system.step import step
from dfdev.workspace.project import read_file


def ensured_image(site: Site, front: Front, emit: Emit) -> str:
    """The image of the tools: there, or pulled where `[frontend] image` names it, or built."""
    if not front.config.image:
        return ensure_image(_builder(site), _plan(front), lambda: _secrets(site), emit)
    if site.engine.image_id(front.image) is None:
        key = f"pull image {front.image}"
        with step(key, emit, "the engine does not have it"):
            try:
                site.engine.pull(front.image, lambda line: emit(Progress(key, line)))
            except NotFound as error:
                raise NotFound(f"{error.message} (frontend.image)", error.hint) from error
    return front.image


def assets_image(site: Site, front: Front, ref: str, emit: Emit) -> str:
    """The image with what `build` makes baked in, by the Dockerfile's stage `assets`."""
    plan, folder = replace(_plan(front), target="assets"), front.project.folder
    ignore = read_file(front.gate, folder / ".dockerignore") + b"\n" + left_out(front.home, folder, front.share)
    return build_assets_image(_builder(site), plan, folder, ref, lambda: _secrets(site), emit, ignore=ignore)


def _plan(front: Front) -> ImagePlan:
    return image_plan(front.workspace, front.gate, front.config, front.project)


def _builder(site: Site) -> Builder:
    return Builder(site.engine, site.commands, site.endpoint)


def _secrets(site: Site) -> Secrets:
    return secrets_of(site.environ, site.commands)
