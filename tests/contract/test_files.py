"""Files through a container's own mounts, and files that it gets before it starts."""

from __future__ import annotations

import os
import secrets
import threading

import pytest

from dfdev.core.desired import File, Mount
from dfdev.errors import EngineError, NotFound
from tests.contract.rig import Rig


def mounted(rig: Rig) -> str:
    """A running container with `code` at /var/www and `logs` at /var/log."""
    for name in ("code", "logs"):
        (rig.folder / name).mkdir()
    mounts = (
        Mount(str(rig.folder / "code"), "/var/www", "code", read_only=True),
        Mount(str(rig.folder / "logs"), "/var/log", "logs"),
    )
    return rig.run(mounts=mounts)


def test_what_the_host_writes_is_read_through_the_mount(rig: Rig) -> None:
    id = mounted(rig)
    nonce = secrets.token_bytes(700)
    (rig.folder / "code" / "a file, ä").write_bytes(nonce)
    assert rig.engine.read_file(id, "/var/www/a file, ä") == nonce


def test_what_the_container_gets_is_read_on_the_host(rig: Rig) -> None:
    id = mounted(rig)
    nonce = secrets.token_bytes(513)
    rig.engine.write_file(id, "/var/log/probe", nonce, mode=0o640, uid=os.getuid(), gid=os.getgid())
    assert (rig.folder / "logs" / "probe").read_bytes() == nonce


def test_a_link_in_one_mount_leads_to_the_other_inside_the_container(rig: Rig) -> None:
    """What the mount proof rests on: the engine follows links within the container's own file system."""
    id = mounted(rig)
    (rig.folder / "code" / "link").symlink_to("/var/log")
    rig.engine.write_file(id, "/var/www/link/probe", b"crossed", mode=0o644, uid=os.getuid(), gid=os.getgid())
    assert (rig.folder / "logs" / "probe").read_bytes() == b"crossed"


def test_mode_and_owner_arrive(real: Rig) -> None:
    id = mounted(real)
    real.engine.write_file(id, "/var/log/probe", b"x", mode=0o604, uid=1234, gid=5678)
    about = (real.folder / "logs" / "probe").stat()
    assert (about.st_mode & 0o7777, about.st_uid, about.st_gid) == (0o604, 1234, 5678)


def test_a_file_that_is_not_there(rig: Rig) -> None:
    id = mounted(rig)
    with pytest.raises(NotFound):
        rig.engine.read_file(id, "/var/www/nosuch")
    with pytest.raises(NotFound):
        rig.engine.write_file(id, "/var/log/nosuch/probe", b"", mode=0o644, uid=0, gid=0)


def test_a_folder_is_no_file(rig: Rig) -> None:
    id = mounted(rig)
    (rig.folder / "code" / "folder").mkdir()
    with pytest.raises(EngineError) as caught:
        rig.engine.read_file(id, "/var/www/folder")
    assert "not a regular file" in caught.value.message


def test_an_unknown_container(rig: Rig) -> None:
    with pytest.raises(NotFound):
        rig.engine.read_file("nosuchcontainer", "/etc/hosts")


def test_many_at_once(rig: Rig) -> None:
    id = mounted(rig)
    wanted = {f"n{i}": secrets.token_bytes(200_000 if i == 0 else 40) for i in range(24)}
    for name, nonce in wanted.items():
        (rig.folder / "code" / name).write_bytes(nonce)
    found: dict[str, bytes] = {}

    def read(name: str) -> None:
        found[name] = rig.engine.read_file(id, f"/var/www/{name}")

    threads = [threading.Thread(target=read, args=(name,)) for name in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == wanted


def test_files_are_there_before_the_start(rig: Rig) -> None:
    secret = File("/etc/app/secret", b"s3cret", mode=0o600, uid=12, gid=34)
    deep = File("/opt/deep/er/config.yml", b"a: 1\n")
    id = rig.create(files=(secret, deep))
    assert rig.engine.read_file(id, "/etc/app/secret") == b"s3cret"
    assert rig.engine.read_file(id, "/opt/deep/er/config.yml") == b"a: 1\n"


def test_files_keep_their_mode_and_owner(real: Rig) -> None:
    id = real.run(files=(File("/etc/app/secret", b"s3cret", mode=0o600, uid=12, gid=34),))
    said = real.engine.exec(id, ["stat", "-c", "%a %u %g", "/etc/app/secret"], timeout=20)
    assert said.output.strip() == "600 12 34"
    said = real.engine.exec(id, ["stat", "-c", "%a %u %g", "/etc/app", "/tmp"], timeout=20)
    assert said.output.split("\n")[:2] == ["755 0 0", "1777 0 0"]


def test_files_that_cannot_be_put_leave_no_container(real: Rig) -> None:
    with pytest.raises(EngineError):
        real.create(files=(File("/bin/sh/under-a-file", b"x"),))
    assert [c for c in real.engine.containers() if c.name == f"{real.name}-www"] == []
