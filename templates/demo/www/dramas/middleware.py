import logging
import time
from datetime import datetime, timezone

from django.db import InterfaceError, OperationalError
from django.shortcuts import render

AWAY = {1040, 1053, 1205, 2002, 2003, 2005, 2006, 2013, 2026, 2055}
"""MySQL's numbers for a server that is full, going down or not reached. An unknown column is a bug and stays one."""

log = logging.getLogger("requests")


def request_log(get_response):
    """One line per request, in the combined log format and with the milliseconds that it took at the end."""

    def middleware(request):
        began = time.perf_counter()
        response = get_response(request)
        milliseconds = (time.perf_counter() - began) * 1000
        log.info(
            '%s - - [%s] "%s %s %s" %s %s "%s" "%s" %.1f',
            request.META.get("REMOTE_ADDR", "-"),
            datetime.now(timezone.utc).strftime("%d/%b/%Y:%H:%M:%S %z"),
            request.method,
            request.get_full_path(),
            request.META.get("SERVER_PROTOCOL", "-"),
            response.status_code,
            response.headers.get("Content-Length") or len(response.content),
            _quoted(request.META.get("HTTP_REFERER", "-")),
            _quoted(request.META.get("HTTP_USER_AGENT", "-")),
            milliseconds,
        )
        return response

    return middleware


def fresh_pages(get_response):
    """While one develops, a browser must not show yesterday's style sheet."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return middleware


class DatabaseAway:
    """A page that says so and tries again by itself, while MySQL starts, stops or is gone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        number = error.args[0] if error.args else 0
        if isinstance(error, InterfaceError) or (isinstance(error, OperationalError) and number in AWAY):
            response = render(request, "away.html", {"error": error}, status=503)
            response.headers["Retry-After"] = "3"
            return response
        return None


def _quoted(text):
    return text.replace("\\", "\\\\").replace('"', '\\"')
