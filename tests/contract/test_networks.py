"""Networks: found by exact name, removed when free, rejoined when they were made anew."""

from __future__ import annotations

import pytest

from dfdev.errors import Conflict, EngineError
from tests.contract.rig import Rig


def test_found_by_exactly_its_name(rig: Rig) -> None:
    name = rig.network
    similar = rig.engine.create_network(f"{name}x", {})
    found = rig.engine.networks(name)
    assert [n.name for n in found] == [name]
    assert found[0].labels["dev.dfdev.workspace"] == rig.name
    assert rig.engine.networks(name.replace("_", ".")) == []
    rig.engine.remove_network(similar)


def test_a_second_one_of_the_name_is_refused(rig: Rig) -> None:
    with pytest.raises(Conflict):
        rig.engine.create_network(rig.network, {})


def test_remove_twice_is_success(rig: Rig) -> None:
    id = rig.engine.networks(rig.network)[0].id
    rig.engine.remove_network(id)
    rig.engine.remove_network(id)
    assert rig.engine.networks(rig.network) == []


def test_not_removed_while_in_use(rig: Rig) -> None:
    rig.run()
    with pytest.raises(EngineError) as caught:
        rig.engine.remove_network(rig.engine.networks(rig.network)[0].id)
    assert "active endpoints" in caught.value.message


def test_a_stopped_container_joins_a_network_made_anew(rig: Rig) -> None:
    id = rig.run()
    rig.engine.stop(id, 5)
    rig.engine.remove_network(rig.engine.networks(rig.network)[0].id)
    anew = rig.engine.create_network(rig.network, {"dev.dfdev.workspace": rig.name})
    rig.engine.connect(id, rig.network, "www")
    rig.engine.start(id)
    seen = rig.seen(id)
    assert seen is not None
    assert seen.networks == {rig.network: anew}


def test_a_running_container_joins_a_second_network(rig: Rig) -> None:
    id = rig.run()
    other = rig.engine.create_network(f"{rig.name}-other", {})
    rig.engine.connect(id, f"{rig.name}-other", "www")
    assert rig.engine.container(id).networks[f"{rig.name}-other"] == other
    rig.engine.remove(id)
    rig.engine.remove_network(other)


def test_connecting_again_is_success(rig: Rig) -> None:
    id = rig.run()
    rig.engine.connect(id, rig.network, "other")
    assert rig.engine.container(id).networks == {rig.network: rig.engine.networks(rig.network)[0].id}


def test_services_reach_one_another_by_name(real: Rig) -> None:
    real.run("db", command=("nc", "-ll", "-p", "99", "-e", "echo", "hello"))
    www = real.run("www")
    asked = "for i in $(seq 50); do nc -w 2 db 99 && exit; sleep 0.1; done"
    assert real.engine.exec(www, ["sh", "-c", asked], timeout=30).output == "hello\n"


def test_reached_by_name_after_reconnecting(real: Rig) -> None:
    db = real.run("db", command=("nc", "-ll", "-p", "99", "-e", "echo", "hello"))
    real.engine.stop(db, 2)
    real.engine.remove_network(real.engine.networks(real.network)[0].id)
    real.engine.create_network(real.network, {"dev.dfdev.workspace": real.name})
    real.engine.connect(db, real.network, "db")
    real.engine.start(db)
    www = real.run("www")
    asked = "for i in $(seq 50); do nc -w 2 db 99 && exit; sleep 0.1; done"
    assert real.engine.exec(www, ["sh", "-c", asked], timeout=30).output == "hello\n"
