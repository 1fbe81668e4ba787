"""`dfdev clock status` and `dfdev clock sync`: exit codes, documents, words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.cli.desk import RUNNING, Desk, desk

KEYS = {"provider", "offset_ms", "bound_ms", "tolerance_ms", "verdict", "can_set", "method", "breaks"}
SYNC = {"before_ms", "after_ms", "stepped"}


@pytest.fixture
def mac() -> Iterator[Desk]:
    """Colima runs."""
    with desk() as made:
        made.colima(RUNNING)
        made.runs()
        yield made


@pytest.fixture
def bare() -> Iterator[Desk]:
    """Nothing is installed, and nothing runs."""
    with desk() as made:
        yield made


@pytest.mark.parametrize(
    ("skew", "code", "verdict", "fails"),
    [
        (0, 0, "ok", []),
        (-0.3, 0, "ok", []),
        (-20, 1, "skewed", ["file watchers", "make", "apt"]),
        (3, 1, "skewed", ["file watchers", "make"]),
    ],
)
def test_status(mac: Desk, skew: float, code: int, verdict: str, fails: list[str]) -> None:
    mac.off(skew)
    done = mac.dfdev("clock", "status", "--json")
    found = done.json()
    assert (done.code, found["verdict"], found["breaks"]) == (code, verdict, fails)
    assert set(found) >= KEYS
    assert abs(found["offset_ms"] - skew * 1000) < 100 and found["bound_ms"] < 100
    assert (found["provider"], found["tolerance_ms"], found["can_set"]) == ("colima", 500.0, True)
    assert found["method"] == "root shell"
    assert mac.skew == skew


def test_status_in_words(mac: Desk) -> None:
    mac.off(-20)
    done = mac.dfdev("clock", "status")
    assert (
        done.out.startswith("colima: 20.0 s behind ± ") and "at this offset fail: file watchers, make, apt" in done.out
    )
    assert "`dfdev clock sync` sets it (root shell)" in done.err


def test_status_names_what_will_work(mac: Desk) -> None:
    mac.off(60)
    assert "`dfdev clock sync --allow-backward` sets it (root shell)" in mac.dfdev("clock", "status").err
    mac.has("colima", f"case $1 in list) echo '{RUNNING}' ;; *) echo 'ssh: closed' >&2; exit 255 ;; esac")
    done = mac.dfdev("clock", "status")
    assert "sets it (helper container; the machine's shell does not open)" in done.err
    assert mac.dfdev("clock", "status", "--json").json()["method"] == "helper container"


@pytest.mark.parametrize("skew", [-20, -0.8, 1.5])
def test_sync(mac: Desk, skew: float) -> None:
    mac.off(skew)
    done = mac.dfdev("clock", "sync", "--json")
    found = done.json()
    assert (done.code, found["stepped"], found["verdict"]) == (0, True, "ok")
    assert set(found) >= KEYS | SYNC
    assert abs(found["before_ms"] - skew * 1000) < 100 and abs(found["after_ms"]) < 100
    assert found["method"] == "root shell: clock_adjtime"
    assert abs(mac.skew) < 0.1


def test_sync_of_a_clock_that_is_right(mac: Desk) -> None:
    found = mac.dfdev("clock", "sync", "--json").json()
    assert (found["stepped"], found["before_ms"]) == (False, found["after_ms"])
    assert "nothing to do" in mac.dfdev("clock", "sync").out


def test_far_back_only_where_that_is_allowed(mac: Desk) -> None:
    mac.off(60)
    done = mac.dfdev("clock", "sync")
    assert (done.code, mac.skew) == (4, 60)
    assert "60.0 s ahead" in done.err and "--allow-backward" in done.err
    assert mac.dfdev("clock", "sync", "--allow-backward").code == 0
    assert abs(mac.skew) < 0.1


def test_the_method(mac: Desk) -> None:
    mac.off(-20)
    assert mac.dfdev("clock", "sync", "--method", "nonsense").code == 2
    helper = mac.dfdev("clock", "sync", "--method", "helper")
    assert helper.code == 4 and "no image for a helper container" in helper.err
    assert mac.dfdev("clock", "sync", "--method", "shell").code == 0


def test_a_way_that_may_not(mac: Desk) -> None:
    mac.colima(RUNNING, shell=False)
    mac.off(-20)
    done = mac.dfdev("clock", "sync", "--method", "shell", "--json")
    assert (done.code, mac.skew) == (4, -20)
    assert "root shell: not permitted to set the clock" in done.out + done.err


def test_if_running_is_silent_where_nothing_is(bare: Desk) -> None:
    done = bare.dfdev("clock", "sync", "--if-running")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert bare.dfdev("clock", "sync").code == 5
    assert bare.dfdev("clock", "status").code == 5


def test_if_slept_asks_nothing_where_nobody_slept(mac: Desk) -> None:
    assert mac.dfdev("clock", "sync").code == 0
    before = len(mac.asked)
    done = mac.dfdev("clock", "sync", "--if-slept")
    assert (done.code, done.out, len(mac.asked)) == (0, "", before)


def test_the_clock_of_another_host_is_not_ours(mac: Desk) -> None:
    elsewhere = f"unix://{mac.engine}"
    (mac.home / "dfdev.toml").write_text("")
    mac.off(-20)
    status = mac.dfdev("clock", "status", "--json", DOCKER_HOST=elsewhere)
    assert (status.code, status.json()["can_set"], status.json()["method"]) == (1, False, "none")
    sync = mac.dfdev("clock", "sync", DOCKER_HOST=elsewhere)
    assert (sync.code, mac.skew) == (4, -20)
    assert "dfdev does not set the clock of remote" in sync.err
    mac.off(0.1)
    right = mac.dfdev("clock", "sync", DOCKER_HOST=elsewhere)
    assert right.code == 0 and "nothing to do" in right.out


def test_the_tolerance_of_the_workspace(mac: Desk) -> None:
    (mac.home / "dfdev.toml").write_text('[clock]\ntolerance = "30s"\n')
    mac.off(-20)
    found = mac.dfdev("clock", "status", "--json")
    assert (found.code, found.json()["tolerance_ms"]) == (0, 30_000.0)


@pytest.mark.parametrize("command", ["status", "sync"])
def test_a_workspace_file_that_does_not_hold(mac: Desk, command: str) -> None:
    (mac.home / "dfdev.toml").write_text("[clock]\ntolerance = 'soon'\n")
    assert mac.dfdev("clock", command).code == 3
