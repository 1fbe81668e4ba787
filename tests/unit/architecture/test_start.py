"""What a start imports: asserted on modules, because milliseconds belong to the machine."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"docker", "requests", "pydantic", "questionary", "prompt_toolkit", "rich", "pexpect"}
LIST = """
import sys
sys.argv[0] = "dfdev"
try:
    from dfdev.__main__ import main
    main()
except SystemExit:
    pass
finally:
    sys.stderr.write("\\nMODULES " + " ".join(sys.modules))
"""


def modules(*args: str, cwd: Path, env: dict[str, str] | None = None) -> set[str]:
    environ = {**os.environ, "NO_COLOR": "1", **(env or {})}
    done = subprocess.run(
        [sys.executable, "-c", LIST, *args],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environ,
        timeout=60,
        check=False,
    )
    return set(done.stderr.rpartition("MODULES ")[2].split())


def test_version_imports_no_library_at_all(tmp_path: Path) -> None:
    assert not modules("--version", cwd=tmp_path) & {*HEAVY, "typer", "msgspec", "dotenv", "json", "re"}


def test_a_config_error_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "dfdev.toml").write_text("[workspace\n")
    found = modules("restart", cwd=tmp_path)
    assert "typer" in found and not found & HEAVY


@pytest.mark.parametrize("command", ["up", "status"])
def test_the_commands_of_every_morning_do_without_typer(tmp_path: Path, command: str) -> None:
    (tmp_path / "dfdev.toml").write_text("[workspace\n")
    assert not modules(command, "--json", "-q", "--home=.", cwd=tmp_path) & {*HEAVY, "typer", "email"}
    assert "typer" in modules(command, "--jsno", cwd=tmp_path)


def test_looking_at_an_engine_that_is_not_there_imports_no_sdk(tmp_path: Path) -> None:
    (tmp_path / "dfdev.toml").write_text('[services.a]\nimage = "a:1"\n')
    found = modules("status", cwd=tmp_path, env={"DOCKER_HOST": f"unix://{tmp_path}/none.sock"})
    assert "dfdev.engine.wire" in found and not found & HEAVY


@pytest.mark.parametrize("command", ["up", "status"])
def test_a_start_makes_no_dataclass_of_the_standard_librarys(tmp_path: Path, command: str) -> None:
    """`core.frozen` has them at a tenth of the price."""
    (tmp_path / "dfdev.toml").write_text('[services.a]\nimage = "a:1"\n')
    found = modules(command, cwd=tmp_path, env={"DOCKER_HOST": f"unix://{tmp_path}/none.sock"})
    ours = [importlib.util.find_spec(name) for name in found if name.startswith("dfdev.")]
    files = [Path(spec.origin) for spec in ours if spec and spec.origin]
    costly = [file for file in files if re.search(r"^from dataclasses import .*\bdataclass\b", file.read_text(), re.M)]
    assert "dfdev.core.frozen" in found and not costly


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_of_a_service_name_needs_neither_engine_nor_schema(tmp_path: Path, shell: str) -> None:
    (tmp_path / "dfdev.toml").write_text('[services.www]\nimage = "a:1"\n')
    env = {
        "_DFDEV_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "dfdev up w",
        "COMP_CWORD": "2",
        "_TYPER_COMPLETE_ARGS": "dfdev up w",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    found = modules(cwd=tmp_path, env=env)
    assert "dfdev.workspace.names" in found
    assert not found & {*HEAVY, "msgspec", "dfdev.engine.wire"}
