"""What `dfdev frontend status` tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.observed import Container
from dfdev.frontend.events import Verdict, remember, remembered
from dfdev.frontend.overview import overview
from tests.fakes.engine import FakeEngine
from tests.unit.frontend.fronts import IMAGE, configured, front_in

SERVICE = "dev.dfdev.service"


def test_status_before_anything_was_made(tmp_path: Path) -> None:
    found = overview(FakeEngine(), front_in(tmp_path))
    assert (found.tools, found.modules, found.events, found.has_image) == (
        "absent: the next command makes it", "", "", False,
    )  # fmt: skip
    assert found.watcher == "off: watch = true starts it"
    lines = dict(found.lines())
    assert "to be built by the first command" in lines["image"]
    assert lines["events"] == "not tried yet"
    assert lines["last build"] == "there is nothing to build from"
    assert found.as_json()["rebuilt_seconds"] is None


@pytest.mark.parametrize("changed", [False, True])
def test_status_of_what_runs(tmp_path: Path, changed: bool) -> None:
    front = configured(front_in(tmp_path), watch=True)
    marks = front.labels("1000:1000")
    tools = Container("c1", front.name, IMAGE, "sha256:1", "running", claims=marks)
    watcher = Container("c2", "drama-frontend", IMAGE, "sha256:1", "running", claims=marks | {SERVICE: "frontend"})
    engine = FakeEngine(images={IMAGE: "sha256:1"}, containers=[tools, watcher])
    remember(engine, "c2", Verdict("native", 0.005))
    assert remembered(engine, "c1") == ""
    shown = configured(front, env={"A": "1"}) if changed else front
    found = overview(engine, shown)
    assert (found.tools == "running") != changed
    assert ("makes it anew" in found.tools) == changed
    assert (found.watcher, found.modules, found.has_image) == ("running", "installed", True)
    assert found.events == "native: an event came after 5 ms", "of the one that needs them"


def test_status_where_the_file_decides(tmp_path: Path) -> None:
    found = overview(FakeEngine(), configured(front_in(tmp_path), events="poll"))
    assert found.events == "poll: dfdev.toml says so"
