"""grunt, npm and npx in the container as if they were local: folder, user, input, output, exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.frontend_lab import FrontendLab, front_of_a_module
from tests.e2e.lab import DFDEV, Done
from tests.e2e.trouble import as_user, assert_fails
from tests.machine import root

pytestmark = [pytest.mark.engine, pytest.mark.timeout(180)]
DEVELOPER = 4711


@pytest.fixture(scope="module")
def front(node_engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontendLab]:
    """Its first command has built the image, made the container and installed the modules."""
    with front_of_a_module(node_engine, tmp_path_factory.mktemp("tools"), "tools") as made:
        made.small()
        first = made.run("npm", "ls", "--json").ok()
        assert json.loads(first.out)["name"] == "small", "however much was to be done first"
        assert "npm ci" in first.err
        yield made


def by_shell(front: FrontendLab, folder: Path, script: str, *args: str) -> Done:
    """A line that the caller's own shell runs."""
    done = subprocess.run(
        ["sh", "-c", script, *args],
        cwd=folder,
        env=front.lab.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


# -- the folder


def test_in_the_callers_own_folder(front: FrontendLab) -> None:
    below = front.folder / "src" / "deep"
    below.mkdir(parents=True)
    assert front.sh("pwd") == "/work/frontend\n"
    assert front.sh("pwd", cwd=below) == "/work/frontend/src/deep\n"
    assert front.sh("pwd", cwd=front.home) == "/work\n"


def test_a_folder_with_spaces_and_letters_of_the_world(front: FrontendLab) -> None:
    odd = front.folder / "Ein Ordner, größer: 日本"
    odd.mkdir()
    assert front.sh("pwd; echo ä >'ü ber.txt'", cwd=odd) == f"/work/frontend/{odd.name}\n"
    assert (odd / "ü ber.txt").read_text() == "ä\n"
    done = front.run("npm", "exec", "-c", 'printf "%s|" "$@"; ls', cwd=odd).ok()
    assert done.out.endswith("ü ber.txt\n")


def test_words_arrive_as_they_were_typed(front: FrontendLab) -> None:
    words = ["a b", "ü", "$HOME", "*", "", "'\"", "new\nline"]
    front.save("said.js", "console.log(JSON.stringify(process.argv.slice(2)));\n")
    # npm exec hands what comes after -- to the program.
    done = front.run("npx", "--no", "--", "node", "said.js", *words).ok()
    assert json.loads(done.out) == words


def test_through_a_link_to_a_folder(front: FrontendLab, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(front.folder / "src")
    assert front.sh("pwd", cwd=tmp_path / "link") == "/work/frontend/src\n"


def test_grunt_finds_its_file_from_a_folder_below(front: FrontendLab) -> None:
    front.run("grunt", "build", cwd=front.folder / "src").ok()
    assert (front.folder / "dist" / "app.js").read_text() == "console.log(1);\n"


def test_a_folder_outside_dfhome(front: FrontendLab, tmp_path: Path) -> None:
    done = front.run("grunt", "build", cwd=tmp_path)
    assert_fails(done, 2, f"{tmp_path} is outside DFHOME ({front.home})", f"try: cd {front.home}")


def test_a_folder_that_is_gone(front: FrontendLab) -> None:
    gone = front.folder / "gone"
    gone.mkdir()
    script = 'rmdir "$PWD"; exec "$0" grunt --version'
    done = subprocess.run(
        ["sh", "-c", script, DFDEV],
        cwd=gone,
        env=front.lab.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert_fails(Done(done.returncode, done.stdout, done.stderr), 2, "the folder that you are in was removed")


# -- words and exit codes


@pytest.mark.parametrize("code", [0, 1, 2, 3, 97, 130, 255])
def test_the_exit_code_is_the_tools(front: FrontendLab, code: int) -> None:
    """97 is what the container's script says where the mount is not the folder; a tool may say it too."""
    assert front.run("grunt", f"code:{code}").code == code


def test_options_are_the_tools_own(front: FrontendLab) -> None:
    assert "grunt-cli v1.5.0" in front.run("grunt", "--version").ok().out
    assert "grunt-cli" in front.run("grunt", "--help").ok().out + front.run("grunt", "--help").err
    assert json.loads(front.run("npm", "pkg", "get", "--json").ok().out)["version"] == "1.0.0"
    assert front.run("npm", "--help").out.startswith("npm <command>")
    assert front.run("bower", "--version").ok().out.strip() == "1.8.14"


def test_messages_of_dfdev_are_on_stderr(front: FrontendLab) -> None:
    done = front.run("npm", "run", "--silent", "greet").ok()
    assert (done.out, done.err) == ("hello\n", "")


# -- input and output


def test_stdout_and_stderr_apart(front: FrontendLab) -> None:
    done = front.run("frontend", "shell", stdin="echo out; echo err >&2; exit 5")
    assert (done.code, done.out, done.err) == (5, "out\n", "err\n")


def test_bytes_in_and_out(front: FrontendLab) -> None:
    data = bytes(range(256)) * 4096 + b"\r\n\x04\x03\x00"
    done = front.raw("npx", "-c", "cat", stdin=data)
    assert (done.returncode, done.stdout == data) == (0, True)


def test_an_input_that_ends_at_once(front: FrontendLab) -> None:
    assert front.run("npx", "-c", "cat; echo over").ok().out == "over\n"


def test_more_output_than_pipes_hold(front: FrontendLab) -> None:
    done = front.raw("frontend", "shell", stdin=b"head -c 20000000 /dev/zero; echo end")
    assert len(done.stdout) == 20000004


def test_a_reader_that_goes_away(front: FrontendLab) -> None:
    done = by_shell(front, front.folder, "\"$0\" npx -c 'echo first; exec yes' | head -n 1", str(DFDEV))
    assert (done.out, done.err) == ("first\n", "")
    assert front.processes("yes") == []


def test_no_terminal_means_none_inside(front: FrontendLab) -> None:
    assert front.sh("test -t 0 || test -t 1 || test -t 2 || echo none") == "none\n"


def test_colours_where_they_are_asked_for(front: FrontendLab) -> None:
    asked = front.run("grunt", "colour", "--color").ok()
    assert "\x1b[31mred" in asked.out
    assert "\x1b" not in front.run("grunt", "colour").ok().out


# -- who


def test_files_belong_to_the_developer(front: FrontendLab) -> None:
    """Whoever owns DFHOME, where root calls."""
    front.run("grunt", "build").ok()
    made = (front.folder / "dist" / "app.js").stat()
    assert (made.st_uid, made.st_gid) == (front.home.stat().st_uid, front.home.stat().st_gid)
    assert front.sh("id -u").strip() == str(front.home.stat().st_uid)


@pytest.fixture
def theirs(node_engine: machine.Engine, tmp_path: Path) -> Iterator[FrontendLab]:
    """A checkout of somebody who is not root, in a folder of this test."""
    with front_of_a_module(node_engine, tmp_path, "theirs") as made:
        made.small()
        made.save("bower.json", '{"name": "theirs", "private": true}')
        try:
            root.run(["chown", "-R", f"{DEVELOPER}:{DEVELOPER}", str(tmp_path)])
            yield made
        finally:
            root.run(["chown", "-R", f"{os.getuid()}:{os.getgid()}", str(tmp_path)])


def test_as_the_user_who_calls(theirs: FrontendLab) -> None:
    """A user in the docker group; and root, who acts for that user."""
    group = Path(theirs.lab.docker_host.removeprefix("unix://")).stat().st_gid
    theirs.run("allow", "--yes", prefix=root.prefix() or ["env"]).ok()
    for prefix in (as_user(DEVELOPER, group), root.prefix() or ["env"]):
        theirs.run("grunt", "build", prefix=prefix).ok()
        script = "id -u; id -g; stat -c %u node_modules/grunt $HOME/.npm dist/app.js; touch new && stat -c %u new"
        assert set(theirs.run("npx", "-c", script, prefix=prefix).ok().out.split()) == {str(DEVELOPER)}
        assert "ESUDO" not in theirs.run("bower", "list", prefix=prefix).ok().err
        theirs.run("npm", "install", "--no-save", "ms", prefix=prefix).ok()
    owners = {path.stat().st_uid for path in theirs.home.rglob("*")}
    assert owners == {DEVELOPER}


def test_what_is_personal_is_not_to_be_read(front: FrontendLab) -> None:
    """The scripts of a thousand packages run there."""
    (front.home / ".env.local").write_text("TOKEN=s3cret\n")
    assert front.sh("cat ../.env.local; echo end") == "end\n"
    assert "s3cret" not in front.lab.docker("inspect", front.container)
    (front.home / ".env.local").unlink()


def test_what_is_personal_may_be_a_link_to_elsewhere(front: FrontendLab) -> None:
    """As password managers make it: in the container it leads nowhere."""
    vault = front.lab.user / "vault"
    vault.write_text("TOKEN=s3cret\n")
    (front.home / ".env.local").symlink_to(vault)
    assert front.sh("cat ../.env.local; echo end") == "end\n"
    (front.home / ".env.local").unlink()


# -- one container


def test_the_next_command_finds_the_container(front: FrontendLab) -> None:
    front.run("grunt", "--version").ok()
    before = front.container
    done = front.run("grunt", "--version").ok()
    assert front.container == before
    assert done.err == ""


def test_a_container_that_was_stopped_or_removed(front: FrontendLab) -> None:
    for how in (("stop", "-t", "0"), ("rm", "-f")):
        front.lab.docker(*how, front.container)
        assert "grunt v" in front.run("grunt", "--version").ok().out


def test_another_setting_makes_it_anew(front: FrontendLab) -> None:
    front.run("grunt", "--version").ok()
    before = front.container
    front.workspace('env = { FLAVOUR = "vanilla" }')
    done = front.run("frontend", "shell", stdin="echo $FLAVOUR").ok()
    assert done.out == "vanilla\n"
    assert "make the front-end container" in done.err
    assert front.container != before
    front.workspace()


def test_up_and_down_know_it(front: FrontendLab) -> None:
    """It is no orphan that `up` would complain of, and goes with the workspace."""
    front.run("grunt", "--version").ok()
    assert "orphan" not in front.lab.dfdev("status").ok().out
    assert front.lab.dfdev("up", "--json").ok().json()["plan"] == []
    assert "frontend-tools" in front.lab.containers()
    front.lab.dfdev("down").ok()
    assert front.lab.containers() == {}
    assert front.volumes("modules"), "what took so long to install is kept"
    done = front.run("grunt", "--version").ok()
    assert "npm ci" not in done.err


# -- networks that look into everything


def test_certificates_and_proxies(front: FrontendLab) -> None:
    env = {"http_proxy": "http://127.0.0.1:9/", "no_proxy": "intern.example"}
    done = front.run("frontend", "shell", stdin="env", env=env).ok()
    inside = dict(line.split("=", 1) for line in done.out.splitlines() if "=" in line)
    assert inside["http_proxy"] == "http://host.docker.internal:9/", "loopback is this host's, not the container's"
    assert "intern.example" in inside["no_proxy"]
    for name in ("NODE_EXTRA_CA_CERTS", "npm_config_cafile", "GIT_SSL_CAINFO", "bower_ca", "PIP_CERT"):
        assert inside[name] == "/etc/dfdev/ca.pem", name
    env["https_proxy"] = "http://me:pa'ss-mark@proxy.example:9/"
    done = front.run("frontend", "shell", stdin='echo "$https_proxy $HTTPS_PROXY $http_proxy"', env=env).ok()
    assert done.out.split() == [env["https_proxy"], env["https_proxy"], inside["http_proxy"]]
    assert "ss-mark" not in front.lab.docker("inspect", f"{front.lab.name}-frontend-tools")
    bundle = front.sh("cat /etc/dfdev/ca.pem")
    assert "BEGIN CERTIFICATE" in bundle


def test_git_is_read_by_https(front: FrontendLab) -> None:
    done = front.run("frontend", "shell", stdin="git ls-remote git://127.0.0.1:9/x 2>&1; true").ok()
    assert "https://127.0.0.1:9/x" in done.out


def test_without_a_docker_cli(front: FrontendLab, tmp_path: Path) -> None:
    """It is needed for the build alone."""
    (tmp_path / "git").symlink_to(shutil.which("git") or "/usr/bin/git")
    assert front.run("grunt", "--version", env={"PATH": str(tmp_path)}).ok().out.startswith("grunt-cli")
