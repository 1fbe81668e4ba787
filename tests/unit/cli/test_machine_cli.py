"""`dfdev machine …`: exit codes, documents, words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.cli.desk import RUNNING, STOPPED, Desk, Done, desk

WORK = '{"name":"work","status":"Stopped"}'
BROKEN = '{"name":"default","status":"Broken"}'


@pytest.fixture
def mac() -> Iterator[Desk]:
    with desk() as made:
        made.colima(RUNNING, WORK)
        made.runs()
        yield made


def colimas(done: Done) -> list[Any]:
    return [machine for machine in done.json()["machines"] if machine["provider"] == "colima"]


# -- list


def test_list(mac: Desk) -> None:
    done = mac.dfdev("machine", "list", "--json")
    found = done.json()
    assert done.code == 0 and set(found) == {"machines", "providers", "used", "why", "shadows"}
    assert [(m["name"], m["state"], m["used"]) for m in colimas(done)] == [
        ("default", "running", True),
        ("work", "stopped", False),
    ]
    assert set(colimas(done)[0]) == {*("provider", "name", "state", "word", "endpoint", "shares", "version", "used")}
    assert (found["used"]["name"], found["shadows"]) == ("default", [])
    assert {p["provider"] for p in found["providers"]} >= {"colima", "orbstack", "boot2docker", "native"}


def test_list_in_words(mac: Desk) -> None:
    done = mac.dfdev("machine", "list")
    assert any(line.split()[:4] == ["→", "colima", "default", "running"] for line in done.out.splitlines())
    assert "colima default is used: DOCKER_HOST, its socket is Colima's" in done.err


def test_list_says_what_is_overridden(mac: Desk) -> None:
    (mac.home / "dfdev.toml").write_text('[machine]\nprovider = "orbstack"\n')
    done = mac.dfdev("machine", "list", "--json")
    assert "DOCKER_HOST is set and wins over orbstack" in done.json()["shadows"][0]


def test_list_by_the_file_tells_why_once(mac: Desk) -> None:
    (mac.home / "dfdev.toml").write_text('[machine]\nprovider = "colima"\nprofile = "work"\n')
    found = mac.dfdev("machine", "list", "--json", DOCKER_HOST="").json()
    assert (found["used"]["name"], found["why"]) == ("work", "colima work is used: dfdev.toml names it")


def test_list_says_that_plain_docker_would_use_another(mac: Desk) -> None:
    folder = mac.home / ".docker" / "contexts" / "meta" / hashlib.sha256(b"orbstack").hexdigest()
    folder.mkdir(parents=True)
    host = f"unix://{mac.home}/.orbstack/run/docker.sock"
    (folder / "meta.json").write_text(json.dumps({"Name": "orbstack", "Endpoints": {"docker": {"Host": host}}}))
    (mac.home / ".docker" / "config.json").write_text('{"currentContext": "orbstack"}')
    (mac.home / "dfdev.toml").write_text('[machine]\nprovider = "colima"\n')
    found = mac.dfdev("machine", "list", "--json", DOCKER_HOST="").json()
    assert (found["used"]["name"], found["why"]) == ("default", "colima default is used: dfdev.toml names it")
    assert found["shadows"] == [
        f"plain `docker` uses {host} (context orbstack (currentContext in config.json)); "
        "dfdev.toml names colima default"
    ]


@pytest.mark.parametrize(
    ("toml", "host", "why"),
    [
        ('[machine]\nprovider = "lima"\n', "", "wants Lima, which is not installed here"),
        ('[machine]\nprovider = "colima"\nprofile = "nope"\n', "", "there are: default"),
        ("", "gopher://x", "names gopher://x"),
    ],
)
def test_list_shows_what_there_is_where_none_can_be_used(mac: Desk, toml: str, host: str, why: str) -> None:
    (mac.home / "dfdev.toml").write_text(toml)
    done = mac.dfdev("machine", "list", "--json", DOCKER_HOST=host)
    assert (done.code, len(colimas(done)), done.json()["used"]) == (0, 2, None)
    assert "none is used" in done.json()["why"] and why in done.json()["why"]


def test_a_tool_that_fails_is_told_beside_the_others(mac: Desk) -> None:
    mac.has("limactl", "echo 'cannot read the state' >&2; exit 1")
    done = mac.dfdev("machine", "list", "--json")
    problems = {p["provider"]: p["problem"] for p in done.json()["providers"]}
    assert done.code == 0 and "cannot read the state" in problems["lima"] and problems["colima"] == ""


# -- status


def test_status(mac: Desk) -> None:
    mac.off(-20)
    done = mac.dfdev("machine", "status", "--json")
    found = done.json()
    assert (done.code, found["name"], found["state"]) == (0, "default", "running")
    assert found["engine"] == {"version": "28.5.2", "os": "Ubuntu 24.04", "api": "1.41"}
    assert found["clock"]["verdict"] == "skewed" and found["problem"] == ""
    assert found["disk"]["state"] in ("ok", "low", "full")
    assert {"endpoint", "source", "shares", "word", "provider"} <= set(found)


def test_status_of_another_machine_by_its_name(mac: Desk) -> None:
    done = mac.dfdev("machine", "status", "work", "--json")
    assert (done.code, done.json()["state"], done.json()["engine"]) == (4, "stopped", None)
    assert "no Docker engine" in done.json()["problem"]


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [("nope", 4, "there is no machine nope"), ("default", 0, ""), ("colima/work", 4, "stopped")],
)
def test_names(mac: Desk, name: str, code: int, words: str) -> None:
    done = mac.dfdev("machine", "status", name)
    assert done.code == code and words.lower() in (done.out + done.err).lower()


def test_a_name_of_several(mac: Desk) -> None:
    mac.has("boot2docker", """echo '{"Name":"work","State":"poweroff"}'""")
    done = mac.dfdev("machine", "stop", "work")
    assert done.code == 2 and "colima/work" in done.err and "boot2docker/work" in done.err


# -- start, stop, restart


def test_start_of_one_that_runs(mac: Desk) -> None:
    done = mac.dfdev("machine", "start")
    assert (done.code, done.out) == (0, "nothing to do: colima default is running\n")
    assert not any(line.startswith("start") for line in mac.log)


@pytest.mark.parametrize(
    ("verb", "plan"),
    [
        ("start", ["colima start work"]),
        ("stop", []),
        ("restart", ["colima stop --force work", "colima start work"]),
    ],
)
def test_a_dry_run_does_nothing(mac: Desk, verb: str, plan: list[str]) -> None:
    done = mac.dfdev("machine", verb, "work", "--dry-run", "--json")
    assert (done.code, done.json()) == (0, {"plan": plan, "seconds": 0.0})
    assert {line.split()[0] for line in mac.log} <= {"list"}


def test_start_waits_for_the_engine() -> None:
    with desk() as mac:
        mac.sock.parent.mkdir(parents=True)
        listing = f"cat <<'END'\n{STOPPED}\nEND\n"
        mac.has("colima", f"case $1 in list) {listing};; start) ln -s {mac.engine} {mac.sock} ;; esac")
        done = mac.dfdev("machine", "start", "--json")
        assert (done.code, done.json()["plan"]) == (0, ["colima start default"])
        assert done.json()["seconds"] > 0


def test_a_start_that_fails_says_why(mac: Desk) -> None:
    mac.colima(STOPPED, start="echo 'no disk left' >&2; exit 1")
    done = mac.dfdev("machine", "start")
    assert done.code == 4 and "`colima start default` failed: no disk left" in done.err


def test_a_broken_machine_is_restarted_by_its_name() -> None:
    """Though nothing here can be used, and dfdev.toml wants something else."""
    with desk() as mac:
        mac.colima(BROKEN)
        (mac.home / "dfdev.toml").write_text('[machine]\nprovider = "lima"\n')
        done = mac.dfdev("machine", "restart", "colima", "--dry-run", DOCKER_HOST="")
        assert (done.code, done.out) == (0, "colima stop --force default\ncolima start default\n")


def test_what_is_elsewhere_is_not_started(mac: Desk) -> None:
    done = mac.dfdev("machine", "restart", DOCKER_HOST="tcp://203.0.113.1:2375", DFDEV_ENGINE_TIMEOUT="0.2")
    assert done.code == 4 and "it runs elsewhere" in done.err


# -- env


def test_env(mac: Desk) -> None:
    done = mac.dfdev("machine", "env", SHELL="/bin/zsh")
    assert done.code == 0
    assert done.out.splitlines()[:2] == [f"export DOCKER_HOST=unix://{mac.sock}", "unset DOCKER_CONTEXT"]
    assert mac.dfdev("machine", "env", SHELL="/usr/bin/fish").out.startswith("set -gx DOCKER_HOST ")
    assert mac.dfdev("machine", "env", "--shell", "fish").out.startswith("set -gx DOCKER_HOST ")
    assert mac.dfdev("machine", "env", "--json").json()["DOCKER_HOST"] == f"unix://{mac.sock}"


def test_env_of_a_shell_that_nobody_knows(mac: Desk) -> None:
    assert mac.dfdev("machine", "env", "--shell", "tcsh").code == 2


def test_env_of_a_machine_without_an_address(mac: Desk) -> None:
    mac.has("boot2docker", """echo '{"Name":"boot2docker-vm","State":"poweroff"}'""")
    done = mac.dfdev("machine", "env", "boot2docker")
    assert (done.code, done.out) == (4, "")
    assert "dfdev machine start boot2docker/boot2docker-vm" in done.err


# -- ssh


def test_ssh_runs_the_words_in_the_machine(mac: Desk) -> None:
    done = mac.dfdev("machine", "ssh", "ls", "-l", "a b")
    assert (done.code, done.out) == (0, "in: -p default -- ls -l a b\n")


def test_ssh_without_the_tool() -> None:
    with desk() as mac:
        mac.runs()
        done = mac.dfdev("machine", "ssh", "true")
        assert done.code == 4 and "there is no command colima here" in done.err


def test_ssh_into_what_is_elsewhere(mac: Desk) -> None:
    done = mac.dfdev("machine", "ssh", DOCKER_HOST="tcp://203.0.113.1:2375")
    assert done.code == 4 and "no ssh of its own" in done.err


def test_no_command_shows_the_help(mac: Desk) -> None:
    done = mac.dfdev("machine")
    assert done.code in (0, 2) and "restart" in done.out + done.err
