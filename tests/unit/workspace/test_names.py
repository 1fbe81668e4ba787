from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.workspace.names import service_names
from tests.unit.workspace.support import WWW, write


def test_services_then_the_built_in_ones(tmp_path: Path) -> None:
    home = write(tmp_path, "[registry]\n" + WWW, local_toml="[services.extra]\n[services.www]\n[mysql]\n")
    assert service_names(home) == ["www", "extra", "registry", "mysql"]


@pytest.mark.parametrize("toml", ["a = ", "services = 5", "services = []", "[" * 50_000, "services = 2026-01-01"])
def test_never_an_error(tmp_path: Path, toml: str) -> None:
    assert service_names(write(tmp_path, toml)) == []


def test_nothing_where_there_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "dfdev.toml").mkdir()
    assert service_names(tmp_path) == service_names(tmp_path / "none") == []
