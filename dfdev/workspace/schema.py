"""The types of `dfdev.toml`. `dfdev config schema` is made from these classes and their descriptions.

A value that must be given (`image`) defaults to "" here and is asked for by the checks, so that a
file with several gaps gets all of them reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Port = Annotated[int, Meta(ge=1, le=65535)]
Count = Annotated[int, Meta(ge=1)]
Duration = Annotated[str | int | float, Meta(description='A duration: "500ms", "2s", "1m30s", or a number of seconds.')]
Size = Annotated[str | int, Meta(description='A size: "8GiB", "512MiB", or a number of bytes.')]
Env = Annotated[Mapping[str, str | int | bool], Meta(description="Environment variables of the container.")]
Settings = Annotated[
    Mapping[str, str | int | bool],
    Meta(description="Variables of the server, as production has them: sql_mode, time_zone, max_allowed_packet."),
]
Secret = Annotated[
    str,
    Meta(
        description="A secret: keep it in .env.local and write ${NAME} here.",
        extra_json_schema={"writeOnly": True},
    ),
]
PATH = {"path": True}
"""Marks a key that names something on this host's disk: only through the gate (`gate.py`), as a test proves."""
Folder = Annotated[str, Meta(description="A folder, relative to DFHOME.", extra=PATH)]
Image = Annotated[str, Meta(description="An image reference: NAME:TAG, HOST:PORT/NAME:TAG.")]
HealthCommand = Annotated[
    str | tuple[str, ...], Meta(description="Ready when this exits 0 in the container; a text is run by sh.")
]
Argv = Annotated[str | tuple[str, ...], Meta(description="The words of a command; a text is split as a shell would.")]
Provider = Literal[
    "auto", "boot2docker", "docker-machine", "docker-desktop", "colima", "lima", "rancher-desktop",
    "orbstack", "podman", "arcbox", "socktainer", "native", "ssh",
]  # fmt: skip


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file. Its repr shows no values, some of which are secret."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []


class WorkspaceSection(Section, frozen=True):
    """The workspace itself."""

    name: Annotated[str, Meta(description="Names its containers and its network; by default the folder's name.")] = ""


class Machine(Section, frozen=True):
    """The machine (VM) that the Docker engine runs in."""

    provider: Annotated[Provider, Meta(description="What runs the engine; auto finds it.")] = "auto"
    profile: Annotated[str, Meta(description="colima profile, or the machine's name.")] = ""
    local: Annotated[bool, Meta(description="docker-machine's `generic` at a private address is this computer.")] = (
        False
    )
    cpus: Annotated[Count | None, Meta(description="Processors of the machine.")] = None
    memory: Size | None = None


class Clock(Section, frozen=True):
    """The machine's clock against this computer's."""

    tolerance: Duration = "500ms"
    correct: Annotated[Literal["auto", "ask", "never"], Meta(description="What to do beyond the tolerance.")] = "auto"


class Registry(Section, frozen=True):
    """The local registry: a container that serves images from a folder or from S3."""

    image: Image = "registry:3"
    alias: Annotated[str, Meta(description="Host name of the registry: images are ALIAS:PORT/NAME:TAG.")] = "localhost"
    port: Annotated[Port, Meta(description="Port on 127.0.0.1.")] = 5000
    storage: Annotated[Literal["filesystem", "s3"], Meta(description="Where the images are kept.")] = "filesystem"
    bucket: Annotated[str, Meta(description="S3 bucket.")] = ""
    region: Annotated[str, Meta(description="S3 region: us-east-1.")] = ""
    endpoint: Annotated[str, Meta(description="URL of a store that speaks S3 and is not AWS.")] = ""
    secure: Annotated[bool, Meta(description="Speak TLS with S3.")] = True
    path_style: Annotated[bool, Meta(description="Bucket in the path, not in the host name.")] = False
    prefix: Annotated[str, Meta(description="Folder in the bucket.")] = ""
    redirect: Annotated[bool, Meta(description="Send clients to S3 for layers; off: through the registry.")] = False
    delete: Annotated[bool, Meta(description="Allow images to be deleted.")] = False
    config: Annotated[
        str,
        Meta(description="The team's own config.yml, relative to DFHOME, instead of the keys above.", extra=PATH),
    ] = ""
    access_key: Secret = ""
    secret_key: Secret = ""


class Ready(Section, frozen=True):
    """How long to wait until it serves."""

    timeout: Duration = "120s"


class MySQL(Section, frozen=True):
    """The database, from an image that has its fixtures baked in."""

    image: Image = ""
    port: Annotated[Port, Meta(description="Port on 127.0.0.1.")] = 3306
    fixtures: Folder = ""
    base: Annotated[str, Meta(description="The image that `dfdev mysql build` bakes the fixtures into.")] = "mysql:8.4"
    settings: Settings = {}
    migrations: Annotated[
        tuple[str, ...], Meta(description="Patterns of migration files in the services' code folders.")
    ] = ("**/migrations/[0-9]*.py",)
    rebuild_after: Annotated[
        str | int | float, Meta(description='Age at which fixtures are old: "7d", "36h"; empty: never.')
    ] = ""
    user: Annotated[str, Meta(description="Who asks whether it is ready.")] = "root"
    password: Secret = ""
    database: Annotated[str, Meta(description="The database to ask.")] = ""
    env: Env = {}
    health: Ready = Ready()


class Health(Section, frozen=True):
    """When a service counts as ready: one of http, tcp and command, else the image's own health check."""

    http: Annotated[str | None, Meta(description="A path, /healthz: ready when it answers 2xx or 3xx.")] = None
    tcp: Annotated[bool | int | None, Meta(description="A container port, or true: ready when it accepts.")] = None
    command: HealthCommand | None = None
    port: Annotated[Port | None, Meta(description="Container port to ask; by default the first published one.")] = None
    timeout: Duration = "120s"


class Service(Section, frozen=True):
    """A service of the team: one container."""

    image: Image = ""
    code: Annotated[
        str, Meta(description="Folder mounted at /var/NAME, relative to DFHOME; or SOURCE:TARGET.", extra=PATH)
    ] = ""
    logs: Annotated[
        str, Meta(description="Folder mounted at /var/log, relative to DFHOME; or SOURCE:TARGET.", extra=PATH)
    ] = ""
    mounts: Annotated[tuple[str, ...], Meta(description="More folders: SOURCE:TARGET[:ro].", extra=PATH)] = ()
    ports: Annotated[tuple[str | int, ...], Meta(description="HOST:CONTAINER[/udp], on 127.0.0.1 only.")] = ()
    env: Env = {}
    env_file: Annotated[
        str | tuple[str, ...], Meta(description="Files of NAME=value lines; env wins over them.", extra=PATH)
    ] = ()
    command: Argv = ()
    entrypoint: Argv = ()
    depends_on: Annotated[
        tuple[str, ...], Meta(description="Services that must be ready first; registry and mysql too.")
    ] = ()
    health: Health | None = None
    user: Annotated[str | int, Meta(description='auto: owner of DFHOME on native Linux; "image"; or "uid[:gid]".')] = (
        "auto"
    )
    init: Annotated[bool, Meta(description="A small init as PID 1: it reaps, and forwards signals.")] = True
    working_dir: Annotated[str, Meta(description="Folder in the container that the command starts in.")] = ""
    stop_timeout: Duration = "10s"
    restart: Annotated[Literal["no", "always", "on-failure", "unless-stopped"], Meta(description="Restart policy.")] = (
        "no"
    )
    extra_hosts: Annotated[tuple[str, ...], Meta(description="NAME:ADDRESS lines for /etc/hosts.")] = ()


class Frontend(Section, frozen=True):
    """The front-end folder and the container that its tools run in."""

    dir: Folder = ""
    node: Annotated[
        str | int, Meta(description="Version of node: 24, 24.9; by default what .nvmrc or engines say, else 24.")
    ] = ""
    image: Annotated[str, Meta(description="An image with node, instead of the one that DIR/Dockerfile makes.")] = ""
    base: Annotated[str, Meta(description="What the Dockerfile stands on (its argument BASE).")] = ""
    platform: Annotated[str, Meta(description="linux/amd64, where a tool has no other binary.")] = ""
    modules: Annotated[
        Literal["volume", "host"], Meta(description="Where editors find the modules: host keeps a copy in the folder.")
    ] = "volume"
    events: Annotated[
        Literal["auto", "native", "poll"], Meta(description="How file changes are noticed; auto tries it.")
    ] = "auto"
    watch: Annotated[bool, Meta(description="`dfdev up` starts the watcher as the service frontend.")] = False
    watch_command: Argv = ("grunt", "watch")
    build: Argv = ("grunt", "build")
    output: Annotated[str, Meta(description="Folder that `build` makes, relative to DIR.", extra=PATH)] = "dist"
    ports: Annotated[tuple[str | int, ...], Meta(description="HOST:CONTAINER of the watcher, on 127.0.0.1.")] = ()
    env: Env = {}
    answers: Annotated[
        Mapping[str, str], Meta(description="Part of a prompt's text -> what to answer where nobody can be asked.")
    ] = {}


class ImageBuild(Section, frozen=True):
    """An image that the team builds."""

    dockerfile: Annotated[str, Meta(description="Dockerfile, relative to DFHOME.", extra=PATH)] = "Dockerfile"
    base: Annotated[str, Meta(description="Another of [images] that this one is built from.")] = ""
    test: Argv = ()
    promote: Annotated[tuple[str, ...], Meta(description="Tags on the way to production, in order.")] = ()


class Profile(Section, frozen=True):
    """What differs on another kind of host: `dfdev up --profile NAME`."""

    logs_root: Annotated[str, Meta(description="Absolute folder that logs go to instead of DFHOME.", extra=PATH)] = ""


class Config(Section, frozen=True):
    """A dfdev workspace."""

    workspace: WorkspaceSection = WorkspaceSection()
    machine: Machine = Machine()
    clock: Clock = Clock()
    registry: Registry | None = None
    mysql: MySQL | None = None
    services: Mapping[str, Service] = {}
    frontend: Frontend | None = None
    images: Mapping[str, ImageBuild] = {}
    profiles: Mapping[str, Profile] = {}


class UserMounts(Section, frozen=True):
    """Mounts of this user."""

    allow: Annotated[tuple[str, ...], Meta(description="Folders outside DFHOME that workspaces may mount.")] = ()


class Granted(Section, frozen=True):
    """What the user has agreed to for one workspace, in `allowed.toml`."""

    folders: Annotated[tuple[str, ...], Meta(description="Folders outside DFHOME that it may have.")] = ()
    engines: Annotated[tuple[str, ...], Meta(description="Addresses of engines that it may use.")] = ()
    owners: Annotated[tuple[str, ...], Meta(description="Numbers of users whose files it may be.")] = ()


class UserConfig(Section, frozen=True):
    """`~/.config/dfdev/config.toml`: what belongs to a person and not to a team."""

    home: Annotated[str, Meta(description="DFHOME where nothing else names one.")] = ""
    mounts: UserMounts = UserMounts()
