"""Which tools ask questions, and therefore get a terminal of ours where the caller has none."""

from __future__ import annotations

import array
import os
import re
import select
import stat
from collections.abc import Sequence

from dfdev.frontend.needs import COMPONENTS, words_of

SIZE = (200, 50)
"""Of the terminal that the tool gets: columns, rows. Wide, so that no question is broken into lines."""
ENVIRONMENT = {"TERM": "dumb", "NO_COLOR": "1"}
"""For that terminal."""
_BOWER = COMPONENTS | {"init", "register", "unregister", "login"}
_NPM = frozenset(
    ["init", "innit", "create", "publish", "login", "adduser", "add-user", "unpublish", "profile", "token"]
)
_RUNS = frozenset(["exec", "x"])
_GENERATOR = re.compile(r"(?:@[^/@]+/)?(?:create-[^@]*|create|generator-[^@]*|yo|bower)(?:@.*)?\Z")
_JSON = ("--json", "-j", "--json=true")


def use_pty(tool: str, argv: Sequence[str], stdin: int) -> bool:
    """For a caller without a terminal: a tool that asks, unless its input or its output is data. In a terminal
    stdout and stderr are one.

    `tool`: grunt, bower, npm, npx, yo; `argv`: what follows it; `stdin`: a file descriptor.
    """
    return asks(tool, argv) and not carries_data(stdin)


def asks(tool: str, argv: Sequence[str]) -> bool:
    """Pure. npx and `npm exec` ask for leave only at a terminal: they get one for what asks by itself."""
    words = words_of(argv)
    if any(word in _JSON for word in argv):
        return False
    if tool == "npm":
        first, *rest = words or [""]
        return first in _NPM or (first in _RUNS and _is_generator(rest))
    if tool == "bower":
        return bool(words) and words[0] in _BOWER
    return tool == "yo" or (tool == "npx" and _is_generator(words))


def carries_data(fd: int) -> bool:
    """A file, or a pipe or socket in which something waits. (Who writes into it later than that is not heard.)"""
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        return False
    if stat.S_ISREG(mode):
        return os.fstat(fd).st_size > 0
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return False
    return bool(select.select([fd], [], [], 0)[0]) and bytes_waiting(fd) > 0


def bytes_waiting(fd: int) -> int:
    """Bytes: a pipe that is at its end can be read from too."""
    import fcntl
    import termios

    count = array.array("i", [0])
    fcntl.ioctl(fd, termios.FIONREAD, count)
    return count[0]


def _is_generator(words: Sequence[str]) -> bool:
    return bool(words) and bool(_GENERATOR.match(words[0]))
