"""Where DFHOME is: --home, then $DFHOME, then the nearest parent with a dfdev.toml, then the user's default."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dfdev.core.typed import typed
from dfdev.errors import ConfigError
from dfdev.workspace.disk import is_file, is_folder

MARKER = "dfdev.toml"
_WRITE_ONE = "`dfdev demo` writes one to try; or write a dfdev.toml in your team's folder (see README)"


class Home(NamedTuple):
    """`path`: the real path of DFHOME, symbolic links resolved. `why`: what named it, for messages."""

    path: Path
    why: str


def find_home(flag: str | None, environ: Mapping[str, str], cwd: Path | None = None) -> Home:
    """`flag`: the value of --home. `cwd`: by default the real current folder.

    ConfigError: nothing names one; or what names one is missing, a file, unreadable, without dfdev.toml.
    """
    if flag:
        return checked_home(expand_user(flag, environ), "--home", cwd)
    if environ.get("DFHOME"):
        return checked_home(expand_user(environ["DFHOME"], environ), "$DFHOME", cwd)
    here = cwd or _current_folder()
    parent = nearest_parent(here) if here else None
    if parent:
        return checked_home(parent, f"{MARKER} in the current folder or above", here)
    return _user_default(environ, here)


def _user_default(environ: Mapping[str, str], here: Path | None) -> Home:
    from dfdev.workspace.user import read_user_config, user_config_path

    home = read_user_config(environ).home
    if home:
        return checked_home(expand_user(home, environ), f"home in {user_config_path(environ)}", Path("/"))
    looked = f"in {here} or above it" if here else "to be found, the current folder is gone"
    raise ConfigError(f"no DFHOME: neither --home nor $DFHOME is given, and no {MARKER} is {looked}", _WRITE_ONE)


def nearest_parent(start: Path) -> Path | None:
    """The folder itself or the first above it that has a dfdev.toml."""
    return next((p for p in (start, *start.parents) if is_file(p / MARKER)), None)


def expand_user(text: str, environ: Mapping[str, str]) -> Path:
    """A leading `~/` becomes $HOME; nothing else changes."""
    home = environ.get("HOME", "")
    if home and (text == "~" or text.startswith("~/")):
        return Path(home) / text[2:]
    return Path(text)


def checked_home(path: Path, why: str, cwd: Path | None = None) -> Home:
    """The real path, once it is a folder that we may enter and that has a dfdev.toml."""
    where = (cwd or _current_folder() or Path("/")) / path
    try:
        real = where.resolve(strict=True)
        if not real.is_dir():
            raise ConfigError(f"DFHOME is a file, not a folder: {where} ({why})", f"name its folder: {where.parent}")
        (real / MARKER).stat()
    except (OSError, RuntimeError) as error:
        raise _not_usable(where, why, error) from error
    if not _is_utf8(str(real)):
        raise ConfigError(f"DFHOME's path is not UTF-8: {real!r} ({why})", "rename the folder")
    return Home(real, why)


def _not_usable(where: Path, why: str, error: OSError | RuntimeError) -> ConfigError:
    if isinstance(error, PermissionError):
        return ConfigError(f"DFHOME cannot be read: {where}: permission denied ({why})", typed("ls -ld", where))
    if isinstance(error, FileNotFoundError) and is_folder(where):
        return ConfigError(f"DFHOME has no {MARKER}: {where} ({why})", _WRITE_ONE)
    if isinstance(error, FileNotFoundError):
        return ConfigError(f"DFHOME does not exist: {where} ({why})", f"correct what {why} says")
    said = error.strerror if isinstance(error, OSError) else str(error)
    return ConfigError(f"DFHOME cannot be used: {where}: {said} ({why})", f"correct what {why} says")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _current_folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:
        return None
