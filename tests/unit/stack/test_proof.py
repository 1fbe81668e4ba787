from pathlib import Path

import pytest

from dfdev.core.desired import Mount, Service
from dfdev.engine.protocol import ContainerSpec
from dfdev.errors import DfdevError, EngineHung
from dfdev.stack.proof import PREFIX, Target, must_hold, prove
from dfdev.system.folders import identity
from tests.fakes.engine import FakeEngine


def targets(folder: Path, *unshared: str) -> tuple[FakeEngine, list[Target]]:
    """A running container with code and logs; `unshared` folders are not what the engine sees."""
    mounts = tuple(
        Mount(str(folder / name), target, role)  # type: ignore[arg-type]
        for name, target, role in (("www", "/var/www", "code"), ("run", "/var/log", "logs"))
    )
    for mount in mounts:
        Path(mount.source).mkdir()
    engine = FakeEngine(images={"i:1": "sha"}, unshared=[str(folder / name) for name in unshared])
    engine.create_network("net", {})
    id = engine.create(ContainerSpec("w-www", Service("www", "i:1", mounts=mounts), "net", {}))
    engine.start(id)
    return engine, [Target("www", id, mount) for mount in mounts]


@pytest.mark.parametrize("roles", [{"code", "logs"}, {"code"}, {"logs"}])
def test_shared_folders_are_proven_together_and_alone(tmp_path: Path, roles: set[str]) -> None:
    engine, todo = targets(tmp_path)
    proofs = prove(engine, [t for t in todo if t.mount.role in roles])
    assert [p.missing for p in proofs] == [""] * len(roles)
    must_hold(proofs, str(tmp_path))


@pytest.mark.parametrize(
    ("unshared", "wrong"),
    [(["www"], ["/var/www"]), (["run"], ["/var/log"]), (["www", "run"], ["/var/www", "/var/log"])],
)
def test_only_what_is_not_shared_is_named(tmp_path: Path, unshared: list[str], wrong: list[str]) -> None:
    engine, todo = targets(tmp_path, *unshared)
    proofs = prove(engine, todo)
    assert [p.target.mount.target for p in proofs if not p.proven] == wrong
    with pytest.raises(DfdevError, match=f"www: {wrong[0]} is not {tmp_path}") as caught:
        must_hold(proofs, str(tmp_path))
    assert f"must share {tmp_path}" in caught.value.hint


class Asleep(FakeEngine):
    """Its machine fell asleep: it takes every call and answers none."""

    def read_file(self, container: str, path: str) -> bytes:
        raise HUNG

    def write_file(self, container: str, path: str, content: bytes, *, mode: int, uid: int, gid: int) -> None:
        raise HUNG


HUNG = EngineHung("the engine took the call and did not answer within 10 s", "restart it")


@pytest.mark.parametrize("role", ["code", "logs"])
def test_a_look_that_failed_is_no_finding(tmp_path: Path, role: str) -> None:
    """Nothing is said of a mount that could not be looked at."""
    _, todo = targets(tmp_path)
    with pytest.raises(EngineHung):
        prove(Asleep(), [t for t in todo if t.mount.role == role])
    assert [p for p in tmp_path.rglob("*") if p.name.startswith(PREFIX)] == []


@pytest.mark.parametrize("unshared", [[], ["www"], ["run"]])
def test_no_probe_is_left_on_the_host(tmp_path: Path, unshared: list[str]) -> None:
    engine, todo = targets(tmp_path, *unshared)
    prove(engine, todo)
    assert [p for p in tmp_path.rglob("*") if p.name.startswith(PREFIX)] == []


def test_what_lies_beside_is_not_written_to(tmp_path: Path) -> None:
    """It may be nobody's to write to; whether it was replaced is asked where that may be."""
    mount = Mount(str(tmp_path / "www"), "/work/www", "beside")
    Path(mount.source).mkdir()
    engine = FakeEngine(images={"i:1": "sha"}, unshared=[mount.source])
    engine.create_network("net", {})
    id = engine.create(ContainerSpec("w-fe", Service("fe", "i:1", mounts=(mount,)), "net", {}))
    engine.start(id)
    assert prove(engine, [Target("fe", id, mount, identity(Path(mount.source)))])[0].proven
    assert not prove(engine, [Target("fe", id, mount, "1:1")])[0].proven
