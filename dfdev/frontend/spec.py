"""The two containers of a front end: one that is kept for commands, one that watches. Values only."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path

from dfdev.core import labels
from dfdev.core.desired import File, Health, Mount, Port, Service, container_name
from dfdev.core.frozen import dataclass
from dfdev.core.hashing import add
from dfdev.frontend.personal import Share, hidden_paths, home_mounts, once_more
from dfdev.stack.compile import FRONTEND
from dfdev.trust.variables import PATH
from dfdev.workspace.gate import Gate
from dfdev.workspace.paths import FRONTEND_LOGS
from dfdev.workspace.project import Project
from dfdev.workspace.schema import Frontend
from dfdev.workspace.values import env_text, parse_argv, parse_port

TOOLS, WATCH = "frontend-tools", FRONTEND
DIGEST, MODULES, USER = "dev.dfdev.frontend.digest", "dev.dfdev.frontend.modules", "dev.dfdev.frontend.user"
HOME = "/var/cache/dfdev"
SCRIPTS = "/etc/dfdev"
SCRIPT, NPMRC, EVENTS = f"{SCRIPTS}/inside.sh", f"{SCRIPTS}/npmrc", f"{SCRIPTS}/events"
PROXIES = f"{SCRIPTS}/proxies"
HOST = "host.docker.internal"
"""This host, in the containers."""
_BESIDE = "/host"
"""The front-end folder once more, without the volumes in it."""
_INSTALLED, _PATIENCE = "/tmp/dfdev-installed", 900.0
"""There once the watcher has its modules; seconds that installing them may take."""
_NODE = 1000
"""`node` in the official images, and in ours."""


@dataclass(frozen=True)
class Front:
    """All that decides how the containers of a front end look. `home`: DFHOME; `network`: the variables for it;
    `dockerfile`: its text, "" where `[frontend] image` stands for it.
    """

    workspace: str
    home: str
    config: Frontend
    project: Project
    image: str
    dockerfile: str = field(repr=False)
    scripts: tuple[File, ...]
    network: Mapping[str, str]
    ca: bytes = b""
    npmrc: bytes = field(default=b"", repr=False)
    share: Share = Share()
    """What of DFHOME the containers get."""
    allowed: tuple[Path, ...] = ()
    """Folders outside DFHOME that the user allows."""
    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Variables with a password in them: for a file, as everybody who may ask the engine reads an environment."""

    @property
    def gate(self) -> Gate:
        return Gate(Path(self.home), self.allowed)

    @property
    def name(self) -> str:
        return container_name(self.workspace, TOOLS)

    @property
    def digest(self) -> str:
        """Of all but the modules: equal digests mean that the container need not be made anew."""
        shape = replace(tools_service(self, ""), mounts=())
        whole = hashlib.sha256()
        texts = (self.home, self.project.inside, self.project.components_folder, self.project.node, shape.image)
        shared = repr(self.share.folders)
        add(whole, *(text.encode() for text in (*texts, shared, repr(shape.env), repr(shape.ports))))
        add(whole, *(file.content for file in self.scripts), self.ca, self.npmrc, _proxies(self))
        return whole.hexdigest()

    @property
    def modules(self) -> str:
        return f"{self.project.modules}/{self.project.components}"

    @property
    def hidden(self) -> tuple[str, ...]:
        """Where nothing is to be read in the containers."""
        beside = _BESIDE if self.config.modules == "host" else ""
        return hidden_paths(self.home, self.project.folder, self.share, beside)

    def labels(self, user: str) -> dict[str, str]:
        return {
            labels.WORKSPACE: self.workspace,
            labels.HOME: self.home,
            labels.SERVICE: TOOLS,
            labels.KIND: "tools",
            labels.STATEFUL: "false",
            DIGEST: self.digest,
            MODULES: self.modules,
            USER: user,
            "com.docker.compose.project": self.workspace,
            "com.docker.compose.service": TOOLS,
        }


def tools_service(front: Front, user: str) -> Service:
    """`user`: "uid:gid", or "node" for the image's own."""
    ports = () if front.config.watch else _ports(front)
    return replace(_common(front, TOOLS, user), kind="tools", entrypoint=("sh", SCRIPT, "hold", user), ports=ports)


def watch_service(front: Front, user: str) -> Service:
    """`dfdev up` starts it; what it says goes into its log, and into `run/` of the front-end folder."""
    common, command = _common(front, WATCH, user), parse_argv(front.config.watch_command)
    log = Mount(f"{front.project.folder}/{FRONTEND_LOGS}", "/var/log", "logs")
    built = ("DFDEV_BUILD", shlex.join(parse_argv(front.config.build)))
    return replace(
        common,
        kind="frontend",
        env=tuple(sorted((*common.env, built))),
        health=Health("command", command=("test", "-e", _INSTALLED), timeout=_PATIENCE),
        entrypoint=("sh", SCRIPT, "watch", user, *command),
        ports=_ports(front),
        mounts=(*common.mounts, log),
    )


def _common(front: Front, name: str, user: str) -> Service:
    return Service(
        name,
        front.image,
        env=tuple(sorted((_env(front) | _as_root(user)).items())),
        mounts=_mounts(front),
        files=_files(front, user),
        user="0:0",
        working_dir=front.project.inside,
        extra_hosts=(f"{HOST}:host-gateway",),
        stop_seconds=5,
    )


def _ports(front: Front) -> tuple[Port, ...]:
    return tuple(parse_port(entry) for entry in front.config.ports)


def _env(front: Front) -> dict[str, str]:
    project, events = front.project, front.config.events
    ours = {
        "HOME": HOME,
        "LANG": "C.UTF-8",
        "DFDEV_FRONTEND": project.inside,
        "DFDEV_COMPONENTS": project.components_folder,
        "DFDEV_NODE": project.node,
        "DFDEV_MODULES": front.config.modules,
        "npm_config_update_notifier": "false",
        "npm_config_fund": "false",
        "npm_config_userconfig": NPMRC,
        **_personal(front),
    }
    chosen = {} if events == "auto" else events_env(events)
    own = {name: env_text(value) for name, value in front.config.env.items()}
    return {**ours, **chosen, **front.network, **own}


def _personal(front: Front) -> dict[str, str]:
    """What each command looks at; and what makes the containers anew when a masked file was saved."""
    saved = " ".join(f"{own.path} {own.saved}" for own in front.share.masked)
    marks = {"DFDEV_HIDDEN_OF": hashlib.sha256(saved.encode()).hexdigest()[:12]} if saved else {}
    return marks | ({"DFDEV_HIDDEN": "\n".join(front.hidden)} if front.hidden else {})


def _as_root(user: str) -> dict[str, str]:
    """Where the checkout is root's, bower has to be told that this is meant."""
    return {"bower_allow_root": "true"} if user.startswith("0:") else {}


def events_env(found: str) -> dict[str, str]:
    """What watchers are told. `found`: native or poll. (chokidar; webpack's watchpack; the scaffold's Gruntfile.)"""
    if found == "native":
        return {"DFDEV_EVENTS": "native"}
    return {"DFDEV_EVENTS": "poll", "CHOKIDAR_USEPOLLING": "1", "CHOKIDAR_INTERVAL": "500", "WATCHPACK_POLLING": "500"}


def _mounts(front: Front) -> tuple[Mount, ...]:
    project, volume = front.project, f"{front.workspace}-frontend"
    return (
        *home_mounts(front.home, project.folder, front.share),
        Mount(f"{volume}-modules-{project.modules or 'none'}", f"{project.inside}/node_modules", "data"),
        Mount(
            f"{volume}-components-{project.components or 'none'}",
            f"{project.inside}/{project.components_folder}",
            "data",
        ),
        Mount(f"{volume}-cache", HOME, "data"),
        *(once_more(front.home, project.folder, front.share, _BESIDE) if front.config.modules == "host" else ()),
    )


def _files(front: Front, user: str) -> tuple[File, ...]:
    uid, _, gid = user.partition(":")
    owner = (int(uid), int(gid)) if gid else (_NODE, _NODE)
    files = list(front.scripts)
    if front.ca:
        files.append(File(PATH, front.ca))
    if front.npmrc:
        files.append(File(NPMRC, front.npmrc, mode=0o600, uid=owner[0], gid=owner[1]))
    if proxies := _proxies(front):
        files.append(File(PROXIES, proxies, mode=0o600, uid=owner[0], gid=owner[1]))
    return tuple(files)


def _proxies(front: Front) -> bytes:
    """As a shell reads them, but for those that the developer sets himself."""
    wanted = sorted(item for item in front.proxies.items() if item[0] not in front.config.env)
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in wanted).encode()
