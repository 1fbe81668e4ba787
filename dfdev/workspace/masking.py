"""Which values are secret, and what is shown instead of them."""

from __future__ import annotations

import re

from dfdev.core.secrets import passwords_in

LOCAL_ENV = ".env.local"
ENVIRONMENT = "environment"

_SECRET_NAME = re.compile(
    r"passw(or)?d|passphrase|(^|_)(pw|pwd|pass)$|secret|token|credential|private"
    r"|(api|access|auth|signing|encryption)[_-]?key|[_-]key$",
    re.IGNORECASE,
)
_EVERYBODYS = frozenset({"HOME", "LANG", "LOGNAME", "PWD", "SHELL", "TMPDIR", "USER"})
"""Variables of every shell: what they say is no secret, and a path made of them is to be read in a message."""


def is_secret_name(name: str) -> bool:
    """Whether a key or an environment variable of this name holds a secret."""
    return name not in _EVERYBODYS and bool(_SECRET_NAME.search(name))


def is_secret_layer(layer: str, name: str) -> bool:
    """Whether a variable is one's own because of where it is set: in `.env.local`, or in the environment."""
    return layer == LOCAL_ENV or (layer == ENVIRONMENT and name not in _EVERYBODYS)


def holds_password(value: str) -> bool:
    """Whether a text is a URL with a password in it: `mysql://user:password@host/`."""
    return any(passwords_in(value))
