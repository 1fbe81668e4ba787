"""The XDG base directories: a relative one is ignored, as the specification says."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.xdg import xdg_folder
from dfdev.system.folders import state_folder
from dfdev.trust.added import folder
from dfdev.workspace.user import user_config_path


@pytest.mark.parametrize(
    ("given", "expected"),
    [("/x/y", "/x/y"), ("x/y", "/me/.local/state"), ("./x", "/me/.local/state"), ("", "/me/.local/state"),
     ("~/x", "/me/.local/state")],
)  # fmt: skip
def test_a_relative_one_is_ignored(given: str, expected: str) -> None:
    assert xdg_folder({"HOME": "/me", "XDG_STATE_HOME": given}, "XDG_STATE_HOME", ".local/state") == expected


def test_every_folder_of_ours_follows() -> None:
    environ = {"HOME": "/me", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config"}
    assert state_folder(environ) == Path("/me/.local/state/dfdev")
    assert folder(environ) == Path("/me/.config/dfdev/ca")
    assert user_config_path(environ) == Path("/me/.config/dfdev/config.toml")
    assert user_config_path({"XDG_CONFIG_HOME": "config"}) is None
    assert state_folder({}) == Path("/.local/state/dfdev")


def test_nothing_reads_the_variables_itself() -> None:
    """Colima's rules are Colima's; what an agent is given are the names."""
    own = {"core/xdg.py", "core/providers.py", "machines/colima.py", "clock/agent.py"}
    package = Path(__file__).resolve().parents[3] / "dfdev"
    for file in package.rglob("*.py"):
        if str(file.relative_to(package)) not in own and "_templates" not in file.parts:
            assert 'environ["XDG_' not in file.read_text()
            taken = file.read_text().count('environ.get("XDG_')
            assert taken == file.read_text().count('.startswith("/")') or taken == 0, file
