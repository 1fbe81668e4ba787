"""The JSON Schema says the same as the loader."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from dfdev.workspace.json_schema import json_schema
from dfdev.workspace.masking import is_secret_name
from dfdev.workspace.schema import Config

EXAMPLE = """
[workspace]
name = "dramas"

[machine]
provider = "auto"
profile = ""
cpus = 4
memory = "8GiB"

[clock]
tolerance = "500ms"
correct = "auto"

[registry]
alias = "our-local-repo-alias"
port = 5000
storage = "s3"
bucket = "df-docker-images"
region = "us-east-1"

[mysql]
image = "our-local-repo-alias:5000/mysql:dev"
port = 3306
fixtures = "fixtures/"

[services.www]
image = "our-local-repo-alias:5000/www:dev"
code = "www"
logs = "www/run"
ports = ["8000:80"]
depends_on = ["mysql"]
env = { DJANGO_SETTINGS_MODULE = "www.settings.dev" }
health = { http = "/healthz" }

[frontend]
dir = "frontend"
node = "24"

[images.www-base]
dockerfile = "Dockerfile-www-base"
[images.www]
dockerfile = "Dockerfile-www"
base = "www-base"
test = ["python", "manage.py", "test"]
promote = ["dev", "qa", "staging", "production"]

[profiles.ec2]
logs_root = "/var/log/containers"
"""
"""The example of the design, section 2."""


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(json_schema())
    return Draft202012Validator(json_schema())


def test_the_designs_example_is_accepted(validator: Draft202012Validator) -> None:
    data = tomllib.loads(EXAMPLE)
    validator.validate(data)
    msgspec.convert(data, Config)


@pytest.mark.parametrize(
    "toml",
    [
        "nope = 1",
        "[registry]\nport = 0",
        "[registry]\nport = '5000'",
        "[clock]\ncorrect = 'nevr'",
        "[services.www]\ncode = 'x'",
        "[services.www]\nimage = 'x'\nhealth = {}",
        "[services.www]\nimage = 'x'\nhealth = { http = '/', tcp = 80 }",
        "[services.www]\nimage = 'x'\nenv = { A = [] }",
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(validator: Draft202012Validator, toml: str) -> None:
    assert list(validator.iter_errors(tomllib.loads(toml)))


def test_every_key_and_section_has_a_description() -> None:
    definitions: dict[str, Any] = json_schema()["$defs"]
    for name, section in definitions.items():
        assert section["description"], name
        for key, value in section["properties"].items():
            described = json.dumps(value)
            assert "description" in described or "$ref" in described, f"{name}.{key}"


def test_there_is_no_null_in_it() -> None:
    assert "null" not in json.dumps(json_schema())


def test_what_the_schema_marks_as_secret_is_masked_by_its_name() -> None:
    definitions: dict[str, Any] = json_schema()["$defs"]
    marked = [k for d in definitions.values() for k, v in d["properties"].items() if v.get("writeOnly")]
    assert sorted(marked) == ["access_key", "password", "secret_key"]
    assert all(is_secret_name(name) for name in marked)
