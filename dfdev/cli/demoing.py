"""`dfdev demo` step by step: files, room beside what runs, images, `up`, what to try."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dfdev.cli.common import Common
from dfdev.cli.mysql_build import recipe_of
from dfdev.cli.session import site_of
from dfdev.cli.show import plan_lines, service_table
from dfdev.cli.upping import run_up
from dfdev.core.reconcile import Choices
from dfdev.core.typed import typed
from dfdev.demo.files import Written, write
from dfdev.demo.images import build_images
from dfdev.demo.neighbours import LOCAL, Room, make_room
from dfdev.engine.open import open_engine
from dfdev.engine.protocol import Engine
from dfdev.images.bootstrap import Recipe, bootstrap, plan_bootstrap
from dfdev.machines.locate import locate
from dfdev.mysql.bake import build as bake
from dfdev.resources import templates_dir
from dfdev.stack.up import UpResult
from dfdev.system import ports
from dfdev.system.commands import HostCommands
from dfdev.system.programs import find
from dfdev.ui.out import Out
from dfdev.ui.reporter import reporter_for

_IMAGES = ("registry", "mysql", "python")


def run_demo(common: Common, home: Path, no_up: bool) -> None:
    """Write the demo into `home`, and bring it up."""
    began = time.monotonic()
    files = write(home, templates_dir() / "demo")
    _tell_files(common.out, home, files)
    document: dict[str, object] = {"home": str(home.resolve()), "written": files.written, "kept": files.kept}
    if no_up:
        common.out.document(document)
        common.out.say(f"next: {typed('dfdev demo', home)}")
        return
    endpoint = locate(HostCommands(common.environ)).endpoint
    engine = open_engine(endpoint, common.environ)
    room = make_room(home, engine.containers(), lambda port: _is_free(port, endpoint.address))
    _tell_room(common.out, room)
    built = _make_images(common, engine, home)
    result = _up(replace(common, home=str(home)))
    result.seconds["demo"] = round(time.monotonic() - began, 3)
    _show(common, home, result, {**document, "ports": dict(room.ports), "images": built})


def _is_free(port: int, address: str) -> bool:
    """On another host only the engine can tell, and it has been asked."""
    return address != "127.0.0.1" or ports.is_free(address, port)


def _make_images(common: Common, engine: Engine, home: Path) -> list[str]:
    recipe = Recipe.of(templates_dir(), common.environ)
    steps = plan_bootstrap(engine, recipe, _IMAGES)
    if steps:
        common.out.say("making the images that the demo stands on: minutes the first time, then never again")
    with reporter_for(common.out) as reporter:
        bootstrap(engine, recipe, steps, reporter.emit)
    with reporter_for(common.out) as reporter:
        built = build_images(engine, home, common.environ, reporter.emit)
    with reporter_for(common.out) as reporter:
        baked = bake(engine, recipe_of(site_of(replace(common, home=str(home)))), reporter.emit)
    return [*(step.ref for step in steps), *built, *(baked.refs[-1:] if baked.made else ())]


def _up(common: Common) -> UpResult:
    return run_up(common, Choices(), yes=False)[1]


def _tell_files(out: Out, home: Path, files: Written) -> None:
    if files.written:
        out.say(f"{len(files.written)} files written into {home}")
    if files.kept:
        out.say(f"left as you changed them: {', '.join(files.kept)}")


def _tell_room(out: Out, room: Room) -> None:
    for line in room.lines():
        out.say(f"{line} (in {LOCAL})")


def _show(common: Common, home: Path, result: UpResult, document: dict[str, object]) -> None:
    """The URL is the last line."""
    out = common.out
    url = next((row.url for row in result.rows if row.name == "www"), "")
    services = [row.as_json() for row in result.rows]
    out.document(
        {**document, "plan": plan_lines(result.plan), "services": services, "seconds": result.seconds, "url": url}
    )
    out.data(service_table(out, result.rows, home.resolve(), seconds=True))
    out.say(_next_things(out, way_into(home, common.environ)))
    out.data(url)


def way_into(home: Path, environ: Mapping[str, str]) -> str:
    """What to type so that the commands of the demo work: a shell that quickstart was typed in may not find dfdev."""
    there = typed("cd", home)
    linked = Path(environ.get("HOME", "/root"), ".local/bin")
    if find("dfdev", environ) or not (linked / "dfdev").exists():
        return there
    return f'export PATH="$HOME/.local/bin:$PATH"; {there}'


def _next_things(out: Out, way: str) -> str:
    things = [
        ("edit www/templates/index.html", "reload the page: no build, no restart"),
        ("tail -f www/run/www.log", "the container's log, on your disk"),
        ("dfdev mysql reset", "whatever was done to the database: as it was baked, in a second"),
        ("cp .env.local.example .env.local && dfdev up", "another name over the door: only www is made again"),
    ]
    width = max(len(what) for what, _ in things)
    lines = [f"  {out.paint_err(what.ljust(width), 'bold')}  {why}" for what, why in things]
    return "\n".join(["", f"Four things to try, after `{way}`:", *lines, ""])
