"""What every page has: the name of the house, and what is behind the scenes for whoever develops it."""

import socket

from django.conf import settings
from django.db import connection


def backstage(request):
    """Functions are called by the template where it uses them: the count of queries is that of the whole page."""
    return {
        "house": settings.HOUSE,
        "container": socket.gethostname(),
        "queries": lambda: len(connection.queries),
        "milliseconds": lambda: round(sum(float(query["time"]) for query in connection.queries) * 1000),
        "server": _server,
    }


def _server():
    """MySQL's version; only asked for where the page already talked to it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT VERSION()")
        return cursor.fetchone()[0]
