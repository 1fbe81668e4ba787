"""`docker buildx build`, the builder that takes secrets, or what the docker CLI had before there was a buildx.

On the engine's own builder, whatever else was chosen by `docker buildx use`: only that one sees the engine's images.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.engine.endpoint import Endpoint
from dfdev.errors import DfdevError, MachineError
from dfdev.frontend.symptoms import Symptoms
from dfdev.system.commands import Commands

_BUILD, _ASK = 3600.0, 20.0
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_STEP = re.compile(r"#\d+(?: \d+\.\d+)?(?: |$)")
_TIME = re.compile(r"^\d+\.\d+ ")
_SILENT = re.compile(r"(DONE|CACHED|sha256:|transferring|resolve |extracting|naming to|writing image|exporting)")
_NO_BASE = re.compile(r"\s*> \[internal\] load metadata for ")
_PREFIXES = re.compile(r"ERROR: |failed to (build|solve|solve with frontend [\w.]+|create LLB definition): ")
_FAILED = re.compile(r"(#\d+ )ERROR: ")
_LAST = 24
_BUILDX = ("docker", "buildx", "build", "--builder", "default", "--load")
_BUILT_IN = ("docker", "build")
_VERSION = re.compile(r"Docker version (\d+)\.(\d+)")
_SINCE, _UNTIL = (18, 9), (23, 0)
"""Docker CLIs that have the builder in themselves; newer ones need the plug-in. Source: Docker's release notes of 18.09
and 23.0.
"""


@dataclass(frozen=True)
class Build:
    """`args` is told by the environment, not by argv: a proxy's URL may hold a password. `base_hint`: what to type
    where what it stands on cannot be had.
    """

    context: Path
    dockerfile: Path
    target: str
    ref: str
    platform: str
    args: Mapping[str, str]
    secrets: Mapping[str, bytes]
    labels: Mapping[str, str]
    base_hint: str


def builder_of(commands: Commands) -> tuple[str, ...]:
    """The docker CLI's words for a build with secrets, () where it has none."""
    try:
        if commands.run(["docker", "buildx", "version"], timeout=_ASK).ok:
            return _BUILDX
        found = _VERSION.match(commands.run(["docker", "--version"], timeout=_ASK).out)
    except MachineError:
        return ()
    return _BUILT_IN if found and _SINCE <= (int(found[1]), int(found[2])) < _UNTIL else ()


def run_buildx(
    commands: Commands, endpoint: Endpoint, words: Sequence[str], build: Build, on_line: Callable[[str], None]
) -> None:
    """`words`: see `builder_of`. DfdevError: its last lines, and what they are known for."""
    lines: list[str] = []

    def listen(line: str) -> None:
        lines.append(_ESCAPES.sub("", line))
        text = shown(lines[-1])
        if text:
            on_line(text)

    environ = {**endpoint.docker_environ(), **build.args, "DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
    with tempfile.TemporaryDirectory(prefix="dfdev-build-") as folder:
        argv = [*words, *_options(build, _written(build, Path(folder)))]
        ran = commands.run(argv, timeout=_BUILD, env=environ, on_line=listen)
    if not ran.ok:
        raise failure(build, lines)


def shown(line: str) -> str:
    """What a line of plain progress tells a person who waits, "" for nothing."""
    text = _STEP.sub("", line, count=1).strip()
    return "" if _SILENT.match(text) or "[internal]" in text else text[:160]


def failure(build: Build, lines: Sequence[str]) -> DfdevError:
    """Of all that it said: what the failed step said, and the hint to it."""
    last = lines[-1] if lines else "it said nothing"
    why = next((line for line in reversed(lines) if line.startswith("ERROR:")), last)
    said = _PREFIXES.sub("", why).strip()
    hint = build.base_hint if any(map(_NO_BASE.match, lines)) else hint_of(lines)
    return DfdevError(f"building {build.ref}: {said}", hint, details=_said(lines, why))


def hint_of(lines: Sequence[str]) -> str:
    """What to type after the output of a build that failed."""
    symptoms = Symptoms()
    symptoms.feed("".join(f"{line}\n" for line in lines).encode())
    return symptoms.hints[0] if symptoms.hints else "mend the Dockerfile, then again"


def _said(lines: Sequence[str], why: str) -> tuple[str, ...]:
    """What is repeated of the step that failed, and where it is in the Dockerfile; else the last lines.

    The builder of Engine 20.10 repeats the step's name and not its words.
    """
    begin = next((at for at, line in enumerate(lines) if line and not line.strip("-")), 0)
    told = [line for line in lines[begin:] if line.strip("- ") and line != why]
    if begin and not any(map(_TIME.match, told)):
        told[1:1] = _words_of_the_failed(lines[:begin])
    return tuple(_TIME.sub("", line) for line in told if begin or shown(line))[-_LAST:]


def _words_of_the_failed(lines: Sequence[str]) -> list[str]:
    """With their times."""
    number = next((found[1] for found in map(_FAILED.match, lines) if found), "\0")
    own = (line.removeprefix(number) for line in lines if line.startswith(number))
    return [text for text in own if _TIME.match(text)]


def _options(build: Build, secrets: Mapping[str, Path]) -> list[str]:
    argv = ["--progress", "plain", "--target", build.target, "--tag", build.ref, "--file", str(build.dockerfile)]
    argv += ["--platform", build.platform] if build.platform else []
    argv += [word for name in build.args for word in ("--build-arg", name)]
    argv += [word for id, path in secrets.items() for word in ("--secret", f"id={id},src={path}")]
    argv += [word for name, value in build.labels.items() for word in ("--label", f"{name}={value}")]
    return [*argv, str(build.context)]


def _written(build: Build, folder: Path) -> dict[str, Path]:
    """Each secret in a file of the folder, which only this user can enter."""
    paths = {id: folder / id for id in build.secrets}
    for id, path in paths.items():
        path.touch(mode=0o600)
        path.write_bytes(build.secrets[id])
    return paths
