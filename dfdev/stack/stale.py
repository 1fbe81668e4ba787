"""A mounted folder that was replaced by another one of the same name while its container runs.

The archive API does not show it: for each call the engine mounts the source afresh (Engine 20.10 and 28 alike), so
it reads the new folder while the processes in the container still have the old one. Therefore a label keeps which
folders a container was made on; only where that differs, one command inside the container tells.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from dfdev.core.desired import Mount, Service
from dfdev.engine.protocol import Engine
from dfdev.system.folders import identity

_PATIENCE = 10.0
_NO_CAT = (126, 127)


def folders_label(service: Service) -> str:
    """JSON: mount target -> identity of its folder now."""
    return json.dumps({m.target: identity(Path(m.source)) for m in service.mounts if m.of_host})


def made_on(label: str) -> Mapping[str, str]:
    """What `folders_label` wrote; nothing for a container of an older dfdev."""
    return dict(json.loads(label or "{}"))


def replaced(engine: Engine, container: str, mount: Mount, was: str, prefix: str) -> str:
    """What is wrong, "" when the container has today's folder. An image without `cat` has nobody to ask."""
    if was in ("", identity(Path(mount.source))):
        return ""
    text = os.urandom(16).hex()
    file = Path(mount.source) / f"{prefix}{text[:12]}"
    with file.open("x") as stream:
        stream.write(text)
    try:
        file.chmod(0o644)
        seen = engine.exec(container, ["cat", f"{mount.target.rstrip('/')}/{file.name}"], timeout=_PATIENCE)
    finally:
        file.unlink(missing_ok=True)
    if seen.exit_code in _NO_CAT or seen.output.strip() == text:
        return ""
    return "another folder was put in its place after the container had started"
