"""The modules: installed when the lockfile says so and not otherwise, kept in volumes, mended, copied to the host."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests import machine
from tests.e2e.frontend_lab import SMALL, FrontendLab, front_of_a_module
from tests.e2e.trouble import wait_until

pytestmark = [pytest.mark.engine, pytest.mark.timeout(180)]
MANY = 100_000


@pytest.fixture(scope="module")
def shared(node_engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontendLab]:
    with front_of_a_module(node_engine, tmp_path_factory.mktemp("modules"), "modules") as made:
        made.small()
        assert "npm ci" in made.run("grunt", "build").ok().err
        yield made


@pytest.fixture
def front(shared: FrontendLab) -> Iterator[FrontendLab]:
    """As it was, whatever a test did to its files."""
    yield shared
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SMALL / name, shared.folder / name)
    shared.workspace()


def without_ms(front: FrontendLab) -> None:
    """Another branch, whose lockfile has a module less."""
    package = json.loads((SMALL / "package.json").read_text())
    lock = json.loads((SMALL / "package-lock.json").read_text())
    for listed in (package, lock["packages"][""]):
        del listed["devDependencies"]["ms"]
    del lock["packages"]["node_modules/ms"]
    front.save("package.json", json.dumps(package))
    front.save("package-lock.json", json.dumps(lock))


def mark(front: FrontendLab) -> None:
    """A file that `npm ci` would remove."""
    front.inside("touch", "node_modules/marked")


def marked(front: FrontendLab) -> bool:
    return front.inside("sh", "-c", "ls node_modules/marked || true").strip() != ""


# -- when


def test_not_installed_again_without_need(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    mark(front)
    done = front.run("grunt", "build").ok()
    assert done.err == ""
    assert marked(front)


def test_installed_when_the_lockfile_changed(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    mark(front)
    without_ms(front)
    done = front.run("grunt", "build").ok()
    assert "the modules are not those of package-lock.json: npm ci" in done.err
    assert not marked(front)
    assert "ms" not in front.sh("ls node_modules").split()


def test_back_on_the_branch_of_before_it_is_there(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    mark(front)
    without_ms(front)
    front.run("grunt", "build").ok()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SMALL / name, front.folder / name)
    done = front.run("grunt", "build").ok()
    assert "npm" not in done.err
    assert marked(front)
    assert len(front.volumes("modules")) == 2


def test_another_node_has_other_modules(front: FrontendLab) -> None:
    """What was compiled for one does not run on the other."""
    before = set(front.volumes("modules"))
    image = front.run("frontend", "status", "--json").ok().json()["image"]
    front.workspace(f'node = "22"\nimage = "{image}"')
    assert "npm ci" in front.run("grunt", "build").ok().err
    assert len(set(front.volumes("modules")) - before) == 1


def test_what_needs_no_modules_installs_none(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    front.inside("rm", "node_modules/.dfdev")
    for args in (("npm", "--version"), ("npm", "config", "get", "fund"), ("grunt", "--version"), ("bower", "list")):
        assert "npm ci" not in front.run(*args).ok().err, args
    outside = front.run("frontend", "shell", cwd=front.home, stdin="true").ok()
    assert outside.err == ""
    assert "npm ci" in front.run("grunt", "build").ok().err


def test_npm_install_is_not_followed_by_another(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    front.run("npm", "install", "--save-dev", "isarray@2.0.5").ok()
    assert "isarray" in (front.folder / "package-lock.json").read_text(), "the developer commits it"
    mark(front)  # npm install throws out what it does not know
    done = front.run("npx", "-c", "node -p 'require(\"isarray\")([])'").ok()
    assert (done.out, done.err) == ("true\n", "")
    assert marked(front)
    status = front.run("frontend", "status").ok().out
    assert "installed" in status


def test_npm_install_that_fails_is_mended(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    assert front.run("npm", "install", "no-such-package-of-anybody@99", "--fetch-retries=0").code != 0
    done = front.run("grunt", "build").ok()
    assert "npm ci" in done.err


def test_npm_install_that_is_interrupted_is_mended(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    child = front.start("npm", "ci")
    wait_until(lambda: ".dfdev" not in front.inside("ls", "-A", "node_modules").split(), 20, "npm ci to begin")
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=30)
    assert child.returncode == 130
    done = front.run("grunt", "build").ok()
    assert "npm ci" in done.err
    assert "npm ci" not in front.run("grunt", "build").ok().err


def test_an_automatic_install_that_is_killed_is_mended(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    front.inside("rm", "node_modules/.dfdev")
    child = front.start("grunt", "build")
    assert child.stderr is not None
    assert b"npm ci" in child.stderr.readline()
    child.kill()
    child.communicate(timeout=30)
    done = front.run("grunt", "build").ok()
    assert "Done." in done.out
    assert "npm ci" not in front.run("grunt", "build").ok().err


def test_two_at_once_install_once(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    front.inside("rm", "node_modules/.dfdev")
    both = [front.start("grunt", "code:0") for _ in range(2)]
    said = [child.communicate(timeout=90)[1] for child in both]
    assert [child.returncode for child in both] == [0, 0], said
    assert b"".join(said).count(b"npm ci") == 1


def test_two_at_once_make_one_container(front: FrontendLab) -> None:
    front.lab.docker("rm", "-f", front.container)
    both = [front.start("grunt", "code:0") for _ in range(2)]
    said = [child.communicate(timeout=90)[1] for child in both]
    assert [child.returncode for child in both] == [0, 0], said


def test_what_runs_is_not_thrown_out(front: FrontendLab) -> None:
    """A watcher in one terminal, another branch in the other: both go on in the same container."""
    front.run("grunt", "build").ok()
    before = front.container
    child = front.start("npx", "-c", "echo ready; exec sleep 4321")
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    without_ms(front)
    front.run("grunt", "build").ok()
    assert front.container == before
    assert len(front.processes("sleep 4321")) == 1
    child.terminate()
    child.communicate(timeout=30)


# -- without a network


def test_without_a_network_what_is_cached_still_works(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    front.inside("sh", "-c", "find node_modules -mindepth 1 -delete")
    network = f"{front.lab.name}_default"
    front.lab.docker("network", "disconnect", network, front.container)
    try:
        done = front.run("grunt", "build").ok()
    finally:
        front.lab.docker("network", "connect", network, front.container)
    assert "npm ci" in done.err
    assert "Done." in done.out


# -- very many


def test_a_hundred_thousand_files_cost_nothing(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()

    def seconds() -> float:
        taken = []
        for _ in range(4):
            began = time.monotonic()
            front.run("npm", "run", "--silent", "greet").ok()
            taken.append(time.monotonic() - began)
        return min(taken)

    before = seconds()
    script = f"mkdir node_modules/many; cd node_modules/many; seq {MANY} | split -l 1000 - d; for f in d*; do mkdir x$f; (cd x$f; xargs touch <../$f); done"  # noqa: E501
    front.inside("sh", "-c", script)
    assert int(front.inside("sh", "-c", "find node_modules -type f | wc -l")) > MANY
    after = seconds()
    front.inside("rm", "-r", "node_modules/many")
    assert after < before + 0.25


# -- on the host, for editors


def test_a_copy_on_the_host_keeps_up(front: FrontendLab) -> None:
    front.workspace('modules = "host"')
    ms, isarray = (front.folder / "node_modules" / name / "package.json" for name in ("ms", "isarray"))
    assert not ms.exists()
    done = front.run("grunt", "build").ok()
    assert "copying the modules" in done.err
    assert json.loads(ms.read_text())["name"] == "ms"
    front.run("npm", "install", "--save-dev", "isarray@2.0.5").ok()
    assert json.loads(isarray.read_text())["version"] == "2.0.5"
    untouched = ms.stat().st_ino
    front.run("npm", "uninstall", "isarray").ok()
    assert not isarray.exists()
    assert ms.stat().st_ino == untouched, "only what differs is copied"
    assert "copying" not in front.run("grunt", "build").ok().err
    shutil.rmtree(front.folder / "node_modules" / "grunt")
    (front.folder / "node_modules" / ".dfdev").unlink()
    front.run("grunt", "build").ok()
    assert json.loads(ms.read_text())["name"] == "ms"


def test_in_volumes_the_host_has_none(front: FrontendLab) -> None:
    front.run("grunt", "build").ok()
    assert front.sh("ls node_modules/ms").split()


# -- bower


def test_components_are_those_of_bower_json(front: FrontendLab) -> None:
    library = front.home / "library"
    library.mkdir()
    (library / "bower.json").write_text('{"name": "library", "version": "1.0.0"}')
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(library)]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "1"], ["tag", "1.0.0"]):
        subprocess.run([*git, *words], check=True)
    wanted = {"name": "small", "private": True, "dependencies": {"library": "file:///work/library/.git#1.0.0"}}
    front.save("bower.json", json.dumps(wanted))
    done = front.run("grunt", "build").ok()
    assert "the components are not those of bower.json: bower install" in done.err
    assert "bower.json" in front.sh("ls bower_components/library")
    assert "bower install" not in front.run("grunt", "build").ok().err
    front.sh("rm bower_components/.dfdev")
    front.run("bower", "install").ok()
    assert "bower install" not in front.run("grunt", "build").ok().err, "what was installed by hand counts too"
    (front.folder / "bower.json").unlink()
