"""What the containers of a front end look like, and what makes them anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dfdev.core import labels
from dfdev.core.desired import File, Mount
from dfdev.frontend.personal import Folder, Personal, Share
from dfdev.frontend.spec import DIGEST, MODULES, NPMRC, PROXIES, SCRIPT, USER, Front, tools_service, watch_service
from tests.unit.frontend.fronts import configured, front_in, locked_by

OWN = Personal(".env.local", "1")
CHANGES: dict[str, Callable[[Front], Front]] = {
    "another image": lambda f: replace(f, image="other:1"),
    "another node": lambda f: replace(f, project=replace(f.project, node="20")),
    "DFHOME elsewhere": lambda f: replace(f, home="/elsewhere"),
    "another folder": lambda f: replace(f, project=replace(f.project, inside="/work/other")),
    "components elsewhere": lambda f: replace(f, project=replace(f.project, components_folder="lib")),
    "a proxy": lambda f: replace(f, network={"http_proxy": "http://proxy.example/"}),
    "a proxy with a password": lambda f: replace(f, proxies={"http_proxy": "http://me:pw@proxy.example/"}),
    "a certificate": lambda f: replace(f, ca=b"PEM"),
    "a token of npm": lambda f: replace(f, npmrc=b"//x/:_authToken=1"),
    "another dfdev": lambda f: replace(f, scripts=(File(SCRIPT, b"newer"),)),
    "a secret file": lambda f: replace(f, share=Share(personal=(OWN,))),
    "a secret file that was saved": lambda f: replace(f, share=Share(personal=(replace(OWN, saved="2"),))),
    "a folder of DFHOME": lambda f: replace(f, share=Share((Folder("web", "/w/web", "1:1"),))),
    "a variable": lambda f: configured(f, env={"FLAVOUR": "vanilla"}),
    "events": lambda f: configured(f, events="poll"),
    "modules on the host": lambda f: configured(f, modules="host"),
    "a port": lambda f: configured(f, ports=("9000:9000",)),
}
KEEPS: dict[str, Callable[[Front], Front]] = {
    "a lockfile": lambda f: locked_by(f, "ccc"),
    "a bower.json": lambda f: replace(f, project=replace(f.project, components="ccc")),
    "what a build is": lambda f: configured(f, build=("grunt", "other"), output="public"),
    "answers": lambda f: configured(f, answers={"ok?": "yes"}),
    "a watcher": lambda f: configured(f, watch=True),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_makes_the_container_anew(tmp_path: Path, what: str) -> None:
    front = front_in(tmp_path)
    assert CHANGES[what](front).digest != front.digest


@pytest.mark.parametrize("what", KEEPS)
def test_what_does_not(tmp_path: Path, what: str) -> None:
    front = front_in(tmp_path)
    assert KEEPS[what](front).digest == front.digest


def test_its_labels_say_whose_it_is_and_what_it_is_made_of(tmp_path: Path) -> None:
    front = front_in(tmp_path)
    marks = front.labels("1000:1000")
    assert (marks[labels.WORKSPACE], marks[labels.HOME]) == ("drama", str(tmp_path))
    assert (marks[labels.SERVICE], marks[labels.KIND]) == ("frontend-tools", "tools")
    assert (marks[DIGEST], marks[MODULES], marks[USER]) == (front.digest, "aaa/bbb", "1000:1000")
    assert labels.CONFIG_HASH not in marks, "compose does not take it for a service of a file"


def test_modules_and_components_are_volumes_of_their_lockfiles(tmp_path: Path) -> None:
    front = front_in(tmp_path)
    assert tools_service(front, "1000:1000").mounts == (
        Mount(str(tmp_path), "/work", "code"),
        Mount("drama-frontend-modules-aaa", "/work/web/node_modules", "data"),
        Mount("drama-frontend-components-bbb", "/work/web/bower_components", "data"),
        Mount("drama-frontend-cache", "/var/cache/dfdev", "data"),
    )
    bare = replace(front, project=replace(front.project, modules="", components=""))
    sources = [mount.source for mount in tools_service(bare, "1000:1000").mounts]
    assert sources[1:3] == ["drama-frontend-modules-none", "drama-frontend-components-none"]


def test_secrets_travel_as_files_of_the_user(tmp_path: Path) -> None:
    front = front_in(tmp_path, ca=b"PEM", npmrc=b"token", proxies={"http_proxy": "http://me:to'ken@h/", "ALL": "token"})
    front = configured(front, env={"ALL": "mine"})
    for user, owner in (("4711:100", (4711, 100)), ("node", (1000, 1000))):
        service = tools_service(front, user)
        files = {file.path: file for file in service.files}
        assert files["/etc/dfdev/ca.pem"].content == b"PEM"
        for file in (files[NPMRC], files[PROXIES]):
            assert (file.mode, file.uid, file.gid) == (0o600, *owner)
        assert files[PROXIES].content == b"export http_proxy='http://me:to'\"'\"'ken@h/'\n"
        assert "token" not in repr(service.env)
        assert "token" not in repr(front)


def test_bower_as_root_is_only_allowed_where_the_checkout_is_roots(tmp_path: Path) -> None:
    front = front_in(tmp_path)
    assert dict(tools_service(front, "0:0").env)["bower_allow_root"] == "true"
    for user in ("1000:1000", "node"):
        assert "bower_allow_root" not in dict(tools_service(front, user).env)


def test_the_developers_own_variables_win(tmp_path: Path) -> None:
    front = configured(front_in(tmp_path), env={"LANG": "de_DE.UTF-8", "http_proxy": ""})
    env = dict(tools_service(replace(front, network={"http_proxy": "http://x/"}), "1000:1000").env)
    assert (env["LANG"], env["http_proxy"]) == ("de_DE.UTF-8", "")


def test_watchers_are_told_only_what_the_file_says(tmp_path: Path) -> None:
    """auto is tried first, and told by a file."""
    told = {}
    for events in ("auto", "native", "poll"):
        env = dict(tools_service(configured(front_in(tmp_path), events=events), "1000:1000").env)
        told[events] = (env.get("DFDEV_EVENTS", ""), env.get("CHOKIDAR_USEPOLLING", ""))
    assert told == {"auto": ("", ""), "native": ("native", ""), "poll": ("poll", "1")}


def test_the_watcher(tmp_path: Path) -> None:
    front = configured(front_in(tmp_path), watch=True, ports=("9000:80",), build=("grunt", "make it"))
    service = watch_service(front, "1000:1000")
    assert (service.name, service.kind) == ("frontend", "frontend")
    assert service.entrypoint == ("sh", SCRIPT, "watch", "1000:1000", "grunt", "watch")
    assert dict(service.env)["DFDEV_BUILD"] == "grunt 'make it'"
    assert service.mounts[-1] == Mount(str(tmp_path / "web" / "run"), "/var/log", "logs")
    assert [str(port) for port in service.ports] == ["9000:80"]
    assert tools_service(front, "1000:1000").ports == (), "one of them can have it"
    assert service.health.kind == "command"


def test_without_a_watcher_the_tools_have_the_ports(tmp_path: Path) -> None:
    front = configured(front_in(tmp_path), ports=("9000:80",))
    assert [port.host for port in tools_service(front, "1000:1000").ports] == [9000]
