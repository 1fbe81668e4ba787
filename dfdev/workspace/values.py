"""Texts of the file into values: ports, durations, sizes, mounts, argv, users. Pure; raise `UnfitError`."""

from __future__ import annotations

import math
import posixpath
import re
import shlex
from typing import NamedTuple

from dfdev.core.desired import Port

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h))+", re.ASCII)
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)", re.ASCII)
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?) ?([kmgt]?)(i?)b?", re.IGNORECASE | re.ASCII)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_AGE = re.compile(r"(\d{1,5})([mhdw])", re.ASCII)
_AGES = {"m": 60.0, "h": 3600.0, "d": 86400.0, "w": 7 * 86400.0}
_LONGEST_DURATION = 7 * 24 * 3600.0
_USER = re.compile(r"\d{1,10}(:\d{1,10})?", re.ASCII)
_DIGITS = re.compile(r"\d{1,9}", re.ASCII)

LOCALHOST = "127.0.0.1"
PORT_FORM = '"HOST:CONTAINER", for example "8000:80"'


class UnfitError(ValueError):
    """A value of the right type that does not fit: what was expected, and what to write."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


def parse_port(value: str | int) -> Port:
    """8000, "8000", "8000:80", "127.0.0.1:8000:80", each with "/tcp" or "/udp" where it is a text."""
    text, _, protocol = str(value).partition("/")
    if protocol not in ("", "tcp", "udp") or ("/" in str(value) and not protocol):
        raise UnfitError(f'{PORT_FORM} or {PORT_FORM[:-1]}/udp"', "the suffix is /tcp or /udp")
    *address, numbers = _split_address(text)
    if address and address != [LOCALHOST]:
        raise UnfitError(
            f"a port on {LOCALHOST}",
            f'any other address would open it to the network: write "{numbers}"',
        )
    host, colon, container = numbers.partition(":")
    return Port(_port_number(host), _port_number(container if colon else host), LOCALHOST, protocol or "tcp")


def _split_address(text: str) -> list[str]:
    """ "A:8000:80" -> ["A", "8000:80"]; without an address: ["8000:80"]."""
    parts = text.rsplit(":", 2)
    return [parts[0], f"{parts[1]}:{parts[2]}"] if len(parts) == 3 else [text]


def _port_number(text: str) -> int:
    if "-" in text:
        raise UnfitError(PORT_FORM, "a range is not supported: one entry for each port")
    if not _DIGITS.fullmatch(text):
        raise UnfitError(PORT_FORM)
    number = int(text)
    if not 1 <= number <= 65535:
        raise UnfitError("a port from 1 to 65535")
    return number


def parse_seconds(value: str | int | float) -> float:
    """ "500ms", "2s", "1m30s", 2, 0.5 -> seconds, above 0 and at most a week."""
    seconds = _seconds(value)
    if not math.isfinite(seconds) or not 0 < seconds <= _LONGEST_DURATION:
        raise UnfitError("a duration above 0 and at most 168h")
    return seconds


def _seconds(value: str | int | float) -> float:
    if not isinstance(value, str):
        return float(value) if abs(value) <= _LONGEST_DURATION else math.inf
    if not _DURATION.fullmatch(value) or len(value) > 30:
        raise UnfitError('a duration: "500ms", "2s", "1m30s" or a number of seconds')
    return sum(float(number) * _UNITS[unit] for number, unit in _DURATION_PART.findall(value))


def parse_age(value: str | int | float) -> float:
    """ "36h", "7d", "2w", a number of seconds -> seconds; "" and 0 -> 0."""
    if not isinstance(value, str):
        if not 0 <= value < math.inf:
            raise UnfitError("an age of 0 or more seconds")
        return float(value)
    match = _AGE.fullmatch(value.strip())
    if value.strip() and match is None:
        raise UnfitError('an age: "36h", "7d", "2w" or a number of seconds')
    return int(match[1]) * _AGES[match[2]] if match else 0.0


def parse_bytes(value: str | int) -> int:
    """ "8GiB" = "8G" = 8 * 2**30, "8GB" = 8 * 10**9, 4096 -> bytes, above 0."""
    match = _SIZE.fullmatch(str(value).strip()) if not isinstance(value, int) else None
    if isinstance(value, int):
        number = value
    elif match:
        decimal = match[0].lower().endswith("b") and not match[3] and match[2]
        number = int(float(match[1]) * (1000 if decimal else 1024) ** _POWERS[match[2].lower()])
    else:
        raise UnfitError('a size: "8GiB", "512MiB" or a number of bytes')
    if not 0 < number < 2**50:
        raise UnfitError("a size above 0 and below 1024 TiB")
    return number


class MountSpec(NamedTuple):
    """SOURCE:TARGET[:ro]; `source` relative to DFHOME or absolute, `target` absolute in the container."""

    source: str
    target: str
    read_only: bool = False


def parse_mount(text: str, default_target: str = "") -> MountSpec:
    """ "www", "www:/var/www", "conf:/etc/app:ro". Without a default the target must be given."""
    source, _, rest = text.partition(":")
    target, _, mode = rest.partition(":")
    form = "a folder, or SOURCE:TARGET" if default_target else "SOURCE:TARGET or SOURCE:TARGET:ro"
    if "\0" in text:
        raise UnfitError("a text without NUL characters")
    if not source.strip() or (":" in text and not target) or not (target or default_target):
        raise UnfitError(form, 'for example "data:/var/data"')
    if mode not in ("", "ro", "rw") or rest.endswith(":"):
        raise UnfitError(form, 'after the target only ":ro" or ":rw"')
    target = target or default_target
    clean = posixpath.normpath(target)
    if not target.startswith("/") or clean in ("/", "//"):
        raise UnfitError("an absolute folder of the container as the target", f'for example "{source}:/var/data"')
    return MountSpec(source, "/" + clean.lstrip("/"), mode == "ro")


def parse_argv(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """The words of a command; a text is split as a POSIX shell would split it, without running one."""
    if not isinstance(value, str):
        return value
    try:
        return tuple(shlex.split(value))
    except ValueError as error:
        raise UnfitError("a command whose quotes are closed", 'or a list: ["sh", "-c", "…"]') from error


def parse_shell_argv(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """As `parse_argv`, but a text is run by `sh -c`: what compose does with a health check's text."""
    return ("sh", "-c", value) if isinstance(value, str) else value


def parse_user(value: str | int) -> str:
    """ "auto" and "image" as they are; numbers as "uid" or "uid:gid"."""
    text = str(value)
    if text not in ("auto", "image") and not _USER.fullmatch(text):
        raise UnfitError('"auto", "image" or "uid[:gid]" in numbers')
    return text


def env_text(value: str | int | bool) -> str:
    """What the container sees: true and false in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)
