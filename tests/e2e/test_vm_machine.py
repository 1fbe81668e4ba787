"""A real VM that is stopped, hangs, is full, does not share a folder, or whose TLS refuses the date; and the failure
that started it all. Everything behind the stand-ins of boot2docker and docker-machine is real.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pexpect
import pytest

from dfdev.system.parallel import spread
from tests import standins
from tests.contract.certificates import Authority
from tests.contract.rig import soon
from tests.e2e.lab import DFDEV, Done, Lab
from tests.e2e.trouble import assert_fails
from tests.e2e.vm_lab import VmLab, assert_right, with_boot2docker
from tests.vm import s3
from tests.vm.machine import Vm

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]
FreePort = Callable[[], int]


@pytest.fixture
def b2d(awake_vm: Vm, vm_lab: Lab, tmp_path: Path) -> VmLab:
    return with_boot2docker(awake_vm, vm_lab, tmp_path / "bin")


@pytest.fixture
def outside(b2d: VmLab) -> Iterator[VmLab]:
    """A workspace in a folder that the VM does not have."""
    home = Path(tempfile.mkdtemp(prefix="dfdev-outside-"))
    home.chmod(0o755)
    yield VmLab(b2d.vm, Lab(home, b2d.lab.user, b2d.lab.docker_host, home.name.lower()), b2d.bin, {})
    shutil.rmtree(home)


def test_a_machine_that_is_saved_is_started(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    b2d.vm.save()
    listed = b2d.dfdev("machine", "list", "--json").ok().json()
    assert [(m["provider"], m["state"], m["used"]) for m in listed["machines"] if m["provider"] == "boot2docker"] == [
        ("boot2docker", "paused", True)
    ]
    done = b2d.dfdev("up").ok()
    assert "boot2docker-vm is saved: starting it" in done.err and "start boot2docker boot2docker-vm" in done.err
    assert "running" in done.out
    assert_right(b2d.vm, bound_ms=500)


def test_a_machine_that_is_off_is_booted(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    b2d.vm.shutdown()
    assert_fails(b2d.dfdev("status"), 5)
    started = b2d.dfdev("machine", "start", "--json").ok().json()
    assert started["plan"] == ["boot2docker up"] and started["seconds"] > 1
    assert "running" in b2d.dfdev("up").ok().out
    again = b2d.dfdev("machine", "start").ok()
    assert "nothing to do" in again.out


def test_a_hung_engine_is_named_and_restarted_when_agreed(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    b2d.vm.pause_engine()
    began = time.monotonic()
    done = b2d.dfdev("up", "--no-input")
    assert_fails(done, 5, "boot2docker boot2docker-vm hangs", "`dfdev up --yes` restarts it")
    assert time.monotonic() - began < 15, "a deadline, not a freeze"
    assert "running" in b2d.dfdev("up", "--yes").ok().out


def timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


HANGS = "boot2docker-vm runs and its ssh does not answer"
LOOKS = (
    ["status"], ["logs"], ["exec", "www", "true"], ["clock", "status"], ["machine", "status"], ["up", "--no-input"],
)  # fmt: skip


def test_a_machine_that_hangs_is_a_verdict_within_five_seconds(b2d: VmLab, free_port: FreePort) -> None:
    """Its hypervisor says that it runs, its ssh takes the connection and says nothing, and so does its engine. An `up`
    that is under way says so in one sentence.
    """
    b2d.web(free_port())
    b2d.dfdev("status").ok()
    usual = timed(lambda: b2d.dfdev("status").ok())
    b2d.lab.workspace(
        '[machine]\nprovider = "boot2docker"\n[services.www]\nimage = "dfdev/small:1"\ncommand = "sleep 1000"\n'
        'health = { command = "false", timeout = "120s" }\n'
    )
    argv, pipe = [str(DFDEV), "up"], subprocess.PIPE
    with subprocess.Popen(argv, cwd=b2d.lab.home, env=b2d.environ, stdout=pipe, stderr=pipe, text=True) as up:
        soon(lambda: "www" in b2d.lab.containers(), 60)
        b2d.vm.hang()
        took = timed(lambda: assert_fails(b2d.dfdev("status"), 5, HANGS, "`dfdev machine restart`"))
        assert took < 4.5 + usual, f"{took:.1f} s, and {usual:.1f} s while it was awake"
        out, err = up.communicate(timeout=60)
    assert_fails(
        Done(up.returncode, out, err), 5, "boot2docker-vm hangs: its ssh does not answer", "machine restart`, then"
    )
    assert "address comes from" not in err and "also:" not in err, err
    for look in spread(lambda words: b2d.dfdev(*words), LOOKS, workers=len(LOOKS)):
        text = look.out + look.err
        assert look.code in (4, 5) and HANGS in text, look
        assert "restart" in text and "nowhere" not in text and "systemctl" not in text, look
    b2d.vm.wake()
    soon(lambda: b2d.dfdev("machine", "status").code == 0, 60)


def test_where_ssh_lets_nobody_in_the_last_address_helps_or_ssh_s_own_words(
    b2d: VmLab, free_port: FreePort, tmp_path: Path
) -> None:
    b2d.web(free_port())
    b2d.dfdev("status").ok()
    standins.boot2docker(b2d.bin, b2d.vm, "unprotected")
    b2d.dfdev("status").ok()
    done = b2d.dfdev("status", XDG_STATE_HOME=str(tmp_path / "nothing-remembered"))
    assert_fails(done, 5, "its ssh says: Permissions 0644 for ", "are too open", "`boot2docker ssh`")


def test_a_folder_that_is_not_shared_is_refused_before_anything_is_made(outside: VmLab, free_port: FreePort) -> None:
    outside.web(free_port())
    done = outside.dfdev("up")
    assert_fails(done, 4, f"{outside.lab.home}/www is not shared with boot2docker", "VBoxManage sharedfolder add")
    assert outside.lab.containers() == {}


def test_a_full_disk_is_an_error_before_anything_is_made(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    b2d.vm.fill_disk()
    assert_fails(b2d.dfdev("up"), 5, "the disk of boot2docker boot2docker-vm is full", "docker system df")
    assert b2d.lab.containers() == {}
    status = b2d.dfdev("machine", "status", "--json").ok().json()
    assert status["disk"]["state"] == "full"
    b2d.vm.free_disk()
    assert "running" in b2d.dfdev("up").ok().out


def test_a_disk_that_is_nearly_full_is_told(b2d: VmLab, free_port: FreePort) -> None:
    """The VM's disk is 6 GiB: with one more in use, less than 5 are free."""
    b2d.web(free_port())
    b2d.vm.ssh("fallocate -l 2G /var/lib/docker/filled")
    told = b2d.dfdev("up").ok().err
    assert re.search(r"warning: the disk of boot2docker.* is nearly full \(3\.\d of 5\.\d GiB free\)", told), told


def test_a_host_key_and_a_password_are_answered_as_documented(
    awake_vm: Vm, vm_lab: Lab, tmp_path: Path, free_port: FreePort
) -> None:
    lab = with_boot2docker(awake_vm, vm_lab, tmp_path / "bin", "password")
    lab.web(free_port())
    awake_vm.set_clock(-20)
    found = lab.dfdev("clock", "sync", "--method", "shell", "--json").ok().json()
    assert found["stepped"] and found["verdict"] == "ok"
    assert_right(awake_vm, bound_ms=found["bound_ms"])


def test_a_command_that_hangs_is_named(awake_vm: Vm, vm_lab: Lab, tmp_path: Path, free_port: FreePort) -> None:
    lab = with_boot2docker(awake_vm, vm_lab, tmp_path / "bin", "hang")
    lab.web(free_port())
    awake_vm.set_clock(-20)
    began = time.monotonic()
    done = lab.dfdev("clock", "sync", "--method", "shell")
    assert_fails(done, 4, "did not answer within")
    assert time.monotonic() - began < 60


def docker_machine(vm: Vm, lab: Lab, folder: Path) -> VmLab:
    """As a terminal after `eval "$(docker-machine env)"`."""
    standins.docker_machine(folder, vm)
    return VmLab(vm, lab, folder, {**vm.environ, "DOCKER_MACHINE_NAME": "default"})


def test_a_timeout_of_docker_machine_is_no_state(
    awake_vm: Vm, vm_lab: Lab, tmp_path: Path, free_port: FreePort
) -> None:
    """A machine that is too busy for `ls -t 2` is not started, as it runs, but asked for again."""
    awake_vm.dockerd("tls")
    standins.docker_machine(tmp_path / "bin", awake_vm)
    lab = VmLab(awake_vm, vm_lab, tmp_path / "bin", {})
    lab.web(free_port(), machine='provider = "docker-machine"')
    awake_vm.hang()
    with (tmp_path / "err").open("w") as err:
        up = subprocess.Popen(
            [str(DFDEV), "up"], cwd=lab.lab.home, env=lab.environ, stdout=subprocess.DEVNULL, stderr=err
        )
    try:
        soon(lambda: "does not answer `docker-machine ls` in time" in (tmp_path / "err").read_text(), 60)
    finally:
        awake_vm.wake()
        code = up.wait(120)
    told = (tmp_path / "err").read_text()
    assert code == 0 and "wait for docker-machine default" in told and "starting it" not in told, told


def test_tls_refused_because_of_the_clock_is_mended_through_the_shell(
    awake_vm: Vm, vm_lab: Lab, tmp_path: Path, free_port: FreePort
) -> None:
    """The client's certificate was made just now; by the clock of a VM that slept, it is not valid yet."""
    authority = Authority(tmp_path / "ca")
    now = datetime.now(UTC) - timedelta(seconds=60)
    server, client = authority.issue("server"), authority.issue("client", start=now.strftime("%Y%m%d%H%M%SZ"))
    awake_vm.dockerd("tls", server=server, client=client)
    lab = docker_machine(awake_vm, vm_lab, tmp_path / "bin")
    lab.web(free_port(), machine="")
    assert lab.dfdev("clock", "status", "--json").json()["verdict"] == "ok"
    awake_vm.set_clock(-960)
    assert_fails(lab.dfdev("status"), 5, "does not take our certificate: not valid by its clock")
    off = lab.dfdev("clock", "status", "--json").json()
    assert off["verdict"] == "skewed" and off["provider"] == "docker-machine" and "S3" in off["breaks"]
    done = lab.dfdev("up").ok()
    assert "looking at the machine's clock through its shell" in done.err and "running" in done.out
    assert_right(awake_vm, bound_ms=200)


REGISTRY = """
[registry]
image = "dfdev/registry:2"
port = {port}
storage = "s3"
bucket = "images"
region = "us-east-1"
endpoint = "http://10.0.2.2:{s3}"
secure = false
access_key = "{access}"
secret_key = "{secret}"
"""


def test_the_failure_that_started_it_all(b2d: VmLab, s3_port: int, free_port: FreePort) -> None:
    """The VM slept for 16 minutes, S3 refuses the registry, `docker pull` fails; `dfdev up`, and it works."""
    port = free_port()
    text = REGISTRY.format(port=port, s3=s3_port, access=s3.ACCESS_KEY, secret=s3.SECRET_KEY)
    b2d.lab.workspace(f'[machine]\nprovider = "boot2docker"\n{text}')
    b2d.dfdev("up").ok()
    ref = f"127.0.0.1:{port}/small:dev"
    b2d.lab.docker("tag", "dfdev/small:1", ref)
    b2d.lab.docker("push", "-q", ref)
    b2d.lab.docker("rmi", ref)
    b2d.vm.set_clock(-960)
    refused = pull(b2d, ref)
    assert refused.code != 0 and "500 Internal Server Error" in refused.err, refused
    done = b2d.dfdev("up").ok()
    assert re.search(r"16 min behind → ", done.err)
    assert pull(b2d, ref).code == 0
    b2d.lab.docker("rmi", ref)


def test_docker_through_dfdev_minds_the_clock_too(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    b2d.vm.set_clock(-960)
    done = b2d.dfdev("docker", "version", "--format", "{{.Server.Version}}").ok()
    assert done.out.startswith("20.10") and "16 min behind → " in done.err
    assert_right(b2d.vm, bound_ms=200)
    assert b2d.dfdev("docker", "ps", "-q").ok().err == "", "nothing happened, so that nothing is looked at"


def pull(lab: VmLab, ref: str) -> Done:
    """By the plain docker CLI."""
    docker = shutil.which("docker")
    assert docker
    done = subprocess.run(
        [docker, "-H", lab.lab.docker_host, "pull", ref], capture_output=True, text=True, timeout=120, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_env_and_ssh_lead_into_it(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    script = 'eval "$("$0" machine env)" && docker version --format "{{.Server.Version}}"'
    done = subprocess.run(
        ["sh", "-c", script, str(DFDEV)], env=b2d.environ, cwd=b2d.lab.home, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.startswith("20.10"), done
    assert b2d.dfdev("machine", "ssh", "uname", "-n").ok().out.strip() == "boot2docker"
    assert b2d.dfdev("machine", "ssh", "exit 7").code == 7


def test_a_person_is_asked_before_time_runs_backwards(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    b2d.vm.set_clock(30)
    environ = {**b2d.environ, "TERM": "xterm-256color"}
    del environ["NO_COLOR"]
    child = pexpect.spawn(
        str(DFDEV), ["up"], env=environ, cwd=str(b2d.lab.home), timeout=120, encoding="utf-8", dimensions=(40, 120)
    )
    child.expect("lets time run backwards")
    child.send("y")
    child.expect("s ahead → ")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert_right(b2d.vm, bound_ms=200)
