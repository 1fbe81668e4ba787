"""What every container has, whatever the file says, and what no place shows: secrets."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.images import ensure_password
from tests.e2e.lab import Lab
from tests.e2e.trouble import ready, web

pytestmark = pytest.mark.engine
FreePort = Callable[[], int]

SECRETS = {
    "DB_PASSWORD": "hunter2-db-Ωß",
    "S3_KEY": "hunter2-key",
    "S3_SECRET": "hunter2-secret/+=",
    "TOKEN": "hunter2-token",
}


def full(lab: Lab, free_port: FreePort) -> Lab:
    """All kinds of services; secrets from .env.local."""
    text = f"""
[registry]
image = "dfdev/registry:2"
port = {free_port()}
storage = "s3"
bucket = "images"
region = "us-east-1"
endpoint = "http://127.0.0.1:9"
access_key = "${{S3_KEY}}"
secret_key = "${{S3_SECRET}}"

[mysql]
image = "{ensure_password(lab.docker_host, SECRETS["DB_PASSWORD"])}"
port = {free_port()}
user = "dev"
password = "${{DB_PASSWORD}}"
{web(free_port(), "www", 'env = { TOKEN = "${TOKEN}" }')}
"""
    lab.write("".join(f"{k}='{v}'\n" for k, v in SECRETS.items()), ".env.local")
    return ready(lab, text, "www")


def inspected(lab: Lab) -> dict[str, Any]:
    """Service -> what the engine knows of its container."""
    found = json.loads(lab.docker("inspect", *lab.containers().values()))
    return {c["Config"]["Labels"]["dev.dfdev.service"]: c for c in found}


def test_secrets_are_in_no_place_that_others_read(lab: Lab, free_port: FreePort) -> None:
    full(lab, free_port)
    said: list[str] = []
    process = lab.start("up", "-v")
    arguments: set[str] = set()
    while process.poll() is None:
        arguments |= every_argv()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.03)
    said += process.communicate()
    assert process.returncode == 0, said
    said += ["\n".join(arguments)]
    for command in ("up --json", "status --json", "status", "config show --origin", "config show --json", "logs",
                    "up --dry-run --json", "restart -v", "restart --json"):  # fmt: skip
        done = lab.dfdev(*command.split()).ok()
        said += [done.out, done.err]
    containers = inspected(lab)
    said += [json.dumps(containers[name], ensure_ascii=False) for name in ("registry", "mysql")]
    said += [json.dumps(containers["www"]["Config"]["Labels"], ensure_ascii=False)]
    said += [lab.docker("logs", id) for id in lab.containers().values()]
    said += [path.read_text() for path in (lab.user / ".local").rglob("*") if path.is_file()]
    assert [text for text in said if "hunter2" in text] == []
    assert f"TOKEN={SECRETS['TOKEN']}" in containers["www"]["Config"]["Env"], "the service itself gets it"
    credentials = lab.docker("exec", containers["registry"]["Id"], "cat", "/etc/dfdev/aws-credentials")
    assert SECRETS["S3_SECRET"] in credentials
    options = lab.docker("exec", containers["mysql"]["Id"], "stat", "-c", "%a %u", "/etc/dfdev/mysql-client.cnf")
    assert options.split() == ["600", "999"]


def every_argv() -> set[str]:
    """The command lines of this moment, of the host and of all containers."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.add(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


@pytest.mark.parametrize(
    "broken",
    [
        '[mysql]\nimage = "x"\npasword = "${DB_PASSWORD}"\n',
        '[mysql]\nimage = "x"\npassword = ["${DB_PASSWORD}"]\n',
        '[mysql]\nimage = "x"\nport = "${DB_PASSWORD}"\n',
        '[registry]\nsecret_key = "${S3_SECRET}"\n',
        '[services.www]\nimage = "${TOKEN} x"\nenv = { "A B" = "${TOKEN}" }\n',
        '[services.www]\nimage = "x"\nenv = { A = "${TOKEN" }\n',
    ],
)
def test_errors_do_not_tell_secrets(lab: Lab, broken: str) -> None:
    lab.write("".join(f"{k}='{v}'\n" for k, v in SECRETS.items()), ".env.local")
    lab.workspace(broken)
    for command in ("up", "config check", "config check --json"):
        done = lab.dfdev(*command.split())
        assert done.code == 3
        assert "hunter2" not in done.out + done.err


def test_what_every_container_has(lab: Lab, free_port: FreePort) -> None:
    """Ports on 127.0.0.1 only, an init, logs that rotate, our labels and compose's; nothing privileged."""
    full(lab, free_port).up().ok()
    containers = inspected(lab)
    assert containers.keys() == {"registry", "mysql", "www"}
    for name, container in containers.items():
        host = container["HostConfig"]
        bound = [b for ports in host["PortBindings"].values() for b in ports]
        assert [b["HostIp"] for b in bound] == ["127.0.0.1"], name
        actual = [b["HostIp"] for ports in container["NetworkSettings"]["Ports"].values() for b in ports or ()]
        assert actual == ["127.0.0.1"], name
        assert host["Init"] is True, name
        assert {"max-size", "max-file"} <= host["LogConfig"]["Config"].keys(), name
        assert not host["Privileged"], name
        assert list(container["NetworkSettings"]["Networks"]) == [f"{lab.name}_default"], name
        assert container["Config"]["Labels"]["com.docker.compose.project"] == lab.name, name


def test_down_does_not_wait_for_an_app_that_ignores_its_end(lab: Lab) -> None:
    """As PID 1 it would: the kernel drops a signal that PID 1 has no handler for."""
    app = '[services.app]\nimage = "dfdev/small:1"\ncommand = "sleep 100000"\nstop_timeout = "4s"\n'
    took = {}
    for init in ("true", "false"):
        lab.workspace(f"{app}init = {init}\n")
        lab.up().ok()
        began = time.monotonic()
        lab.dfdev("down").ok()
        took[init] = time.monotonic() - began
        assert lab.containers() == {}
    assert took["false"] > 4
    assert took["true"] < took["false"] - 2


def test_down_tells_whose_container_keeps_the_network(lab: Lab) -> None:
    lab.workspace('[services.www]\nimage = "dfdev/small:1"\ncommand = "sleep 1000"\n')
    lab.up().ok()
    guest, network = f"{lab.name}-guest", f"{lab.name}_default"
    lab.docker("run", "-d", "--name", guest, "--network", network, "dfdev/small:1", "sleep", "1000")
    try:
        done = lab.dfdev("down").ok()
        way = f"docker network disconnect {network} {guest}"
        assert f"the network {network} stays: {guest} runs in it" in done.err and way in done.err
        assert lab.dfdev("down", "--json").ok().json()["guests"] == [guest]
        lab.docker(*way.split()[1:])
        assert lab.dfdev("down", "--json").ok().json()["guests"] == []
        assert network not in lab.docker("network", "ls", "--format", "{{.Name}}")
    finally:
        lab.docker("rm", "-f", guest)
