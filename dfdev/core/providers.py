"""Whose engine is it: told from its address, and where that says nothing, from what it says of itself.

Standard library only and without regular expressions: this is on the path of every command.

Sources: the sockets and contexts that the products document or create (facts/providers-and-clock.md §1.0): colima
config/files.go and config/profile.go, lima templates/docker.yaml and pkg/limatype/dirnames, rancher-desktop ~/.rd,
docs.orbstack.dev, docs.docker.com/desktop, podman pkg/machine, docker/machine libmachine/mcndirs, boot2docker-cli
config.go; for `/info` moby daemon/info.go, the boot2docker image's os-release, docker/machine's `provider=` label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dfdev.core.frozen import dataclass
from dfdev.core.observed import EngineInfo

PODMAN_DEFAULT = "podman-machine-default"
_LOOPBACK = ("127.0.0.1", "localhost", "::1", "")
_BOOT2DOCKER_NETWORK = "192.168.59."


@dataclass(frozen=True)
class Owner:
    """`provider` as in the catalog; `name` of the machine, "" where it is not told or there is only one.

    `why`: the rule that matched, in words.
    """

    provider: str
    name: str = ""
    why: str = ""

    @property
    def here(self) -> bool:
        """The engine runs in a machine of this computer: not on the computer itself, and not elsewhere."""
        return self.provider not in ("native", "remote")


def by_endpoint(
    host: str, *, real_path: str = "", context: str = "", environ: Mapping[str, str], home: str
) -> Owner | None:
    """Who owns the engine at `host` (URL as in DOCKER_HOST); None when the address does not tell.

    `real_path`: the socket's path with links resolved, because several products offer /var/run/docker.sock.
    `context`: name of the docker context that `host` comes from, "" for DOCKER_HOST and the default socket.
    """
    scheme, _, rest = host.partition("://")
    if scheme == "ssh":
        return Owner("remote", rest.partition("/")[0], "its address is ssh://")
    if scheme == "tcp":
        return _by_tcp(rest, "" if context else environ.get("DOCKER_HOST", ""), environ)
    for path in dict.fromkeys((real_path, rest)):
        found = _by_socket(path, environ, home)
        if found:
            return found
    return _by_context(context)


def by_info(info: EngineInfo, *, hostname: str, local: bool) -> Owner | None:
    """Who answers. `hostname`: of this host; `local`: the engine was reached by a Unix socket on Linux.

    For engines whose address did not tell: a copied address is a better sign than a name that somebody may have set.
    """
    native = info.native or (local and info.name == hostname)
    if info.podman:
        return Owner("native" if native else "podman", "", "it is Podman")
    return _by_system(info) or (Owner("native", "", "it runs on this host") if native else _by_name(info.name))


def _by_socket(path: str, environ: Mapping[str, str], home: str) -> Owner | None:
    """The first product whose folder is among the path's folders."""
    parts = path.split("/")
    last = parts[-1]
    if last == "docker.sock":
        for folder in _colima_homes(environ, home):
            if path.startswith(folder + "/"):
                return _colima(path[len(folder) + 1 :].split("/"))
        lima = environ.get("LIMA_HOME", "").rstrip("/")
        if lima and path.startswith(lima + "/"):
            return _lima(path[len(lima) + 1 :].split("/"))
        return _by_folder(parts)
    if parts[-2:] == [".socktainer", "container.sock"]:
        return Owner("socktainer", "", "its socket is socktainer's")
    return _podman(parts) if last.endswith(".sock") else None


def _colima_homes(environ: Mapping[str, str], home: str) -> Iterator[str]:
    xdg = environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
    for folder in (environ.get("COLIMA_HOME", ""), f"{xdg}/colima"):
        if folder:
            yield folder.rstrip("/")


def _by_folder(parts: list[str]) -> Owner | None:
    for number, part in enumerate(parts):
        after = parts[number + 1 :]
        if part == ".colima":
            return _colima(after)
        if part == ".lima":
            return _lima(after)
        if part == ".orbstack":
            return Owner("orbstack", "", "its socket is OrbStack's")
        if part == ".arcbox":
            return Owner("arcbox", "", "its socket is ArcBox's")
        if part == ".rd":
            return Owner("rancher-desktop", "", "its socket is Rancher Desktop's")
        if part == ".docker" and after[:1] in (["run"], ["desktop"]):
            return Owner("docker-desktop", "", "its socket is Docker Desktop's")
        if part == "com.docker.docker":
            return Owner("docker-desktop", "", "its socket is Docker Desktop's")
    return None


def _colima(after: list[str]) -> Owner | None:
    """PROFILE/docker.sock, or docker.sock alone: the default profile's old place."""
    if after[0] == "_lima":
        return _lima(after[1:])
    return Owner("colima", after[0] if len(after) > 1 else "default", "its socket is Colima's")


def _lima(after: list[str]) -> Owner | None:
    """INSTANCE/sock/docker.sock; Colima before 0.6 kept its instances there too."""
    if len(after) < 2:
        return None
    name = after[0]
    if name == "colima" or name.startswith("colima-"):
        return Owner("colima", name.removeprefix("colima").removeprefix("-") or "default", "its socket is Colima's")
    return Owner("lima", name, "its socket is Lima's")


def _podman(parts: list[str]) -> Owner | None:
    """…/podman/NAME-api.sock, …/podman/machine/[NAME/]podman.sock; what is in /run is Podman on this host."""
    parent, last = parts[-2] if len(parts) > 1 else "", parts[-1]
    if parent == "podman" and last.endswith("-api.sock"):
        return Owner("podman", last.removesuffix("-api.sock"), "its socket is a Podman machine's")
    if last != "podman.sock":
        return None
    if "machine" in parts and "podman" in parts[:-1]:
        name = "" if parent in ("machine", "qemu", "applehv", "libkrun") else parent
        return Owner("podman", name, "its socket is a Podman machine's")
    return Owner("native", "", "its socket is Podman's on this host") if parent == "podman" else None


def _by_context(context: str) -> Owner | None:
    """The contexts that products make for themselves; a name alone, so that it counts last."""
    why = f"its context is {context}"
    if context in ("orbstack", "rancher-desktop", "arcbox", "socktainer"):
        return Owner(context, "", why)
    if context == "desktop-linux":
        return Owner("docker-desktop", "", why)
    if context == "colima" or context.startswith("colima-"):
        return Owner("colima", context.removeprefix("colima").removeprefix("-") or "default", why)
    if context.startswith("lima-"):
        return Owner("lima", context.removeprefix("lima-"), why)
    return None


def _by_tcp(authority: str, from_environ: str, environ: Mapping[str, str]) -> Owner | None:
    """`from_environ`: DOCKER_HOST, when that is where the address comes from; only then its companions count."""
    companions = environ if from_environ else {}
    certs = companions.get("DOCKER_CERT_PATH", "").rstrip("/").split("/")
    named = companions.get("DOCKER_MACHINE_NAME", "")
    name = _host_name(authority)
    if named:
        return Owner("docker-machine", named, "DOCKER_MACHINE_NAME is set")
    if len(certs) > 2 and certs[-2] == "machines":
        return Owner("docker-machine", certs[-1], "its certificates are docker-machine's")
    if ".boot2docker" in certs or certs[-1] == "boot2docker-vm":
        return Owner("boot2docker", certs[-1], "its certificates are boot2docker's")
    if name.startswith(_BOOT2DOCKER_NETWORK):
        return Owner("boot2docker", "", "its address is in boot2docker's network")
    return None if name in _LOOPBACK else Owner("remote", name, "its address is on another host")


def _host_name(authority: str) -> str:
    """Of `name:port` or `[v6]:port`."""
    authority = authority.partition("/")[0]
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]


def _by_system(info: EngineInfo) -> Owner | None:
    labels = dict(label.partition("=")[::2] for label in info.labels)
    if info.os == "Docker Desktop" or "com.docker.desktop.address" in labels:
        return Owner("docker-desktop", "", "it says that it is Docker Desktop")
    if info.os == "OrbStack" or info.name == "orbstack":
        return Owner("orbstack", "", "it says that it is OrbStack")
    if "provider" in labels and info.os.startswith("Boot2Docker"):
        return Owner("docker-machine", info.name, f"its label is provider={labels['provider']}")
    if info.os.startswith("Boot2Docker") or info.name == "boot2docker":
        return Owner("boot2docker", "", "it says that it is boot2docker")
    return None


def _by_name(name: str) -> Owner | None:
    """Colima and Lima run a plain distribution; only the guest's host name is theirs."""
    guest = name.removeprefix("lima-")
    if guest == "colima" or guest.startswith("colima-"):
        profile = guest.removeprefix("colima").removeprefix("-") or "default"
        return Owner("colima", profile, f"its host name is {name}")
    if name == "lima-rancher-desktop":
        return Owner("rancher-desktop", "", f"its host name is {name}")
    return Owner("lima", guest, f"its host name is {name}") if guest != name else None
