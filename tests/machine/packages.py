"""Debian packages of an engine, downloaded with apt's own machinery and unpacked into the cache; nothing is installed.

The newer suites' `runc` and `containerd` want a newer libc than Debian 12 has, so both engines run with Debian 12's.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.machine.layout import MachineError

_RUNTIME = ("containerd", "runc", "tini")
_SUITES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "20.10": {"bookworm": ("docker.io", *_RUNTIME)},
    "28": {
        "sid": ("docker.io", "docker-cli", "docker-compose", "docker-buildx"),
        "bookworm": (*_RUNTIME, "busybox-static"),
    },
}
VERSIONS = tuple(_SUITES)
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PLUGINS = "usr/libexec/docker/cli-plugins"


def fetch(version: str, cache: Path) -> Path:
    """The folder with the unpacked packages of an engine (`usr/sbin/dockerd` …); downloads them once (60 MB).

    Raises MachineError when the version is unknown or apt cannot get it.
    """
    if version not in _SUITES:
        raise MachineError(f"no engine {version}: there are {', '.join(VERSIONS)}")
    root = cache / "packages" / version
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / f"packages-{version}.lock"):
        if _wanted(version) != _have(root):
            _unpack_all(version, cache, root)
    return root


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; waits for the other one."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _wanted(version: str) -> str:
    return "\n".join(f"{suite}: {' '.join(names)}" for suite, names in _SUITES[version].items())


def _have(root: Path) -> str:
    stamp = root / ".complete"
    return stamp.read_text() if stamp.is_file() else ""


def _unpack_all(version: str, cache: Path, root: Path) -> None:
    fresh, old = root.with_name(f"{version}.new"), root.with_name(f"{version}.old")
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    fresh.mkdir(parents=True)
    for suite, names in _SUITES[version].items():
        for package in _download(suite, names, cache):
            _run(["dpkg", "-x", str(package), str(fresh)], {})
    _link_plugins(fresh)
    (fresh / ".complete").write_text(_wanted(version))
    if root.exists():
        root.rename(old)
    fresh.rename(root)
    shutil.rmtree(old, ignore_errors=True)


def _download(suite: str, names: tuple[str, ...], cache: Path) -> list[Path]:
    folder = cache / "apt" / suite
    archives = folder / "debs"
    shutil.rmtree(archives, ignore_errors=True)
    for needed in (folder / "lists" / "partial", folder / "archives" / "partial", archives):
        needed.mkdir(parents=True, exist_ok=True)
    (folder / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {suite} main\n")
    (folder / "apt.conf").write_text(_apt_conf(folder))
    env = {"APT_CONFIG": str(folder / "apt.conf")}
    _run(["apt-get", "-qq", "update"], env)
    _run(["apt-get", "-qq", "download", *names], env, archives)
    return sorted(archives.glob("*.deb"))


def _apt_conf(folder: Path) -> str:
    """apt's state moved into the cache: no root needed, the host's own lists stay as they are."""
    settings = {
        "Dir::State": folder,
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": folder,
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Acquire::Check-Valid-Until": "false",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    if os.geteuid() == 0:
        settings["APT::Sandbox::User"] = "root"
    return "".join(f'{key} "{value}";\n' for key, value in settings.items())


def mirror() -> str:
    """The Debian mirror: `DFDEV_APT_MIRROR`, else the one that this host's apt is configured with."""
    named = os.environ.get("DFDEV_APT_MIRROR")
    if named:
        return named
    lines = _run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(ORIGIN)"], {}).splitlines()
    for line in lines:
        uri, release, *origin = line.split()
        if "-" not in release and origin in ([], ["Debian"]) and "debian" in uri:
            return uri
    raise MachineError("apt knows no Debian mirror here; set DFDEV_APT_MIRROR to one")


def _link_plugins(root: Path) -> None:
    """A DOCKER_CONFIG folder with the unpacked plug-ins, so that `docker compose` finds them."""
    links = root / "config" / "cli-plugins"
    links.mkdir(parents=True)
    for plugin in root.glob(f"{PLUGINS}/*"):
        (links / plugin.name).symlink_to(Path("../..") / PLUGINS / plugin.name)


def _run(argv: list[str], env: Mapping[str, str], cwd: Path | None = None) -> str:
    done = subprocess.run(argv, env={**os.environ, **env}, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MachineError(f"{' '.join(argv)}: {done.stderr.strip() or done.returncode}")
    return done.stdout
