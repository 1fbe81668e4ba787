"""The tests' own VM does what other tests take for granted of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pexpect
import pytest

from tests import machine, standins
from tests.contract.certificates import Authority
from tests.contract.rig import IMAGE, soon
from tests.standins.through_ssh import Way
from tests.vm import api, s3
from tests.vm.machine import Vm

pytestmark = [pytest.mark.engine, pytest.mark.timeout(1200)]


def docker(vm: Vm, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """The docker CLI of this host on the VM's engine."""
    cli = str(machine.fetch("28", machine.default_cache()) / "usr/bin/docker")
    environ = {**vm.environ, "HOME": "/nonexistent"}
    return subprocess.run([cli, *args], env=environ, capture_output=True, text=True, timeout=120, check=check)


def command(path: Path, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(path), *args], env={**os.environ, **environ}, capture_output=True, text=True, timeout=240
    )


def info_offset(vm: Vm) -> tuple[float, float]:
    """Between which two numbers the VM's clock minus ours is, by `GET /info`."""
    before = time.time()
    stamp = api.ask(vm.ports.plain, "/info")["SystemTime"]
    after = time.time()
    guest = datetime.fromisoformat(re.sub(r"(\.\d{6})\d*", r"\1", stamp)).timestamp()
    return guest - after, guest - before


def test_a_sleep_leaves_the_clock_behind(awake_vm: Vm) -> None:
    began = time.monotonic()
    awake_vm.nap(5)
    slept = time.monotonic() - began
    by_ssh = awake_vm.clock_offset()
    low, high = info_offset(awake_vm)
    assert by_ssh.bound < 0.1
    assert by_ssh.seconds == pytest.approx(-5, abs=slept - 5 + 0.2)
    assert low - by_ssh.bound <= by_ssh.seconds <= high + by_ssh.bound, "two ways of measuring agree"


def test_asleep_it_answers_nothing(awake_vm: Vm) -> None:
    awake_vm.sleep()
    assert awake_vm.state == "paused"
    with pytest.raises(TimeoutError):
        api.ask(awake_vm.ports.plain, "/_ping", seconds=1)
    awake_vm.wake()
    assert api.ask(awake_vm.ports.plain, "/info")["Name"] == "boot2docker"


@pytest.mark.parametrize("offset", [-960.0, 40.0, 0.25])
def test_the_clock_is_set_and_a_reset_puts_it_right(awake_vm: Vm, offset: float) -> None:
    awake_vm.set_clock(offset)
    low, high = info_offset(awake_vm)
    assert low - 0.05 <= offset <= high + 0.05
    awake_vm.reset()
    assert abs(awake_vm.clock_offset().seconds) < 0.05


def test_the_shared_folder_both_ways(awake_vm: Vm, vm_home: Path) -> None:
    (vm_home / "from-host").write_text("one")
    assert awake_vm.ssh(f"cat {vm_home}/from-host") == "one"
    (vm_home / "from-host").write_text("two, longer")
    assert awake_vm.ssh(f"cat {vm_home}/from-host") == "two, longer"
    awake_vm.ssh(f"echo three >{vm_home}/from-vm")
    assert (vm_home / "from-vm").read_text() == "three\n"


def test_a_container_sees_the_shared_folder(awake_vm: Vm, vm_home: Path, tmp_path: Path) -> None:
    (vm_home / "file").write_text("code")
    mounts = ["-v", f"{vm_home}:/code", "-v", f"{tmp_path}:/unshared"]
    (tmp_path / "file").write_text("invisible")
    script = "cat /code/file; echo log >/code/log; ls /unshared"
    assert docker(awake_vm, "run", "--rm", *mounts, IMAGE, "sh", "-c", script).stdout == "code"
    assert (vm_home / "log").read_text() == "log\n"


def test_a_published_port_comes_and_goes_on_this_host(awake_vm: Vm, free_port: Callable[[], int]) -> None:
    port = free_port()

    def greeting() -> str:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return str(answer.read().decode())
        return ""

    serve = ["sh", "-c", r"while :; do printf 'HTTP/1.0 200 OK\r\n\r\nhello' | nc -l -p 80; done"]
    docker(awake_vm, "run", "-d", "--name", "web", "-p", f"127.0.0.1:{port}:80", IMAGE, *serve)
    assert soon(greeting, 60) == "hello"
    docker(awake_vm, "rm", "-f", "web")
    soon(lambda: not listened(port), 60)


def listened(port: int) -> bool:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def test_boot2docker_tells(awake_vm: Vm, tmp_path: Path) -> None:
    b2d = standins.boot2docker(tmp_path, awake_vm)
    assert command(b2d, "status").stdout == "running\n"
    assert json.loads(command(b2d, "info").stdout)["State"] == "running"
    assert command(b2d, "ip").stdout == "127.0.0.1\n"
    assert f"    export DOCKER_HOST={awake_vm.docker_host}\n" in command(b2d, "shellinit", SHELL="/bin/bash").stdout
    assert command(b2d, "ssh", "sudo", "id", "-u").stdout == "0\n"
    assert command(b2d, "ssh", "exit 7").returncode == 7
    assert command(b2d, "dance").returncode == 1


def test_boot2docker_acts(awake_vm: Vm, tmp_path: Path) -> None:
    b2d = standins.boot2docker(tmp_path, awake_vm)
    docker(awake_vm, "run", "-d", "--init", "--name", "stays", IMAGE, "sleep", "1000")
    assert command(b2d, "save").returncode == 0
    assert command(b2d, "status").stdout == "saved\n"
    assert command(b2d, "ssh", "id").returncode == 1
    assert command(b2d, "up").returncode == 0
    assert command(b2d, "status").stdout == "running\n"
    assert command(b2d, "down").returncode == 0
    assert command(b2d, "status").stdout == "poweroff\n"
    assert "Started." in command(b2d, "up").stdout
    assert command(b2d, "status").stdout == "running\n"
    assert docker(awake_vm, "ps", "-a", "--format", "{{.Names}}").stdout == "stays\n"


def test_docker_machine(awake_vm: Vm, tmp_path: Path) -> None:
    tool = standins.docker_machine(tmp_path, awake_vm, name="dev")
    url = awake_vm.docker_host
    form = r"{{.Name}}\t{{.Active}}\t{{.DriverName}}\t{{.State}}\t{{.URL}}"
    assert command(tool, "ls", "-t", "2", "--format", form, DOCKER_HOST=url).stdout.split("\t") == [
        "dev", "*", "virtualbox", "Running", url + "\n",
    ]  # fmt: skip
    assert command(tool, "ls").stdout.splitlines()[0].split()[:5] == ["NAME", "ACTIVE", "DRIVER", "STATE", "URL"]
    assert command(tool, "ls", "-q").stdout == "dev\n"
    assert command(tool, "status", "dev").stdout == "Running\n"
    assert json.loads(command(tool, "inspect", "dev").stdout)["Driver"]["IPAddress"] == "127.0.0.1"
    assert f'export DOCKER_HOST="{url}"' in command(tool, "env", "dev", "--shell", "sh").stdout
    assert f'set -gx DOCKER_HOST "{url}";' in command(tool, "env", "--shell", "fish", "dev").stdout
    assert command(tool, "ssh", "dev", "id", "-un").stdout == "docker\n"
    unknown = command(tool, "ip", "prod")
    assert unknown.returncode == 1
    assert unknown.stderr.startswith('Docker machine "prod" does not exist. Use "docker-machine ls"')


def test_docker_machine_after_the_plug_was_pulled(awake_vm: Vm, tmp_path: Path) -> None:
    tool = standins.docker_machine(tmp_path, awake_vm)
    assert command(tool, "kill").returncode == 0
    assert command(tool, "status").stdout == "Stopped\n"
    assert command(tool, "url").stderr == "Host is not running\n"
    assert 'Machine "default" was started.' in command(tool, "start").stdout
    assert IMAGE in docker(awake_vm, "images", "--format", "{{.Repository}}:{{.Tag}}").stdout


@pytest.mark.parametrize(("way", "perl"), [("normal", "/usr/bin/perl\n"), ("busybox", "")])
def test_what_there_is_behind_ssh(awake_vm: Vm, tmp_path: Path, way: Way, perl: str) -> None:
    b2d = standins.boot2docker(tmp_path, awake_vm, way)
    assert command(b2d, "ssh", "which perl").stdout == perl
    done = subprocess.run([b2d, "ssh", "sudo", "sh", "-s"], input="id -u\nexit 5\n", capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (5, "0\n")
    before = time.time()
    busybox_date = command(b2d, "ssh", "sudo date -u -s @$(($(date +%s) + 100)) && readlink -f $(which date)")
    assert busybox_date.stdout.splitlines()[1].endswith("busybox" if way == "busybox" else "date")
    left = awake_vm.clock_offset().seconds
    assert 98 <= left <= 101 + time.time() - before


def test_ssh_asks_for_host_and_password(awake_vm: Vm, tmp_path: Path) -> None:
    b2d = standins.boot2docker(tmp_path, awake_vm, "password")
    child = pexpect.spawn(str(b2d), ["ssh", "id -un"], timeout=60, encoding="utf-8")
    child.expect(r"authenticity of host .*continue connecting \(yes/no")
    child.sendline("yes")
    child.expect("docker@localhost's password: ")
    child.sendline("wrong")
    child.expect("Permission denied, please try again")
    child.expect("docker@localhost's password: ")
    child.sendline("tcuser")
    child.expect("\r\ndocker\r\n")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_ssh_that_hangs(awake_vm: Vm, tmp_path: Path) -> None:
    b2d = standins.boot2docker(tmp_path, awake_vm, "hang")
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([b2d, "ssh", "id"], timeout=1)


def test_tls_by_the_vms_own_clock(awake_vm: Vm, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ca")
    server, client = authority.issue("server"), authority.issue("client")
    awake_vm.dockerd("tls", server=server, client=client)
    assert docker(awake_vm, "version", "-f", "{{.Server.Version}}").stdout.startswith("20.10.")
    with pytest.raises(OSError):
        api.ask(awake_vm.ports.plain, "/_ping")
    awake_vm.set_clock(-960)
    assert docker(awake_vm, "version", check=False).returncode == 1
    assert "not yet valid" in awake_vm.ssh("cat /var/log/dockerd.log")
    awake_vm.set_clock(0)
    assert docker(awake_vm, "version").returncode == 0


def test_a_user_namespace_keeps_the_clock_from_containers(awake_vm: Vm) -> None:
    adjust = ["run", "--rm", "--cap-add", "SYS_TIME", IMAGE, "/bin/busybox", "adjtimex", "-o", "1"]
    assert docker(awake_vm, *adjust).returncode == 0
    awake_vm.dockerd("userns")
    refused = docker(awake_vm, *adjust, check=False)
    assert refused.returncode != 0
    assert "Operation not permitted" in refused.stderr


def test_a_full_disk_and_a_paused_engine(awake_vm: Vm) -> None:
    awake_vm.fill_disk()
    full = docker(awake_vm, "run", "--rm", IMAGE, "sh", "-c", "echo x >/file", check=False)
    assert full.returncode != 0
    assert "no space left on device" in full.stderr.lower()
    assert awake_vm.ssh("echo there >/tmp/room && cat /tmp/room") == "there\n"
    awake_vm.free_disk()
    assert docker(awake_vm, "run", "--rm", IMAGE, "sh", "-c", "echo x >/file").returncode == 0
    awake_vm.pause_engine()
    with pytest.raises(TimeoutError):
        api.ask(awake_vm.ports.plain, "/_ping", seconds=1)
    assert awake_vm.ssh("id -u") == "0\n"
    awake_vm.resume_engine()
    assert api.ask(awake_vm.ports.plain, "/info")["Name"] == "boot2docker"


def test_an_s3_that_minds_the_clock(awake_vm: Vm, s3_port: int) -> None:
    """A request that is dated by the VM's clock, as the registry's are."""
    s3.client(s3_port).put_object(Bucket="images", Key="blob", Body=b"of this host", ACL="public-read")
    ask = f"""bash -c 'exec 3<>/dev/tcp/{s3.HOST_IN_VM}/{s3_port}
printf "GET /images/blob HTTP/1.0\\r\\nx-amz-date: %s\\r\\n\\r\\n" "$(date -u +%Y%m%dT%H%M%SZ)" >&3; cat <&3'"""
    assert awake_vm.ssh(ask).endswith("of this host")
    awake_vm.set_clock(-880)
    assert awake_vm.ssh(ask).endswith("of this host")
    awake_vm.set_clock(-960)
    refused = awake_vm.ssh(ask)
    assert refused.splitlines()[0].split()[1] == "403"
    assert "<Code>RequestTimeTooSkewed</Code>" in refused
