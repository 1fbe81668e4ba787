"""The fixtures and their digests on real servers, by the servers' own clients alone: a copy is as the original."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.mysql.checksums import checksums
from tests.mysql.dataset import Flavour, write_fixtures
from tests.mysql.server import Server

pytestmark = [pytest.mark.engine]

IMAGES: dict[Flavour, str] = {"mysql": "dfdev/mysql:9", "mariadb": "dfdev/mariadb:10"}


@pytest.fixture
def serve(engine: machine.Engine) -> Iterator[Callable[[Flavour], Server]]:
    """Starts an empty server."""
    docker, started = [engine.docker, "-H", engine.host], list[str]()

    def start(flavour: Flavour) -> Server:
        command = [*docker, "run", "-d", "--init", IMAGES[flavour]]
        started.append(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip())
        return Server(docker, os.environ, started[-1], flavour)

    yield start
    subprocess.run([*docker, "rm", "-f", "-v", *started], capture_output=True, check=True, timeout=60)


@pytest.mark.parametrize("flavour", ["mysql", "mariadb"])
def test_a_dump_of_the_fixtures_loaded_elsewhere_has_the_same_digests(
    serve: Callable[[Flavour], Server], flavour: Flavour, tmp_path: Path
) -> None:
    original, copy = serve(flavour), serve(flavour)
    write_fixtures(tmp_path, flavour)
    original.wait()
    original.load_all(tmp_path)
    digests = checksums(original.query)
    assert_everything_is_there(digests)
    copy.wait()
    copy.source(original.dump())
    assert checksums(copy.query) == digests
    assert_digests_see(original, digests)


def assert_everything_is_there(digests: dict[str, str]) -> None:
    count = {
        kind: sum(key.startswith(f"{kind} ") for key in digests) for kind in ("view", "trigger", "routine", "event")
    }
    assert count == {"view": 7, "trigger": 4, "routine": 5, "event": 2}
    rows = {key: int(digest.split(":")[0]) for key, digest in digests.items() if key.startswith("rows ")}
    expected = {"dev.play": 5, "dev.review": 10, "dev.price list": 3, "dev.audit": 7, "dev.by_script": 1}
    expected |= {"dev.upload": 4, "dev.windows": 4, "archive 2014.play": 2, 'dev.it\'s "quoted"; -- no': 1}
    assert expected.items() <= {key.removeprefix("rows "): number for key, number in rows.items()}.items()


def assert_digests_see(server: Server, before: dict[str, str]) -> None:
    """Small changes, each in what it changed and nowhere else."""
    server.source(
        b"UPDATE latin SET word = 'Aerger' WHERE word LIKE '%rger'; DROP TRIGGER ticket_back;"
        b"UPDATE upload SET data = CONCAT(data, 0x00) WHERE id = 1; INSERT INTO log_line VALUES ('twice', 1);"
        b"ALTER EVENT clean_up ENABLE; ALTER TABLE actor DROP FOREIGN KEY actor_teacher;",
        "dev",
    )
    after = checksums(server.query)
    assert {key for key in before if after.get(key) != before[key]} == {
        "rows dev.latin", "rows dev.upload", "rows dev.log_line",
        "trigger dev.ticket_back", "event dev.clean_up", "structure dev.actor",
    }  # fmt: skip
