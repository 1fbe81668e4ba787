"""What goes into the VM's disk, and how the emulator is called."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vm import forwarding, qemu, settings
from tests.vm.layout import GUEST, Base, Run

SCRIPTS = sorted(path for path in GUEST.iterdir() if path.read_bytes().startswith((b"#!/bin/sh", b"#!/bin/busybox")))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_has_nothing_to_say(path: Path) -> None:
    checker = str(Path(sys.executable).with_name("shellcheck"))
    done = subprocess.run([checker, "--shell=dash", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["await", "clock", "ports"])
def test_perl_reads_it(name: str) -> None:
    done = subprocess.run(["perl", "-c", str(GUEST / name)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def awaited(*words: str | int | Path) -> int:
    return subprocess.run(["perl", str(GUEST / "await"), *map(str, words)]).returncode


def test_await_a_process_that_ends_or_does_not() -> None:
    with subprocess.Popen(["sleep", "60"]) as lasting:
        assert awaited(1, lasting.pid) == 1
        lasting.kill()
        assert awaited(30, lasting.pid) == 0, "a zombie is gone"
    assert awaited(30, lasting.pid) == 0


def test_await_a_text_in_a_file(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert awaited(1, 1, log) == 1
    log.write_text("API listen on /var/run/docker.sock\n")
    assert awaited(1, 1, log) == 0
    assert awaited(1, 1, log, "listen on [::]:") == 1
    assert awaited(30, 2**22 + 1, log, "listen on [::]:") == 1, "nobody is there who could write it"
    log.write_text("API listen on [::]:2375\n")
    assert awaited(1, 1, log, "listen on [::]:") == 0


def test_the_scripts_are_found() -> None:
    assert {path.name for path in SCRIPTS} == {"busybox-sudo", "customize", "engine", "init", "initrd-init"}


def test_the_emulator_opens_only_this_hosts_own_address(tmp_path: Path) -> None:
    base = Base(tmp_path / "base", tmp_path / "base/data.raw")
    words = qemu.argv(base, Run(tmp_path), {20022: 22, 22375: 2375})
    text = " ".join(words)
    assert re.findall(r"hostfwd=tcp:([\d.]*):(\d+)-10\.0\.2\.15:(\d+)", text) == [
        ("127.0.0.1", "20022", "22"),
        ("127.0.0.1", "22375", "2375"),
    ]
    assert words[words.index("-rtc") + 1] == "base=utc,clock=vm", "its clock stands still while it sleeps"
    assert "kvm" not in text


def test_ports_that_come_and_go() -> None:
    assert forwarding.changes({1, 2}, {2, 3}) == [
        "hostfwd_remove net tcp:127.0.0.1:1",
        "hostfwd_add net tcp:127.0.0.1:3-10.0.2.15:3",
    ]
    assert forwarding.changes({1}, {1}) == []


def test_another_process_reads_the_same_settings(tmp_path: Path) -> None:
    run = Run(tmp_path)
    base = Base(Path("/cache/base"), Path("/cache/images/data.qcow2"))
    written = settings.Settings(base, settings.Ports(1, 2, 3), Path("/Users/x"))
    settings.save(run, written)
    assert settings.load(run) == written
