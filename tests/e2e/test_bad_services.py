"""Services that do not come up: no image, ended at once, never healthy. The reason is shown; mended, `up` goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.lab import Lab
from tests.e2e.trouble import assert_fails, assert_settled, build, ready, web

pytestmark = pytest.mark.engine
FreePort = Callable[[], int]


def small(command: str, rest: str = "") -> str:
    return f'[services.app]\nimage = "dfdev/small:1"\ncommand = ["sh", "-c", "{command}"]\n{rest}\n'


@pytest.mark.parametrize("image", ["dfdev-none/none:1", "127.0.0.1:9/none/none:1"])
def test_an_image_that_does_not_exist(lab: Lab, free_port: FreePort, image: str) -> None:
    """All images first: what runs stays as it is."""
    text = web(free_port())
    ready(lab, text, "www").up().ok()
    before = lab.containers()
    lab.workspace(text.replace("httpd -f", "httpd -f -v") + f'[services.app]\nimage = "{image}"\n')
    done = lab.up()
    assert_fails(done, 5, image, "services.app.image")
    assert lab.containers() == before
    lab.workspace(text + small("sleep 100000"))
    lab.up().ok()
    assert_settled(lab)
    assert lab.containers()["www"] == before["www"]


def test_a_container_that_ends_at_once(lab: Lab) -> None:
    lab.workspace(small("seq -f 'line %g of it' 1 40 2>/dev/null || seq 1 40; echo Cannot find settings >&2; exit 3"))
    done = lab.up()
    assert_fails(done, 1, "app stopped with exit code 3", "Cannot find settings", "40", "dfdev logs app")
    assert "\n  7\n" not in done.err, "the last lines, not all"
    status = lab.dfdev("status", "--json").json()["services"][0]
    assert status["state"] == "exited"
    lab.workspace(small("sleep 100000"))
    lab.up().ok()
    assert_settled(lab)


def test_a_command_that_is_not_in_the_image(lab: Lab) -> None:
    lab.workspace('[services.app]\nimage = "dfdev/small:1"\ncommand = ["gunicorn", "app"]\ninit = false\n')
    assert_fails(lab.up(), 5, "app: starting", 'exec: "gunicorn": executable file not found', "services.app")
    lab.workspace(small("sleep 100000"))
    lab.up().ok()
    assert_settled(lab)


@pytest.mark.parametrize(
    ("harm", "state"), [("kill", "exited"), ("stop -t 0", "exited"), ("pause", "paused"), ("rm -f", "absent")]
)
def test_one_that_somebody_else_stopped(lab: Lab, harm: str, state: str) -> None:
    """`status` says so; `up` makes it run again."""
    lab.workspace(small("sleep 100000"))
    lab.up().ok()
    lab.docker(*harm.split(), lab.containers()["app"])
    assert lab.dfdev("status", "--json").json()["services"][0]["state"] == state
    lab.up().ok()
    assert_settled(lab)


def test_a_network_that_somebody_else_removed(lab: Lab, free_port: FreePort) -> None:
    """As `docker network prune` does while the containers are stopped."""
    ready(lab, web(free_port()) + web(free_port(), "api"), "www", "api").up().ok()
    before = lab.containers()
    lab.docker("stop", "-t", "0", *before.values())
    lab.docker("network", "rm", f"{lab.name}_default")
    lab.up().ok()
    assert lab.containers() == before
    assert_settled(lab)
    assert lab.dfdev("exec", "api", "wget", "-qO-", "http://www:8080/").ok().out == f"www of {lab.name}\n"
    lab.docker("network", "disconnect", f"{lab.name}_default", before["www"])
    lab.up().ok()
    assert_settled(lab)
    assert lab.dfdev("exec", "api", "wget", "-qO-", "http://www:8080/").ok().out == f"www of {lab.name}\n"


NEVER_READY = {
    "http 500": (
        "printf 'HTTP/1.0 500 No\\r\\n\\r\\n' > /tmp/a; while true; do nc -l -p 80 < /tmp/a > /dev/null; done",
        'ports = ["{port}:80"]\nhealth = {{ http = "/healthz", timeout = "{patience}" }}',
        "GET /healthz on port {port} answers 500",
    ),
    "http silent": (
        "echo started; sleep 1000",
        'ports = ["{port}:80"]\nhealth = {{ http = "/", timeout = "{patience}" }}',
        "GET / on port {port}",
    ),
    "http not published": (
        "sleep 1000",
        'health = {{ http = "/", port = 80, timeout = "{patience}" }}',
        "GET / on port 80",
    ),
    "tcp": (
        "sleep 1000",
        'ports = ["{port}:80"]\nhealth = {{ tcp = true, timeout = "{patience}" }}',
        "port {port}",
    ),
    "command": (
        "sleep 1000",
        'health = {{ command = "echo no tables yet; exit 7", timeout = "{patience}" }}',
        "exits 7 no tables yet",
    ),
}


@pytest.mark.parametrize("name", NEVER_READY)
def test_one_that_never_gets_ready(lab: Lab, free_port: FreePort, name: str) -> None:
    command, rest, said = NEVER_READY[name]
    port = free_port()
    escaped = command.replace("\\", "\\\\").replace('"', '\\"')
    lab.workspace(small(f"echo I am here; {escaped}", rest.format(port=port, patience="1.5s")))
    done = lab.up(timeout=30)
    assert_fails(done, 1, "app is not ready after 1.5 s", said.format(port=port), "I am here", "health.timeout")
    assert lab.dfdev("status", "--json").json()["services"][0]["state"] == "running", "left running, to be looked at"
    lab.workspace(small("sleep 1000"))
    lab.up().ok()
    assert_settled(lab)


@pytest.fixture
def sick(lab: Lab) -> Iterator[str]:
    """An image whose own health check fails."""
    ref = f"dfdev-test/sick:{lab.name}"
    check = "HEALTHCHECK --interval=300ms --retries=1 CMD echo the queue is full; exit 1"
    build(lab, ref, f"FROM dfdev/small:1\n{check}\n")
    yield ref
    lab.docker("rmi", "-f", ref)


def test_an_images_own_health_check(lab: Lab, sick: str) -> None:
    lab.workspace(f'[services.app]\nimage = "{sick}"\n[services.app.health]\ntimeout = "2s"\n')
    done = lab.up()
    assert_fails(done, 1, "app", "unhealthy", "the queue is full")


def test_who_needs_it_is_not_started(lab: Lab) -> None:
    """A failed need stops the plan; what had been started stays."""
    sick = small("exit 9", 'health = { command = "test -e /never" }')
    lab.workspace(sick + '[services.web]\nimage = "dfdev/small:1"\ndepends_on = ["app"]\n')
    done = lab.up()
    assert_fails(done, 1, "app stopped with exit code 9")
    states = {s["name"]: s["state"] for s in lab.dfdev("status", "--json").json()["services"]}
    assert states["web"] == "created"
    lab.workspace(small("sleep 1000") + '[services.web]\nimage = "dfdev/small:1"\ndepends_on = ["app"]\n')
    lab.up().ok()
    assert_settled(lab)
