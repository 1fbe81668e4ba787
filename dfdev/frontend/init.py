"""`dfdev frontend init`: from a folder to what would be done there, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.core.typed import typed
from dfdev.errors import UsageError
from dfdev.frontend.dockerfile import stages
from dfdev.frontend.scaffold import (
    LOCK,
    PACKAGE,
    Change,
    Memory,
    is_project,
    own_gruntfile,
    plan,
    remembered,
    uses_grunt,
)
from dfdev.frontend.scaffold_disk import read_folder, read_memory, read_template, write, write_memory
from dfdev.frontend.scaffold_package import modules_of
from dfdev.frontend.scaffold_toml import section_value, with_section
from dfdev.frontend.scaffold_versions import PLATFORMS, Versions, chosen, must_fit, with_versions, without_grunt
from dfdev.workspace.disk import exists, is_folder
from dfdev.workspace.gate import Gate
from dfdev.workspace.project import node_said, read_json

DEFAULT_DIR = "frontend"
NPM_BUILD = ("npm", "run", "build")
_STAGE = "tools"


@dataclass(frozen=True)
class Scaffold:
    """All that is known before anything is written. `dir`: relative to DFHOME; `grunt`: it is what builds the project;
    `section`: what dfdev.toml gets at its end, "" for nothing; `toml`: what it says already; `before`: what the last
    `init` kept.
    """

    folder: Path
    dir: str
    versions: Versions
    adopted: bool
    grunt: bool
    changes: tuple[Change, ...]
    section: str
    toml: str = field(repr=False)
    before: Memory | None
    template: dict[str, bytes] = field(repr=False)

    @property
    def warnings(self) -> Iterator[str]:
        """About what is the project's own, and does not fit."""
        wanted = {"node": self.versions.node, "platform": PLATFORMS[self.versions.preset]}
        for key, value in wanted.items():
            there = section_value(self.toml, key)
            if value and not self.section and there != value and (there or key == "platform"):
                yield f'dfdev.toml says {key} = "{there}" under [frontend]: write "{value}" there'
        own = next((c for c in self.changes if c.path == "Dockerfile" and c.kind == "yours"), None)
        if own is not None and _STAGE not in stages(own.before.decode("utf-8", "replace")):
            yield f"{self.dir}/Dockerfile is your own and has no stage {_STAGE}: add one, or `image` under [frontend]"


@dataclass(frozen=True)
class Outcome:
    """Paths. `left`: they differ, and nobody could be asked."""

    written: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def outdates_lock(self) -> bool:
        """package.json is another now, and its lockfile is not: where there is one."""
        return PACKAGE in self.written and LOCK not in self.written


def place(gate: Gate, cwd: Path, named: Path | None, toml: str) -> Path:
    """The real path of the folder: as named, else as `[frontend] dir` says. UsageError: outside DFHOME, or a file."""
    home = gate.home
    default = home / (section_value(toml, "dir") or DEFAULT_DIR)
    folder = gate.real(cwd / named if named is not None else default)
    if not folder.is_relative_to(home):
        raise UsageError(
            f"{folder} is outside DFHOME ({home}): the container does not see it",
            typed("dfdev frontend init", home / DEFAULT_DIR),
        )
    if exists(folder) and not is_folder(folder):
        raise UsageError(f"{folder} is a file, not a folder", "dfdev frontend init OTHER_FOLDER")
    return folder


def prepare(gate: Gate, folder: Path, toml: str, templates: Path, asked: Versions) -> Scaffold:
    """Nothing is written. ConfigError: package.json or the scaffold's own file is broken, or dfdev.toml names another
    folder; UsageError: what was asked does not go together; DfdevError.
    """
    memory = read_memory(gate, folder)
    said = asked.node or section_value(toml, "node") or node_said(gate, folder)
    before = Versions(memory.preset, memory.node, memory.grunt, memory.bower) if memory else None
    versions = chosen(asked, before, said, read_json(gate, folder / PACKAGE))
    template = with_versions(read_template(templates, versions.preset), versions)
    there = read_folder(gate, folder, template)
    dir, grunt = folder.relative_to(gate.home).as_posix(), uses_grunt(template, there, memory)
    if not grunt:
        template = without_grunt(template, asked, dir)
    must_fit(versions, examples=grunt and not own_gruntfile(template, there, memory))
    return Scaffold(
        folder,
        dir,
        versions,
        memory.adopted if memory else is_project(template, there),
        grunt,
        plan(template, there, memory),
        _section(toml, dir, versions, said if not asked.node else "", () if grunt else NPM_BUILD),
        toml,
        memory,
        template,
    )


def carry_out(gate: Gate, scaffold: Scaffold, agree: Callable[[Change], bool | None]) -> Outcome:
    """New files first. `agree`: whether a file that differs is written; None: nobody could be asked. DfdevError."""
    written: list[str] = []
    left: list[str] = []
    for change in sorted(scaffold.changes, key=lambda change: change.asks):
        answer = agree(change) if change.asks else change.kind == "new"
        if answer is None:
            left.append(change.path)
        elif answer:
            write(gate, scaffold.folder / change.path, change.after)
            written.append(change.path)
    _remember(gate, scaffold, left)
    return Outcome(tuple(written), tuple(left))


def _section(toml: str, dir: str, versions: Versions, said: str, build: tuple[str, ...]) -> str:
    """What is to be added. The project's own files go on to say its node, where they do."""
    node = "" if said == versions.node else versions.node
    return with_section(toml, dir, node, PLATFORMS[versions.preset], build)[len(toml) :]


def _remember(gate: Gate, scaffold: Scaffold, left: list[str]) -> None:
    """What somebody has seen. The template's modules are in its package.json."""
    before = scaffold.before
    versions = before if before is not None and left else scaffold.versions
    seen = [change.path for change in scaffold.changes if change.asks and change.path not in left]
    files = remembered(scaffold.template, scaffold.changes, before, seen)
    old = before.modules if before else {}
    shown = modules_of(scaffold.template[PACKAGE]) if scaffold.grunt else {}
    modules = old if PACKAGE in left else shown
    names = (versions.preset, versions.node, versions.grunt, versions.bower)
    memory = Memory(*names, scaffold.adopted, files, modules)
    if memory != before:
        write_memory(gate, scaffold.folder, memory)
