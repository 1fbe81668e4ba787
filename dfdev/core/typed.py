"""Lines to type, as hints have them: in one, what is not ours is an argument, whatever its letters are."""

from __future__ import annotations

import shlex


def typed(command: str, *arguments: object) -> str:
    """A command, in our words, and what it is about: each one argument, none of them an option. "": only these."""
    words = [str(argument) for argument in arguments]
    ends = ["--"] if any(word.startswith("-") for word in words) else []
    return " ".join([*command.split(), *ends, *map(shlex.quote, words)])
