"""The Dockerfile as text: its arguments and stages, and how it reads without secrets."""

from __future__ import annotations

from dfdev.frontend.dockerfile import declared, plain, stages

TEXT = """\
# syntax is not named: it would be pulled
ARG BASE=node:24-bookworm-slim
FROM ${BASE} AS tools
ARG NODE_EXTRA_CA_CERTS npm_config_cafile="/etc/a b"
arg GIT_SSL_CAINFO
# ARG NOT_THIS
RUN --mount=type=secret,id=ca,target=/etc/dfdev/ca.pem \\
    --mount=type=secret,id=npmrc,target=/root/.npmrc \\
    --mount=type=cache,target=/var/cache/apt \\
    npm install --global grunt-cli
ENV NOT=ARG

from --platform=linux/amd64 tools as Assets
COPY . .
FROM scratch
COPY --from=assets / /
"""


def test_the_arguments_that_it_asks_for() -> None:
    assert declared(TEXT) == {"BASE", "NODE_EXTRA_CA_CERTS", "npm_config_cafile", "GIT_SSL_CAINFO"}
    assert declared("ARG A \\\n    B=1\n") == {"A", "B"}
    assert declared("RUN echo ARG X\n") == frozenset()


def test_its_stages() -> None:
    assert stages(TEXT) == ("tools", "assets")
    assert stages("FROM node:24\n") == ()


def test_one_stage_for_a_builder_that_knows_no_secrets() -> None:
    assert plain(TEXT, "tools") == (
        "# syntax is not named: it would be pulled\n"
        "ARG BASE=node:24-bookworm-slim\n"
        "FROM ${BASE} AS tools\n"
        'ARG NODE_EXTRA_CA_CERTS npm_config_cafile="/etc/a b"\n'
        "arg GIT_SSL_CAINFO\n"
        "# ARG NOT_THIS\n"
        "RUN \\\n \\\n \\\n"
        "    npm install --global grunt-cli\n"
        "ENV NOT=ARG\n"
        "\n"
    )


def test_the_stages_before_it_stay() -> None:
    text = plain(TEXT, "assets")
    assert "AS tools" in text and "as Assets" in text and "scratch" not in text


def test_its_platform_is_named_unless_it_names_one_itself() -> None:
    lines = plain(TEXT, "assets", "linux/arm64").splitlines()
    assert [line for line in lines if line.lower().startswith("from")] == [
        "FROM --platform=linux/arm64 ${BASE} AS tools",
        "from --platform=linux/amd64 tools as Assets",
    ]
