"""The main job: `up` until everything serves, and nothing to do the second time."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

import pytest

from tests.e2e.conftest import NewLab
from tests.e2e.lab import Lab

pytestmark = pytest.mark.engine

WEB = """
[services.www]
image = "dfdev/small:1"
code = "www"
logs = "www/run"
ports = ["{port}:80"]
command = ["httpd", "-f", "-p", "80", "-h", "/var/www"]
health = {{ http = "/index.html" }}
"""
STACK = """
[registry]
image = "dfdev/registry:2"
port = {registry}

[mysql]
image = "dfdev-test/mysql:1"
port = {mysql}
user = "dev"
password = "${{DB_PASSWORD}}"
database = "dev"
"""


@pytest.fixture
def web(lab: Lab, free_port: Callable[[], int]) -> Lab:
    """One service with code and logs."""
    return with_web(lab, free_port())


def with_web(lab: Lab, port: int, more: str = "") -> Lab:
    lab.workspace(WEB.format(port=port) + more)
    lab.write("hello", "www/index.html")
    return lab


@pytest.fixture
def stack(lab: Lab, free_port: Callable[[], int]) -> Lab:
    """Registry, MySQL and a service that needs it."""
    text = STACK.format(registry=free_port(), mysql=free_port()) + WEB.format(port=free_port())
    lab.workspace(text + 'depends_on = ["mysql"]\n')
    lab.write("DB_PASSWORD=dev\n", ".env")
    lab.write("hello", "www/index.html")
    return lab


def page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def test_up_brings_everything_up_and_has_nothing_to_do_the_second_time(stack: Lab) -> None:
    first = stack.up("--json").ok().json()
    assert [s["name"] for s in first["services"]] == ["registry", "mysql", "www"]
    assert all(s["state"] == "running" and s["health"] in ("", "healthy") for s in first["services"])
    assert first["plan"][0].startswith("create network")
    again = stack.up("--json").ok().json()
    assert again["plan"] == []
    assert set(again["seconds"]) >= {"look", "prove", "total"}
    assert page(again["services"][2]["url"] + "index.html") == "hello"


def test_status_has_the_documented_shape(stack: Lab) -> None:
    stack.up().ok()
    found = stack.dfdev("status", "--json").ok().json()
    assert found["workspace"] == stack.name
    assert found["home"] == str(stack.home)
    assert found["engine"]["version"].startswith("28.")
    www = found["services"][2]
    assert {"name", "state", "health", "image", "ports", "url", "mounts"} <= www.keys()
    assert www["mounts"] == [
        {"source": str(stack.home / "www"), "target": "/var/www", "proven": True},
        {"source": str(stack.home / "www/run"), "target": "/var/log", "proven": True},
    ]


def test_the_table_names_service_state_url_code_logs_seconds(web: Lab) -> None:
    done = web.up().ok()
    header, row = done.out.splitlines()
    assert header.split() == ["SERVICE", "STATE", "URL", "CODE", "LOGS", "SECONDS"]
    assert row.split()[:2] == ["www", "running"] and "www -> /var/www ✓" in row and "www/run ✓" in row
    assert "\x1b" not in done.out + done.err


def test_dry_run_prints_the_plan_and_changes_nothing(web: Lab) -> None:
    done = web.up("--dry-run").ok()
    assert f"create network {web.name}_default (there is none)" in done.out
    assert web.containers() == {}


def test_a_changed_spec_recreates_just_that_container(stack: Lab) -> None:
    stack.up().ok()
    before = stack.containers()
    stack.write('[services.www]\nenv = { COLOUR = "red" }\n', "dfdev.local.toml")
    stack.up().ok()
    after = stack.containers()
    assert {name for name in before if before[name] != after[name]} == {"www"}
    assert "COLOUR=red" in stack.docker("inspect", after["www"])


def test_a_new_image_recreates_just_that_container(stack: Lab) -> None:
    tag = f"{stack.name}/www:dev"
    stack.docker("tag", "dfdev/small:1", tag)
    stack.write(f'[services.www]\nimage = "{tag}"\n', "dfdev.local.toml")
    stack.up().ok()
    before = stack.containers()
    made = stack.docker("create", "dfdev/small:1").strip()
    stack.docker("commit", "--change", "LABEL fresh=1", made, tag)
    stack.docker("rm", made)
    done = stack.up("--json").ok().json()
    assert f"stop www ({tag} is a new image)" in done["plan"]
    after = stack.containers()
    assert {name for name in before if before[name] != after[name]} == {"www"}
    stack.docker("rmi", "-f", tag, check=False)


def test_only_the_named_service_and_what_it_needs(stack: Lab) -> None:
    stack.up("www").ok()
    assert stack.containers().keys() == {"mysql", "www"}


def test_services_reach_one_another_by_name(stack: Lab) -> None:
    stack.up().ok()
    assert stack.dfdev("exec", "www", "wget", "-q", "-O", "-", "http://registry:5000/v2/").ok().out.strip() == "{}"
    greeting = "timeout 2 nc mysql 3306 </dev/null | grep -c caching_sha2_password"
    assert stack.dfdev("exec", "www", "sh", "-c", greeting).ok().out.strip() == "1"


def test_an_orphan_is_reported_and_removed_when_asked(web: Lab, free_port: Callable[[], int]) -> None:
    with_web(web, free_port(), '[services.old]\nimage = "dfdev/small:1"\ncommand = "sleep 1000"\n')
    web.up().ok()
    web.workspace(WEB.format(port=free_port()))
    assert "old is no longer in dfdev.toml" in web.up().ok().err
    assert "old" in web.containers()
    web.up("--remove-orphans").ok()
    assert web.containers().keys() == {"www"}


def test_down_removes_orphans_and_the_network(web: Lab, free_port: Callable[[], int]) -> None:
    with_web(web, free_port(), '[services.old]\nimage = "dfdev/small:1"\ncommand = "sleep 1000"\n')
    web.up().ok()
    web.workspace(WEB.format(port=free_port()))
    web.dfdev("down").ok()
    assert web.containers() == {}
    assert web.docker("network", "ls", "-q", "--filter", f"name={web.name}_default") == ""


def test_down_keeps_the_databases_data_until_it_is_asked_to_go(stack: Lab) -> None:
    stack.up().ok()
    mysql = ["exec", "mysql", "mysql", "--defaults-extra-file=/etc/dfdev/mysql-client.cnf", "-N", "-e"]
    stack.dfdev(*mysql, "INSERT INTO play VALUES (3, 'Medea')").ok()
    assert "mysql is kept with its data" in stack.dfdev("down").ok().err
    assert stack.containers().keys() == {"mysql"}
    stack.up().ok()
    assert stack.dfdev(*mysql, "SELECT COUNT(*) FROM play").ok().out.strip() == "3"
    refused = stack.dfdev("down", "--data")
    assert refused.code == 2 and "nothing was removed" in refused.err
    stack.dfdev("down", "--data", "--yes").ok()
    assert stack.containers() == {}
    stack.up().ok()
    assert stack.dfdev(*mysql, "SELECT COUNT(*) FROM play").ok().out.strip() == "2"


def test_restart_keeps_the_containers(stack: Lab) -> None:
    stack.up().ok()
    before = stack.containers()
    plan = stack.dfdev("restart", "--json").ok().json()["plan"]
    assert plan.index("stop www (restart)") < plan.index("start mysql (restart)") < plan.index("start www (restart)")
    assert stack.containers() == before
    assert stack.up("--json").ok().json()["plan"] == []


def test_two_workspaces_side_by_side_do_not_touch_each_other(new_lab: NewLab, free_port: Callable[[], int]) -> None:
    one, two = with_web(new_lab("one"), free_port()), with_web(new_lab("two"), free_port())
    one.up().ok()
    two.up().ok()
    before = one.containers()
    two.dfdev("down").ok()
    assert one.containers() == before and two.containers() == {}
    assert one.up("--json").ok().json()["plan"] == []


def test_docker_compose_lists_the_workspace(stack: Lab, compose: Callable[..., str]) -> None:
    stack.up().ok()
    listed = compose(stack, "ls")
    assert stack.name in listed and "running(3)" in listed and "dfdev.toml" in listed
    assert f"{stack.name}-www" in compose(stack, "-p", stack.name, "ps")


def test_open_prints_the_url_and_starts_the_browser(web: Lab) -> None:
    web.up().ok()
    seen = web.home / "seen"
    browser = web.user / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{seen}.new" && mv "{seen}.new" "{seen}"\n')
    browser.chmod(0o755)
    url = web.dfdev("open", env={"BROWSER": str(browser)}).ok().out.strip()
    assert page(url + "index.html") == "hello"
    wait_for(seen.exists)
    assert seen.read_text().strip() == url


def test_what_a_service_writes_into_its_log_mount_belongs_to_the_developer(web: Lab) -> None:
    web.up().ok()
    web.dfdev("exec", "www", "sh", "-c", "echo line > /var/log/app.log").ok()
    stat = (web.home / "www/run/app.log").stat()
    assert (stat.st_uid, stat.st_gid) == (web.home.stat().st_uid, web.home.stat().st_gid)


def test_both_engines_bring_the_same_workspace_up(old_lab: Lab, free_port: Callable[[], int]) -> None:
    with_web(old_lab, free_port())
    assert old_lab.up("--json").ok().json()["services"][0]["mounts"][0]["proven"]
    assert old_lab.up("--json").ok().json()["plan"] == []
    assert old_lab.dfdev("status", "--json").ok().json()["engine"]["version"].startswith("20.10")
    old_lab.dfdev("down").ok()
    assert old_lab.containers() == {}


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Until it holds; fails after the deadline."""
    import time

    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)
