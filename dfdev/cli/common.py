"""The options that every command has, without Typer; and the one place where errors become exit codes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.core.secrets import Secrets
from dfdev.errors import ConfigError, DfdevError
from dfdev.ui.out import Out, lead_nowhere
from dfdev.workspace.secret_values import secrets_of


@dataclass(frozen=True)
class Common:
    """The options that every command has, and its streams. `secrets`: what `out` knows to hide."""

    home: str | None
    no_input: bool
    out: Out
    environ: Mapping[str, str]
    secrets: Secrets = field(default_factory=Secrets, repr=False)

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
        secrets = secrets_of(environ)
        out = Out.of(environ, as_json=as_json, quiet=quiet, verbose=verbose, secrets=secrets)
        return cls(home, no_input, out, environ, secrets)

    def committed(self, path: Path) -> bool:
        """Whether a file may have come with the repository: asked of git, about the one file where that matters."""
        from dfdev.system.commands import HostCommands
        from dfdev.system.git import may_be_committed

        return may_be_committed(HostCommands(self.environ), path)

    @property
    def interactive(self) -> bool:
        """Somebody is there to answer. Prompts go to stderr, so that is what must be a terminal."""
        asked = not self.no_input and not self.out.as_json and not self.environ.get("CI")
        return asked and os.isatty(0) and self.out.stderr.isatty()


def guarded(common: Common, body: Callable[[], int | None]) -> int:
    """The exit code of a command: what its body returns, the code of the error that it shows, 130 interrupted,
    1 when the reader of its output went away (`dfdev logs | head`). What only the user can allow is asked about, and
    the command begins anew where it was.
    """
    try:
        return body() or 0
    except ConfigError as error:
        refused = error
        return guarded(common, lambda: _asked(common, refused, body))
    except DfdevError as error:
        common.out.error(error)
        return error.code
    except UnicodeError as error:
        common.out.error(_unspeakable(error))
        return ConfigError.code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        lead_nowhere(common.out.stdout)
        return 1


def _unspeakable(error: UnicodeError) -> ConfigError:
    """A name that this locale has no letters for, in a path or for a command; or a file in another encoding."""
    import sys

    encoding = sys.getfilesystemencoding()
    what = f"a name cannot be written in {encoding}, the encoding of this locale"
    if encoding == "utf-8":
        what = "a text is not in UTF-8"
    return ConfigError(f"{what}: {error}", "LC_ALL=C.UTF-8 in the environment, without PYTHONUTF8 and PYTHONIOENCODING")


def _asked(common: Common, refused: ConfigError, body: Callable[[], int | None]) -> int | None:
    """The body once more where the workspace wants what nobody had allowed, and somebody here just did."""
    if common.interactive:
        from dfdev.cli.allowing import agreed

        if agreed(common, refused):
            return body()
    common.out.error(refused)
    return refused.code
