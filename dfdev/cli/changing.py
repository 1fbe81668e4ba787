"""What commands that change a workspace have in common: the lock, and the question before data goes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from dfdev.cli.common import Common
from dfdev.core.events import Emit, Notice
from dfdev.core.plan import Loss
from dfdev.core.questions import Questions
from dfdev.stack.site import Site
from dfdev.system.lock import lock_path, locked


@contextlib.contextmanager
def changing(
    common: Common, site: Site, what: str, emit: Emit, after: str = "`dfdev up` goes on from where things are"
) -> Iterator[None]:
    """Hold the workspace's lock while something is changed. `after`: what to know when it is interrupted."""

    def waiting(holder: str) -> None:
        emit(Notice(f"waiting for {holder}, which works on this workspace"))

    with locked(lock_path(site.workspace.home, common.environ), what, waiting):
        try:
            yield
        except KeyboardInterrupt:
            emit(Notice(f"interrupted; {after}"))
            raise


def questions_for(common: Common, yes: bool, pause: Callable[[], AbstractContextManager[None]]) -> Questions:
    """How this command asks. `yes`: everything is agreed to; `pause`: the live display makes room meanwhile."""

    def agree(text: str) -> bool:
        if yes or not common.interactive:
            return yes
        import questionary

        with pause():
            return bool(questionary.confirm(common.out.fit(text), default=False).unsafe_ask())

    def choose(text: str, choices: Sequence[str]) -> int | None:
        if not common.interactive:
            return None
        import questionary

        with pause():
            shown = [common.out.fit(choice) for choice in choices]
            answer = questionary.select(common.out.fit(text), choices=shown).unsafe_ask()
        return shown.index(answer)

    return Questions(agree, choose)


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
