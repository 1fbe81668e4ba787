"""`dfdev config` as it is installed. Needs no engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.unit.workspace.test_schema import EXAMPLE

DFDEV = Path(sys.executable).with_name("dfdev")


def dfdev(*args: str, cwd: Path, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Nobody's settings but those given; no terminal."""
    assert DFDEV.exists(), "install the package first: pip install -e ."
    env = {"PATH": os.environ["PATH"], "HOME": str(cwd / "nobody"), **(environ or {})}
    return subprocess.run(
        [str(DFDEV), "config", *args],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "Drama Färm"
    (folder / "www").mkdir(parents=True)
    (folder / "dfdev.toml").write_text(EXAMPLE, encoding="utf-8")
    return folder.resolve()


def test_the_designs_example_holds(home: Path) -> None:
    done = dfdev("check", cwd=home)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"{home}/dfdev.toml holds: workspace dramas, services registry, mysql, www\n"
    assert json.loads(dfdev("check", "--json", cwd=home / "www").stdout) == {"ok": True, "problems": []}


def test_the_schema_accepts_it_without_a_workspace(tmp_path: Path) -> None:
    import tomllib

    schema = json.loads(dfdev("schema", cwd=tmp_path).stdout)
    assert schema == json.loads(dfdev("schema", "--json", cwd=tmp_path).stdout)
    Draft202012Validator(schema).validate(tomllib.loads(EXAMPLE))


def test_check_reports_every_problem_with_exit_code_3(home: Path) -> None:
    (home / "dfdev.toml").write_text(EXAMPLE.replace("image =", "imag =").replace('"8000:80"', '"x"'))
    (home / "dfdev.local.toml").write_text("[clock]\ncorrect = 'nevr'\n")
    done = dfdev("check", cwd=home)
    assert (done.returncode, done.stdout) == (3, "")
    assert "error: 6 problems in dfdev.local.toml, dfdev.toml" in done.stderr
    assert (
        "services.www.imag: expected a key that dfdev knows, found an unknown key; did you mean image?" in done.stderr
    )
    assert "clock.correct (dfdev.local.toml): expected one of auto, ask, never" in done.stderr
    listed = dfdev("check", "--json", cwd=home)
    document = json.loads(listed.stdout)
    assert (listed.returncode, listed.stderr, document["ok"]) == (3, "", False)
    assert {p["key"] for p in document["problems"]} == {
        "clock.correct", "mysql.imag", "mysql.image", "services.www.imag", "services.www.image",
        "services.www.ports[0]",
    }  # fmt: skip
    assert all(set(p) == {"key", "expected", "found", "hint", "file", "allow"} for p in document["problems"])


def test_a_syntax_error_shows_its_line(home: Path) -> None:
    (home / "dfdev.toml").write_text("[workspace]\nname = dramas\n")
    done = dfdev("check", cwd=home)
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        "error: dfdev.toml, line 2, column 8: invalid value",
        "  2 | name = dramas",
        "             ^",
        'try: a text needs quotes: name = "dramas"',
    ]
    document = json.loads(dfdev("check", "--json", cwd=home).stdout)
    assert "line 2" in document["problems"][0]["found"]


@pytest.mark.parametrize(
    ("name", "said"), [("none", "does not exist"), ("file", "a file, not a folder"), ("nobody", "no dfdev.toml")]
)
def test_a_dfhome_that_is_none_is_exit_code_3(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "nobody").mkdir()
    done = dfdev("check", "--home", name, cwd=tmp_path)
    assert done.returncode == 3
    assert said in done.stderr
    assert "try: " in done.stderr
    assert "Traceback" not in done.stderr


def test_no_dfhome_at_all_says_how_to_begin(tmp_path: Path) -> None:
    done = dfdev("show", cwd=tmp_path)
    assert done.returncode == 3
    assert "dfdev demo" in done.stderr


def test_show_prints_one_value_bare_and_a_section_as_toml(home: Path) -> None:
    assert dfdev("show", "services.www.image", cwd=home).stdout == "our-local-repo-alias:5000/www:dev\n"
    assert dfdev("show", "registry.delete", cwd=home).stdout == "false\n"
    shown = dfdev("show", "frontend", cwd=home).stdout.splitlines()
    assert {'frontend.dir = "frontend"', 'frontend.node = "24"', "frontend.watch = false"} <= set(shown)
    assert json.loads(dfdev("show", "registry.port", "--json", cwd=home).stdout) == {
        "workspace": "dramas",
        "home": str(home),
        "key": "registry.port",
        "value": 5000,
    }


def test_show_origin_names_every_layer_and_no_secret(home: Path) -> None:
    (home / ".env").write_text("REGION=eu-west-1\n")
    (home / ".env.local").write_text("AWS_SECRET=hunter2\n")
    (home / "dfdev.local.toml").write_text(
        "[registry]\naccess_key = '${AWS_ID}'\nsecret_key = '${AWS_SECRET}'\nregion = '${REGION}'\n"
    )
    environ = {"AWS_ID": "hunter1"}
    done = dfdev("show", "registry", "--origin", cwd=home, environ=environ)
    lines = dict(line.split("  # ") for line in done.stdout.splitlines())
    said = {key.strip(): origin for key, origin in lines.items()}
    assert said["registry.port = 5000"] == "dfdev.toml"
    assert said["registry.secure = true"] == "default"
    assert said['registry.region = "eu-west-1"'] == "dfdev.local.toml, ${REGION} from .env"
    assert said['registry.access_key = "********"'] == "dfdev.local.toml, ${AWS_ID} from the environment"
    assert said['registry.secret_key = "********"'] == "dfdev.local.toml, ${AWS_SECRET} from .env.local"
    whole = dfdev("show", "--json", "--origin", cwd=home, environ=environ)
    assert "hunter" not in whole.stdout + whole.stderr + done.stdout
    assert json.loads(whole.stdout)["origins"]["registry.region"] == "dfdev.local.toml, ${REGION} from .env"


def test_show_takes_an_element_of_a_list(home: Path) -> None:
    assert dfdev("show", "services.www.ports[0]", cwd=home).stdout == "8000:80\n"
    done = dfdev("show", "services.www.ports[0]", "--origin", cwd=home)
    assert done.stdout == 'services.www.ports = ["8000:80"]  # dfdev.toml\n'


def test_show_works_while_the_code_is_not_there_yet(home: Path) -> None:
    (home / "www").rmdir()
    assert dfdev("show", "services.www.code", cwd=home).stdout == "www\n"
    assert dfdev("check", cwd=home).returncode == 3


def test_an_unknown_key_is_a_usage_error(home: Path) -> None:
    done = dfdev("show", "registry.prot", cwd=home)
    assert done.returncode == 2
    assert done.stderr == "error: no such key: registry.prot\ntry: did you mean registry.port?\n"
