"""Whatever stands in the files: a workspace, or an error of ours."""

from __future__ import annotations

import contextlib
import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dfdev.errors import ConfigError
from dfdev.workspace.load import load
from dfdev.workspace.names import service_names
from dfdev.workspace.show import rows
from dfdev.workspace.values import (
    UnfitError,
    parse_argv,
    parse_bytes,
    parse_mount,
    parse_port,
    parse_seconds,
    parse_user,
)
from tests.unit.workspace.support import write

TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["www", "a:b", "8000:80", "1.2.3.4:1:2", "${A}", "${A:-x}", "${A", "$${A}", "..", "/", "~", "~/x", "www:/x",
         "5s", "auto", "s3", "mysql", "registry", "/a", "x:y", "image", "\0", "a:/../x"],
    ),
)  # fmt: skip
LEAVES = st.one_of(
    TEXTS,
    st.integers(-10, 70000),
    st.integers(),
    st.booleans(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)
SERVICE_KEYS = [
    "image", "code", "logs", "mounts", "ports", "env", "env_file", "command", "entrypoint", "depends_on", "health",
    "user", "init", "working_dir", "stop_timeout", "restart", "extra_hosts", "http", "tcp", "port", "timeout",
]  # fmt: skip
KEYS = st.sampled_from([*SERVICE_KEYS, "name", "password", "storage", "access_key", "base", "test", "memory"])
TABLES = st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, LEAVES, max_size=3), max_size=6)
SERVICES = st.dictionaries(st.sampled_from(["www", "api", "mysql"]) | st.text(max_size=5), TABLES, max_size=3)
FILES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("workspace", "machine", "clock", "registry", "mysql", "frontend", "unknown"), TABLES | VALUES),
        **dict.fromkeys(("services", "images", "profiles"), SERVICES | VALUES),
    },
)
ENV_NAMES = st.sampled_from(["A", "B", "C", "DFHOME", "API_KEY"])
ENV_TEXTS = st.text("ABC${}:-=#'\"\\ \n\0é", max_size=40)


def toml_value(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{toml_value(str(k))} = {toml_value(v)}" for k, v in value.items())
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08X}" for c in value if not 0xD800 <= ord(c) < 0xE000) + '"'
    if isinstance(value, int | float):
        return str(value)
    return str(value.isoformat())


def toml_text(data: dict[str, Any]) -> str:
    text = "".join(f"{key} = {toml_value(value)}\n" for key, value in data.items())
    tomllib.loads(text)
    return text


@settings(max_examples=150, deadline=None)
@given(data=FILES, local=FILES, environ=st.dictionaries(ENV_NAMES, TEXTS, max_size=2))
def test_loading_ends_in_a_workspace_or_a_config_error(
    data: dict[str, Any], local: dict[str, Any], environ: dict[str, str]
) -> None:
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        home = write(Path(folder), toml_text(data), local_toml=toml_text(local))
        with contextlib.suppress(ConfigError):
            rows(load(home, environ))
        service_names(home)
    assert dict(os.environ) == before


@settings(max_examples=150, deadline=None)
@given(env=ENV_TEXTS, local=ENV_TEXTS, environ=st.dictionaries(ENV_NAMES, ENV_TEXTS, max_size=3))
def test_any_env_file_ends_in_a_workspace_or_a_config_error(env: str, local: str, environ: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = write(Path(folder), '[services.www]\nimage = "x"\nenv = { A = "${A:-}" }\n', env=env, env_local=local)
        with contextlib.suppress(ConfigError):
            assert load(home, environ).env["DFHOME"] == str(home)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_as_a_file_ends_in_a_workspace_or_a_config_error(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "dfdev.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
        with contextlib.suppress(ConfigError):
            load(Path(folder).resolve(), {})


@given(value=TEXTS | st.text("0123456789:/-.msghKiB '\"", max_size=15))
def test_parsers_give_a_value_or_say_what_they_expected(value: str) -> None:
    for parse in (parse_port, parse_seconds, parse_bytes, parse_mount, parse_argv, parse_user):
        with contextlib.suppress(UnfitError):
            parse(value)
