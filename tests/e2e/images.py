"""The images that the tests run, built by dfdev itself where the engine does not have them yet.

`python -m tests.e2e.images VERSION…` does it on these engines before a test's clock runs: minutes the first time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from dfdev.images.catalog import CATALOG
from tests import machine

FIXTURES = Path(__file__).parent / "fixtures-image"
OFFICIAL = Path(__file__).parent / "official-mysql"
MYSQLSH = Path(__file__).parent / "mysqlsh-image"
STANDIN = Path(__file__).parent / "mysqlsh-standin"
UBUNTU = "dfdev-test/ubuntu:resolute"
_MMDEBSTRAP = (
    "mmdebstrap",
    "--variant=minbase",
    "--components=main,universe",
    "--include=mysql-server-core,mysql-client-core,mysql-shell",
    # Debian has no package of Ubuntu's keys everywhere, and nothing but these tests runs on it.
    '--aptopt=Acquire::AllowInsecureRepositories "true"',
    '--aptopt=APT::Get::AllowUnauthenticated "true"',
    '--aptopt=Acquire::Languages "none"',
)


def ensure(docker_host: str) -> None:
    """`dfdev images bootstrap` for every image, then the tests' own MySQL image with its fixtures baked in."""
    bootstrap(docker_host, *(image.name for image in CATALOG))
    _build({**os.environ, "DOCKER_HOST": docker_host}, "-t", "dfdev-test/mysql:1", str(FIXTURES))


def bootstrap(docker_host: str, *names: str) -> None:
    """Those of dfdev's own images, where the engine does not have them yet."""
    command = [str(Path(sys.executable).with_name("dfdev")), "images", "bootstrap", *names]
    subprocess.run(command, env={**os.environ, "DOCKER_HOST": docker_host}, check=True, timeout=1500)


def copy(source: str, target: str, refs: Iterable[str] = ()) -> None:
    """The images of one engine (all that `ensure` makes) in another one too: faster than to make them again.

    Those that consist of the same layers there are left as they are.
    """
    bases = dict.fromkeys(image.base for image in CATALOG)
    made = (ref for base in bases for ref in (base.rootfs, base.ref))
    wanted = tuple(refs) or (*made, *(image.ref for image in CATALOG), "dfdev-test/mysql:1")
    missing = [ref for ref in wanted if _layers(source, ref) not in ("", _layers(target, ref))]
    if not missing:
        return
    with subprocess.Popen(["docker", "-H", source, "save", *missing], stdout=subprocess.PIPE) as saved:
        load = ["docker", "-H", target, "load", "-q"]
        subprocess.run(load, stdin=saved.stdout, check=True, timeout=600, capture_output=True)
    assert saved.returncode == 0, missing


def _layers(docker_host: str, ref: str) -> str:
    """Empty where the engine has no such image."""
    argv = ["docker", "-H", docker_host, "image", "inspect", "-f", "{{json .RootFS.Layers}}", ref]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60).stdout.strip()


def ensure_password(docker_host: str, password: str) -> str:
    """The tests' own MySQL image, whose user has this password: its reference."""
    ref = "dfdev-test/mysql:own-password"
    argument = f"PASSWORD={password}"
    _build({**os.environ, "DOCKER_HOST": docker_host}, "-t", ref, "--build-arg", argument, str(FIXTURES))
    return ref


def ensure_official(docker_host: str, base: str) -> str:
    """An image of the official ones' shape on a server of ours (dfdev/mysql:9, dfdev/mariadb:10): its reference."""
    ref = base.replace("dfdev/", "dfdev-test/official-")
    _build({**os.environ, "DOCKER_HOST": docker_host}, "-t", ref, "--build-arg", f"BASE={base}", str(OFFICIAL))
    return ref


def ensure_mysqlsh(docker_host: str) -> str:
    """MySQL with what stands in for mysqlsh, which Debian has not; with DFDEV_TEST_MYSQLSH=real the real one."""
    if real_mysqlsh():
        return _ensure_real_mysqlsh(docker_host)
    _build({**os.environ, "DOCKER_HOST": docker_host}, "-t", "dfdev-test/mysqlsh:standin", str(STANDIN))
    return "dfdev-test/mysqlsh:standin"


def real_mysqlsh() -> bool:
    return os.environ.get("DFDEV_TEST_MYSQLSH") == "real"


def _ensure_real_mysqlsh(docker_host: str) -> str:
    """MySQL 8.4 with mysqlsh, from the packages of Ubuntu, whose mirror mmdebstrap knows. No test needs it."""
    environ = {**os.environ, "DOCKER_HOST": docker_host}
    if subprocess.run(["docker", "image", "inspect", UBUNTU], env=environ, capture_output=True, check=False).returncode:
        with tempfile.TemporaryDirectory() as folder:
            tar = f"{folder}/ubuntu.tar"
            subprocess.run([*_MMDEBSTRAP, "resolute", tar], check=True, timeout=600, capture_output=True)
            subprocess.run(["docker", "import", tar, UBUNTU], env=environ, check=True, timeout=300, capture_output=True)
    _build(environ, "-t", "dfdev-test/mysqlsh:8.4", "--build-arg", f"BASE={UBUNTU}", str(MYSQLSH))
    return "dfdev-test/mysqlsh:8.4"


def _build(environ: dict[str, str], *options: str) -> None:
    command = ["docker", "build", "-q", *options]
    subprocess.run(command, env={**environ, "DOCKER_BUILDKIT": "0"}, check=True, timeout=600, capture_output=True)


def main(versions: list[str]) -> None:
    """Made on the first of these engines, copied to the others."""
    with ExitStack() as stack:
        engines = []
        for version in versions:
            engines.append(machine.start(version))
            stack.callback(engines[-1].stop)
        first, *others = engines
        ensure(first.host)
        for other in others:
            copy(first.host, other.host)


if __name__ == "__main__":
    main(sys.argv[1:])
