"""Containers: create, start, stop, remove, and what the engine refuses."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from dfdev.core.desired import Mount, Port
from dfdev.errors import Conflict, EngineError, NotFound
from tests.contract.rig import IMAGE, Rig, soon


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_created_container_is_listed_and_does_not_run(rig: Rig) -> None:
    code = rig.folder / "www"
    code.mkdir()
    spec = rig.spec(mounts=(Mount(str(code), "/var/www", "code"),))
    seen = rig.seen(rig.engine.create(spec))
    assert seen is not None
    assert (seen.name, seen.image, seen.state, seen.health) == (spec.name, IMAGE, "created", "")
    assert seen.image_id == rig.engine.image_id(IMAGE)
    assert dict(seen.claims).items() >= dict(spec.labels).items()
    assert [(m.source, m.target, m.type) for m in seen.mounts] == [(str(code), "/var/www", "bind")]
    assert rig.network in seen.networks


def test_the_list_and_the_close_look_agree(rig: Rig) -> None:
    port = Port(free_port(), 80)
    id = rig.run(ports=(port,), mounts=(Mount(str(rig.folder), "/var/www", "code"),))
    listed, close = rig.seen(id), rig.engine.container(id)
    assert listed == close
    assert listed is not None
    assert (listed.state, listed.ports) == ("running", (port,))
    assert listed.networks == {rig.network: rig.engine.networks(rig.network)[0].id}


def test_a_close_look_tells_the_ports_of_one_that_stands_still(rig: Rig) -> None:
    port = Port(free_port(), 80)
    id = rig.run(ports=(port,))
    rig.engine.stop(id, 1)
    assert (rig.engine.container(id).ports, rig.engine.container(id).bindings) == ((), (port,))


def test_start_twice_is_success(rig: Rig) -> None:
    id = rig.run()
    rig.engine.start(id)
    assert rig.engine.container(id).state == "running"


def test_stop_twice_is_success(rig: Rig) -> None:
    id = rig.run()
    rig.engine.stop(id, 5)
    rig.engine.stop(id, 5)
    seen = rig.engine.container(id)
    assert seen.state == "exited"
    assert seen.exit_code is not None


def test_a_stopped_container_starts_again(rig: Rig) -> None:
    id = rig.run()
    rig.engine.stop(id, 5)
    rig.engine.start(id)
    assert rig.engine.container(id).state == "running"


def test_remove_a_running_one_and_again(rig: Rig) -> None:
    id = rig.run()
    rig.engine.remove(id)
    assert rig.seen(id) is None
    rig.engine.remove(id)
    rig.engine.stop(id, 5)


def test_removed_by_two_at_once(rig: Rig) -> None:
    id = rig.run()
    errors: list[EngineError] = []

    def remove() -> None:
        try:
            rig.engine.remove(id)
        except EngineError as error:
            errors.append(error)

    threads = [threading.Thread(target=remove) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert rig.seen(id) is None


def test_an_unknown_container_is_not_found(rig: Rig) -> None:
    with pytest.raises(NotFound):
        rig.engine.container("nosuchcontainer")
    with pytest.raises(NotFound):
        rig.engine.start("nosuchcontainer")


def test_a_name_that_is_taken(rig: Rig) -> None:
    rig.create()
    with pytest.raises(Conflict) as caught:
        rig.create()
    assert "already in use" in caught.value.message


def test_an_image_that_is_missing(rig: Rig) -> None:
    with pytest.raises(NotFound) as caught:
        rig.create(image="dfdev-test/nosuch:1")
    assert "dfdev-test/nosuch:1" in caught.value.message


def test_a_bind_source_that_is_missing_is_an_error_and_makes_no_folder(rig: Rig) -> None:
    missing = rig.folder / "nosuch"
    with pytest.raises(EngineError) as caught:
        rig.create(mounts=(Mount(str(missing), "/var/www", "code"),))
    assert "bind source path does not exist" in caught.value.message
    assert not missing.exists()
    assert [c for c in rig.engine.containers() if c.name == f"{rig.name}-www"] == []


def test_a_port_of_another_container(rig: Rig) -> None:
    port = Port(free_port(), 80)
    rig.run("one", ports=(port,))
    second = rig.create("two", ports=(port,))
    with pytest.raises(Conflict) as caught:
        rig.engine.start(second)
    assert caught.value.hint
    assert rig.engine.container(second).state == "created"


def test_a_port_of_another_process(real: Rig) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        id = real.create(ports=(Port(holder.getsockname()[1], 80),))
        with pytest.raises(Conflict) as caught:
            real.engine.start(id)
    assert "already in use" in caught.value.message


def test_ports_are_bound_on_their_address_only(real: Rig) -> None:
    port = Port(free_port(), 8080)
    real.run(command=("nc", "-ll", "-p", "8080", "-e", "echo", "hello"), ports=(port,))

    def greeting() -> bytes:
        try:
            with socket.create_connection(("127.0.0.1", port.host), timeout=1) as connection:
                return connection.recv(5)
        except OSError:
            return b""

    assert soon(greeting) == b"hello"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((_own_address(), port.host), timeout=1)


def _own_address() -> str:
    """This host's address on the way out; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        address: str = probe.getsockname()[0]
        return address


def test_a_paused_container_goes_on(real: Rig) -> None:
    id = real.run()
    real.docker("pause", id)
    assert real.engine.container(id).state == "paused"
    real.engine.unpause(id)
    assert real.engine.container(id).state == "running"


def test_init_makes_a_stop_quick(real: Rig) -> None:
    """`sleep` as PID 1 ignores SIGTERM; behind an init it does not. (An init that has only just begun still does.)"""
    id = real.run(command=("sh", "-c", "echo up; exec sleep 1000000"))
    soon(lambda: list(real.engine.logs(id)))
    began = time.monotonic()
    real.engine.stop(id, 10)
    assert time.monotonic() - began < 5


def test_a_container_that_ignores_the_signal_is_killed(real: Rig) -> None:
    id = real.run(command=("sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"), init=False)
    soon(lambda: list(real.engine.logs(id)))
    real.engine.stop(id, 1)
    assert real.engine.container(id).exit_code == 137


def test_a_container_that_exits_tells_its_code(real: Rig) -> None:
    id = real.run(command=("sh", "-c", "exit 7"))
    soon(lambda: real.engine.container(id).state == "exited")
    assert real.engine.container(id).exit_code == 7


def test_a_command_that_cannot_start_says_why(real: Rig) -> None:
    id = real.create(command=("/no/such/program",), init=False)
    with pytest.raises(EngineError) as caught:
        real.engine.start(id)
    assert "/no/such/program" in caught.value.message
    assert "/no/such/program" in real.engine.container(id).error


def test_what_the_container_is_made_of(real: Rig) -> None:
    id = real.run(
        env=(("GREETING", "grüß dich"), ("EMPTY", "")),
        user="1234:1234",
        working_dir="/tmp",
        entrypoint=("sh", "-c"),
        command=("sleep 1000000",),
        extra_hosts=("host.docker.internal:host-gateway",),
        restart="unless-stopped",
        stop_seconds=3,
    )
    said = real.engine.exec(id, ["sh", "-c", "id -u; id -g; echo $GREETING; pwd; cat /etc/hosts"], timeout=20).output
    assert said.splitlines()[:4] == ["1234", "1234", "grüß dich", "/tmp"]
    assert "host.docker.internal" in said
    form = "{{.HostConfig.Init}} {{.HostConfig.LogConfig}} {{.HostConfig.RestartPolicy.Name}} {{.Config.StopTimeout}}"
    assert real.docker("inspect", "--format", form, id) == (
        "true {json-file map[max-file:3 max-size:10m]} unless-stopped 3"
    )


def test_a_volume_outlives_its_container_and_carries_our_label(real: Rig) -> None:
    volume = f"{real.name}_data"
    data = (Mount(volume, "/data", "data"),)
    first = real.run(mounts=data)
    real.engine.exec(first, ["sh", "-c", "echo kept > /data/file"], timeout=20)
    real.engine.remove(first)
    second = real.run(mounts=data)
    assert real.engine.read_file(second, "/data/file") == b"kept\n"
    seen = real.seen(second)
    assert seen is not None
    assert [(m.source, m.type) for m in seen.mounts] == [(volume, "volume")]
    assert real.name in real.docker("volume", "inspect", "--format", "{{json .Labels}}", volume)
    real.engine.remove(second)
    real.docker("volume", "rm", volume)


def test_a_running_container_gets_another_name_and_is_found_by_its_alias_still(rig: Rig) -> None:
    id = rig.run("www")
    other = rig.run("other")
    rig.engine.rename(id, f"{rig.name}-www.next")
    assert rig.engine.container(id).name == f"{rig.name}-www.next"
    with pytest.raises(Conflict):
        rig.engine.rename(other, f"{rig.name}-www.next")
    rig.engine.rename(id, f"{rig.name}-www")
    assert (rig.engine.container(id).name, rig.engine.container(id).running) == (f"{rig.name}-www", True)
    with pytest.raises(NotFound):
        rig.engine.rename("nosuchcontainer", f"{rig.name}-else")


def test_killed_at_once_and_killed_again(rig: Rig) -> None:
    id = rig.run("www")
    for _ in range(2):
        rig.engine.stop(id, 0)
        assert rig.engine.container(id).state == "exited"
    rig.engine.stop("nosuchcontainer", 0)
