"""Nothing of a user's is lost: by what is done with docker beside dfdev, or by a line of the file that changes."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.e2e.lab import Lab

pytestmark = pytest.mark.engine

DATABASE = """
[mysql]
image = "dfdev-test/mysql:1"
port = {port}
user = "dev"
password = "dev"
database = "dev"
"""
STORE = """
[services.store]
image = "{image}"
command = ["sleep", "1000000"]
env = {{ COLOUR = "{colour}" }}
"""
CLIENT = ("mysql", "--defaults-extra-file=/etc/dfdev/mysql-client.cnf", "-N", "-e")


@pytest.fixture(params=["28", "20.10"])
def where(request: pytest.FixtureRequest) -> Lab:
    """A workspace on the newest engine and on the oldest."""
    found: Lab = request.getfixturevalue({"28": "lab", "20.10": "old_lab"}[request.param])
    return found


def rows(lab: Lab, container: str) -> str:
    return lab.docker("exec", container, *CLIENT, "SELECT id FROM dev.precious", check=False).strip()


def test_rows_outlive_commit_a_changed_port_and_are_missed_after_a_prune(
    where: Lab, free_port: Callable[[], int]
) -> None:
    lab, first, second = where, free_port(), free_port()
    ours, stranger, image = f"{lab.name}-mysql", f"{lab.name}.backup", f"dfdev-test/{lab.name}-backup:1"
    lab.workspace(DATABASE.format(port=first))
    lab.up().ok()
    lab.docker("exec", ours, *CLIENT, "CREATE TABLE dev.precious (id INT); INSERT INTO dev.precious VALUES (42)")
    try:
        lab.docker("commit", ours, image)
        lab.docker("run", "-d", "--name", stranger, image)
        lab.workspace(DATABASE.format(port=second))
        began = time.monotonic()
        done = lab.up("--json").ok()
        assert time.monotonic() - began < 30, "what is left as it is is not waited for on the port of the file"
        assert f"{stranger} is left alone" in done.err and "mysql is left as it is" in done.err
        assert done.json()["services"][0]["ports"] == [f"{first}:3306"]
        assert rows(lab, ours) == "42"
        said = lab.dfdev("down").ok().err
        assert "`docker container prune` removes" in said and "dfdev mysql snapshot NAME" in said
        lab.docker("container", "prune", "-f", "--filter", f"label=dev.dfdev.workspace={lab.name}")
        assert "the database that was here is gone" in lab.up().ok().err
        assert rows(lab, ours) == ""
        assert "gone" not in lab.up().ok().err, "it is said once"
        assert rows(lab, stranger) == "42", "the stranger has been left alone all the time"
    finally:
        lab.docker("rm", "-fv", stranger, check=False)
        lab.docker("rmi", "-f", image, check=False)


def test_what_lies_in_a_declared_volume_outlives_its_container(where: Lab) -> None:
    lab, image = where, f"dfdev-test/{where.name}-store:1"
    context = lab.user / "context"
    context.mkdir()
    (context / "Dockerfile").write_text("FROM dfdev/small:1\nVOLUME /data\n")
    lab.docker("build", "-q", "-t", image, str(context))
    store = f"{lab.name}-store"

    def kept() -> str:
        return lab.docker("exec", store, "cat", "/data/rows", check=False).strip()

    try:
        lab.workspace(STORE.format(image=image, colour="red"))
        lab.up().ok()
        lab.docker("exec", store, "sh", "-c", "echo precious >/data/rows")
        lab.workspace(STORE.format(image=image, colour="blue"))
        assert "remove store" in " ".join(lab.up("--json").ok().json()["plan"])
        assert kept() == "precious"
        lab.docker("rm", "-fv", store)  # as a kill -9 between removal and creation leaves it, or anybody
        lab.up().ok()
        assert kept() == "precious"
        lab.dfdev("down").ok()
        lab.up().ok()
        assert kept() == "precious"
        assert "nothing was removed" in lab.dfdev("down", "--data").err
        lab.dfdev("down", "--data", "--yes").ok()
        lab.up().ok()
        assert kept() == ""
    finally:
        lab.clean()
        lab.docker("rmi", "-f", image, check=False)
