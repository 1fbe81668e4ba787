"""Volumes that images declare: who they belong to, what stays and what goes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dfdev.core import labels
from dfdev.core.declared import declared_volumes, of_workspace
from dfdev.engine.protocol import ContainerSpec
from dfdev.errors import Conflict
from tests.contract.rig import IMAGE, Rig, unique


@pytest.fixture
def declaring(rig: Rig) -> Iterator[str]:
    """An image with `VOLUME /data`."""
    ref = f"dfdev-test/{unique('declares')}:1"
    context = rig.folder / "context"
    context.mkdir()
    (context / "Dockerfile").write_text(f"FROM {IMAGE}\nVOLUME /data\n")
    rig.engine.build(context, ref, args={}, labels={}, on_line=lambda line: None)
    yield ref
    for container in rig.engine.containers():
        if container.claims.get(labels.WORKSPACE) == rig.name:
            rig.engine.remove(container.id, volumes=True)
    for volume in rig.engine.volumes(f"{labels.WORKSPACE}={rig.name}"):
        rig.engine.remove_volume(volume.name)
    rig.engine.remove_image(ref)


def spec(rig: Rig, image: str) -> ContainerSpec:
    """As `up` makes a container of it."""
    bare = rig.spec(image=image)
    volumes = declared_volumes(rig.name, bare.service, rig.engine.image(image).volumes)
    return ContainerSpec(bare.name, bare.service, bare.network, bare.labels, volumes)


def write(rig: Rig, id: str, text: bytes) -> None:
    rig.engine.write_file(id, "/data/rows", text, mode=0o644, uid=0, gid=0)


def test_an_image_tells_the_volumes_that_it_declares(rig: Rig, declaring: str) -> None:
    assert rig.engine.image(declaring).volumes == ("/data",)
    assert rig.engine.image(IMAGE).volumes == ()


@pytest.mark.parametrize("volumes", [False, True])
def test_what_has_a_name_stays_and_is_the_next_containers(rig: Rig, declaring: str, volumes: bool) -> None:
    made = spec(rig, declaring)
    id = rig.engine.create(made)
    rig.engine.start(id)
    write(rig, id, b"precious")
    rig.engine.remove(id, volumes=volumes)
    again = rig.engine.create(made)
    rig.engine.start(again)
    assert rig.engine.read_file(again, "/data/rows") == b"precious"
    mounts = [(m.source, m.target, m.type) for m in rig.engine.container(again).mounts]
    assert mounts == [(f"{rig.name}-www-data", "/data", "volume")]


def test_a_volume_is_found_by_its_labels_and_removed_when_nobody_has_it(rig: Rig, declaring: str) -> None:
    id = rig.engine.create(spec(rig, declaring))
    (found,) = of_workspace(rig.name, rig.engine.volumes(f"{labels.WORKSPACE}={rig.name}"))
    assert (found.labels[labels.SERVICE], found.labels[labels.DECLARED]) == ("www", "/data")
    with pytest.raises(Conflict):
        rig.engine.remove_volume(found.name)
    rig.engine.remove(id)
    rig.engine.remove_volume(found.name)
    rig.engine.remove_volume(found.name)
    assert rig.engine.volumes(f"{labels.WORKSPACE}={rig.name}") == []


@pytest.mark.parametrize("volumes", [False, True])
def test_an_anonymous_one_goes_with_its_container_only_when_that_is_meant(
    rig: Rig, declaring: str, volumes: bool
) -> None:
    id = rig.run(image=declaring)
    write(rig, id, b"precious")
    (mount,) = rig.engine.container(id).mounts
    rig.engine.remove(id, volumes=volumes)
    # Mounted by its name: as it was, or a new one.
    bare = rig.spec(image=declaring)
    again = rig.engine.create(
        ContainerSpec(bare.name, bare.service, bare.network, bare.labels, {"/data": mount.source})
    )
    rig.engine.start(again)
    if volumes:
        with pytest.raises(Exception, match="rows"):
            rig.engine.read_file(again, "/data/rows")
    else:
        assert rig.engine.read_file(again, "/data/rows") == b"precious"
    rig.engine.remove(again)
    rig.engine.remove_volume(mount.source)
