"""Progress of pull and build, and why a pull failed."""

from __future__ import annotations

import pytest

from dfdev.engine.progress import ProgressError, follow, unknown, unreachable


def test_lines_for_people_and_the_id() -> None:
    lines: list[str] = []
    messages: list[dict[str, object]] = [
        {"stream": "Step 1/2 : FROM x\n"},
        {"stream": "\n"},
        {"status": "Pulling from library/x", "id": "latest"},
        {"status": "Downloading", "progressDetail": {"current": 1}, "id": "a1"},
        {"status": "Pull complete", "progressDetail": {}, "id": "a1"},
        {"aux": {"ID": "sha256:1"}},
        {"status": "Digest: sha256:2"},
    ]
    assert follow(messages, lines.append) == "sha256:1"
    assert lines == ["Step 1/2 : FROM x", "latest: Pulling from library/x", "a1: Pull complete", "Digest: sha256:2"]


def test_an_error_keeps_the_last_lines_and_reads_to_the_end() -> None:
    messages = iter([*({"stream": f"{n}\n"} for n in range(30)), {"error": "exit 9"}, {"status": "after"}])
    with pytest.raises(ProgressError, match="exit 9") as caught:
        follow(messages, lambda _: None)
    assert caught.value.last[-2:] == ("29", "after")
    assert len(caught.value.last) == 15
    assert list(messages) == []


REASONS = {
    "unreachable": [
        'Get "http://localhost:5000/v2/": dial tcp 127.0.0.1:5000: connect: connection refused',
        'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 8.8.8.8:53: no such host',
        'Get "https://r/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded)',
        'Get "https://r:5000/v2/": http: server gave HTTP response to HTTPS client',
        'Get "https://r/v2/": x509: certificate has expired or is not yet valid',
        'Get "https://r/v2/": dial tcp 10.0.0.1:443: i/o timeout',
    ],
    "unknown": [
        "manifest for localhost:5000/www:dev not found: manifest unknown: manifest unknown",
        "pull access denied for nosuch, repository does not exist or may require 'docker login'",
        "Error response from daemon: manifest unknown",
    ],
}


@pytest.mark.parametrize("text", REASONS["unreachable"])
def test_a_registry_that_does_not_answer(text: str) -> None:
    assert unreachable(text)


@pytest.mark.parametrize("text", REASONS["unknown"])
def test_an_image_that_no_registry_has(text: str) -> None:
    assert unknown(text)
    assert not unreachable(text)
