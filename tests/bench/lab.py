"""The folders, the environment and the sides of one run, on one engine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import stacks
from tests.bench.ports import free_ports
from tests.bench.sample import BenchError, run
from tests.bench.sides import Action, Side
from tests.machine import Engine

DFDEV = Path(sys.executable).with_name("dfdev")
"""As installed beside the Python that runs this."""
_DATA = Path(__file__).with_name("data")
_UP = ("up", "-d", "--wait")


@dataclass(frozen=True)
class Lab:
    """`root`: a temporary folder; HOME of both tools is in it, so that nobody's settings count."""

    root: Path
    engine: Engine
    ports: Iterator[int]

    @classmethod
    def at(cls, root: Path, engine: Engine) -> Lab:
        (root / "home").mkdir()
        return cls(root, engine, free_ports())

    @property
    def env(self) -> dict[str, str]:
        path = os.environ.get("PATH", os.defpath)
        return {"PATH": path, "HOME": str(self.root / "home"), "LANG": "C.UTF-8", "NO_COLOR": "1", **self.engine.env}

    @property
    def docker(self) -> Sequence[str]:
        return (self.engine.docker,)

    def prepare_images(self) -> None:
        """Make what is missing: dfdev's own images, and MySQL with fixtures baked in."""
        self.bootstrap(*stacks.IMAGES)
        run([*self.docker, "build", "-q", "-t", stacks.MYSQL_IMAGE, "."], self.env, _DATA / "mysql")

    def bootstrap(self, *images: str) -> None:
        """Make those of dfdev's own images that are missing."""
        if not DFDEV.exists():
            raise BenchError(f"{DFDEV} is not there: install dfdev into this environment (`pip install -e .`)")
        run([str(DFDEV), "images", "bootstrap", *images], self.building(), self.root)

    def building(self) -> Mapping[str, str]:
        """Building may need the way to the network, and keeps its downloads, as when a developer does it."""
        return {**os.environ, **self.engine.env}

    def version_of(self, *argv: str) -> str:
        return run(argv, self.env, self.root).out.strip()

    def three(self) -> dict[str, Side]:
        """`compose` has no init, so that its app ignores SIGTERM; `compose-init` has."""
        return {side.name: side for side in (self._three("dfdev"), self._three("compose"), self._three("compose-init"))}

    def forty(self) -> dict[str, Side]:
        return {side.name: side for side in (self._forty("dfdev"), self._forty("compose-init"))}

    def _three(self, name: str) -> Side:
        project, folder, ports = self._place("three", name, stacks.three_names())
        if name == "dfdev":
            (folder / "dfdev.toml").write_text(stacks.three_workspace(project, ports))
        else:
            text = stacks.three_compose(project, ports, _user(), name.endswith("-init"))
            (folder / "compose.json").write_text(text)
        shutil.copytree(_DATA / "www", folder / "www")
        (folder / "www/run").mkdir()
        pages = {(ports["registry"], "/v2/"): "{}", (ports["www"], "/"): "Antigone"}
        return self._side(name, project, folder, list(ports), pages, [folder / "www/run/access.log"])

    def _forty(self, name: str) -> Side:
        project, folder, ports = self._place("forty", name, stacks.forty_names())
        if name == "dfdev":
            (folder / "dfdev.toml").write_text(stacks.forty_workspace(project, ports))
        else:
            (folder / "compose.json").write_text(stacks.forty_compose(project, ports, _user(), True))
        for service in ports:
            (folder / service / "run").mkdir(parents=True)
            (folder / service / "index.html").write_text(f"this is {service}")
        pages = {(port, "/"): f"this is {service}" for service, port in ports.items()}
        return self._side(name, project, folder, list(ports), pages, [])

    def _place(self, stack: str, name: str, services: Sequence[str]) -> tuple[str, Path, dict[str, int]]:
        project = f"dfbench-{stack}-{name}"
        folder = self.root / project
        folder.mkdir()
        return project, folder, {service: next(self.ports) for service in services}

    def _side(
        self,
        name: str,
        project: str,
        folder: Path,
        services: Sequence[str],
        pages: Mapping[tuple[int, str], str],
        logged: Sequence[Path],
    ) -> Side:
        commands = self._dfdev() if name == "dfdev" else self._compose(folder)
        return Side(name, project, folder, services, pages, logged, commands, self.docker, self.env)

    def _dfdev(self) -> dict[Action, Sequence[str]]:
        """Without `--data` dfdev would keep the database's container, which compose removes."""
        dfdev = str(DFDEV)
        return {"up": (dfdev, "up"), "status": (dfdev, "status"), "down": (dfdev, "down", "--data", "--yes")}

    def _compose(self, folder: Path) -> dict[Action, Sequence[str]]:
        compose = (*self.docker, "compose", "-f", str(folder / "compose.json"))
        return {"up": (*compose, *_UP), "status": (*compose, "ps"), "down": (*compose, "down")}


def _user() -> str:
    return f"{os.getuid()}:{os.getgid()}"
