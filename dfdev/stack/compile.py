"""From the workspace file to the desired state. What depends on the kind of engine is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dfdev.core.desired import Desired, Health, Service
from dfdev.core.observed import EngineInfo
from dfdev.errors import ConfigError
from dfdev.stack import mysql, registry
from dfdev.stack.database_url import offered
from dfdev.workspace import schema
from dfdev.workspace.check import health_kinds, health_port
from dfdev.workspace.values import LOCALHOST, parse_argv, parse_port, parse_seconds, parse_shell_argv, parse_user
from dfdev.workspace.workspace import Workspace

FRONTEND = "frontend"
"""The service that watches the front end."""
_HOST_GATEWAY = "host.docker.internal:host-gateway"


def image_refs(workspace: Workspace) -> list[str]:
    """Every image that the workspace runs."""
    config = workspace.config
    builtin = [section.image for section in (config.registry, config.mysql) if section is not None]
    return builtin + [service.image for service in config.services.values()]


def service_names(workspace: Workspace) -> list[str]:
    """In the order in which they are shown: what others stand on first."""
    config = workspace.config
    builtin = {registry.NAME: config.registry, mysql.NAME: config.mysql}
    watched = [FRONTEND] if is_watched(workspace) else []
    return [name for name, section in builtin.items() if section is not None] + list(config.services) + watched


def is_watched(workspace: Workspace) -> bool:
    """Whether the front end is a service."""
    return workspace.config.frontend is not None and workspace.config.frontend.watch


def compile_workspace(
    workspace: Workspace,
    info: EngineInfo,
    uid: int,
    gid: int,
    addresses: Sequence[str] = (LOCALHOST,),
    more: Sequence[Service] = (),
) -> Desired:
    """`uid`, `gid`: the developer, for files written into mounts on native Linux. `addresses`: of the engine's host,
    that every port is published on. `more`: services that other rooms make.
    """
    config = workspace.config
    hosts = () if info.desktop else (_HOST_GATEWAY,)
    services: list[Service] = []
    if config.registry is not None:
        services.append(_registry(workspace, config.registry, hosts))
    if config.mysql is not None:
        env = _pairs(workspace, mysql.NAME)
        services.append(mysql.mysql_service(config.mysql, env, parse_seconds(config.mysql.health.timeout)))
    user = f"{uid}:{gid}" if info.native and not info.rootless else ""
    services += [_app(workspace, name, service, user, hosts) for name, service in config.services.items()]
    services += more
    files = tuple(str(path) for path in workspace.config_files)
    return Desired(workspace.name, str(workspace.home), tuple(_published(s, addresses) for s in services), files)


def _published(service: Service, addresses: Sequence[str]) -> Service:
    if tuple(addresses) == (LOCALHOST,):
        return service
    return replace(service, ports=tuple(replace(p, address=a) for p in service.ports for a in addresses))


def _app(workspace: Workspace, name: str, config: schema.Service, auto_user: str, hosts: tuple[str, ...]) -> Service:
    mounts = workspace.mounts[name]
    user = parse_user(config.user)
    return Service(
        name,
        config.image,
        command=parse_argv(config.command),
        entrypoint=parse_argv(config.entrypoint),
        env=_env(workspace, name, config),
        mounts=mounts,
        ports=tuple(parse_port(entry) for entry in config.ports),
        depends_on=tuple(config.depends_on),
        health=_health(config),
        user={"auto": auto_user if mounts else "", "image": ""}.get(user, user),
        working_dir=config.working_dir,
        init=config.init,
        extra_hosts=(*hosts, *config.extra_hosts),
        restart=config.restart,
        stop_seconds=max(1, round(parse_seconds(config.stop_timeout))),
    )


def _env(workspace: Workspace, name: str, config: schema.Service) -> tuple[tuple[str, str], ...]:
    """Who needs the database is told where it is, unless its own environment says so."""
    own = dict(_pairs(workspace, name))
    if workspace.config.mysql is None or mysql.NAME not in config.depends_on:
        return tuple(sorted(own.items()))
    return tuple(sorted({**offered(workspace), **own}.items()))


def _health(config: schema.Service) -> Health:
    health = config.health
    if health is None:
        return Health()
    patience = parse_seconds(health.timeout)
    if not health_kinds(health):
        return Health(timeout=patience)
    if health.command is not None:
        return Health("command", command=parse_shell_argv(health.command), timeout=patience)
    port = health_port(config, health) or 0
    if health.http is not None:
        return Health("http", health.http, port, timeout=patience)
    return Health("tcp", port=port, timeout=patience)


def _registry(workspace: Workspace, config: schema.Registry, hosts: tuple[str, ...]) -> Service:
    own = None
    if config.config:
        try:
            own = workspace.gate.read("registry.config", config.config)
        except OSError as error:
            raise ConfigError(
                f"registry.config: cannot read {workspace.gate.real(config.config)}: {error.strerror}",
                "name a file inside DFHOME, or take the key out and let dfdev write the configuration",
            ) from error
    return registry.registry_service(config, workspace.name, own, hosts)


def _pairs(workspace: Workspace, name: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(workspace.service_env.get(name, {}).items()))
