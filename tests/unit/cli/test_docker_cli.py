"""`dfdev docker …`: docker itself, on the engine that is used, with the clock made right before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.cli.desk import RUNNING, Desk, desk


@pytest.fixture
def mac() -> Iterator[Desk]:
    with desk() as made:
        made.colima(RUNNING)
        made.runs()
        made.has("docker", 'echo "$DOCKER_HOST|$DOCKER_CONTEXT|$*"; exit 7')
        yield made


def test_its_words_its_engine_and_its_exit_code(mac: Desk) -> None:
    done = mac.dfdev("docker", "run", "--rm", "-it", "x", "sh", "-c", "a b")
    assert (done.code, done.out) == (7, f"unix://{mac.sock}||run --rm -it x sh -c a b\n")


def test_the_clock_is_set_before(mac: Desk) -> None:
    mac.off(-20)
    done = mac.dfdev("docker", "pull", "x")
    assert done.code == 7 and abs(mac.skew) < 0.1
    assert "the machine's clock: 20.0 s behind →" in done.err


def test_and_not_looked_at_again(mac: Desk) -> None:
    mac.dfdev("docker", "ps")
    asked = len(mac.asked)
    assert mac.dfdev("docker", "ps").err == ""
    assert len(mac.asked) == asked


def test_a_clock_that_stays_wrong_stops_nothing(mac: Desk) -> None:
    mac.colima(RUNNING, shell=False)
    mac.off(-20)
    done = mac.dfdev("docker", "ps")
    assert done.code == 7 and "the machine's clock stays wrong" in done.err


def test_an_engine_that_is_absent_is_docker_s_own_matter(mac: Desk) -> None:
    mac.sock.unlink()
    done = mac.dfdev("docker", "ps")
    assert (done.code, done.err) == (7, "")


def test_without_docker(mac: Desk) -> None:
    (mac.home / "bin" / "docker").unlink()
    done = mac.dfdev("docker", "ps", PATH=f"{mac.home}/bin")
    assert done.code == 2 and "there is no docker command here" in done.err


def test_the_engine_that_the_workspace_names(mac: Desk) -> None:
    (mac.home / "dfdev.toml").write_text('[machine]\nprovider = "colima"\n')
    done = mac.dfdev("docker", "ps", DOCKER_HOST="")
    assert done.out.startswith(f"unix://{mac.sock}|")
