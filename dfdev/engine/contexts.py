"""The docker CLI's context store: `contexts/meta/*/meta.json` and `contexts/tls/` under its configuration folder.

Two small JSON files are read directly: the SDK's own context module costs 130 ms to import, and this runs on every
command. Layout: docker/cli cli/context/store (a context's folder is the SHA-256 of its name).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from dfdev.core.typed import typed
from dfdev.errors import EngineError


def current(config_dir: Path) -> str:
    """`currentContext` of config.json, "" without one. EngineError: unreadable, or no JSON object."""
    value = _object(config_dir / "config.json").get("currentContext", "")
    return value if isinstance(value, str) else ""


def docker_endpoint(config_dir: Path, name: str, rule: str) -> Mapping[str, object]:
    """`Endpoints.docker` of that context: `Host`, `SkipTLSVerify`. EngineError naming the known ones.

    `rule` is what named it, in words.
    """
    meta = _object(_folder(config_dir, "meta", name) / "meta.json")
    if not meta:
        raise EngineError(
            f'no docker context is called "{name}" ({rule}); there are: {", ".join(known(config_dir))}',
            "`docker context use NAME`, or unset DOCKER_CONTEXT",
        )
    endpoints = meta.get("Endpoints")
    docker = endpoints.get("docker") if isinstance(endpoints, dict) else None
    if not isinstance(docker, dict):
        raise EngineError(
            f'the docker context "{name}" has no docker endpoint', "`docker context use NAME` with another"
        )
    return docker


def known(config_dir: Path) -> list[str]:
    """Every context's name, `default` first."""
    metas = sorted((config_dir / "contexts" / "meta").glob("*/meta.json"))
    names = sorted(str(_object(meta).get("Name", "")) for meta in metas)
    return ["default", *filter(None, names)]


def tls_folder(config_dir: Path, name: str) -> Path:
    """Where the context's ca.pem, cert.pem and key.pem are, if it has any."""
    return _folder(config_dir, "tls", name) / "docker"


def _folder(config_dir: Path, kind: str, name: str) -> Path:
    import hashlib  # 4 ms, and most commands have no context to look up

    return config_dir / "contexts" / kind / hashlib.sha256(name.encode()).hexdigest()


def _object(path: Path) -> dict[str, object]:
    """The JSON object in a file, empty when there is no such file."""
    try:
        value = json.loads(path.read_bytes() or b"{}")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise EngineError(f"cannot read {path}: {error.strerror}", _hint(path, error)) from error
    except (ValueError, RecursionError) as error:
        raise EngineError(f"{path} is not JSON: {error}", _away(path)) from error
    if not isinstance(value, dict):
        raise EngineError(f"{path} does not hold a JSON object", _away(path))
    return value


def _hint(path: Path, error: OSError) -> str:
    """Often it is root's, since `sudo docker login`."""
    if isinstance(error, PermissionError):
        return f"`{typed('sudo chown $(id -u)', path)}` makes it yours; `{typed('ls -l', path)}` shows whose it is"
    return f"`{typed('ls -ld', path)}`; move it away if it is not docker's"


def _away(path: Path) -> str:
    """The docker command does not read it either."""
    away = typed("mv", path, f"{path}.broken")
    return f"mend it, or `{away}`: it is written anew by `docker login` and `docker context use`"
