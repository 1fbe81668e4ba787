"""How gunicorn serves this folder; it reads this file because it is started here."""

import os

bind = "0.0.0.0:80"
reload = True  # a saved module is served at once
threads = 16  # a browser holds one with every connection that it opens ahead
graceful_timeout = 1


def worker_int(worker):
    """A module was saved. Waiting for open connections would keep the old code for half a minute."""
    os._exit(0)
