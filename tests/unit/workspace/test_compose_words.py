"""Words of a compose file in dfdev.toml are answered with the line to write, and that line holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dfdev.workspace import compose_words
from dfdev.workspace.schema import Config, Frontend, MySQL, Registry, Service
from tests.unit.workspace.support import WWW, loaded, problems


@pytest.mark.parametrize(
    ("line", "key", "answer"),
    [
        ("volumes = ['./www:/var/app', 'data:/x']", "volumes", 'write mounts = ["www:/var/app"]'),
        ("volumes = ['data:/x']", "volumes", 'write mounts = ["data:/var/data"]'),
        ("environment = { A = 'b', B = 1 }", "environment", 'write env = { A = "b", B = "1" }'),
        ("environment = ['A=b', 'C']", "environment", 'write env = { A = "b", C = "${C}" }'),
        ("environment = { DB_PASSWORD = 'geheim' }", "environment", 'write env = { DB_PASSWORD = "${DB_PASSWORD}" }'),
        ("env = ['A=b']", "env", 'write env = { A = "b" }'),
        ("ports = 8000", "ports", 'write ports = ["8000:8000"]'),
        ("ports = '8000:80'", "ports", 'write ports = ["8000:80"]'),
        ("port = 8000", "port", 'write ports = ["8000:8000"]'),
        ("depends_on = { mysql = { condition = 'service_healthy' } }", "depends_on", 'write depends_on = ["mysql"]'),
        ("links = ['mysql:db']", "links", 'write depends_on = ["mysql"]'),
        (
            "healthcheck = { test = ['CMD', 'curl', '/'] }",
            "healthcheck",
            'write health = { command = "curl /" }',
        ),
        ("stop_grace_period = '3s'", "stop_grace_period", 'write stop_timeout = "3s"'),
        ("container_name = 'www'", "container_name", "take it out: the container is called"),
        ("networks = ['back']", "networks", "take it out: the services of a workspace are in one network"),
        ("expose = ['80']", "expose", "take it out: services reach every port"),
        ("build = '.'", "build", "`dfdev docker build -t NAME:TAG DIR`"),
        ("privileged = true", "privileged", "take it out: dfdev has no such setting"),
    ],
)
def test_of_a_service(tmp_path: Path, line: str, key: str, answer: str) -> None:
    found = problems(tmp_path, f"{WWW}{line}\n")
    assert list(found) == [f"services.www.{key}"]
    hint = found[f"services.www.{key}"].hint
    assert answer in hint and "geheim" not in str(found)
    written = re.match(r"write ((?:mounts|env|ports|health|stop_timeout) = .*?[\\]}\"])(?:,|$)", hint)
    if written:
        (tmp_path / "www").mkdir()
        (tmp_path / "data").mkdir()
        assert loaded(tmp_path, f"{WWW}{written[1]}\n", {"C": "c", "DB_PASSWORD": "p"})


@pytest.mark.parametrize(
    ("toml", "key", "answer"),
    [
        ("version = '3'\n", "version", "the file has no version"),
        ("name = 'dramas'\n", "name", 'write name = "dramas" under [workspace]'),
        ("[volumes]\ndata = {}\n", "volumes", "take it out"),
        ("[mysql]\nimage = 'm:1'\nports = ['3307:3306']\n", "mysql.ports", "write port = 3307"),
        ("[mysql]\nimage = 'm:1'\nenvironment = { TZ = 'UTC' }\n", "mysql.environment", 'write env = { TZ = "UTC" }'),
        ("[registry]\nports = [5000]\n", "registry.ports", "write port = 5000"),
        ("[frontend]\ndir = 'a'\ncommand = 'x'\n", "frontend.command", "write watch_command"),
    ],
)
def test_elsewhere(tmp_path: Path, toml: str, key: str, answer: str) -> None:
    assert answer in problems(tmp_path, toml)[key].hint


def test_a_word_that_is_not_compose_s_is_answered_as_before(tmp_path: Path) -> None:
    assert problems(tmp_path, WWW + "imgae = 'x'\n")["services.www.imgae"].hint == "did you mean image?"
    assert "knows" in problems(tmp_path, WWW + "health = { volumes = 1 }\n")["services.www.health.volumes"].hint


def test_no_answer_hides_a_key_of_ours() -> None:
    for known, model in (
        (compose_words._SERVICE, Service), (compose_words._MYSQL, MySQL), (compose_words._REGISTRY, Registry),
        (compose_words._FRONTEND, Frontend), (compose_words._TOP, Config),
    ):  # fmt: skip
        assert not set(known) & set(model.__struct_fields__)
