"""The config hash of a service: equal hashes mean that the container need not be recreated."""

from __future__ import annotations

import json

from dfdev.core.desired import Service

_SCHEME = 1
"""Raised when the meaning of a spec changes, so that containers made by an older dfdev are recreated."""


def fingerprint(service: Service) -> str:
    """SHA-256 over what shapes the container: order of dependencies and patience do not."""
    shape = {
        "scheme": _SCHEME,
        "image": service.image,
        "kind": service.kind,
        "command": service.command,
        "entrypoint": service.entrypoint,
        "env": sorted(service.env),
        "mounts": sorted((m.source, m.target, m.role, m.read_only) for m in service.mounts),
        "ports": sorted((p.address, p.host, p.container, p.protocol) for p in service.ports),
        "files": sorted((f.path, _digest(f.content), f.mode, f.uid, f.gid) for f in service.files),
        "health": (service.health.kind, service.health.command),
        "user": service.user,
        "working_dir": service.working_dir,
        "init": service.init,
        "extra_hosts": sorted(service.extra_hosts),
        "restart": service.restart,
        "stop_seconds": service.stop_seconds,
        "stateful": service.stateful,
    }
    return _digest(json.dumps(shape, sort_keys=True).encode())


def _digest(data: bytes) -> str:
    import hashlib  # 4 ms, which `status` has no use for

    return hashlib.sha256(data).hexdigest()
