"""The app of the benchmark: reads the database, logs every request. As PID 1 it ignores SIGTERM, as many apps do."""

import http.server
import pathlib

import pymysql  # type: ignore[import-untyped]

LOG = pathlib.Path("/var/log/access.log")


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"ok" if self.path == "/healthz" else titles().encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        with LOG.open("a") as log:
            log.write(format % args + "\n")


def titles() -> str:
    with pymysql.connect(host="mysql", user="dev", password="dev", database="dev") as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT title FROM drama ORDER BY id")
            return ", ".join(title for (title,) in cursor.fetchall())


http.server.ThreadingHTTPServer(("", 8000), Page).serve_forever()
