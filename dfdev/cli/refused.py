"""A command line that cannot be read, told in our words. Loaded only when there is one."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from typer._click.exceptions import ClickException, NoSuchOption
from typer._click.exceptions import UsageError as Unread

from dfdev.cli.foreign import option_answer, word_answer
from dfdev.cli.group import Group
from dfdev.errors import UsageError
from dfdev.workspace.suggest import did_you_mean


def no_such_command(path: str, word: str, known: Sequence[str]) -> UsageError:
    """`path`: the group that was asked, `dfdev mysql`. The words of other tools are answered with ours."""
    message = f"there is no command `{path} {_shown(word)}`"
    near = did_you_mean(word, [name for name in known if name != word])
    meant = near.replace("did you mean ", f"did you mean `{path} ").replace("?", "`?")
    return UsageError(message, word_answer(path, word) or meant or f"`{path} help` lists those that there are")


def unread(error: ClickException, args: Sequence[str]) -> UsageError:
    """`args`: the whole command line, without `dfdev`."""
    ctx = error.ctx if isinstance(error, Unread) else None
    path = ctx.command_path if ctx is not None else _path(args)
    if isinstance(error, NoSuchOption):
        return _no_such_option(error, path, args)
    text = error.format_message().rstrip(".")
    usage = f"{' '.join(ctx.get_usage().removeprefix('Usage: ').split())}; " if ctx is not None else ""
    return UsageError(f"`{path}`: {text[:1].lower()}{text[1:]}", f"{usage}`{path} --help` says more")


def _path(args: Sequence[str]) -> str:
    """The command that was typed, where Typer does not say which."""
    from dfdev.cli.app import COMMANDS

    return next((f"dfdev {word}" for word in args if word in COMMANDS), "dfdev")


def _no_such_option(error: NoSuchOption, path: str, args: Sequence[str]) -> UsageError:
    option = error.option_name
    message = f"`{path}` has no option {_shown(option)}"
    answer = option_answer(path, option)
    if answer:
        return UsageError(message, answer)
    if error.ctx is not None and isinstance(error.ctx.command, Group):
        known = error.ctx.command.list_commands(error.ctx)
        return _before_the_command(error.option_name, path, known, args)
    near = sorted(error.possibilities or ())
    return UsageError(message, f"did you mean {near[0]}?" if near else f"`{path} --help` lists those that it has")


def _before_the_command(option: str, path: str, known: Sequence[str], args: Sequence[str]) -> UsageError:
    """An option of one command, where only those stand that every command has."""
    words = list(args)
    message = f"{_shown(option)} is not an option that every command has: it cannot stand before the command"
    at = next((n for n, word in enumerate(words) if word.partition("=")[0] == option), len(words))
    for end in (at + 1, at + 2):  # alone, or with its value
        if end < len(words) and words[end] in known:
            moved = shlex.join(["dfdev", *words[:at], *words[end:], *words[at:end]])
            return UsageError(message, f"write it behind the command: `{moved}`")
    return UsageError(message, f"`{path} --help` lists those that can; a command's own stand behind it")


def _shown(word: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in word[:60])
