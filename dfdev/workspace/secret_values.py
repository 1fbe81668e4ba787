"""What of a workspace is secret: learnt when its files are read, and so before anything of them can be printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dfdev.core.secrets import Secrets, passwords_in
from dfdev.workspace.masking import ENVIRONMENT, is_secret_name
from dfdev.workspace.origin import Origin

if TYPE_CHECKING:
    from dfdev.workspace.env import Env

_REFERENCE = re.compile(r"\$\{([^}:]+)")


def secrets_of(environ: Mapping[str, str]) -> Secrets:
    """Before any file is read: what the environment calls a secret, and the passwords in its URLs."""
    secrets = Secrets()
    for name, value in environ.items():
        if is_secret_name(name):
            secrets.learn(value, named=True)
        elif "://" in value and "@" in value:
            _learn_passwords(secrets, value)
    return secrets


def learn_variables(secrets: Secrets, env: Env, origins: Iterable[Origin], raw: Iterable[str]) -> None:
    """All of `.env.local`, and of the other layers what is called a secret; of the environment also what a value of
    the workspace is made of. `raw`: what the env files say.
    """
    used = {v.name for origin in origins for v in origin.variables}
    used.update(name for text in raw for name in _REFERENCE.findall(text))
    for name in env:
        value = env.value(name)
        if value is None or not value.secret:
            continue
        if is_secret_name(name):
            secrets.learn(value.text, named=True)
        elif value.layer != ENVIRONMENT or name in used:
            secrets.learn(value.text)


def learn_table(secrets: Secrets, table: Mapping[str, Any]) -> None:
    """The values in tables whose key says that they are secret, and the passwords of all URLs."""
    for name, text in _texts(table, ""):
        if is_secret_name(name):
            secrets.learn(text, named=True)
        else:
            _learn_passwords(secrets, text)


def spare_names(secrets: Secrets, home: str, data: Mapping[str, Any]) -> None:
    """The workspace's name and folder, its sections and its services: messages speak of them."""
    tables = [value for value in data.values() if isinstance(value, Mapping)]
    names = [name for table in (data, *tables) for name in table]
    secrets.spare(home, *names, *(str(table["name"]) for table in tables if "name" in table))


def _learn_passwords(secrets: Secrets, text: str) -> None:
    for password in passwords_in(text):
        secrets.learn(password, named=True)


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Every text with the key that it stands under. A number is a text to those who print it."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, name)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield name, str(value)
