"""The services that are measured, as a workspace for dfdev and as a compose file that says the same. Pure.

Compose gets the health checks that its users write: a query over TCP for MySQL, a request for the app, every second.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MYSQL_IMAGE = "dfbench/mysql:1"
IMAGES = ("registry", "mysql", "python", "small")
"""What `dfdev images bootstrap` makes, by name."""
_EVERY_SECOND = {"interval": "1s", "timeout": "5s", "retries": 60}

Ports = Mapping[str, int]
"""Service -> port on 127.0.0.1."""


def three_names() -> list[str]:
    return ["registry", "mysql", "www"]


def forty_names() -> list[str]:
    return [f"s{number:02}" for number in range(1, 41)]


def three_workspace(name: str, ports: Ports) -> str:
    """dfdev.toml: `init` is on without being said."""
    return f"""[workspace]
name = "{name}"

[registry]
image = "dfdev/registry:2"
port = {ports["registry"]}

[mysql]
image = "{MYSQL_IMAGE}"
port = {ports["mysql"]}
user = "dev"
password = "dev"
database = "dev"

[services.www]
image = "dfdev/python:3"
code = "www"
logs = "www/run"
ports = ["{ports["www"]}:8000"]
command = ["python3", "app.py"]
working_dir = "/var/www"
depends_on = ["mysql"]
health = {{ http = "/healthz" }}
"""


def three_compose(name: str, ports: Ports, user: str, init: bool) -> str:
    """`user`: "uid:gid" for what writes into mounts."""
    registry = {
        "image": "dfdev/registry:2",
        "ports": [f"127.0.0.1:{ports['registry']}:5000"],
        "volumes": ["registry:/var/lib/registry"],
    }
    mysql = {
        "image": MYSQL_IMAGE,
        "ports": [f"127.0.0.1:{ports['mysql']}:3306"],
        "healthcheck": {"test": ["CMD", *_QUERY], **_EVERY_SECOND},
    }
    www = {
        "image": "dfdev/python:3",
        "command": ["python3", "app.py"],
        "working_dir": "/var/www",
        "user": user,
        "ports": [f"127.0.0.1:{ports['www']}:8000"],
        "volumes": ["./www:/var/www", "./www/run:/var/log"],
        "depends_on": {"mysql": {"condition": "service_healthy"}},
        "healthcheck": {"test": ["CMD", "python3", "-c", _REQUEST], **_EVERY_SECOND},
    }
    services: dict[str, Mapping[str, Any]] = {"registry": registry, "mysql": mysql, "www": www}
    return _compose(name, services, init, volumes={"registry": {}})


def forty_workspace(name: str, ports: Ports) -> str:
    services = "".join(
        f"""
[services.{service}]
image = "dfdev/small:1"
code = "{service}:/var/www"
logs = "{service}/run"
ports = ["{port}:8000"]
command = {json.dumps(_SERVE)}
"""
        for service, port in ports.items()
    )
    return f'[workspace]\nname = "{name}"\n{services}'


def forty_compose(name: str, ports: Ports, user: str, init: bool) -> str:
    services = {
        service: {
            "image": "dfdev/small:1",
            "command": _SERVE,
            "user": user,
            "ports": [f"127.0.0.1:{port}:8000"],
            "volumes": [f"./{service}:/var/www", f"./{service}/run:/var/log"],
        }
        for service, port in ports.items()
    }
    return _compose(name, services, init)


_QUERY = ["mysql", "--host=127.0.0.1", "--protocol=tcp", "--user=dev", "--password=dev", "--execute=SELECT 1", "dev"]
_REQUEST = "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"
_SERVE = ["httpd", "-f", "-p", "8000", "-h", "/var/www"]


def _compose(name: str, services: Mapping[str, Mapping[str, Any]], init: bool, **rest: object) -> str:
    """JSON, which is YAML too."""
    reaping = {"init": True} if init else {}
    document = {"name": name, "services": {key: {**s, **reaping} for key, s in services.items()}, **rest}
    return json.dumps(document, indent=1)
