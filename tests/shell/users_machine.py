"""A machine whose user works with Docker, and beside it a run of the tests' engines: what was there is as it was.

Runs as root in a place apart, which plays the machine, and prints what differs (nothing, when all is well).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import machine
from tests.machine import busybox, processes

PORT = 8099
DOCKERFILE = f"FROM {busybox.IMAGE}\nRUN echo built >/built\n"
RUN_OF_TESTS = f"""
import subprocess
from tests import machine
from tests.machine import busybox
for version, name in (("28", "shared"), ("20.10", "shared"), ("28", "beside")):
    engine = machine.start(version, name=name)
    busybox.ensure(engine, machine.default_cache())
    docker = [engine.docker, "-H", engine.host]
    publish = ["run", "-d", "-p", "127.0.0.1:{PORT}:80", busybox.IMAGE, "sleep", "1000"]
    made = subprocess.run([*docker, *publish], check=True, capture_output=True, text=True).stdout.strip()
    subprocess.run([*docker, "rm", "-f", made], check=True, capture_output=True)
    engine.stop()
"""
"""On each of the engines a container, at the very port that the user's has."""


class Users:
    """The engine of the machine, as its package starts it, with a page that its container shows."""

    def __init__(self, packages: Path, folder: Path) -> None:
        self._docker = str(packages / "usr/bin/docker")
        self.folder = folder
        self._environ = {**os.environ, "PATH": f"{packages}/usr/sbin:{packages}/usr/bin:{os.environ['PATH']}"}
        settings = Path.home() / ".docker" / "config.json"
        settings.parent.mkdir()
        settings.write_text('{"psFormat": "table {{.ID}}"}')

    @contextmanager
    def running(self) -> Iterator[None]:
        command = ["dockerd", "--data-root", str(self.folder / "data")]
        with (self.folder / "dockerd.log").open("w") as log:
            daemon = subprocess.Popen(command, env=self._environ, stdout=log, stderr=log)
        processes.wait_until(lambda: Path("/run/docker.sock").exists(), 60, "the user's engine")
        try:
            yield
        finally:
            daemon.terminate()
            daemon.wait()

    def docker(self, *args: str, stdin: str = "") -> str:
        environ = {**self._environ, "DOCKER_BUILDKIT": "0"}
        done = subprocess.run([self._docker, *args], env=environ, input=stdin, capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else f"docker {args[0]}: {done.stderr.strip()}"

    def serve(self, rootfs: Path) -> None:
        self.docker("import", str(rootfs), busybox.IMAGE)
        page = f"mkdir /page; echo hello >/page/index.html; exec /bin/busybox httpd -f -p {PORT} -h /page"
        run = ["run", "-d", "--stop-timeout", "1", "--name", "web", "-p", f"127.0.0.1:{PORT}:{PORT}", busybox.IMAGE]
        self.docker(*run, "sh", "-c", page)
        processes.wait_until(lambda: self.page() == "hello", 20, "the user's page")

    def page(self) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=5) as answer:
                return str(answer.read().decode().strip())
        except OSError as error:
            return str(error)

    def state(self) -> dict[str, str]:
        """What the user would notice."""
        home = sorted(str(path) for path in Path.home().rglob("*"))
        built = self.docker("build", "-q", "--no-cache", "-", stdin=DOCKERFILE)
        return {
            "page": self.page(),
            "containers": self.docker("ps", "--no-trunc", "--format", "{{.ID}} {{.State}}"),
            "networks": self.docker("network", "ls", "--no-trunc", "-q"),
            "build": re.sub("[0-9a-f]{64}", "an image", built),
            "interfaces": "\n".join(sorted(path.name for path in Path("/sys/class/net").iterdir())),
            "rules": _without_counters(subprocess.run(["iptables-save"], capture_output=True, text=True).stdout),
            "home": "\n".join(home),
            "settings": (Path.home() / ".docker" / "config.json").read_text(),
        }


def _without_counters(rules: str) -> str:
    return "\n".join(re.sub(r"\[.*\]", "", line) for line in rules.splitlines() if not line.startswith("#"))


def main(apart: list[str]) -> int:
    """`apart`: what goes before a command to run it apart; without it, engines of the tests must not even start."""
    cache = machine.default_cache()
    users = Users(machine.fetch("28", cache), Path(tempfile.mkdtemp(prefix="dfdev-user-", dir=cache)))
    program = [sys.executable, "-c", RUN_OF_TESTS]
    try:
        with users.running():
            users.serve(busybox.tar(cache))
            before = users.state()
            assert (before["page"], before["build"]) == ("hello", "sha256:an image"), before
            assert "docker0" in before["interfaces"] and "DOCKER" in before["rules"], before
            beside = subprocess.run(program, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            assert "an engine of this machine has the interface docker0" in beside.stderr, beside.stderr
            code = subprocess.run([*apart, *program], stdin=subprocess.DEVNULL).returncode
            after = users.state()
    finally:
        shutil.rmtree(users.folder, ignore_errors=True)
    for name in before:
        if after[name] != before[name]:
            print(f"{name} was\n{before[name]}\nand is\n{after[name]}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
