"""Start-up time, as what must not be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.workspace.support import WWW, write

HEAVY = ("difflib", "dotenv", "logging", "rich", "docker", "requests", "questionary", "pexpect", "json", "asyncio")


def modules_after(script: str, *args: str) -> set[str]:
    code = f"import sys\n{script}\nsys.stdout.write(' '.join(sys.modules))"
    root = str(Path(__file__).resolve().parents[3])
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {root!r})\n{code}", *args],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert not done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("name", HEAVY)
def test_loading_a_plain_workspace_imports_nothing_heavy(plain: set[str], name: str) -> None:
    assert name not in plain


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    home = write(tmp_path_factory.mktemp("home"), WWW + 'env = { A = "$B" }\n')
    script = "from pathlib import Path\nfrom dfdev.workspace.load import load\nload(Path(sys.argv[1]), {})"
    return modules_after(script, str(home))


def test_python_dotenv_is_imported_where_it_is_needed(tmp_path: Path) -> None:
    script = "from pathlib import Path\nfrom dfdev.workspace.load import load\nload(Path(sys.argv[1]), {})"
    assert "dotenv" in modules_after(script, str(write(tmp_path / "a", WWW, env="A=1\n")))
    assert "dotenv" in modules_after(script, str(write(tmp_path / "b", WWW + 'env = { A = "${DFHOME}" }\n')))


def test_completion_needs_neither_types_nor_variables(tmp_path: Path) -> None:
    script = (
        "from dfdev.workspace.locate import find_home\n"
        "from dfdev.workspace.names import service_names\n"
        "assert service_names(find_home(sys.argv[1], {}).path) == ['www']"
    )
    assert not modules_after(script, str(write(tmp_path, WWW))) & {"msgspec", *HEAVY}
