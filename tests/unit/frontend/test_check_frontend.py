"""What is wrong in `[frontend]`, told with its place before any engine is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.workspace.support import loaded, problems

HEAD = '[workspace]\nname = "drama"\n[frontend]\n'


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('node = "latest"', "node"),
        ('platform = "arm"', "platform"),
        ('output = ""', "output"),
        ('output = "/etc"', "output"),
        ('output = "../out"', "output"),
        ('build = ""', "build"),
        ('watch_command = "grunt \'watch"', "watch_command"),
        ('events = "maybe"', "events"),
        ('modules = "nowhere"', "modules"),
    ],
)
def test_a_setting_that_does_not_hold(tmp_path: Path, line: str, key: str) -> None:
    assert set(problems(tmp_path, f'{HEAD}dir = "web"\n{line}\n')) == {f"frontend.{key}"}


def test_a_section_without_a_folder(tmp_path: Path) -> None:
    assert "frontend.dir" in problems(tmp_path, f"{HEAD}node = 24\n")


@pytest.mark.parametrize("node", ["24", '"20.11.1"', '"0.10"'])
def test_one_that_holds(tmp_path: Path, node: str) -> None:
    found = loaded(tmp_path, f'{HEAD}dir = "web"\nnode = {node}\nplatform = "linux/amd64"\nbuild = "npm run build"\n')
    assert found.config.frontend is not None
