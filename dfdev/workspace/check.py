"""What types cannot say about the values of a workspace: every problem of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dfdev.workspace import values
from dfdev.workspace.check_frontend import check_frontend
from dfdev.workspace.check_graph import check_bases, check_dependencies
from dfdev.workspace.check_ports import check_ports
from dfdev.workspace.image_reference import parse_image
from dfdev.workspace.problem import Parts, Problem, found, key_path
from dfdev.workspace.schema import Config, Health, MySQL, Registry, Service
from dfdev.workspace.values import UnfitError

RESERVED = ("registry", "mysql", "frontend", "frontend-tools")

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}", re.ASCII)
_NAME_FORM = "a name of lower-case letters, digits, - and _, beginning with a letter or digit, at most 63"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", re.ASCII)
_ENV_NAME = re.compile(r"[^=\s]+")
_URL = re.compile(r"https?://[^\s/]+(/\S*)?")


def check(config: Config) -> Iterator[Problem]:
    if config.workspace.name and not _NAME.fullmatch(config.workspace.name):
        yield _problem(("workspace", "name"), _NAME_FORM, config.workspace.name)
    yield from _check_machine(config)
    if config.registry is not None:
        yield from _check_registry(config.registry)
    if config.mysql is not None:
        yield from _check_mysql(config.mysql)
    for name, service in config.services.items():
        yield from _check_service(name, service, ("services", name))
    if config.frontend is not None:
        yield from check_frontend(config.frontend)
        for key in ("image", "base"):
            if getattr(config.frontend, key):
                yield from _check_image(getattr(config.frontend, key), ("frontend", key))
    yield from _check_later_sections(config)
    yield from check_ports(config)
    yield from check_dependencies(config)
    yield from check_bases(config)


def _check_machine(config: Config) -> Iterator[Problem]:
    if config.machine.memory is not None:
        yield from _parses(values.parse_bytes, config.machine.memory, ("machine", "memory"))
    yield from _parses(values.parse_seconds, config.clock.tolerance, ("clock", "tolerance"))


def _check_registry(registry: Registry) -> Iterator[Problem]:
    yield from _check_image(registry.image, ("registry", "image"))
    if not _HOST.fullmatch(registry.alias):
        yield _problem(("registry", "alias"), "a host name without a port", registry.alias)
    if registry.endpoint and not _URL.fullmatch(registry.endpoint):
        yield _problem(("registry", "endpoint"), "a URL: https://HOST[:PORT]", registry.endpoint)
    if bool(registry.access_key) != bool(registry.secret_key):
        missing = "secret_key" if registry.access_key else "access_key"
        yield Problem(f"registry.{missing}", "access_key and secret_key together", "one of them", "give both")
    if registry.storage == "s3" and not registry.config:
        for key in ("bucket", "region"):
            if not getattr(registry, key):
                yield Problem(f"registry.{key}", f"the {key}, because storage is s3", "nothing")


def _check_mysql(mysql: MySQL) -> Iterator[Problem]:
    yield from _check_image(mysql.image, ("mysql", "image"))
    yield from _check_image(mysql.base, ("mysql", "base"))
    yield from _check_env(mysql.env, ("mysql", "env"))
    yield from _parses(values.parse_age, mysql.rebuild_after, ("mysql", "rebuild_after"))
    yield from _parses(values.parse_seconds, mysql.health.timeout, ("mysql", "health", "timeout"))
    if mysql.settings:
        from dfdev.workspace.check_settings import check_settings

        yield from check_settings(mysql.settings)


def _check_service(name: str, service: Service, at: Parts) -> Iterator[Problem]:
    if name in RESERVED:
        hint = f"write [{name}] at the top level, or choose another name"
        yield Problem(key_path(at), "a name that dfdev does not use itself", f'"{name}"', hint)
    elif not _NAME.fullmatch(name):
        yield _problem(at, _NAME_FORM, name)
    yield from _check_image(service.image, (*at, "image"))
    yield from _check_env(service.env, (*at, "env"))
    yield from _parses(values.parse_argv, service.command, (*at, "command"))
    yield from _parses(values.parse_argv, service.entrypoint, (*at, "entrypoint"))
    yield from _parses(values.parse_user, service.user, (*at, "user"))
    yield from _parses(values.parse_seconds, service.stop_timeout, (*at, "stop_timeout"))
    if service.working_dir and not service.working_dir.startswith("/"):
        yield _problem((*at, "working_dir"), "an absolute folder of the container", service.working_dir)
    for index, line in enumerate(service.extra_hosts):
        if not all(line.partition(":")):
            yield _problem((*at, "extra_hosts", index), '"NAME:ADDRESS"', line)
    if service.health is not None:
        yield from _check_health(service, service.health, (*at, "health"))
    yield from _check_targets(name, service, at)


def _check_image(image: str, at: Parts) -> Iterator[Problem]:
    if not image:
        yield Problem(key_path(at), "an image: NAME:TAG", "nothing")
    else:
        yield from _parses(lambda text: parse_image(text, str(at[-1])), image, at)


def _check_env(env: Iterable[str], at: Parts) -> Iterator[Problem]:
    for name in env:
        if not _ENV_NAME.fullmatch(name):
            yield _problem((*at, name), "a variable name without = and spaces", name)


def _check_health(service: Service, health: Health, at: Parts) -> Iterator[Problem]:
    given = health_kinds(health)
    if len(given) > 1:
        yield Problem(key_path(at), "one of http, tcp and command", " and ".join(given))
    if not given and health.port is not None:
        yield Problem(key_path((*at, "port")), "http or tcp with it", "none of them")
    if health.http is not None and not health.http.startswith("/"):
        yield _problem((*at, "http"), 'a path that begins with "/"', health.http, f'write "/{health.http}"')
    yield from _parses(values.parse_shell_argv, health.command or (), (*at, "command"))
    if health.command in ("", ()):
        yield _problem((*at, "command"), "a command", health.command)
    if isinstance(health.tcp, int) and not isinstance(health.tcp, bool) and not 1 <= health.tcp <= 65535:
        yield _problem((*at, "tcp"), "true or a port from 1 to 65535", health.tcp)
    if given in (["http"], ["tcp"]) and health_port(service, health) is None:
        hint = "give health.port, or publish a port"
        yield Problem(key_path((*at, "port")), f"the port that {given[0]} asks", "nothing", hint)
    yield from _parses(values.parse_seconds, health.timeout, (*at, "timeout"))


def health_kinds(health: Health) -> list[str]:
    """Which of http, tcp and command are given; `tcp = false` is not."""
    return [k for k in ("http", "tcp", "command") if getattr(health, k) not in (None, False)]


def health_port(service: Service, health: Health) -> int | None:
    """The container port that http and tcp ask: `port`, `tcp = PORT`, else the first published TCP port."""
    if health.port is not None:
        return health.port
    if isinstance(health.tcp, int) and not isinstance(health.tcp, bool):
        return health.tcp
    for entry in service.ports:
        try:
            port = values.parse_port(entry)
        except UnfitError:
            return 0
        if port.protocol == "tcp":
            return port.container
    return None


def _check_targets(name: str, service: Service, at: Parts) -> Iterator[Problem]:
    """Every mount's form, and that no two of a service have one target."""
    taken: dict[str, str] = {}
    for place, text, default in mount_texts(name, service):
        where = (*at, *place)
        try:
            target = values.parse_mount(text, default).target
        except UnfitError as unfit:
            yield _problem(where, unfit.expected, text, unfit.hint)
            continue
        if target in taken:
            yield _problem(where, f"a target of its own, {taken[target]} has this one", target)
        taken.setdefault(target, key_path(where))


def mount_texts(name: str, service: Service) -> Iterator[tuple[Parts, str, str]]:
    """(key, text, default target) of every mount that the service asks for: code, logs, mounts."""
    if service.code:
        yield ("code",), service.code, f"/var/{name}"
    if service.logs:
        yield ("logs",), service.logs, "/var/log"
    for index, text in enumerate(service.mounts):
        yield ("mounts", index), text, ""


def _check_later_sections(config: Config) -> Iterator[Problem]:
    for name, image in config.images.items():
        yield from _parses(values.parse_argv, image.test, ("images", name, "test"))
    for name, profile in config.profiles.items():
        if profile.logs_root and not profile.logs_root.startswith("/"):
            place = ("profiles", name, "logs_root")
            yield _problem(place, "an absolute folder", profile.logs_root)


def _parses(parse: Callable[[Any], object], value: object, at: Parts) -> Iterator[Problem]:
    try:
        parse(value)
    except UnfitError as unfit:
        yield _problem(at, unfit.expected, value, unfit.hint)


def _problem(at: Parts, expected: str, value: object, hint: str = "") -> Problem:
    return Problem(key_path(at), expected, found(at, value), hint)
