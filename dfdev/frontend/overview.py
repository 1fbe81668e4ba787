"""`dfdev frontend status`: what the front end stands on, and how quickly a save arrives."""

from __future__ import annotations

from collections.abc import Iterator

from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container
from dfdev.core.ours import by_service, mark_of
from dfdev.engine.protocol import Engine
from dfdev.frontend.events import remembered
from dfdev.frontend.rebuilt import Rebuilt, last_rebuilt
from dfdev.frontend.spec import DIGEST, SCRIPT, TOOLS, WATCH, Front

_SECONDS = 30.0


@dataclass(frozen=True)
class Overview:
    """`tools`, `watcher`: states of their containers, "absent" where there is none. `modules`: "installed", "not
    those of the lockfile", "" where nobody can tell. `events`: "" before it was tried.
    """

    folder: str
    node: str
    image: str
    has_image: bool
    tools: str
    modules: str
    watcher: str
    events: str
    rebuilt: Rebuilt | None

    def lines(self) -> Iterator[tuple[str, str]]:
        yield "folder", self.folder
        yield "node", self.node
        yield "image", self.image if self.has_image else f"{self.image} (to be built by the first command)"
        yield "tools", self.tools
        yield "modules", self.modules or "not known before the container runs"
        yield "watcher", self.watcher
        yield "events", self.events or "not tried yet"
        yield "last build", str(self.rebuilt) if self.rebuilt else "there is nothing to build from"

    def as_json(self) -> dict[str, object]:
        return {
            "folder": self.folder,
            "node": self.node,
            "image": self.image,
            "has_image": self.has_image,
            "tools": self.tools,
            "modules": self.modules,
            "watcher": self.watcher,
            "events": self.events,
            "rebuilt_seconds": self.rebuilt.seconds if self.rebuilt and self.rebuilt.outputs else None,
            "saved": self.rebuilt.source if self.rebuilt else "",
        }


def overview(engine: Engine, front: Front) -> Overview:
    ours = by_service(front.workspace, engine.containers())
    tools, watcher = (ours.get(name) for name in (TOOLS, WATCH))
    running = next((c for c in (watcher, tools) if c is not None and c.running), None)
    return Overview(
        str(front.project.folder),
        front.project.node,
        front.image,
        engine.image_id(front.image) is not None,
        _state(tools, front),
        _modules(engine, running),
        watcher.state if watcher is not None else "absent" if front.config.watch else "off: watch = true starts it",
        _events(engine, front, running),
        _rebuilt(front),
    )


def _rebuilt(front: Front) -> Rebuilt | None:
    front.gate.inside("frontend.output", front.config.output, base=front.project.folder)
    return last_rebuilt(front.project.folder, front.config.output, _skipped(front))


def _state(tools: Container | None, front: Front) -> str:
    if tools is None:
        return "absent: the next command makes it"
    fits = mark_of(tools).labels.get(DIGEST) == front.digest
    return tools.state if fits else f"{tools.state}, of before the last change: the next command makes it anew"


def _modules(engine: Engine, running: Container | None) -> str:
    if running is None:
        return ""
    fits = engine.exec(running.id, ["sh", SCRIPT, "fits"], timeout=_SECONDS).exit_code == 0
    return "installed" if fits else "not those of the lockfile: the next command installs them"


def _events(engine: Engine, front: Front, running: Container | None) -> str:
    if front.config.events != "auto":
        return f"{front.config.events}: dfdev.toml says so"
    return remembered(engine, running.id) if running is not None else ""


def _skipped(front: Front) -> frozenset[str]:
    return frozenset({"node_modules", front.project.components_folder, "run"})
