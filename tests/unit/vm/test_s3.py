"""AWS's rule of fifteen minutes, without a server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.vm.s3 import Environ, minding_the_clock, skew


def served(environ: Environ) -> tuple[str, bytes]:
    """Status and body."""
    statuses: list[str] = []

    def app(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"content"]

    body = b"".join(minding_the_clock(app)(environ, lambda status, headers: statuses.append(status)))
    return statuses[0], body


def stamp(offset: float) -> str:
    return datetime.fromtimestamp(time.time() + offset, UTC).strftime("%Y%m%dT%H%M%SZ")


@pytest.mark.parametrize("offset", [0, -890, 890])
def test_about_now_passes(offset: float) -> None:
    assert served({"HTTP_X_AMZ_DATE": stamp(offset)}) == ("200 OK", b"content")


@pytest.mark.parametrize("offset", [-910, 910])
def test_more_than_fifteen_minutes_off_is_refused(offset: float) -> None:
    status, body = served({"HTTP_X_AMZ_DATE": stamp(offset)})
    assert status == "403 Forbidden"
    error = ElementTree.fromstring(body)
    assert error.findtext("Code") == "RequestTimeTooSkewed"
    assert error.findtext("MaxAllowedSkewMilliseconds") == "900000"


def test_a_presigned_address_has_its_time_too() -> None:
    assert served({"QUERY_STRING": f"X-Amz-Date={stamp(-2000)}"})[0] == "403 Forbidden"


def test_a_request_without_a_time_passes() -> None:
    assert served({})[0] == "200 OK"


def test_what_is_no_time() -> None:
    with pytest.raises(ValueError, match="does not match"):
        skew("yesterday", 0)
