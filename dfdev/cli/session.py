"""From the options of a command to the workspace and its engine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from dfdev.cli.common import Common
from dfdev.core.events import Emit, Notice
from dfdev.core.plan import Loss
from dfdev.engine.endpoint import resolve
from dfdev.engine.open import open_engine
from dfdev.stack.site import Site
from dfdev.system.folders import developer
from dfdev.system.lock import lock_path, locked
from dfdev.workspace.load import open_workspace


def site_of(common: Common, *, files: bool = False) -> Site:
    """The workspace and its engine; nothing has been asked of the engine yet. ConfigError.

    `files`: its folders and env files must exist. Only `up` needs them: what runs can be looked at without.
    """
    workspace = open_workspace(common.home, common.environ, files=files)
    endpoint = resolve(common.environ)
    uid, gid = developer(workspace.home)
    return Site(workspace, endpoint, open_engine(endpoint, common.environ), uid, gid, common.environ)


@contextlib.contextmanager
def changing(common: Common, site: Site, what: str, emit: Emit) -> Iterator[None]:
    """Hold the workspace's lock while something is changed."""

    def waiting(holder: str) -> None:
        emit(Notice(f"waiting for {holder}, which works on this workspace"))

    with locked(lock_path(site.workspace.home, common.environ), what, waiting):
        try:
            yield
        except KeyboardInterrupt:
            emit(Notice("interrupted; `dfdev up` goes on from where things are"))
            raise


def may_lose(common: Common, yes: bool, losses: Sequence[Loss]) -> bool:
    """Ask before data goes that the image cannot give back. Without somebody to ask: only with `--yes`."""
    if yes:
        return True
    if not common.interactive:
        return False
    import questionary

    for loss in losses:
        common.out.say(f"{loss.container} ({loss.reason}) holds data that was changed since its image was made.")
    answer = questionary.confirm("Let this data go and start from the image?", default=False).unsafe_ask()
    return bool(answer)
