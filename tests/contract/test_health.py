"""A health check of ours, run by the engine: how it gets there and what it says."""

from __future__ import annotations

from dfdev.core.desired import Health
from tests.contract.rig import Rig, soon


def checked(rig: Rig, script: str) -> str:
    return rig.run(health=Health("command", command=("sh", "-c", script)))


def test_healthy_after_the_first_success(real: Rig) -> None:
    id = checked(real, "test -e /tmp/ready")
    seen = real.seen(id)
    assert seen is not None
    assert seen.health == "starting"
    real.engine.exec(id, ["touch", "/tmp/ready"], timeout=20)
    soon(lambda: (found := real.seen(id)) is not None and found.health == "healthy")
    assert real.engine.container(id).health == "healthy"


def test_the_last_words_of_a_check_that_fails(real: Rig) -> None:
    id = checked(real, "echo no database yet; exit 1")
    soon(lambda: real.engine.container(id).health_log == "no database yet\n")
    assert real.engine.container(id).health == "starting"


def test_a_new_engine_looks_every_second_at_the_start(real: Rig) -> None:
    """`StartInterval` exists from API 1.44 on; before it the first look comes after five seconds."""
    id = checked(real, "true")
    interval = real.docker("inspect", "--format", "{{json .Config.Healthcheck}}", id)
    assert ('"StartInterval":1000000000' in interval) is (real.kind == "28")


def test_unhealthy_is_told_in_the_list(real: Rig) -> None:
    id = real.docker(
        "run", "-d", "--label", f"dev.dfdev.workspace={real.name}", "--health-cmd", "false", "--health-interval", "1s",
        "--health-retries", "1", "dfdev-test/busybox:1", "sleep", "1000000",
    )  # fmt: skip
    soon(lambda: (found := real.seen(id)) is not None and found.health == "unhealthy")
    assert real.engine.container(id).health == "unhealthy"


def test_without_a_check_there_is_no_health(real: Rig) -> None:
    assert real.engine.container(real.run()).health == ""


def test_starting_comes_before_healthy(rig: Rig) -> None:
    id = rig.run(health=Health("command", command=("sh", "-c", "exit 0")))
    assert rig.engine.container(id).health == "starting"
    soon(lambda: (found := rig.seen(id)) is not None and found.health == "healthy")
