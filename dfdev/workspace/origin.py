"""Where a value comes from: the file that says it, and the layer of each variable in it."""

from __future__ import annotations

from typing import NamedTuple

DEFAULT_LAYER = "default"


class Variable(NamedTuple):
    """A `${NAME}` in a value. `layer`: ".env", ".env.local", "environment", "DFHOME" or "default"."""

    name: str
    layer: str
    secret: bool = False


class Origin(NamedTuple):
    """`file`: "dfdev.toml", "dfdev.local.toml", or "default" where no file says it."""

    file: str = DEFAULT_LAYER
    variables: tuple[Variable, ...] = ()

    @property
    def secret(self) -> bool:
        return any(v.secret for v in self.variables)

    def __str__(self) -> str:
        parts = [f"${{{v.name}}} from {_words(v.layer)}" for v in dict.fromkeys(self.variables)]
        return ", ".join([self.file, *parts])


def _words(layer: str) -> str:
    return {"environment": "the environment", "default": "its default"}.get(layer, layer)
