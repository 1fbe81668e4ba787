"""Engines behind ssh: the command line, and what ssh says where it leads nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dfdev.core.typed import typed
from dfdev.engine import ssh
from dfdev.engine.connection import Connection
from dfdev.engine.dial import dial
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.errors import explain
from dfdev.engine.patience import Total
from dfdev.engine.ssh import SshEnded
from dfdev.errors import EngineAbsent, EngineDenied, EngineError
from tests.unit.machines.recorded import recorded

FAR = Endpoint("ssh://docker@127.0.0.1:25402", "DOCKER_HOST")


@pytest.mark.parametrize(
    ("host", "target", "port", "line"),
    [
        ("ssh://docker@127.0.0.1:25402", "docker@127.0.0.1", "25402", "ssh -p 25402 docker@127.0.0.1"),
        ("ssh://me@far.example", "me@far.example", "", "ssh me@far.example"),
        ("ssh://far", "far", "", "ssh far"),
        ("ssh://me@[::1]:2222", "me@::1", "2222", "ssh -p 2222 me@::1"),
        ("ssh://[fe80::1%25en0]", "fe80::1%25en0", "", "ssh fe80::1%25en0"),
        ("ssh://me@far:22/var/run/docker.sock", "me@far", "22", "ssh -p 22 me@far"),
    ],
)
def test_the_port_comes_after_p(host: str, target: str, port: str, line: str) -> None:
    endpoint = Endpoint(host, "DOCKER_HOST")
    assert endpoint.ssh_target == (target, port)
    assert typed(*ssh.words(endpoint)) == line


@pytest.mark.parametrize(
    ("file", "kind", "words", "hint"),
    [
        ("unknown-key", EngineDenied, "ssh says: Host key verification failed", "`ssh -p 25402 docker@127.0.0.1` once"),
        (
            "changed-key",
            EngineDenied,
            "REMOTE HOST IDENTIFICATION HAS CHANGED",
            "`ssh-keygen -R '[127.0.0.1]:25402'`, then `ssh",
        ),
        ("changed-key", EngineDenied, "Offending ED25519 key in /home/me/.ssh/known_hosts:1", "made anew"),
        ("key-0644", EngineDenied, "Permissions 0644 for '/home/me/.ssh/id_ed25519' are too open", "`chmod 600 /home"),
        ("closed-port", EngineAbsent, "port 25402: Connection refused", "is that machine up"),
        ("no-name", EngineAbsent, "Could not resolve hostname nosuch.invalid", "comes from DOCKER_HOST"),
        ("no-docker", EngineAbsent, "docker: command not found", "`ssh -p 25402 docker@127.0.0.1 docker version`"),
    ],
)
def test_sshs_own_words(file: str, kind: type[EngineError], words: str, hint: str) -> None:
    error = explain(SshEnded(recorded(f"ssh/{file}"), ""), FAR, "asking", 5)
    assert type(error) is kind
    assert words in error.message and "@@" not in error.message and "\n" not in error.message
    assert hint in error.hint


def test_a_line_to_type_is_ours_whatever_a_banner_says() -> None:
    said = f"ssh-keygen -R far; rm -rf x\n{recorded('ssh/changed-key')}"
    error = ssh.failure(Endpoint("ssh://me@far", "x"), SshEnded(said, ""))
    assert "rm -rf" not in error.hint
    assert "`ssh-keygen -R far`, then `ssh me@far`" in error.hint


def asked(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> EngineError:
    """What becomes of a question where ssh is that script."""
    (folder / "ssh").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    connection = Connection(dial(FAR, 5))
    try:
        with pytest.raises(Exception) as caught:
            connection.ask("GET", "/info", Total(5))
    finally:
        connection.close()
    error = explain(caught.value, FAR, "asking", 5)
    assert error is not None
    return error


def test_what_it_says_reaches_the_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = asked(
        tmp_path, monkeypatch, "echo 'Welcome to far' >&2; echo 'docker@far: Permission denied.' >&2; exit 255"
    )
    assert isinstance(said, EngineDenied) and "ssh says: docker@far: Permission denied" in said.message


def test_it_ends_without_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = asked(tmp_path, monkeypatch, "exit 255")
    assert isinstance(said, EngineAbsent) and "without a word" in said.message


@pytest.mark.parametrize(
    "script",
    [
        "echo 'Welcome to far!'; printf 'HTTP/1.1 200 OK\\r\\n\\r\\n'; sleep 5",
        "echo 'Welcome to far!'; exit 1",
    ],
    ids=["before an answer", "and no answer"],
)
def test_text_before_http_is_named_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    said = asked(tmp_path, monkeypatch, script)
    assert "docker@127.0.0.1 prints text where the engine's answer should begin: 'Welcome to far!'" in said.message
    assert "`ssh -p 25402 docker@127.0.0.1 true` must print nothing" in said.hint


def test_no_such_port() -> None:
    from dfdev.engine.endpoint import at

    with pytest.raises(EngineError, match="no address of an engine"):
        at("ssh://me@far:ssh", "a test")
    assert at("ssh://me@[::1]:22", "a test").ssh_target == ("me@::1", "22")
