"""Files that a workspace names or just has: of the registry, of the fixtures, of the front end."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dfdev.cli.frontend_build import epoch
from dfdev.cli.mysql_build import recipe_of
from dfdev.errors import ConfigError, DfdevError
from dfdev.frontend.assets import assets_in
from dfdev.frontend.front import front_of
from dfdev.frontend.init import carry_out, place, prepare
from dfdev.frontend.scaffold_versions import Versions
from dfdev.frontend.tools import make_mount_points
from dfdev.frontend.watching import prepare as prepare_watcher
from dfdev.resources import templates_dir
from dfdev.system.commands import HostCommands
from dfdev.workspace.gate import Gate
from dfdev.workspace.problem import WorkspaceError
from tests.unit.hostile.workspace import SECRET, WITH_DATA, Hostile

REGISTRY = '[registry]\nconfig = "{}"\n'
FRONTEND = '[frontend]\ndir = "fe"\nimage = "i:1"\nwatch = true\n'


@pytest.mark.parametrize("path", ["../user/.ssh/id_rsa", "config.yml"])
def test_the_registrys_configuration_is_no_secret_of_the_users(tmp_path: Path, path: str) -> None:
    hostile = Hostile(tmp_path, REGISTRY.format(path))
    (hostile.home / "config.yml").symlink_to(hostile.key)
    for files in (True, False):
        with pytest.raises(WorkspaceError) as caught:
            hostile.site(files=files).look()
        assert caught.value.problems[0].key == "registry.config"


def test_a_registrys_configuration_that_never_ends(tmp_path: Path) -> None:
    hostile = Hostile(tmp_path, REGISTRY.format("config.yml"))
    os.mkfifo(hostile.home / "config.yml")
    with pytest.raises(ConfigError, match=r"registry\.config: cannot read .*not a regular file"):
        hostile.site().look()


def fixtures(hostile: Hostile) -> Path:
    folder = hostile.home / "fixtures"
    folder.mkdir()
    (folder / "01.sql").write_text("SELECT 1;")
    hostile.write('[mysql]\nimage = "i:1"\nfixtures = "fixtures"\n')
    return folder


def test_fixtures_are_inside(tmp_path: Path) -> None:
    hostile = Hostile(tmp_path, WITH_DATA)
    fixtures(hostile)
    assert [fixture.path.name for fixture in recipe_of(hostile.site()).fixtures] == ["01.sql"]
    hostile.write('[mysql]\nimage = "i:1"\nfixtures = "../user"\n')
    with pytest.raises(WorkspaceError) as caught:
        recipe_of(hostile.site())
    assert caught.value.problems[0].key == "mysql.fixtures"


@pytest.mark.parametrize("name", ["02.sh", "02.sql", "02.csv"])
def test_a_fixture_that_is_a_link_to_a_secret(tmp_path: Path, name: str) -> None:
    hostile = Hostile(tmp_path, WITH_DATA)
    (fixtures(hostile) / name).symlink_to(hostile.key)
    with pytest.raises(WorkspaceError) as caught:
        recipe_of(hostile.site())
    assert f"which is {hostile.key}" in caught.value.problems[0].found


def test_a_fixture_in_a_dumps_folder_that_is_a_link_to_a_secret(tmp_path: Path) -> None:
    hostile = Hostile(tmp_path, WITH_DATA)
    dump = fixtures(hostile) / "02-dump"
    dump.mkdir()
    (dump / "@.json").write_text("{}")
    assert len(recipe_of(hostile.site()).fixtures) == 2
    (dump / "shop.sql").symlink_to(hostile.key)
    with pytest.raises(WorkspaceError):
        recipe_of(hostile.site())


def test_a_fixture_that_is_a_pipe(tmp_path: Path) -> None:
    hostile = Hostile(tmp_path, WITH_DATA)
    os.mkfifo(fixtures(hostile) / "02.sql")
    with pytest.raises(DfdevError, match="not a regular file"):
        recipe_of(hostile.site())


def front(tmp_path: Path) -> Hostile:
    hostile = Hostile(tmp_path, FRONTEND)
    (hostile.home / "fe").mkdir()
    (hostile.home / "fe" / "package.json").write_text("{}")
    return hostile


def test_a_watchers_log_folder_that_is_a_link_to_secrets(tmp_path: Path) -> None:
    hostile = front(tmp_path)
    (hostile.home / "fe" / "run").symlink_to(hostile.ssh)
    with pytest.raises(WorkspaceError) as caught:
        hostile.up()
    assert caught.value.problems[0].key == "frontend.watch"
    assert hostile.engine.calls == []


@pytest.mark.parametrize("name", ["run", "node_modules", "bower_components"])
def test_a_watchers_folder_that_became_a_link_to_secrets(tmp_path: Path, name: str) -> None:
    hostile = front(tmp_path)
    prepare_watcher(hostile.site(), lambda event: None)
    hostile.up()
    hostile.engine.calls.clear()
    folder = hostile.home / "fe" / name
    folder.rmdir()
    folder.symlink_to(hostile.ssh / "inner")
    with pytest.raises(WorkspaceError):
        prepare_watcher(hostile.site(), lambda event: None)
        hostile.up()
    assert hostile.untouched and hostile.engine.calls == []


FRONTEND_FILES = ["package.json", ".nvmrc", ".bowerrc", "bower.json", "package-lock.json", "Dockerfile"]
PLANTED: dict[str, Callable[[Path, Path], None]] = {
    "a link to a secret": lambda path, key: path.symlink_to(key),
    "an endless file": lambda path, key: path.symlink_to("/dev/zero"),
    "a pipe": lambda path, key: os.mkfifo(path),
}


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize(
    "name", ["package.json", ".nvmrc", ".bowerrc", "bower.json", "package-lock.json", "Dockerfile"]
)
def test_a_file_of_the_front_end_that_is_none(tmp_path: Path, name: str, planted: str) -> None:
    hostile = front(tmp_path)
    hostile.write(FRONTEND.replace('image = "i:1"\n', ""))
    (hostile.home / "fe" / "Dockerfile").write_text("FROM scratch AS tools\n")
    (hostile.home / "fe" / name).unlink(missing_ok=True)
    PLANTED[planted](hostile.home / "fe" / name, hostile.key)
    with pytest.raises(ConfigError) as caught:
        front_of(hostile.site())
    assert SECRET not in f"{caught.value.message}{caught.value.details}"


def init(hostile: Hostile) -> None:
    gate = Gate(hostile.home)
    folder = place(gate, hostile.home, Path("fe"), "")
    scaffold = prepare(gate, folder, "", templates_dir(), Versions("current", "24", "", ""))
    carry_out(gate, scaffold, lambda change: True)


@pytest.mark.parametrize("name", ["src", "Gruntfile.js", ".dfdev-frontend.json", "tasks"])
def test_a_scaffold_is_not_written_through_a_link(tmp_path: Path, name: str) -> None:
    hostile = Hostile(tmp_path, WITH_DATA)
    (hostile.home / "fe").mkdir()
    (hostile.home / "fe" / name).symlink_to(hostile.ssh if name in ("src", "tasks") else hostile.key)
    with pytest.raises(WorkspaceError):
        init(hostile)
    assert hostile.untouched
    assert [path.name for path in (hostile.home / "fe").iterdir()] == [name], "nothing at all was written"


def masked(hostile: Hostile) -> tuple[str, ...]:
    return tuple(own.path for own in front_of(hostile.site()).share.personal)


def test_the_mask_of_a_linked_env_local(tmp_path: Path) -> None:
    """A link to elsewhere leads nowhere in the container; one that stays in DFHOME is masked where it leads."""
    hostile = front(tmp_path)
    assert masked(hostile) == ()
    own = hostile.home / ".env.local"
    own.symlink_to(tmp_path / "vault")
    (tmp_path / "vault").write_text("A=1\n")
    assert masked(hostile) == ()
    assert hostile.site().workspace.env["A"] == "1"
    own.unlink()
    own.symlink_to("data/own")
    (hostile.home / "data" / "own").write_text("A=1\n")
    assert masked(hostile) == ("data/own",)
    own.unlink()
    own.write_text("A=1\n")
    assert masked(hostile) == (".env.local",)


def test_mount_points_are_made_inside(tmp_path: Path) -> None:
    hostile = front(tmp_path)
    make_mount_points(front_of(hostile.site()), 0, 0)
    assert (hostile.home / "fe" / "node_modules").is_dir()


def test_the_configuration_of_git_in_an_unpacked_folder_runs_nothing(tmp_path: Path) -> None:
    """A clone brings none; an archive may."""
    hostile, ran = front(tmp_path), tmp_path / "ran"
    folder = hostile.home / "fe"
    evil = folder / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {ran}\n")
    evil.chmod(0o755)

    def git(*args: str, text: str = "") -> str:
        command = ["git", "-C", str(folder), *args]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "-q")
    tree = git("write-tree")
    who = "a <a@example.org> 1700000000 +0000"
    signed = f"tree {tree}\nauthor {who}\ncommitter {who}\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n"
    commit = git("hash-object", "-t", "commit", "-w", "--stdin", text=f"{signed} -----END PGP SIGNATURE-----\n\nx\n")
    git("update-ref", "HEAD", commit)
    for name in ("gpg.program", "core.fsmonitor", "core.pager", "core.sshCommand"):
        git("config", name, str(evil))
    git("config", "log.showSignature", "true")
    site = replace(hostile.site(), commands=HostCommands({"PATH": os.environ["PATH"]}))
    assert epoch(site, folder) == {"SOURCE_DATE_EPOCH": "1700000000"} and not ran.exists()
    git("log", "-1")
    assert ran.exists(), "plain git does run it: else nothing was proven"


def test_what_a_build_made_is_inside(tmp_path: Path) -> None:
    hostile = front(tmp_path)
    output = hostile.home / "fe" / "dist"
    output.mkdir()
    (output / "app.js").write_text("1")
    assert assets_in(Gate(hostile.home), output).files == 1
    (output / "more.js").symlink_to(hostile.key)
    with pytest.raises(WorkspaceError):
        assets_in(Gate(hostile.home), output)
