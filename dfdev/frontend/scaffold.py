"""What `dfdev frontend init` would do to a folder, file by file. Pure.

Three texts decide on each file: what the template says now, what is in the folder, and the hash of what the template
said when the developer last saw it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from difflib import unified_diff
from typing import Literal

from dfdev.core.frozen import dataclass
from dfdev.frontend.scaffold_package import Needs, merged

PACKAGE, LOCK, GRUNTFILE = "package.json", "package-lock.json", "Gruntfile.js"
_LOCKS = (LOCK, "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml")
_BOWER = ("bower.json", ".bowerrc")
_EXAMPLES = (GRUNTFILE, ".jshintrc", "src/", "tasks/", "test/")
"""What belongs to the template's Gruntfile: it comes as a whole, or not at all."""
_IS_GRUNTFILE = re.compile(r"gruntfile\.\w+", re.IGNORECASE)

Kind = Literal["new", "same", "yours", "gone", "outdated", "differs"]
"""new: to be added; same: as in the template; yours: the developer's own, and the template says nothing new; gone: the
developer removed it; outdated: never touched, and the template is newer; differs: both changed, or it was there first.
"""


@dataclass(frozen=True)
class Memory:
    """What the scaffold keeps about itself. `files`: path -> hash of the template's text that was last seen; `modules`:
    the template's own devDependencies at that time; `adopted`: the folder was a project before.
    """

    preset: str
    node: str
    grunt: str = ""
    bower: str = ""
    adopted: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Folder:
    """`names`: what is at its top; `files`: path -> content, of those that the template has too."""

    names: Collection[str] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    path: str
    kind: Kind
    before: bytes = field(default=b"", repr=False)
    after: bytes = field(default=b"", repr=False)

    @property
    def asks(self) -> bool:
        """Something that is there would be another."""
        return self.kind in ("outdated", "differs")

    @property
    def diff(self) -> str:
        """From what is there to what the template has."""
        old, new = (
            content.decode("utf-8", "replace").splitlines(keepends=True) for content in (self.before, self.after)
        )
        lines = unified_diff(old, new, f"{self.path} (yours)", f"{self.path} (template)")
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def is_project(template: Mapping[str, bytes], folder: Folder) -> bool:
    """Somebody works there already, and not with what this scaffold has just written."""
    marks = (PACKAGE, _BOWER[0])
    foreign = any(name in folder.names and folder.files.get(name) != template.get(name) for name in marks)
    return foreign or bool(own_gruntfile(template, folder, None))


def own_gruntfile(template: Mapping[str, bytes], folder: Folder, memory: Memory | None) -> str:
    """The name of the project's own Gruntfile, in whatever language; "" for none."""
    for name in sorted(folder.names):
        ours = name == GRUNTFILE and (
            folder.files.get(name) == template.get(name) or (memory is not None and name in memory.files)
        )
        if _IS_GRUNTFILE.fullmatch(name) and not ours:
            return name
    return ""


def uses_grunt(template: Mapping[str, bytes], folder: Folder, memory: Memory | None) -> bool:
    """There is a Gruntfile, or nothing yet: whoever builds with webpack, vite or gulp is not given another tool."""
    adopted = memory.adopted if memory else is_project(template, folder)
    ours = memory is not None and GRUNTFILE in memory.files
    return not adopted or ours or any(_IS_GRUNTFILE.fullmatch(name) for name in folder.names)


def plan(template: Mapping[str, bytes], folder: Folder, memory: Memory | None) -> tuple[Change, ...]:
    """In the order in which they are shown. ConfigError: package.json is not what npm takes for one."""
    adopted = memory.adopted if memory else is_project(template, folder)
    grunt, own = uses_grunt(template, folder, memory), own_gruntfile(template, folder, memory)
    wanted = _wanted(template, examples=grunt and not own, bower=not adopted)
    changes = [_change(path, template, folder, memory, adopted) for path in wanted]
    if grunt:
        package = _package(template, folder, memory, own)
        changes += [package, *_lock(template, folder, memory, package)]
    elif (there := folder.files.get(PACKAGE)) is not None:
        changes.append(Change(PACKAGE, "yours", there, merged(there, Needs({}, {}))))
    return tuple(sorted(changes, key=lambda change: change.path))


def remembered(
    template: Mapping[str, bytes], changes: Collection[Change], memory: Memory | None, seen: Collection[str]
) -> dict[str, str]:
    """The hashes to keep. `seen`: paths of differing files that were written, or that somebody declined."""
    kept = dict(memory.files) if memory else {}
    for change in changes:
        known = change.kind in ("new", "same") or change.path in seen
        if known and change.path in template:
            kept[change.path] = digest(template[change.path])
    return kept


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _wanted(template: Mapping[str, bytes], *, examples: bool, bower: bool) -> Iterator[str]:
    """package.json and its lockfile are another matter."""
    for path in template:
        if path in (PACKAGE, LOCK) or (path.startswith(_EXAMPLES) and not examples) or (path in _BOWER and not bower):
            continue
        yield path


def _change(path: str, template: Mapping[str, bytes], folder: Folder, memory: Memory | None, adopted: bool) -> Change:
    new, there = template[path], folder.files.get(path)
    seen = memory.files.get(path, "") if memory else ""
    if there is None:
        return Change(path, "gone" if seen else "new", after=new)
    return Change(path, _kind(there, new, seen, adopted), there, new)


def _kind(there: bytes, new: bytes, seen: str, adopted: bool) -> Kind:
    if there == new:
        return "same"
    if not seen:
        return "yours" if adopted else "differs"
    if seen == digest(new):
        return "yours"
    return "outdated" if digest(there) == seen else "differs"


def _package(template: Mapping[str, bytes], folder: Folder, memory: Memory | None, own: str) -> Change:
    """Dependencies of the developer stay; what the added files need comes to them."""
    new, there = template[PACKAGE], folder.files.get(PACKAGE)
    if there is None:
        return Change(PACKAGE, "new", after=new)
    if there == new:
        return Change(PACKAGE, "same", there, new)
    if memory and digest(there) == memory.files.get(PACKAGE):
        return Change(PACKAGE, "outdated", there, new)
    needs = Needs.of(new, only=("grunt",) if own else (), seen=dict(memory.modules) if memory else None)
    after = merged(there, needs)
    return Change(PACKAGE, "yours" if after == there else "differs", there, after)


def _lock(template: Mapping[str, bytes], folder: Folder, memory: Memory | None, package: Change) -> Iterator[Change]:
    """It is true of the template's own package.json only; npm writes any other."""
    if LOCK not in template or package.after != template[PACKAGE]:
        return
    there = folder.files.get(LOCK)
    if there is None and not any(name in folder.names for name in _LOCKS):
        yield Change(LOCK, "new", after=template[LOCK])
    elif there is not None:
        untouched = memory is not None and digest(there) == memory.files.get(LOCK)
        same = there == template[LOCK]
        yield Change(LOCK, "same" if same else "outdated" if untouched else "yours", there, template[LOCK])
