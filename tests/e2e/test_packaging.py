"""templates/ and shell/ are found from a wheel, an editable install and a checkout alike."""

from __future__ import annotations

import os
import shutil
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


def copied(folder: Path) -> Path:
    """What a package is made of, and what use leaves beside it."""
    folder.mkdir()
    for name in ("dfdev", "shell", "templates", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    for name in ("README.md", "LICENSE", "pyproject.toml", ".gitignore"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def built(source: Path, out: Path, zone: str) -> dict[str, bytes]:
    """Name -> content of sdist and wheel, by a build that may not reach any network."""
    env = {"TZ": zone, "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), ".", cwd=source, env=env)
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_a_package_is_the_same_wherever_and_whenever_it_is_built(tmp_path: Path) -> None:
    here, there = copied(tmp_path / "here"), copied(tmp_path / "another place")
    (there / "dfdev/__pycache__").mkdir()
    (there / "dfdev/__pycache__/errors.cpython-311.pyc").write_bytes(b"of here")
    for path in there.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    one = built(here, tmp_path / "one", "UTC")
    assert {name.rpartition(".")[2] for name in one} == {"gz", "whl"}
    assert built(there, tmp_path / "two", "Asia/Tokyo") == one, "not byte for byte"


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
