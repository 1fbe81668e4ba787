"""Where the bottom layer comes from, on an engine in memory."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from dfdev.engine.protocol import OnLine
from dfdev.errors import DfdevError
from dfdev.images.catalog import BOOKWORM, SID
from dfdev.images.rootfs import Report, mmdebstrap, obtain
from tests.fakes.engine import FakeEngine

NOTHING = {"PATH": ""}
UNHEARD = Report(lambda line: None, lambda text: None)


class SilentHub(FakeEngine):
    """Packets to the Hub are dropped: a pull says nothing and does not end."""

    def pull(self, ref: str, on_line: OnLine) -> None:
        threading.Event().wait(30)


def tool(folder: Path, script: str) -> dict[str, str]:
    """An environment whose only mmdebstrap is this script."""
    path = folder / "mmdebstrap"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_what_the_hub_has_is_pulled() -> None:
    engine = FakeEngine(registry={"debian:bookworm-slim": "sha256:hub"})
    said: list[str] = []
    assert obtain(engine, BOOKWORM, [], NOTHING, Report(said.append, said.append)) == "debian:bookworm-slim"
    assert engine.calls == ["pull image debian:bookworm-slim"]
    assert said == ["pulling debian:bookworm-slim"]


@pytest.mark.parametrize("ref", ["debian:sid-slim", "dfdev/rootfs:sid"])
def test_what_is_there_is_not_fetched_again(ref: str) -> None:
    engine = FakeEngine(images={ref: "sha256:here"})
    assert obtain(engine, SID, [], NOTHING, UNHEARD) == ref
    assert engine.calls == []


def test_without_the_hub_mmdebstrap_makes_it(tmp_path: Path) -> None:
    engine = FakeEngine()
    said: list[str] = []
    environ = tool(tmp_path, "echo 'I: working'")
    assert (
        obtain(engine, SID, ["deb http://m/d sid main"], environ, Report(said.append, said.append))
        == "dfdev/rootfs:sid"
    )
    assert engine.calls == ["pull image debian:sid-slim", "import dfdev/rootfs:sid"]
    assert "there is no image debian:sid-slim" in said[0]
    assert said[1] == "I: working"


def test_a_hub_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    engine = SilentHub()
    assert obtain(engine, SID, [], tool(tmp_path, "true"), UNHEARD, hub_seconds=0.3) == "dfdev/rootfs:sid"


def test_without_the_hub_and_without_mmdebstrap_the_line_to_type_is_named() -> None:
    with pytest.raises(DfdevError) as error:
        obtain(FakeEngine(), BOOKWORM, [], NOTHING, UNHEARD)
    assert "debian:bookworm-slim" in error.value.message
    assert "apt-get install" in error.value.hint


def test_the_end_of_what_mmdebstrap_said_is_shown(tmp_path: Path) -> None:
    environ = tool(tmp_path, "echo 'E: no such mirror' >&2; exit 25")
    with pytest.raises(DfdevError) as error:
        obtain(FakeEngine(), BOOKWORM, [], environ | {"PATH": str(tmp_path)}, UNHEARD)
    assert "E: no such mirror" in error.value.details


def test_only_sid_may_be_older_than_its_release_file_says() -> None:
    sid = mmdebstrap("sid", Path("t.tar"), [])
    assert '--aptopt=Acquire::Check-Valid-Until "false"' in sid
    assert sid[-2:] == ["sid", "t.tar"]
    stable = mmdebstrap("bookworm", Path("t.tar"), ["deb http://m/d bookworm main"])
    assert not any("Valid-Until" in word for word in stable)
    assert stable[-3:] == ["bookworm", "t.tar", "deb http://m/d bookworm main"]
