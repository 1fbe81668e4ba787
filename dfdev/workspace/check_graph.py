"""Names that refer to one another: services by depends_on, images by base. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dfdev.workspace.problem import Parts, Problem, found, key_path
from dfdev.workspace.schema import Config

Edges = Mapping[str, tuple[tuple[Parts, str], ...]]
"""Name -> what it refers to, each with its place in the file."""


def check_dependencies(config: Config) -> Iterator[Problem]:
    edges: Edges = {
        name: tuple((("services", name, "depends_on", index), other) for index, other in enumerate(service.depends_on))
        for name, service in config.services.items()
    }
    known = [*config.services]
    known += [n for n in ("registry", "mysql") if getattr(config, n) is not None]
    yield from _unknown(edges, known, "the name of a service")
    yield from _circles(edges)


def check_bases(config: Config) -> Iterator[Problem]:
    edges: Edges = {
        name: ((("images", name, "base"), image.base),) if image.base else () for name, image in config.images.items()
    }
    yield from _unknown(edges, list(config.images), "one of [images]")
    yield from _circles(edges)


def _unknown(edges: Edges, known: list[str], what: str) -> Iterator[Problem]:
    for references in edges.values():
        for at, other in references:
            if other not in known:
                yield Problem(key_path(at), what, found(at, other), _unknown_hint(other, known))


def _unknown_hint(name: str, known: list[str]) -> str:
    from dfdev.workspace.suggest import did_you_mean

    if name in ("registry", "mysql"):
        return f"there is no [{name}] section"
    return did_you_mean(name, known) or (f"there are {', '.join(known)}" if known else "there is none yet")


def _circles(edges: Edges) -> Iterator[Problem]:
    """Each circle once, by the reference that closes it: a -> b -> a."""
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        pending: list[tuple[str, Iterator[tuple[Parts, str]]]] = []
        if start not in done:
            path.append(start)
            pending.append((start, iter(edges[start])))
        while pending:
            name, references = pending[-1]
            at, other = next(references, ((), ""))
            if not at:
                done.add(name)
                path.pop()
                pending.pop()
            elif other in path:
                circle = [*path[path.index(other) :], other]
                yield Problem(key_path(at), "no circle", " -> ".join(circle), "take one of these references out")
            elif other in edges and other not in done:
                path.append(other)
                pending.append((other, iter(edges[other])))
