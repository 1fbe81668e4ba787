from dataclasses import replace

from dfdev.core.conflicts import conflicts, other_homes
from dfdev.core.desired import Port, Service
from dfdev.core.observed import Container, Network
from dfdev.core.reconcile import reconcile
from tests.unit.core.world import MYSQL, WWW, container, desired, nothing, observed

WANT = desired(WWW, MYSQL)


def messages(*foreign: Container) -> list[str]:
    seen = replace(nothing(WANT), containers=foreign)
    return [p.message for p in conflicts(WANT, seen, reconcile(WANT, seen))]


def test_nothing_in_the_way() -> None:
    assert messages() == []


def test_a_name_that_is_not_ours() -> None:
    found = messages(Container("x", "dramas-www", "nginx:1", "sha", "exited"))
    assert found == ["a container that is not dfdev's has the name dramas-www (image nginx:1)"]


def test_a_port_of_a_foreign_container() -> None:
    found = messages(Container("x", "web", "nginx:1", "sha", "running", ports=(Port(8000, 80),)))
    assert found == ["www wants port 8000, which the container web has published"]


def test_a_port_of_a_stopped_container_is_free() -> None:
    assert messages(Container("x", "web", "nginx:1", "sha", "exited", ports=(Port(8000, 80),))) == []


def test_a_port_of_another_workspace_names_it_and_how_to_stop_it() -> None:
    other = replace(desired(Service("site", "i", ports=(Port(8000, 80),))), workspace="blog", home="/home/dev/blog")
    seen = replace(nothing(WANT), containers=(container(other, "site"),))
    (problem,) = conflicts(WANT, seen, reconcile(WANT, seen))
    assert problem.message == "www wants port 8000, which site of the workspace 'blog' has published"
    assert "dfdev down --home=/home/dev/blog" in problem.hint


def test_the_same_workspace_name_in_another_folder() -> None:
    elsewhere = replace(WANT, home="/home/dev/copy")
    seen = observed(elsewhere, container(elsewhere, "www"))
    assert (
        "'dramas' is used by /home/dev/copy"
        in other_homes(WANT.workspace, WANT.home, seen.containers)["/home/dev/copy"].message
    )
    assert other_homes(elsewhere.workspace, elsewhere.home, seen.containers) == {}


def test_a_network_that_is_not_ours() -> None:
    seen = replace(nothing(WANT), networks=(Network("n", WANT.network),))
    (problem,) = conflicts(WANT, seen, reconcile(WANT, seen))
    assert problem.message == "a network that is not dfdev's has the name dramas_default"


def test_a_port_that_one_of_ours_holds_is_no_conflict() -> None:
    seen = observed(WANT, container(WANT, "www"), container(WANT, "mysql"))
    changed = desired(replace(WWW, env=(("A", "1"),)), MYSQL)
    assert conflicts(changed, seen, reconcile(changed, seen)) == ()
