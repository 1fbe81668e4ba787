"""A tool in the front-end container, as if it were local."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from dfdev.cli.changing import changing
from dfdev.cli.common import Common
from dfdev.cli.here import here
from dfdev.cli.righting import right_clock
from dfdev.cli.session import site_of
from dfdev.core.events import Emit, Event
from dfdev.frontend.folder import file_in
from dfdev.frontend.front import front_of
from dfdev.frontend.run import Streams, command_of, must_hold_inside, run
from dfdev.frontend.spec import Front
from dfdev.frontend.tools import Maker, Tools, ready_tools
from dfdev.stack.keeper import keeper_of
from dfdev.stack.site import Site
from dfdev.ui.reporter import Reporter, reporter_for


def run_tool(common: Common, argv: Sequence[str]) -> int:
    """Its exit code; where the caller is, and with the caller's terminal."""
    site = site_of(common)
    return run_in(common, site, front_of(site), argv, here(), stdout=common.out.stdout)


def run_in(
    common: Common,
    site: Site,
    front: Front,
    argv: Sequence[str],
    folder: Path,
    *,
    stdout: TextIO,
    env: Mapping[str, str] | None = None,
) -> int:
    """The same in some folder of DFHOME. `env`: more variables; `stdout`: where its output goes."""
    command = command_of(front, argv, folder, {**site.environ, **(env or {})})
    with file_in(front.project.folder) as proof:
        tools = tools_of(common, site, front)
        streams = Streams(0, stdout, common.out.stderr, common.out.fit)
        code = run(site.engine, tools, command, proof, streams, front.config.answers)
    must_hold_inside(site.engine, tools, front, code)
    return code


def tools_of(common: Common, site: Site, front: Front) -> Tools:
    """The container, made where it has to be; only then something is shown."""
    right_clock(common, keeper_of(site))
    with _shown_late(common) as emit:

        def locked() -> AbstractContextManager[None]:
            return changing(common, site, "dfdev frontend", emit, "the next command goes on from there")

        maker = Maker(site.engine, site.uid, site.gid, lambda: _image(site, front, emit), locked, emit)
        tools = ready_tools(maker, front)
        if tools.fresh and front.config.events == "auto":
            _try_events(site, front, tools)
        return tools


def _image(site: Site, front: Front, emit: Emit) -> str:
    """Imported where there is something to make: a warm command has nothing."""
    from dfdev.frontend.making import ensured_image

    return ensured_image(site, front, emit)


def _try_events(site: Site, front: Front, tools: Tools) -> None:
    from dfdev.frontend.events import settle

    settle(site.engine, tools.id, front)


@contextmanager
def _shown_late(common: Common) -> Iterator[Emit]:
    """A display that begins with the first event: a warm command has none."""
    with ExitStack() as stack:
        begun: list[Reporter] = []

        def emit(event: Event) -> None:
            if not begun:
                begun.append(stack.enter_context(reporter_for(common.out)))
            begun[0].emit(event)

        yield emit
