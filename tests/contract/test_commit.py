"""Images made of containers: what is in them, what they say, and how they go."""

from __future__ import annotations

import json

import pytest

from dfdev.core import labels
from dfdev.engine.protocol import ImageConfig
from dfdev.errors import Conflict, NotFound
from dfdev.mysql.orphans import COMMENT, remove_orphans
from tests.contract.rig import Rig, unique


@pytest.fixture
def ref(rig: Rig) -> str:
    return f"dfdev-test/{unique('kept')}:1"


def test_a_container_becomes_an_image(rig: Rig, ref: str) -> None:
    id = rig.run()
    assert rig.engine.image_id(ref) is None
    made = rig.engine.commit(id, ref, labels={"dev.dfdev.test": ref}, pause=True)
    found = rig.engine.image(ref)
    assert (rig.engine.image_id(ref), found.id, found.refs) == (made, made, (ref,))
    assert found.size >= 0
    assert [image.id for image in rig.engine.labelled_images(f"dev.dfdev.test={ref}")] == [made]
    assert rig.engine.labelled_images("dev.dfdev.test=other") == []
    rig.engine.remove_image(ref)
    assert rig.engine.image_id(ref) is None
    rig.engine.remove_image(ref)


def test_the_labels_of_its_container_are_inherited_and_can_be_emptied(rig: Rig, ref: str) -> None:
    id = rig.run()
    seen = rig.engine.container(id)
    rig.engine.commit(id, ref, labels={**labels.emptied(seen.claims), "dev.dfdev.test": "yes"})
    found = rig.engine.image_labels(ref)
    assert found[labels.WORKSPACE] == ""
    assert found["dev.dfdev.test"] == "yes"
    rig.engine.remove_image(ref)


def test_an_image_that_a_container_uses_stays(rig: Rig, ref: str) -> None:
    rig.engine.commit(rig.run(), ref, labels={})
    id = rig.run("user", image=ref)
    with pytest.raises(Conflict):
        rig.engine.remove_image(ref)
    rig.engine.remove(id)
    rig.engine.remove_image(ref)


def test_what_is_not_there(rig: Rig, ref: str) -> None:
    with pytest.raises(NotFound):
        rig.engine.commit("nosuchcontainer", ref, labels={})
    with pytest.raises(NotFound):
        rig.engine.image(ref)
    with pytest.raises(NotFound):
        rig.engine.written("nosuchcontainer")


def test_files_command_user_and_signal_of_the_image(real: Rig) -> None:
    ref = f"dfdev-test/{unique('kept')}:2"
    id = real.run(env=(("PLACE", "here"),), working_dir="/tmp")
    real.engine.exec(id, ["sh", "-c", "echo kept >/kept"], timeout=20)
    wanted = ImageConfig(("cat",), user="1234", ports=(3306,), stop_signal="SIGQUIT")
    real.engine.commit(id, ref, labels={}, config=wanted, pause=True)
    config = json.loads(real.docker("image", "inspect", "--format", "{{json .Config}}", ref))
    assert (config["Entrypoint"], config.get("Cmd"), config["User"]) == (["cat"], None, "1234")
    assert (list(config["ExposedPorts"]), config["StopSignal"]) == (["3306/tcp"], "SIGQUIT")
    assert (config["Env"][0], config["WorkingDir"]) == ("PLACE=here", "/tmp"), "the rest is the container's"
    assert real.docker("run", "--rm", ref, "/kept") == "kept"
    assert real.engine.image(ref).layers
    real.engine.remove_image(ref)


def test_what_a_container_wrote(real: Rig) -> None:
    id = real.run()
    before = real.engine.written(id)
    real.engine.exec(id, ["sh", "-c", "head -c 1000000 /dev/zero >/big"], timeout=20)
    assert real.engine.written(id) - before == pytest.approx(1_000_000, abs=50_000)


def test_a_container_without_network(real: Rig) -> None:
    from dataclasses import replace

    from dfdev.engine.protocol import NO_NETWORK

    id = real.engine.create(replace(real.spec(), network=NO_NETWORK))
    real.engine.start(id)
    assert "eth0" not in real.engine.exec(id, ["ls", "/sys/class/net"], timeout=20).output


def test_an_image_gets_its_name_later(rig: Rig, ref: str) -> None:
    made = rig.engine.commit(rig.run(), "", labels={"dev.dfdev.test": ref})
    (found,) = rig.engine.labelled_images(f"dev.dfdev.test={ref}")
    assert (found.id, found.refs) == (made, ())
    rig.engine.tag(made, ref)
    (found,) = rig.engine.labelled_images(f"dev.dfdev.test={ref}")
    assert (found.id, found.refs) == (made, (ref,))
    rig.engine.remove_image(ref)
    other = rig.engine.commit(rig.run("other"), "", labels={"dev.dfdev.test": ref})
    rig.engine.remove_image(other)
    assert rig.engine.labelled_images(f"dev.dfdev.test={ref}") == []


def test_a_comment_is_not_inherited(rig: Rig, ref: str) -> None:
    rig.engine.commit(rig.run(), ref, labels={}, comment="made by a test")
    child = rig.run("child", image=ref)
    rig.engine.commit(child, f"{ref}-child", labels={})
    assert (rig.engine.image(ref).comment, rig.engine.image(f"{ref}-child").comment) == ("made by a test", "")
    rig.engine.remove(child)
    rig.engine.remove_image(f"{ref}-child")
    rig.engine.remove_image(ref)


def test_of_the_images_without_a_name_only_ours_go(real: Rig) -> None:
    """`docker commit CONTAINER`, as somebody makes a backup: it inherits every label."""
    ref, label = f"dfdev-test/{unique('kept')}:1", f"dev.dfdev.test={unique('kept')}"
    name, _, value = label.partition("=")
    ours, backup = real.run(), ""
    old = real.engine.commit(ours, ref, labels={name: value}, comment=COMMENT)
    user = real.run("user", image=ref)
    try:
        backup = real.docker("commit", user)
        real.engine.commit(ours, ref, labels={name: value}, comment=COMMENT)
        real.engine.remove(user)
        remove_orphans(real.engine, label)
        left = {image.id for image in real.engine.labelled_images(label)}
        assert (old in left, backup in left) == (False, True)
    finally:
        real.engine.remove(user)
        real.docker("rmi", "-f", backup, ref)
