"""What the tests of trouble share: a workspace of small services, what a good error looks like, other users."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.e2e.lab import DFDEV, Done, Lab
from tests.machine import root

NOBODY = 65534
_CALM = "-dac_override,-dac_read_search"


def web(port: int, name: str = "www", extra: str = "") -> str:
    """A service that serves its code folder over HTTP."""
    return f"""
[services.{name}]
image = "dfdev/small:1"
code = "{name}"
logs = "{name}/run"
ports = ["{port}:8080"]
command = "httpd -f -p 8080 -h /var/{name}"
health = {{ http = "/", timeout = "20s" }}
{extra}
"""


def ready(lab: Lab, text: str, *names: str) -> Lab:
    """Write the workspace and a code folder with a page for every name."""
    for name in names:
        lab.write(f"{name} of {lab.name}\n", f"{name}/index.html")
    lab.workspace(text)
    return lab


def assert_fails(done: Done, code: int, *said: str) -> None:
    """The exit code, what is said on stderr, a line of what to type, no traceback."""
    shown = f"exit {done.code}\n{done.out}\n{done.err}"
    assert done.code == code, shown
    assert "Traceback" not in done.out + done.err, shown
    assert done.err.count("error: ") == 1, shown
    assert "\ntry: " in done.err, shown
    for text in said:
        assert text in done.err, f"{text!r} is not said:\n{shown}"


def assert_settled(lab: Lab) -> None:
    """Another `up` finds nothing to do and every mount proven."""
    found = lab.dfdev("up", "--json").ok().json()
    assert found["plan"] == []
    for service in found["services"]:
        assert service["state"] == "running", service
        assert all(mount["proven"] for mount in service["mounts"]), service


def build(lab: Lab, ref: str, dockerfile: str) -> None:
    """An image on the lab's engine; nothing of DFHOME goes into it."""
    context = lab.user / "context"
    context.mkdir(exist_ok=True)
    (context / "Dockerfile").write_text(dockerfile)
    lab.docker("build", "-q", "-t", ref, str(context))


def probes(home: Path) -> list[Path]:
    """Files of the mount proof that are still there."""
    return sorted(home.rglob(".dfdev-proof-*"))


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:g} s for {what}"
        time.sleep(0.02)


def under_way(lab: Lab, step: str, *args: str) -> subprocess.Popen[str]:
    """The command, once it says that it has begun this step."""
    process = lab.start(*args, "-v")
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        if line.startswith(f"  {step}") and "…" in line:
            return process
    raise AssertionError(f"{step!r} has never begun:\n{said}")


def killed_at(lab: Lab, step: str, *args: str) -> None:
    process = under_way(lab, step, *args)
    process.kill()
    process.communicate(timeout=20)
    assert process.returncode == -signal.SIGKILL, f"it had ended before its {step!r} was over"


def as_user(uid: int, *groups: int) -> list[str]:
    """Prefix of an argv that runs as another user, who may look into our folders (where Python is) but not write."""
    member = ["--groups", ",".join(map(str, groups))] if groups else ["--clear-groups"]
    look = ["--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"]
    return [*root.prefix(), "setpriv", "--reuid", str(uid), "--regid", str(uid), *member, *look]


def as_mortal() -> list[str]:
    """Prefix of an argv that obeys file permissions, also where the tests run as root."""
    return ["setpriv", "--bounding-set", _CALM, "--inh-caps", _CALM] if os.geteuid() == 0 else []


def dfdev_as(
    prefix: list[str], lab: Lab, *args: str, env: Mapping[str, str] | None = None, timeout: float = 60
) -> Done:
    """The environment goes by argv too: what makes us another user may start from an empty one."""
    environ = {**lab.environ, **(env or {})}
    done = subprocess.run(
        [*prefix, "env", *(f"{name}={value}" for name, value in environ.items()), str(DFDEV), *args],
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd="/",
        env=environ,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
