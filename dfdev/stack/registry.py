"""The local registry as a service: its config file rendered whole, its credentials as a file of their own.

Config keys: distribution/distribution docs/about/configuration.md and docs/storage-drivers/s3.md (2.8 and 3.x).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dfdev.core.desired import File, Health, Mount, Port, Service
from dfdev.workspace.schema import Registry

NAME = "registry"
_PORT = 5000
_CONFIG_PATHS = ("/etc/docker/registry/config.yml", "/etc/distribution/config.yml")
"""Where registry 2.x and 3.x look."""
_CREDENTIALS = "/etc/dfdev/aws-credentials"
_DATA = "/var/lib/registry"


def registry_service(
    config: Registry, workspace: str, own_config: bytes | None, hosts: tuple[str, ...] = ()
) -> Service:
    """`own_config`: the team's config.yml, which then replaces the rendered one."""
    content = own_config if own_config is not None else render(config).encode()
    files = [File(path, content) for path in _CONFIG_PATHS]
    env = {"OTEL_TRACES_EXPORTER": "none"}
    if config.access_key:
        files.append(File(_CREDENTIALS, _credentials(config).encode(), mode=0o600))
        env["AWS_SHARED_CREDENTIALS_FILE"] = _CREDENTIALS
    volume = Mount(f"{workspace}_registry", _DATA, "data")
    return Service(
        NAME,
        config.image,
        kind="registry",
        env=tuple(sorted(env.items())),
        mounts=(volume,) if config.storage == "filesystem" else (),
        ports=(Port(config.port, _PORT),),
        files=tuple(files),
        health=Health("http", "/v2/", _PORT, timeout=60.0),
        extra_hosts=hosts,
        restart="unless-stopped",
    )


def render(config: Registry) -> str:
    """The whole config.yml. No secret in it: the S3 driver reads its keys from the credentials file."""
    storage = {"filesystem": {"rootdirectory": _DATA}} if config.storage == "filesystem" else {"s3": _s3(config)}
    return to_yaml(
        {
            "version": 0.1,
            "log": {"level": "info", "fields": {"service": "registry"}},
            "storage": {
                **storage,
                "cache": {"blobdescriptor": "inmemory"},
                "delete": {"enabled": config.delete},
                "redirect": {"disable": not config.redirect},
            },
            "http": {"addr": f":{_PORT}", "headers": {"X-Content-Type-Options": ["nosniff"]}},
            "health": {"storagedriver": {"enabled": True, "interval": "10s", "threshold": 3}},
        }
    )


def to_yaml(value: Mapping[str, Any], indent: int = 0) -> str:
    """Nested mappings as block YAML, leaves as JSON, which is YAML too."""
    lines = []
    for key, item in value.items():
        if isinstance(item, Mapping) and item:
            lines.append(f"{' ' * indent}{key}:\n{to_yaml(item, indent + 2)}")
        else:
            lines.append(f"{' ' * indent}{key}: {json.dumps(item)}\n")
    return "".join(lines)


def _s3(config: Registry) -> dict[str, Any]:
    """From registry 3 on `forcepathstyle` must be set with an endpoint of one's own; 2.8 implied it."""
    keys: dict[str, Any] = {"region": config.region, "bucket": config.bucket, "secure": config.secure}
    if config.endpoint:
        keys |= {"regionendpoint": config.endpoint, "forcepathstyle": True}
    elif config.path_style:
        keys["forcepathstyle"] = True
    if config.prefix:
        keys["rootdirectory"] = "/" + config.prefix.strip("/")
    return keys


def _credentials(config: Registry) -> str:
    return f"[default]\naws_access_key_id = {config.access_key}\naws_secret_access_key = {config.secret_key}\n"
