"""A front end that something is wrong with: what is said, and that nothing comes of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.frontend_lab import SMALL, FrontendLab, front_of_a_module
from tests.e2e.trouble import as_mortal, assert_fails

pytestmark = [pytest.mark.engine, pytest.mark.timeout(120)]
_THROWS = """'use strict';
module.exports = function (grunt) {
  grunt.registerTask('build', function () { throwing(); });
  function throwing() { throw new Error('in the task: größer'); }
  if (process.env.FLAVOUR === 'early') { throw new Error('at the start'); }
};
"""


@pytest.fixture(scope="module")
def shared(node_engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontendLab]:
    with front_of_a_module(node_engine, tmp_path_factory.mktemp("bad-front"), "badfront") as made:
        made.small()
        made.run("grunt", "build").ok()
        yield made


@pytest.fixture
def front(shared: FrontendLab) -> Iterator[FrontendLab]:
    """Works again afterwards."""
    yield shared
    for file in SMALL.iterdir():
        shutil.copy(file, shared.folder)
    shared.workspace()


# -- the project's own files


def test_no_package_json(front: FrontendLab) -> None:
    """npm and grunt say so themselves; dfdev adds nothing, and installs nothing."""
    for name in ("package.json", "package-lock.json"):
        (front.folder / name).unlink()
    done = front.run("npm", "run", "greet")
    assert done.code != 0
    assert "package.json" in done.err
    assert "dfdev:" not in done.err
    assert front.run("npm", "--version").ok().out.strip()
    done = front.run("grunt", "build")
    assert done.code != 0
    assert "dfdev npm install --save-dev grunt" in done.err


@pytest.mark.parametrize("name", ["package.json", "bower.json", ".bowerrc"])
def test_broken_json(front: FrontendLab, name: str) -> None:
    front.save(name, '{\n  "name": "small",\n  oops\n}\n')
    try:
        done = front.run("grunt", "build")
        if name == "bower.json":
            assert "bower" in done.err and "bower.json" in done.err
        else:
            assert_fails(done, 3, f"{front.folder / name}:3:3: no JSON", f"try: mend {name}")
    finally:
        (front.folder / name).unlink()


def test_a_broken_lockfile(front: FrontendLab) -> None:
    front.save("package-lock.json", "<<<<<<< HEAD\n")
    done = front.run("grunt", "build")
    assert done.code != 0
    assert "the modules could not be installed: `dfdev npm ci` tries it again" in done.err
    assert "Running" not in done.out, "a build of half the modules would be believed"


def test_a_lockfile_that_is_not_that_of_package_json(front: FrontendLab) -> None:
    text = (front.folder / "package.json").read_text()
    front.save("package.json", text.replace('"ms": "^2.1.3"', '"ms": "^1.0.0"'))
    front.run("grunt", "build").ok()  # what is there is what the lockfile says
    front.inside("rm", "node_modules/.dfdev")
    done = front.run("grunt", "build")
    assert done.code != 0
    assert "try: dfdev npm install (brings package-lock.json in line with package.json)" in done.err


def test_a_gruntfile_that_throws(front: FrontendLab) -> None:
    """Its own stack, with nothing of ours in it."""
    front.run("npm", "run", "greet").ok()
    front.save("Gruntfile.js", _THROWS)
    done = front.run("grunt", "build", "--stack")
    assert done.code == 3, "what grunt says"
    assert "in the task: größer" in done.out + done.err
    assert "at throwing (/work/frontend/Gruntfile.js:4:" in done.out + done.err
    for word in ("Traceback", "dfdev", ".py", "try:"):
        assert word not in done.out + done.err
    front.workspace('env = { FLAVOUR = "early" }')
    done = front.run("grunt", "build", "--stack")
    assert "at the start" in done.out + done.err
    assert "try:" not in done.err


def test_a_gruntfile_that_cannot_be_read(front: FrontendLab) -> None:
    front.save("Gruntfile.js", "module.exports = function (grunt) {\n")
    done = front.run("grunt", "build")
    assert done.code != 0
    assert "SyntaxError" in done.out + done.err


def test_a_plugin_that_is_missing(front: FrontendLab) -> None:
    text = (front.folder / "Gruntfile.js").read_text()
    front.save("Gruntfile.js", text.replace("{\n", "{\n  grunt.loadNpmTasks('grunt-contrib-sass');\n", 1))
    done = front.run("grunt", "nothing")
    assert done.code != 0
    tried = [line for line in done.err.splitlines() if line.startswith("try: ")]
    assert tried == ["try: dfdev npm install --save-dev grunt-contrib-sass"]


def test_a_task_that_does_not_exist(front: FrontendLab) -> None:
    done = front.run("grunt", "biuld")
    assert done.code != 0
    assert 'Task "biuld" not found' in done.out
    assert "try: dfdev grunt --help" in done.err


def test_a_lockfile_of_another_npm(front: FrontendLab) -> None:
    """npm 6 cannot read what npm 7 and newer write. (The old npm is played: a whole old image takes minutes.)"""
    front.inside("rm", "node_modules/.dfdev")
    old = 'bin=$(mktemp -d); printf "#!/bin/sh\\necho 6.14.12\\n" >$bin/npm; chmod +x $bin/npm; PATH=$bin:$PATH'
    said = front.inside("sh", "-c", f"{old} sh /etc/dfdev/inside.sh run modules true 2>&1; echo code $?")
    assert "package-lock.json was written by npm 7 or newer, and node 24 has npm 6.14.12" in said
    assert "try: a newer `node` under [frontend]" in said
    assert "code 1" in said


# -- the workspace


def test_no_front_end(front: FrontendLab) -> None:
    front.lab.workspace("")
    for command in (("grunt", "build"), ("npm", "ci"), ("frontend", "build"), ("frontend", "status")):
        assert_fails(front.run(*command), 3, "no `dir` under [frontend]", "dfdev frontend init")


def test_no_folder(front: FrontendLab) -> None:
    front.lab.workspace('[frontend]\ndir = "fronted"\n')
    assert_fails(front.run("grunt", "build"), 3, f"there is no folder {front.home / 'fronted'}")


def test_a_folder_outside(front: FrontendLab) -> None:
    front.lab.workspace('[frontend]\ndir = "../elsewhere"\n')
    assert_fails(front.run("grunt", "build"), 3, "frontend.dir")


def test_no_dockerfile(front: FrontendLab) -> None:
    aside = (front.folder / "Dockerfile").rename(front.folder / "aside")
    try:
        done = front.run("grunt", "build")
        assert_fails(done, 3, f"there is no {front.folder / 'Dockerfile'}", "dfdev frontend init frontend")
    finally:
        aside.rename(front.folder / "Dockerfile")


def test_a_dockerfile_that_fails(front: FrontendLab) -> None:
    text = (front.folder / "Dockerfile").read_text()
    front.save("Dockerfile", text.replace("AS tools\n", "AS tools\nRUN echo why-it-fails; exit 3\n", 1))
    before = front.container
    try:
        assert_fails(front.run("grunt", "build"), 1, "why-it-fails")
        assert front.container == before, "the old one is not thrown away for nothing"
    finally:
        front.save("Dockerfile", text)
    front.run("grunt", "build").ok()


def test_an_image_that_is_not_there(front: FrontendLab) -> None:
    front.workspace('image = "127.0.0.1:9/no/such:1"')
    done = front.run("grunt", "build", timeout=60)
    assert done.code == 5
    assert "127.0.0.1:9/no/such:1" in done.err
    assert "Traceback" not in done.err


def test_settings_that_are_wrong_are_told_at_once(front: FrontendLab) -> None:
    front.workspace('node = "latest"\nplatform = "arm"\noutput = "/etc"\nbuild = ""\nevents = "maybe"\nports = ["x"]')
    done = front.lab.dfdev("config", "check")
    assert done.code == 3
    told = done.out + done.err
    for key in ("node", "platform", "output", "build", "events", "ports"):
        assert f"frontend.{key}" in told, told


# -- around it


def test_somebody_elses_container_of_that_name(front: FrontendLab) -> None:
    front.lab.docker("rm", "-f", front.container)
    name = f"{front.lab.name}-frontend-tools"
    front.lab.docker("create", "--name", name, "dfdev/node:24", "sleep", "60")
    try:
        assert_fails(front.run("grunt", "build"), 5, f"a container {name}", f"docker rm -f {name}")
        assert name in front.lab.docker("ps", "-a", "--format", "{{.Names}}"), "it is not touched"
    finally:
        front.lab.docker("rm", "-f", name)


def test_another_folder_in_the_place_of_dfhome(front: FrontendLab) -> None:
    """The container still has the one of before, in which nobody would see what it builds: another one is made."""
    front.run("grunt", "build").ok()
    aside = front.home.with_name("aside")
    front.home.rename(aside)
    shutil.copytree(aside, front.home)
    try:
        (front.folder / "src/app.js").write_text("of the new one\n")
        assert "make the front-end container" in front.run("grunt", "build").ok().err
        assert (front.folder / "dist/app.js").read_text() == "of the new one\n"
    finally:
        front.lab.docker("rm", "-f", front.container)
        shutil.rmtree(front.home)
        aside.rename(front.home)


@pytest.fixture
def read_only(front: FrontendLab) -> Iterator[FrontendLab]:
    """A checkout where nobody may write, as on a CI worker's cache. The modules' folders are there."""
    front.run("grunt", "build").ok()
    folders = [front.home, *(path for path in front.home.rglob("*") if path.is_dir())]
    before = {folder: folder.stat().st_mode for folder in folders}
    for folder in folders:
        folder.chmod(0o555)
    yield front
    for folder, mode in before.items():
        folder.chmod(mode)


def test_a_read_only_checkout(read_only: FrontendLab) -> None:
    """What writes nothing works; what writes says that it cannot, in the tool's own words."""
    mortal = as_mortal()
    assert read_only.run("npm", "run", "--silent", "greet", prefix=mortal).ok().out == "hello\n"
    assert list(read_only.home.glob(".dfdev-proof-*")) == []


def test_no_mount_points_in_a_read_only_checkout(front: FrontendLab, tmp_path: Path) -> None:
    front.lab.docker("rm", "-f", front.container)
    for name in ("node_modules", "bower_components"):
        (front.folder / name).rmdir()
    front.folder.chmod(0o555)
    try:
        done = front.run("grunt", "build", prefix=as_mortal())
        assert_fails(done, 1, f"cannot make {front.folder / 'node_modules'}", "mkdir")
    finally:
        front.folder.chmod(0o755)
