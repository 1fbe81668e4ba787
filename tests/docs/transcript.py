"""The README's transcript: commands run for real on Engine 28, their output as it came.

`python -m tests.docs.transcript` writes it.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import machine
from tests.docs.commands import README
from tests.e2e.images import ensure
from tests.e2e.lab import DFDEV

BEGIN, END = "<!-- transcript:begin -->", "<!-- transcript:end -->"
COMMANDS = (
    "dfdev demo dramas",
    "cd dramas && dfdev up",
    "sed -i s/8000:80/8080:80/ dfdev.toml && dfdev up --dry-run",
    "dfdev mysql reset",
    "dfdev down",
)


def record(folder: Path, environ: dict[str, str]) -> Iterator[str]:
    """Each command and what it printed, both streams as a terminal shows them."""
    for command in COMMANDS:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
            timeout=600,
        )
        yield f"$ {command}\n{done.stdout}".rstrip("\n")
        if command.startswith("cd "):
            folder = folder / command.split()[1]


def sweep(engine: machine.Engine) -> None:
    """Its last command leaves the database, and the next run would have to take another name."""
    docker = [engine.docker, "--host", engine.host]
    listed = [*docker, "ps", "-aq", "--filter", "label=dev.dfdev.service", "--filter", "name=dramas"]
    found = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    if found:
        subprocess.run([*docker, "rm", "-fv", *found], capture_output=True, check=True)


def main() -> None:
    engine = machine.start("28")
    try:
        ensure(engine.host)
        sweep(engine)
        with tempfile.TemporaryDirectory() as folder:
            path = f"{DFDEV.parent}:{os.environ['PATH']}"
            environ = {**os.environ, "DOCKER_HOST": engine.host, "PATH": path, "NO_COLOR": "1"}
            text = "\n\n".join(record(Path(folder), environ))
    finally:
        sweep(engine)
        engine.stop()
    before, rest = README.read_text().split(BEGIN)
    README.write_text(f"{before}{BEGIN}\n```console\n{text}\n```\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
