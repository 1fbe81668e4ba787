"""An S3 on this host that minds the clock as AWS does: moto behind the 15-minute rule that it lacks.

Source: docs.aws.amazon.com, "Error responses" (RequestTimeTooSkewed); the error's other fields as S3 sends them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

HOST_IN_VM = "10.0.2.2"
"""How the VM reaches this host's 127.0.0.1."""
ACCESS_KEY, SECRET_KEY, REGION = "AKIATEST", "s3-secret-of-this-test", "us-east-1"
ALLOWED_SECONDS = 15 * 60
_TIME = "%Y%m%dT%H%M%SZ"
Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def skew(stamp: str, now: float) -> float:
    """Seconds between an `x-amz-date` and now, whichever is later. ValueError: it is none."""
    return abs(datetime.strptime(stamp, _TIME).replace(tzinfo=UTC).timestamp() - now)


def stamp_of(environ: Environ) -> str:
    """A request's x-amz-date, of its header or of a presigned address; "" when it has none."""
    presigned = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Date", [""])
    return str(environ.get("HTTP_X_AMZ_DATE") or presigned[0])


def minding_the_clock(app: App) -> App:
    """The application, with requests refused whose time is not about now. Those without a time pass."""

    def guard(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        stamp, now = stamp_of(environ), time.time()
        if not stamp or skew(stamp, now) <= ALLOWED_SECONDS:
            return app(environ, start_response)
        text = _refusal(stamp, now)
        start_response("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(text)))])
        return [text]

    return guard


def client(port: int) -> Any:
    """boto3's, for this host."""
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )


@contextmanager
def served(bucket: str = "images") -> Iterator[int]:
    """The port on 127.0.0.1 of an S3 that has this bucket."""
    app = minding_the_clock(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        client(server.server_port).create_bucket(Bucket=bucket)
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _refusal(stamp: str, now: float) -> bytes:
    server = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>RequestTimeTooSkewed</Code>'
        "<Message>The difference between the request time and the current time is too large.</Message>"
        f"<RequestTime>{stamp}</RequestTime><ServerTime>{server}</ServerTime>"
        f"<MaxAllowedSkewMilliseconds>{ALLOWED_SECONDS * 1000}</MaxAllowedSkewMilliseconds>"
        "<RequestId>4442587FB7D0A2F9</RequestId><HostId>dfdev</HostId></Error>"
    ).encode()
