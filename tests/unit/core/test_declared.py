"""The volumes that an image declares, kept by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.core import labels
from dfdev.core.declared import declared_volumes, of_workspace, volume_name
from dfdev.core.desired import Mount
from dfdev.core.observed import Volume
from dfdev.core.plan import Loss
from dfdev.core.teardown import teardown
from tests.unit.core.world import MYSQL, WWW, container, desired, observed

WANT = desired(MYSQL, WWW)


def volume(service: str, path: str, name: str = "") -> Volume:
    marks = labels.for_volume(labels.for_service(WANT, WANT.service(service)), path)
    return Volume(name or volume_name("dramas", service, path), marks)


def test_each_path_has_a_volume_of_its_own_unless_something_is_mounted_there() -> None:
    bound = replace(WWW, mounts=(Mount("/home/dev/www", "/var/www/", "code"),))
    assert declared_volumes("dramas", bound, ["/data", "/var/www", "/var/lib/x"]) == {
        "/data": "dramas-www-data",
        "/var/lib/x": "dramas-www-var_lib_x",
    }


def test_the_databases_go_with_its_container() -> None:
    assert declared_volumes("dramas", MYSQL, ["/var/lib/mysql"]) == {}


PATHS = st.text("ab/_-. é", min_size=1).map(lambda text: f"/a{text}")


@given(PATHS, PATHS)
def test_no_two_paths_share_a_name(one: str, other: str) -> None:
    import posixpath

    same = posixpath.normpath(one) == posixpath.normpath(other)
    assert (volume_name("w", "s", one) == volume_name("w", "s", other)) == same
    assert all(c.isascii() and (c.isalnum() or c in "_.-") for c in volume_name("w", "s", one))


def test_down_keeps_them_and_down_with_data_asks_about_each() -> None:
    seen = replace(observed(WANT, container(WANT, "www")), volumes=(volume("www", "/data"),))
    assert not teardown(WANT, seen).losses
    assert "volume" not in str(teardown(WANT, seen))
    plan = teardown(WANT, seen, with_data=True)
    assert plan.losses == (Loss("www", "dramas-www-data", "the volume of www at /data"),)
    assert "remove volume dramas-www-data (down with its data) [after remove www]" in str(plan)


@pytest.mark.parametrize(
    "other",
    [
        Volume("dramas-frontend-cache", {labels.WORKSPACE: "dramas"}),
        volume("www", "/data", name="somebodys"),
        Volume("dramas-www-data", {}),
    ],
)
def test_other_volumes_are_no_concern_of_it(other: Volume) -> None:
    assert of_workspace("dramas", [other]) == []
    assert not teardown(WANT, replace(observed(WANT), networks=(), volumes=(other,)), with_data=True)
