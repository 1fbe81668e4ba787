"""Writing the demo's DFHOME out of `templates/demo/`; what a developer changed in it stays as it is."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.errors import DfdevError

FIRST = "dfdev.toml"
"""Written before everything else: its text tells a demo from a foreign folder, even one that was cut short."""
_MARK = b"dfdev-demo/www:dev"
_HARMLESS = frozenset({".git", ".DS_Store"})
_RUN = "www/run/"
_ANY_MODE = 0o777
"""Less the developer's umask."""


@dataclass(frozen=True)
class Written:
    """Paths relative to the folder. `kept`: there already, with other content."""

    written: tuple[str, ...]
    kept: tuple[str, ...]


def write(target: Path, source: Path) -> Written:
    """Write what is missing. DfdevError: the folder holds something else, or cannot be written."""
    template = read_template(source)
    try:
        target.mkdir(parents=True, exist_ok=True)
        entries = [entry.name for entry in target.iterdir()]
        present = {name: (target / name).read_bytes() for name in template if (target / name).exists()}
        if is_foreign(template, present, entries):
            raise _foreign(target, entries)
        result = decide(template, present)
        for name in result.written:
            _write(target / name, template[name], executable=os.access(source / name, os.X_OK))
    except OSError as error:
        raise DfdevError(
            f"cannot write the demo into {target}: {error.strerror} ({error.filename})", "dfdev demo OTHER_FOLDER"
        ) from error
    return result


def read_template(source: Path) -> dict[str, bytes]:
    """Relative path -> content, less what running the demo in a checkout leaves there."""
    names = (path.relative_to(source).as_posix() for path in sorted(source.rglob("*")) if path.is_file())
    return {name: (source / name).read_bytes() for name in names if not _is_litter(name)}


def decide(template: Mapping[str, bytes], present: Mapping[str, bytes]) -> Written:
    """A file that begins like the template's and then ends was cut short by an interruption: it is written again."""
    missing = [n for n, text in template.items() if n not in present or _cut_short(present[n], text)]
    kept = [n for n, text in template.items() if n in present and n not in missing and present[n] != text]
    return Written(tuple(sorted(missing, key=lambda n: (n != FIRST, n))), tuple(kept))


def is_foreign(template: Mapping[str, bytes], present: Mapping[str, bytes], entries: Collection[str]) -> bool:
    """`entries`: the names in the folder. An empty one is nobody's."""
    if not set(entries) - _HARMLESS:
        return False
    found = present.get(FIRST)
    return found is None or not (_MARK in found or _cut_short(found, template[FIRST]))


def _cut_short(found: bytes, whole: bytes) -> bool:
    return found != whole and whole.startswith(found)


def _is_litter(name: str) -> bool:
    return "__pycache__/" in name or (name.startswith(_RUN) and not name.endswith(".gitkeep"))


def _foreign(target: Path, entries: list[str]) -> DfdevError:
    some = ", ".join(sorted(set(entries) - _HARMLESS)[:3])
    return DfdevError(f"{target} is not empty and is no demo: it has {some}", "dfdev demo OTHER_FOLDER")


def _write(path: Path, content: bytes, *, executable: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = _ANY_MODE if executable else _ANY_MODE & ~0o111
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
