"""templates/ and shell/ are found from a wheel, an editable install and a checkout alike."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = "from dfdev.resources import shell_dir, templates_dir as t; print(t()); print(shell_dir())"


def run(*command: str, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from this checkout, with the build tools of the development environment."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), ".", cwd=ROOT)
    return next(out.glob("*.whl"))


def fresh(folder: Path, *install: str) -> Path:
    """A Python that has dfdev and, by a path file, the libraries of the development environment."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    site = next(folder.glob("lib/python3.*/site-packages"))
    libraries = next(p for p in sys.path if p.endswith("site-packages"))
    (site / "libraries.pth").write_text(libraries + "\n")
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-build-isolation",
    ]
    run(*command, "--ignore-installed", *install, cwd=ROOT)
    return python


def check(python: Path, cwd: Path) -> list[str]:
    templates, shell = run(str(python), "-c", ASK, cwd=cwd).split()
    assert (Path(templates) / "demo" / "dfdev.toml").is_file()
    assert (Path(templates) / "images" / "mysql" / "Dockerfile").is_file()
    assert (Path(shell) / "quickstart.sh").is_file()
    return [templates, shell]


def test_from_a_wheel(wheel: Path, tmp_path: Path) -> None:
    python = fresh(tmp_path / "venv", str(wheel))
    templates, _ = check(python, tmp_path)
    assert templates.startswith(str(tmp_path))
    assert run(str(python.with_name("dfdev")), "--version", cwd=tmp_path).startswith("dfdev ")
    assert run(str(python), "-m", "dfdev", "--version", cwd=tmp_path).startswith("dfdev ")


def test_from_an_editable_install(tmp_path: Path) -> None:
    templates, shell = check(fresh(tmp_path / "venv", "-e", str(ROOT)), tmp_path)
    assert [templates, shell] == [str(ROOT / "templates"), str(ROOT / "shell")]


def test_from_a_checkout_without_installing() -> None:
    assert run(sys.executable, "-m", "dfdev", "--version", cwd=ROOT).startswith("dfdev ")
    check(Path(sys.executable), ROOT)
