"""Published ports: each one's form, and no two on one port of this computer. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from dfdev.workspace.problem import Parts, Problem, found, key_path
from dfdev.workspace.schema import Config
from dfdev.workspace.values import UnfitError, parse_port


def check_ports(config: Config) -> Iterator[Problem]:
    taken: dict[tuple[int, str], str] = {}
    for at, value in _published(config):
        try:
            port = parse_port(value)
        except UnfitError as unfit:
            yield Problem(key_path(at), unfit.expected, found(at, value), unfit.hint)
            continue
        place = (port.host, port.protocol)
        if place in taken:
            yield Problem(
                key_path(at),
                "a port of this computer that nothing else in the file has",
                f"port {port.host}, which {taken[place]} has",
                "give one of the two another host port",
            )
        taken.setdefault(place, key_path(at))


def _published(config: Config) -> Iterator[tuple[Parts, str | int]]:
    if config.registry is not None:
        yield ("registry", "port"), config.registry.port
    if config.mysql is not None:
        yield ("mysql", "port"), config.mysql.port
    for name, service in config.services.items():
        for index, value in enumerate(service.ports):
            yield ("services", name, "ports", index), value
    for index, value in enumerate(config.frontend.ports if config.frontend is not None else ()):
        yield ("frontend", "ports", index), value
