"""What the README says of the command line and the workspace file is what the code does."""

import re
from pathlib import Path

from tests.docs.commands import README, written

TEXT = README.read_text()


def test_the_table_of_commands_is_todays() -> None:
    assert written(TEXT) == TEXT, "run: python -m tests.docs.commands"


def test_the_example_workspace_is_accepted(tmp_path: Path) -> None:
    from dfdev.workspace.load import load

    (workspace, frontend) = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    (tmp_path / "dfdev.toml").write_text(f"{workspace}\n{frontend}")
    found = load(tmp_path, {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", "DB_PASSWORD": "p"}, files=False)
    assert {"www"} <= set(found.config.services)
    assert found.config.frontend is not None


def test_the_two_commands_are_there() -> None:
    root = README.parent
    assert "sh shell/quickstart.sh" in TEXT and (root / "shell/quickstart.sh").is_file()
    assert "sh shell/test.sh" in TEXT and (root / "shell/test.sh").is_file()


def test_every_folder_of_the_map_exists() -> None:
    (tree,) = re.findall(r"```\n(dfdev/\n.*?)```", TEXT, flags=re.DOTALL)
    names = re.findall(r"^  (\S+/)", tree, flags=re.MULTILINE)
    assert names
    for name in names:
        assert (README.parent / "dfdev" / name).is_dir(), name
