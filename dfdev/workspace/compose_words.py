"""Keys of a compose file that people write into dfdev.toml, answered with the line to write here. Pure.

Loaded only when there is a problem to report. Source of the words: the Compose specification, services and top level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dfdev.workspace.masking import is_secret_name
from dfdev.workspace.problem import Parts, quoted

_NETWORK = "take it out: the services of a workspace are in one network, each by the name of its section"
_OUT = "take it out: dfdev has no such setting"
_MOST = 3
"""Lines of a value that are shown translated."""

Line = Callable[[object], str]


def compose_word(at: Parts, value: object) -> str:
    """What to write instead of an unknown key; "" for a word that is not compose's either."""
    depth = 3 if at[0] == "services" else 2
    answers = _TOP if len(at) == 1 else _TABLES.get(str(at[0]), {}) if len(at) == depth else {}
    answer = answers.get(str(at[-1]).lower(), "")
    return answer if isinstance(answer, str) else answer(value)


def compose_form(at: Parts, value: object) -> str:
    """What to write for a key that dfdev has too, in the form that it has here; "" where nothing is known."""
    if len(at) < 2:
        return ""
    form = _FORMS.get(str(at[-1]))
    return form(value) if form is not None else ""


def _texts(value: object) -> list[str]:
    """A list's texts, a table's NAME=VALUE, a scalar alone."""
    if isinstance(value, dict):
        return [f"{key}={'' if inner is None else inner}" for key, inner in value.items()]
    return [str(inner) for inner in value] if isinstance(value, list | tuple) else [str(value)]


def _list(texts: list[str]) -> str:
    return f"[{', '.join(map(quoted, texts[:_MOST]))}{', …' if len(texts) > _MOST else ''}]"


def _env(value: object) -> str:
    pairs = [text.partition("=") for text in _texts(value)] if isinstance(value, dict | list) else []
    lines = [f"{_name(name)} = {quoted(_masked(name, text))}" for name, _, text in pairs if name]
    shown = ", ".join(lines[:_MOST]) + (", …" if len(lines) > _MOST else "")
    return f"write env = {{ {shown} }}" if shown else 'write env = { NAME = "value" }'


def _name(name: str) -> str:
    return name if name.replace("_", "").isalnum() and name.isascii() else quoted(name)


def _masked(name: str, text: str) -> str:
    return f"${{{name}}}" if is_secret_name(name) or not text else text


def _mounts(value: object) -> str:
    texts = [text for text in _texts(value) if isinstance(value, list) and ":" in text and "{" not in text]
    folders = [text.removeprefix("./") for text in texts if "/" in text.partition(":")[0] or text.startswith(".")]
    line = _list(folders) if folders else '["data:/var/data"]'
    return f'write mounts = {line}, folders of DFHOME; code = "www" and logs = "www/run" are mounts of their own'


def _ports(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return 'write ports = ["8000:80"]'
    text = str(value)
    return f"write ports = {_list([text if ':' in text else f'{text}:{text}'])}"


def _one_port(value: object) -> str:
    first = _texts(value)[0] if _texts(value) else ""
    numbers = [part for part in first.partition("/")[0].split(":") if part.isdecimal()]
    return f"write port = {numbers[0] if numbers else 3306}, the port on this computer"


def _health(value: object) -> str:
    test = value.get("test") if isinstance(value, dict) else None
    words = [text for text in _texts(test) if text not in ("CMD", "CMD-SHELL")] if test else []
    command = quoted(" ".join(words)) if words else '"…"'
    return f'write health = {{ command = {command} }}, or {{ http = "/healthz" }}, or {{ tcp = true }}'


def _grace(value: object) -> str:
    return f"write stop_timeout = {quoted(str(value))}"


def _needs(value: object) -> str:
    names = list(value) if isinstance(value, dict) else _texts(value)
    return f"write depends_on = {_list([str(name).partition(':')[0] for name in names])}"


def _workspace_name(value: object) -> str:
    return f"write name = {quoted(str(value))} under [workspace]"


_SERVICE: Mapping[str, str | Line] = {
    "environment": _env,
    "volumes": _mounts,
    "volume": _mounts,
    "port": _ports,
    "healthcheck": _health,
    "stop_grace_period": _grace,
    "links": _needs,
    "external_links": _NETWORK,
    "networks": _NETWORK,
    "network": _NETWORK,
    "network_mode": _NETWORK,
    "hostname": _NETWORK,
    "domainname": _NETWORK,
    "dns": _NETWORK,
    "dns_search": _NETWORK,
    "expose": "take it out: services reach every port of one another; `ports` publishes one on this computer",
    "container_name": "take it out: the container is called WORKSPACE-SERVICE; `dfdev exec` takes the service",
    "build": 'build it with `dfdev docker build -t NAME:TAG DIR`, then write image = "NAME:TAG"',
    "pull_policy": "take it out: an image that is missing is pulled; `dfdev docker pull IMAGE` takes a newer one",
    "labels": "take it out: the labels of a container are what dfdev knows it by",
    "tty": "take it out: `dfdev shell SVC` and `dfdev exec` have a terminal",
    "stdin_open": "take it out: `dfdev shell SVC` and `dfdev exec` have a terminal",
    "profiles": "take it out: `dfdev up SVC` starts single services with what they need",
    "scale": "take it out: one container a service; a second one is a section of its own",
    "deploy": "take it out: one container a service, on this computer",
    "logging": "take it out: `dfdev logs` shows what a service prints; logs = \"www/run\" is a folder for its files",
    "secrets": "keep it in .env.local, and write env = { NAME = \"${NAME}\" }",
    "configs": 'write mounts = ["conf/app.conf:/etc/app.conf:ro"]',
    "tmpfs": _OUT,
    "extends": "take it out: say it in each section, or in dfdev.local.toml, which goes over this file",
    "cmd": 'write command = "…"',
    "workdir": 'write working_dir = "/…"',
    **dict.fromkeys(
        (
            "annotations", "blkio_config", "cap_add", "cap_drop", "cgroup", "cgroup_parent", "cpu_count", "cpu_percent",
            "cpu_quota", "cpu_shares", "cpus", "cpuset", "develop", "device_cgroup_rules", "devices", "dns_opt", "gpus",
            "group_add", "ipc", "isolation", "mac_address", "mem_limit", "mem_reservation", "memswap_limit",
            "oom_kill_disable", "oom_score_adj", "pid", "pids_limit", "platform", "post_start", "pre_stop",
            "privileged", "read_only", "runtime", "security_opt", "shm_size", "stop_signal", "storage_opt", "sysctls",
            "ulimits", "userns_mode", "uts", "volumes_from", "attach", "credential_spec", "provider", "models",
        ),
        _OUT,
    ),
}  # fmt: skip
_MYSQL: Mapping[str, str | Line] = {
    "environment": _env,
    "ports": _one_port,
    "volumes": 'take it out: the image holds the data; fixtures = "fixtures/" names what `dfdev mysql build` bakes',
    "command": 'write what the server is to do differently under [mysql.settings]: sql_mode = "…"',
    "root_password": 'write password = "${DB_PASSWORD}", and DB_PASSWORD=… in .env.local',
    "mysql_root_password": 'write password = "${DB_PASSWORD}", and DB_PASSWORD=… in .env.local',
    "mysql_database": 'write database = "…"',
    "version": 'write base = "mysql:8.4"',
    "healthcheck": 'take it out: it is ready when it answers a query; health = { timeout = "120s" } waits longer',
    "container_name": _SERVICE["container_name"],
    "networks": _NETWORK,
    "expose": _NETWORK,
    "restart": _OUT,
}
_REGISTRY: Mapping[str, str | Line] = {
    "ports": _one_port,
    "volumes": 'take it out: storage = "filesystem" keeps the images, storage = "s3" with bucket and region',
    "environment": 'write the keys that [registry] has, or config = "config/docker-registry/config.yml"',
    "container_name": _SERVICE["container_name"],
    "networks": _NETWORK,
    "restart": _OUT,
}
_FRONTEND: Mapping[str, str | Line] = {
    "environment": _env,
    "command": 'write watch_command = "grunt watch"',
    "volumes": "take it out: `dir` is mounted, and the modules are a volume of their own",
    "container_name": _SERVICE["container_name"],
    "networks": _NETWORK,
}
_TABLES: Mapping[str, Mapping[str, str | Line]] = {
    "services": _SERVICE,
    "mysql": _MYSQL,
    "registry": _REGISTRY,
    "frontend": _FRONTEND,
}
_TOP: Mapping[str, str | Line] = {
    "version": "take it out: the file has no version",
    "name": _workspace_name,
    "volumes": 'take it out; under a service write mounts = ["data:/var/data"], folders of DFHOME',
    "networks": _NETWORK,
    "secrets": "take it out: what is secret is in .env.local, and ${NAME} here",
    "configs": 'take it out; under a service write mounts = ["conf/app.conf:/etc/app.conf:ro"]',
    "include": "take it out: dfdev.local.toml goes over this file",
    "service": "write [services.NAME]",
    "environment": "write it into .env, or env = { … } under a service",
    "env": "write it into .env, or env = { … } under a service",
}
_FORMS: Mapping[str, Line] = {"ports": _ports, "env": _env, "depends_on": _needs, "mounts": _mounts, "health": _health}
