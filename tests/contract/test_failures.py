"""An engine that is not there, hangs, dies, or is not ours to talk to: an error with a hint, never a freeze."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dfdev.core.desired import Service
from dfdev.engine.open import OpenEngine
from dfdev.engine.protocol import NO_NETWORK, ContainerSpec
from dfdev.errors import EngineAbsent, EngineDenied, EngineError, EngineHung, NotFound
from tests import machine
from tests.contract.forward import forwarded
from tests.contract.rig import FOREVER, IMAGE, connected, provided, soon, unique
from tests.contract.talk import until_ended
from tests.machine import root

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def own(busybox_tar: Path) -> Iterator[machine.Engine]:
    """An engine that nobody else uses: it is paused and killed here."""
    engine = machine.start("28", name="contract-failures")
    with_image = connected(engine.host)
    provided(with_image, busybox_tar)
    with_image.close()
    yield engine
    engine.destroy()


def calls(engine: OpenEngine) -> dict[str, Callable[[], object]]:
    """One of each way to the engine."""
    return {
        "info": engine.info,
        "containers": engine.containers,
        "image_id": lambda: engine.image_id(IMAGE),
        "read_file": lambda: engine.read_file("x", "/etc/hosts"),
        "exec": lambda: engine.exec("x", ["true"], timeout=1),
        "logs": lambda: list(engine.logs("x", follow=True)),
        "create_network": lambda: engine.create_network("x", {}),
        "tag": lambda: engine.tag(IMAGE, "x:1"),
    }


def test_an_engine_that_hangs_is_named_after_the_deadline(own: machine.Engine) -> None:
    engine = connected(own.host, timeout=0.6)
    engine.info()
    engine.tag(IMAGE, "dfdev-test/again:1")
    own.pause()
    try:
        for name in ("info", "containers", "image_id", "read_file", "logs", "tag"):
            began = time.monotonic()
            with pytest.raises(EngineHung) as caught:
                calls(engine)[name]()
            assert 0.5 < time.monotonic() - began < 3, name
            assert own.host in caught.value.message
            assert "0.6 s" in caught.value.message
            assert "systemctl restart docker" in caught.value.hint
    finally:
        own.resume()
    assert engine.info().version
    engine.close()


def test_a_first_call_to_an_engine_that_hangs(own: machine.Engine) -> None:
    """Nothing is agreed upon yet; many threads wait once, not one after the other."""
    engine = connected(own.host, timeout=0.6)
    errors: list[EngineError] = []

    def ask() -> None:
        try:
            engine.containers()
        except EngineError as error:
            errors.append(error)

    own.pause()
    try:
        began = time.monotonic()
        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with pytest.raises(EngineHung):
            engine.remove_network("x")
        assert time.monotonic() - began < 5
    finally:
        own.resume()
    assert [type(error) for error in errors] == [EngineHung] * 6
    engine.close()


def test_a_log_that_is_followed_notices_that_the_engine_hangs(own: machine.Engine) -> None:
    """Silence is normal for a log; hence the engine itself is asked."""
    engine = connected(own.host, timeout=0.5)
    run = [own.docker, "--host", own.host, "run", "-d", "--init", IMAGE, "sh", "-c", "echo one; sleep 1000000"]
    id = subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()
    lines = engine.logs(id, follow=True)
    assert next(lines).text == "one"
    own.pause()
    try:
        with pytest.raises(EngineHung):
            next(lines)
    finally:
        own.resume()
    engine.remove(id)
    engine.close()


def test_an_engine_that_was_restarted_is_found_again(own: machine.Engine) -> None:
    """The kept connections are dead then; that must not be an error."""
    engine = connected(own.host)
    engine.info()
    engine.tag(IMAGE, "dfdev-test/again:1")
    own.kill()
    own.restart()
    assert engine.info().version
    engine.tag(IMAGE, "dfdev-test/again:1")
    engine.close()


def test_an_engine_that_was_killed(own: machine.Engine) -> None:
    engine = connected(own.host)
    engine.tag(IMAGE, "dfdev-test/again:1")
    own.kill()
    soon(lambda: not _accepts(own.host))
    try:
        for name, call in calls(engine).items():
            with pytest.raises(EngineAbsent) as caught:
                call()
            assert "systemctl start docker" in caught.value.hint, name
    finally:
        own.restart()
    engine.close()


def _accepts(host: str) -> bool:
    """The threads of a killed daemon end one after the other; until then the socket takes connections."""
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(host.removeprefix("unix://")) == 0


def test_a_socket_that_is_not_there(tmp_path: Path) -> None:
    for call in calls(connected(f"unix://{tmp_path}/no.sock")).values():
        with pytest.raises(EngineAbsent) as caught:
            call()
        assert "there is no such socket" in caught.value.message


def test_a_socket_without_permission(engine28: machine.Engine, tmp_path: Path) -> None:
    """Root may open every socket, so it becomes nobody for a moment; a user gets one that is closed to all."""
    if os.geteuid() == 0:
        error = _denied_as_nobody(engine28.host)
    else:
        with socket.socket(socket.AF_UNIX) as closed:
            closed.bind(f"{tmp_path}/s")
            (tmp_path / "s").chmod(0)
            error = _denied(f"unix://{tmp_path}/s")
    assert "usermod -aG docker" in error.hint


def _denied_as_nobody(host: str) -> EngineDenied:
    """Where there is no group `docker`, the socket is open to root's groups."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(65534)
    os.seteuid(65534)
    try:
        return _denied(host)
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


def _denied(host: str) -> EngineDenied:
    with pytest.raises(EngineDenied) as caught:
        connected(host).info()
    return caught.value


def test_a_port_where_nothing_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        engine = connected(f"tcp://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(EngineAbsent) as caught:
            engine.info()
    assert "nothing listens there" in caught.value.message
    assert "a test" in caught.value.hint


def test_a_name_without_an_address() -> None:
    with pytest.raises(EngineAbsent) as caught:
        connected("tcp://engine.invalid:2375", timeout=5).info()
    assert "its name has no address" in caught.value.message


def test_plain_tcp(engine28: machine.Engine, busybox_tar: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past a proxy of the environment, which is for the internet."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with forwarded(engine28.host.removeprefix("unix://")) as port:
        engine = connected(f"tcp://127.0.0.1:{port}")
        assert engine.info().version.startswith("28.")
        assert not engine.info().native
        provided(engine, busybox_tar)
        engine.tag(IMAGE, "dfdev-test/tcp:1")
        network = engine.create_network(f"tcp{os.getpid()}", {})
        engine.remove_network(network)
        with pytest.raises(NotFound):
            engine.pull("127.0.0.1:1/nosuch:1", lambda _: None)
        engine.close()


def test_ssh_by_the_users_own_client(
    engine28: machine.Engine, busybox_tar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ssh HOST docker system dial-stdio` is what runs on the other side; here the other side is this host."""
    (tmp_path / "ssh").write_text(
        f'#!/bin/sh\nwhile [ "$1" != docker ]; do echo "$1" >> {tmp_path}/argv; shift; done; shift\n'
        f'exec {engine28.docker} --host {engine28.host} "$@"\n'
    )
    (tmp_path / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    engine = connected("ssh://me@far.example:2222")
    assert engine.info().version.startswith("28.")
    assert isinstance(engine.containers(), list)
    provided(engine, busybox_tar)
    id = engine.create(ContainerSpec(unique("ssh"), Service("ssh", IMAGE, command=FOREVER), NO_NETWORK, {}))
    engine.start(id)
    assert engine.pipe(id, ["cat"], feed=[b"there and back"]).output == "there and back"
    with engine.session(id, ["cat"]) as session:
        session.send(b"there and back")
        session.close_input()
        assert until_ended(session).text() == "there and back"
    engine.remove(id)
    assert {"me@far.example", "2222", "BatchMode=yes"} <= set((tmp_path / "argv").read_text().split())
    engine.close()


def test_ssh_that_is_refused_says_how_to_see_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ssh").write_text("#!/bin/sh\nexit 255\n")
    (tmp_path / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineAbsent) as caught:
        connected("ssh://me@far.example").info()
    assert "ssh me@far.example docker version" in caught.value.hint


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, busybox_tar: Path) -> Iterator[OpenEngine]:
    """An engine whose disk is full to the last byte, with the image on it."""
    disk = tmp_path_factory.mktemp("disk")
    root.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(disk)])
    daemon = machine.start("28", name="contract-full", settings={"data-root": str(disk)})
    engine = connected(daemon.host)
    provided(engine, busybox_tar)
    engine.create_network("full", {})
    root.run(["dd", "if=/dev/zero", f"of={disk}/filler", "bs=1M"], check=False)
    yield engine
    engine.close()
    daemon.destroy()
    root.run(["umount", str(disk)])


def test_a_disk_that_is_full(full: OpenEngine) -> None:
    with pytest.raises(EngineError) as caught:
        full.create(ContainerSpec("full", Service("www", IMAGE, command=("sleep", "1")), "full", {}))
    assert "no space left on device" in caught.value.message
    assert "docker system prune" in caught.value.hint
