"""A workspace as somebody else may hand it over, beside a folder with the secrets of whoever clones it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dfdev.core.events import Event
from dfdev.core.questions import Questions
from dfdev.core.reconcile import Choices
from dfdev.engine.endpoint import Endpoint
from dfdev.frontend.watching import with_watcher
from dfdev.machines.locate import Located
from dfdev.stack.site import Site
from dfdev.stack.up import up
from dfdev.workspace.load import load
from tests.fakes.commands import FakeCommands
from tests.fakes.engine import FakeEngine

SECRET = "a key that stays here"
WITH_DATA = '[workspace]\nname = "w"\n[services.b]\nimage = "i:1"\nmounts = ["data:/data"]\n'


class Hostile:
    """DFHOME is `home`; `ssh` is a folder of the user's beside it, with a key."""

    def __init__(self, folder: Path, toml: str) -> None:
        self.home, self.ssh = folder / "home", folder / "user" / ".ssh"
        self.ssh.mkdir(parents=True)
        self.key.write_text(SECRET)
        (self.home / "data").mkdir(parents=True)
        self.engine = FakeEngine(images={"i:1": "sha256:1"})
        self.said: list[Event] = []
        self.write(toml)

    @property
    def key(self) -> Path:
        return self.ssh / "id_rsa"

    def write(self, toml: str) -> None:
        (self.home / "dfdev.toml").write_text(toml)

    def site(self, *, files: bool = False) -> Site:
        located = Located(Endpoint("unix:///here.sock", "a test"), None)
        site = Site(
            load(self.home, {}, files=files, committed=lambda path: False), located, self.engine, 0, 0, FakeCommands({})
        )
        return with_watcher(site) if site.workspace.config.frontend is not None else site

    def up(self) -> None:
        site = replace(self.site(files=True))
        up(site, Choices(), lambda losses: True, Questions(), self.said.append)

    def lead_out(self, name: str = "data") -> None:
        """A folder is a link to the secrets now: a `git pull` brought it, or a script in a container."""
        path = self.home / name
        path.rename(path.with_name(f"{path.name}-before"))
        path.symlink_to(self.ssh)

    @property
    def untouched(self) -> bool:
        """Nothing was written beside the key."""
        return [path.name for path in self.ssh.iterdir()] == ["id_rsa"] and self.key.read_text() == SECRET
