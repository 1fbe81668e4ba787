"""Images: known or not, tagged, built, imported, and pulls that fail for different reasons."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dfdev.errors import EngineError, NotFound
from tests.contract.rig import IMAGE, Rig


def test_an_image_that_is_there_or_not(rig: Rig) -> None:
    found = rig.engine.image_id(IMAGE)
    assert found is not None
    assert found.startswith("sha256:")
    assert rig.engine.image_id("dfdev-test/nosuch:1") is None


def test_a_tag_is_the_same_image(rig: Rig) -> None:
    rig.engine.tag(IMAGE, f"localhost:5999/{rig.name}:dev")
    assert rig.engine.image_id(f"localhost:5999/{rig.name}:dev") == rig.engine.image_id(IMAGE)
    with pytest.raises(NotFound):
        rig.engine.tag("dfdev-test/nosuch:1", "dfdev-test/other:1")


def test_labels_of_an_image(rig: Rig) -> None:
    assert rig.engine.image_labels(IMAGE) == {}
    with pytest.raises(NotFound):
        rig.engine.image_labels("dfdev-test/nosuch:1")


def dockerfile(rig: Rig, text: str) -> Path:
    context = rig.folder / "context"
    context.mkdir()
    (context / "Dockerfile").write_text(text)
    return context


def test_a_build_tells_its_lines_and_gives_the_image(real: Rig) -> None:
    context = dockerfile(real, f'FROM {IMAGE}\nARG WHO\nRUN ["sh", "-c", "echo hello $WHO"]\nCOPY file /file\n')
    (context / "file").write_text("content")
    lines: list[str] = []
    ref = f"dfdev-test/{real.name}:1"
    id = real.engine.build(context, ref, args={"WHO": "dfdev"}, labels={"a": "b"}, on_line=lines.append)
    assert "hello dfdev" in lines
    assert real.engine.image_id(ref) == id
    assert real.engine.image_labels(ref)["a"] == "b"
    real.docker("rmi", ref)


def test_a_step_that_fails_shows_its_last_lines(real: Rig) -> None:
    context = dockerfile(real, f'FROM {IMAGE}\nRUN ["sh", "-c", "echo the reason; exit 9"]\n')
    with pytest.raises(EngineError) as caught:
        real.engine.build(context, f"dfdev-test/{real.name}:1", args={}, labels={}, on_line=lambda _: None)
    assert "the reason" in caught.value.details
    assert "non-zero code: 9" in caught.value.message


def test_a_build_without_a_dockerfile(rig: Rig) -> None:
    with pytest.raises(EngineError):
        rig.engine.build(rig.folder, "dfdev-test/none:1", args={}, labels={}, on_line=lambda _: None)


def test_an_import_of_no_archive(real: Rig) -> None:
    wrong = real.folder / "wrong.tar"
    wrong.write_bytes(b"this is no archive" * 1000)
    with pytest.raises(EngineError):
        real.engine.import_image(wrong, f"dfdev-test/{real.name}:1")


def test_a_pull_from_a_registry_that_does_not_answer(real: Rig) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        ref = f"127.0.0.1:{unused.getsockname()[1]}/www:dev"
        with pytest.raises(NotFound) as caught:
            real.engine.pull(ref, lambda _: None)
    assert f"no registry answers for {ref}" in caught.value.message


class _Registry(BaseHTTPRequestHandler):
    """Has no image at all, or wants a password for every one."""

    status, code = 404, "MANIFEST_UNKNOWN"

    def do_GET(self) -> None:
        if self.path == "/v2/":
            self._say(200, {})
        else:
            self._say(self.status, {"errors": [{"code": self.code, "message": self.code.lower().replace("_", " ")}]})

    def do_HEAD(self) -> None:
        self.do_GET()

    def _say(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


class _Private(_Registry):
    status, code = 403, "DENIED"


@contextmanager
def serving(handler: type[_Registry]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_pull_of_an_image_that_no_registry_has(real: Rig) -> None:
    with serving(_Registry) as registry, pytest.raises(NotFound) as caught:
        real.engine.pull(f"{registry}/www:dev", lambda _: None)
    assert caught.value.message.startswith(f"there is no image {registry}/www:dev")
    assert "no registry answers" not in caught.value.message


def test_a_credential_helper_that_is_missing(real: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its absence matters only where a password does."""
    (real.folder / "config.json").write_text('{"credsStore": "nosuch"}')
    monkeypatch.setenv("DOCKER_CONFIG", str(real.folder))
    lines: list[str] = []
    with serving(_Private) as registry, pytest.raises(NotFound) as caught:
        real.engine.pull(f"{registry}/www:dev", lines.append)
    assert "or you may not pull it" in caught.value.message
    assert "docker-credential-nosuch" in caught.value.details[0]
    assert "credsStore" in caught.value.hint
    assert "trying without one" in lines[0]


def test_a_pull_that_is_not_allowed(real: Rig) -> None:
    with serving(_Private) as registry, pytest.raises(NotFound) as caught:
        real.engine.pull(f"{registry}/www:dev", lambda _: None)
    assert "or you may not pull it" in caught.value.message
    assert "docker login" in caught.value.hint
