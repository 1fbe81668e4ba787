"""The options that every command has, without Typer; and the one place where errors become exit codes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from dfdev.core.frozen import dataclass
from dfdev.errors import DfdevError
from dfdev.ui.out import Out


@dataclass(frozen=True)
class Common:
    """The options that every command has, and its streams."""

    home: str | None
    no_input: bool
    out: Out
    environ: Mapping[str, str]

    @classmethod
    def of(
        cls,
        *,
        home: str | None = None,
        as_json: bool = False,
        quiet: bool = False,
        verbose: bool = False,
        no_input: bool = False,
    ) -> Common:
        environ = dict(os.environ)
        return cls(home, no_input, Out.of(environ, as_json=as_json, quiet=quiet, verbose=verbose), environ)

    @property
    def interactive(self) -> bool:
        """Somebody is there to answer. Prompts go to stderr, so that is what must be a terminal."""
        asked = not self.no_input and not self.out.as_json and not self.environ.get("CI")
        return asked and os.isatty(0) and self.out.stderr.isatty()


def guarded(common: Common, body: Callable[[], int | None]) -> int:
    """The exit code of a command: what its body returns, the code of the error that it shows, 130 interrupted,
    1 when the reader of its output went away (`dfdev logs | head`).
    """
    try:
        return body() or 0
    except DfdevError as error:
        common.out.error(error)
        return error.code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), common.out.stdout.fileno())
        return 1
