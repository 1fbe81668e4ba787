"""Which values are secret, and what is shown instead of them."""

from __future__ import annotations

import re

MASK = "********"
LOCAL_ENV = ".env.local"

_SECRET_NAME = re.compile(
    r"passw(or)?d|passphrase|(^|_)(pw|pwd)$|secret|token|credential|private"
    r"|(api|access|auth|signing|encryption)[_-]?key|[_-]key$",
    re.IGNORECASE,
)
_PASSWORD_IN_URL = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


def is_secret_name(name: str) -> bool:
    """Whether a key or an environment variable of this name holds a secret."""
    return bool(_SECRET_NAME.search(name))


def holds_password(value: str) -> bool:
    """Whether a text is a URL with a password in it: `mysql://user:password@host/`."""
    return "://" in value and bool(_PASSWORD_IN_URL.search(value))
