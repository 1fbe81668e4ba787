"""Where output goes: data on stdout, messages on stderr, one JSON document with `--json`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field, replace
from pathlib import Path
from typing import TextIO

from dfdev.core.frozen import dataclass
from dfdev.core.secrets import Secrets
from dfdev.core.visible import ANY_COLOUR, OURS, in_json, visible
from dfdev.errors import DfdevError
from dfdev.ui.letters import fits

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}

_NO = ("0", "false", "no", "off")


def coloured(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Colours only for a person at a terminal who did not say no. Source: no-color.org, force-color.org, clig.dev."""
    forced = environ.get("FORCE_COLOR", "").lower()
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb" or forced in _NO:
        return False
    return bool(forced) or stream.isatty()


@dataclass(frozen=True)
class Out:
    """The two streams of one command, and how the user wants them. `secrets`: what is in nothing that is written; None
    where they were asked for.
    """

    stdout: TextIO
    stderr: TextIO
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    colour_out: bool = False
    colour_err: bool = False
    secrets: Secrets | None = field(default_factory=Secrets, repr=False)

    @classmethod
    def of(cls, environ: Mapping[str, str], *, as_json: bool, quiet: bool, verbose: bool, secrets: Secrets) -> Out:
        out, err = sys.stdout or _nowhere(), sys.stderr or _nowhere()
        return cls(out, err, as_json, quiet, verbose, coloured(out, environ), coloured(err, environ), secrets)

    def with_secrets(self) -> Out:
        """For what was asked for as it is: a database's URL, what a command in a container prints."""
        return replace(self, secrets=None)

    def fit(self, text: str, keeping: str = "") -> str:
        """The one way out of every text: without secrets, and nothing in it steers the terminal. `keeping`: see
        `visible`.
        """
        return visible(self.secrets.hidden(text) if self.secrets else text, keeping)

    def data(self, text: str) -> None:
        """What the command was asked for; nothing with `--json`, where the document is the answer."""
        if not self.as_json:
            self._answer(self.fit(text + "\n", OURS if self.colour_out else ""))

    def log_line(self, text: str) -> None:
        """A line that a service has printed, in its own colours, which end with it."""
        if not self.as_json:
            shown = self.fit(text.rstrip("\r"), ANY_COLOUR)
            self._answer(shown + ("\x1b[0m\n" if "\x1b" in shown else "\n"))

    def raw(self, text: str) -> None:
        """What a command inside a container has printed, as it is: for the program that reads it."""
        if not self.as_json:
            self._answer(text + "\n")

    def document(self, value: object) -> None:
        """The one JSON document of a command called with `--json`."""
        if self.as_json:
            self._answer(self.json_text(value) + "\n")

    def record(self, value: object) -> None:
        """One of many JSON documents, each in a line of its own."""
        import json

        self._answer(in_json(json.dumps(self._without_secrets(value), ensure_ascii=False)) + "\n")

    def json_text(self, value: object) -> str:
        """In letters that stdout can write: escaped where it cannot."""
        import json

        fit = self._without_secrets(value)
        text = in_json(json.dumps(fit, ensure_ascii=False, indent=2))
        return text if fits(text, self.stdout) else json.dumps(fit, indent=2)

    def _without_secrets(self, value: object) -> object:
        return self.secrets.hidden_in(value) if self.secrets else value

    def say(self, text: str) -> None:
        """A message to the person who waits."""
        if not self.quiet:
            self.stderr.write(self.fit(text, OURS if self.colour_err else "") + "\n")
            self.stderr.flush()

    def error(self, error: DfdevError) -> None:
        """What happened, what belongs to it, what to type."""
        self.document({"error": {"message": error.message, "hint": error.hint, "details": list(error.details)}})
        self.complain(error)

    def complain(self, error: DfdevError) -> None:
        """The error as text on stderr, when the document of the command has been written already."""
        lines = [f"{self.paint_err('error:', 'red')} {self.fit(error.message)}"]
        lines += [f"  {self.fit(line)}" for line in error.details]
        if error.hint:
            lines.append(f"{self.paint_err('try:', 'cyan')} {self.fit(error.hint)}")
        self.stderr.write("\n".join(lines) + "\n")

    def _answer(self, text: str) -> None:
        """BrokenPipeError: its reader went away. DfdevError: its disk is full, and the like."""
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            lead_nowhere(self.stdout)
            hint = "make room where it goes to, or send it elsewhere"
            raise DfdevError(f"cannot write the output: {error.strerror}", hint) from error

    def paint(self, text: str, style: str) -> str:
        return paint(text, style) if self.colour_out else text

    def paint_err(self, text: str, style: str) -> str:
        return paint(text, style) if self.colour_err else text


def _nowhere() -> TextIO:
    """For a stream that the caller has closed, as by `>&-`."""
    return Path(os.devnull).open("w", encoding="utf-8", errors="replace")


def paint(text: str, style: str) -> str:
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def lead_nowhere(stream: TextIO) -> None:
    """Of which nobody reads any more: what its buffers still hold would be an error when Python ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
