"""The watcher as a service of `up`: ready with its modules, its log on the host, a save built, and how fast is told."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests import machine
from tests.e2e.frontend_lab import FrontendLab, front_of_a_module
from tests.e2e.trouble import assert_fails, wait_until

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]
WITHIN = {"native": 1.0, "poll": 2.5}
"""Seconds from a save to what was made of it, where the machine does nothing else."""
PATIENCE = 20.0
TOML = 'watch = true\nwatch_command = ["grunt", "watch", "--verbose"]\n'
"""It then says at which files it looks: what is saved before that, grunt does not notice."""
LOOKED_AT = ("src/js/main.js", "src/less/app.less", "src/index.html", ".jshintrc")


@pytest.fixture(scope="module")
def front(node_engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontendLab]:
    with front_of_a_module(node_engine, tmp_path_factory.mktemp("watch"), "watch") as made:
        made.scaffold(TOML)
        before = made.run("frontend", "status", "--json").ok().json()
        assert (before["tools"], before["watcher"]) == ("absent: the next command makes it", "absent")
        made.lab.up(timeout=200).ok()
        yield made


def log(front: FrontendLab) -> str:
    return (front.folder / "run" / "watch.log").read_text()


def rounds(front: FrontendLab) -> int:
    """How often it has begun to look at the files: at its start, and after each build."""
    return min(log(front).count(f"Watching {name} for changes.") for name in LOOKED_AT)


def until_it_watches(front: FrontendLab, before: int = 0) -> None:
    wait_until(lambda: rounds(front) > before, 60, "the watcher to look at the files")


def seconds_to_rebuild(front: FrontendLab, name: str, text: str, output: str) -> float:
    """From the save to the output that has it."""
    before, began = rounds(front), time.monotonic()
    with (front.folder / name).open("a") as file:
        file.write(f"\n{text}\n")
    wait_until(lambda: text in built(front, output), PATIENCE, f"{output} to have {text}")
    taken = time.monotonic() - began
    until_it_watches(front, before)
    return taken


def built(front: FrontendLab, output: str) -> str:
    path = front.folder / "dist" / output
    return path.read_text() if path.exists() else ""


def test_up_returns_when_the_modules_are_there(front: FrontendLab) -> None:
    found = front.lab.dfdev("up", "--json").ok().json()
    assert found["plan"] == []
    [service] = found["services"]
    assert (service["name"], service["state"], service["health"]) == ("frontend", "running", "healthy")
    assert all(mount["proven"] for mount in service["mounts"])
    assert "npm ci" in log(front)
    status = front.run("frontend", "status", "--json").ok().json()
    assert (status["watcher"], status["modules"]) == ("running", "installed")


def test_what_it_says_is_on_the_host(front: FrontendLab) -> None:
    """Also for `dfdev logs`, and as the developer's own file."""
    until_it_watches(front)
    assert "Running" in front.lab.dfdev("logs", "frontend").ok().out
    assert (front.folder / "run" / "watch.log").stat().st_uid == front.home.stat().st_uid
    assert built(front, "app.min.js"), "it has built what there was"


def test_a_save_is_built_and_the_time_is_told(front: FrontendLab) -> None:
    """By events, on an engine that shares its kernel with the host."""
    until_it_watches(front)
    taken = [seconds_to_rebuild(front, "src/js/main.js", f"window.saved = {n};", "app.js") for n in range(3)]
    assert min(taken) < WITHIN["native"] * 3, "the machine may do other things meanwhile"
    status = front.run("frontend", "status", "--json").ok().json()
    assert status["events"].startswith("native: an event came after ")
    assert status["saved"] == "src/js/main.js"
    assert 0 <= status["rebuilt_seconds"] < PATIENCE
    assert "s after src/js/main.js was saved" in front.run("frontend", "status").ok().out


def test_what_is_saved_while_it_builds_is_built_too(front: FrontendLab) -> None:
    """grunt looks at no file meanwhile: of two saves in a row it would build the first."""
    for number in range(4):
        for half in ("a", "b"):
            text = f"window.{half}{number} = 1;"
            with (front.folder / "src/js/main.js").open("a") as file:
                file.write(f"{text}\n")
            wait_until(lambda: text in built(front, "app.js"), PATIENCE, f"app.js to have {text}")  # noqa: B023
    wait_until(lambda: "window.b3=1" in built(front, "app.min.js"), PATIENCE, "the last step of the build")


def test_commands_go_on_beside_it(front: FrontendLab) -> None:
    """With the same modules: they are not installed again."""
    done = front.run("grunt", "lint").ok()
    assert "npm ci" not in done.err
    assert set(front.lab.containers()) == {"frontend", "frontend-tools"}
    assert front.lab.dfdev("up", "--json").ok().json()["plan"] == []


def test_by_polling_where_the_file_says_so(front: FrontendLab) -> None:
    before = rounds(front)
    front.workspace(f'{TOML}events = "poll"')
    front.lab.up().ok()
    until_it_watches(front, before)
    taken = [seconds_to_rebuild(front, "src/less/app.less", f".saved-{n}{{top:0}}", "app.css") for n in range(2)]
    assert min(taken) < WITHIN["poll"] * 2
    assert "DFDEV_EVENTS=poll" in front.lab.docker("inspect", front.lab.containers()["frontend"])
    assert "DFDEV_EVENTS=poll\n" in front.lab.docker("exec", front.lab.containers()["frontend"], "env")
    assert front.run("frontend", "status", "--json").ok().json()["events"] == "poll: dfdev.toml says so"
    front.workspace(TOML)


def test_another_lockfile_makes_it_anew(front: FrontendLab) -> None:
    front.lab.up().ok()
    before, installs = front.lab.containers()["frontend"], log(front).count("npm ci")
    lock = front.folder / "package-lock.json"
    lock.write_text(f"{lock.read_text()}\n")
    front.lab.up(timeout=200).ok()
    assert front.lab.containers()["frontend"] != before
    assert log(front).count("npm ci") == installs + 1
    assert front.lab.dfdev("up", "--json").ok().json()["plan"] == []


def test_it_is_restarted_and_goes(front: FrontendLab) -> None:
    front.lab.up().ok()
    until_it_watches(front, rounds(front) - 1)
    before = rounds(front)
    front.lab.dfdev("restart", "frontend").ok()
    until_it_watches(front, before)
    seconds_to_rebuild(front, "src/js/main.js", "window.again = 1;", "app.js")
    front.lab.dfdev("down").ok()
    assert front.lab.containers() == {}


def test_modules_that_cannot_be_installed(front: FrontendLab) -> None:
    """`up` ends with what was said last, and does not wait for what will not come."""
    (front.folder / "package-lock.json").write_text("<<<<<<< HEAD\n")
    done = front.lab.up(timeout=60)
    front.lab.dfdev("down").ok()
    assert_fails(done, done.code or 1, "the modules could not be installed: `dfdev npm ci` tries it again")
