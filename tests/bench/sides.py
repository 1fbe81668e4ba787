"""One tool with its own copy of a stack: what to type, and whether it had its effect."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Literal

from tests.bench.sample import BenchError, Run, run

Action = Literal["up", "status", "down"]
_ANSWER_SECONDS = 3.0
"""A service without a health check counts as up when it runs; it may take a moment to listen."""


@dataclass(frozen=True)
class Side:
    """`pages`: (port, path) -> text in the answer once everything serves. `logged`: files that serving writes.

    `docker`: the CLI, for looking at the result.
    """

    name: str
    project: str
    folder: Path
    services: Sequence[str]
    pages: Mapping[tuple[int, str], str]
    logged: Sequence[Path]
    commands: Mapping[Action, Sequence[str]]
    docker: Sequence[str]
    env: Mapping[str, str]

    def measure(self, action: Action) -> Run:
        """Run it and check its effect. BenchError."""
        before = self.containers()
        done = run(self.commands[action], self.env, self.folder)
        {"up": self._is_up, "status": self._is_listed, "down": self._is_gone}[action](done)
        if action != "down" and before and before != self.containers():
            raise BenchError(f"{self.name} {action} in {self.project} made other containers of what ran already")
        return done

    def containers(self) -> frozenset[str]:
        """Ids; both tools label theirs as compose does."""
        asked = ["ps", "-aq", "--no-trunc", "--filter", f"label=com.docker.compose.project={self.project}"]
        return frozenset(run([*self.docker, *asked], self.env, self.folder).out.split())

    def sweep(self) -> None:
        """Remove what a killed run left."""
        for id in self.containers():
            run([*self.docker, "rm", "-fv", id], self.env, self.folder)

    def _is_up(self, done: Run) -> None:
        for (port, path), text in self.pages.items():
            _answers(port, path, text)
        found = len(self.containers())
        if found != len(self.services):
            raise BenchError(f"{self.name} up in {self.project} left {found} containers, not {len(self.services)}")
        silent = [str(log) for log in self.logged if not log.exists()]
        if silent:
            raise BenchError(f"{self.name} up in {self.project}: nothing was logged into {', '.join(silent)}")

    def _is_listed(self, done: Run) -> None:
        missing = [service for service in self.services if service not in done.out]
        if missing:
            raise BenchError(f"{self.name} in {self.project} does not list {', '.join(missing)}:\n{done.out}")

    def _is_gone(self, done: Run) -> None:
        left = self.containers()
        if left:
            raise BenchError(f"{self.name} down in {self.project} left {len(left)} containers:\n{done.out}{done.err}")


def must_be_proven(side: Side) -> None:
    """Every mount of every service, by dfdev's own word. BenchError."""
    done = run([*side.commands["status"], "--json"], side.env, side.folder)
    services = json.loads(done.out)["services"]
    mounts = [(s["name"], m) for s in services for m in s["mounts"] if not m["source"].startswith(f"{side.project}_")]
    unproven = [f"{name}:{mount['target']}" for name, mount in mounts if mount["proven"] is not True]
    if unproven or not mounts:
        raise BenchError(f"dfdev in {side.project} has not proven {', '.join(unproven) or 'any mount'}")


def _answers(port: int, path: str, text: str) -> None:
    deadline = time.monotonic() + _ANSWER_SECONDS
    while text not in (said := _get(port, path)):
        if time.monotonic() > deadline:
            raise BenchError(f"port {port} does not answer GET {path} with {text!r} but with: {said[:200]}")
        time.sleep(0.02)


def _get(port: int, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        return connection.getresponse().read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        return f"({error})"
    finally:
        connection.close()
