"""A company's server behind its own CA: registries of npm and bower, a git repository, a package index and an apt
repository, all of them plain files, each with one thing in it that is called `tiny`.
"""

from __future__ import annotations

import base64
import hashlib
import http.server
import io
import json
import ssl
import subprocess
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.trust.authority import Made, make

NAME = "host.docker.internal"
VERSION = "1.2.3"
TOKEN = "npm_the-token-of-the-company"


@dataclass(frozen=True)
class Shop:
    """`root`: the CA that signed its certificate, by one between. `address`: reached by builds too."""

    root: Made
    address: str
    port: int

    def url(self, path: str = "", host: str = NAME) -> str:
        return f"https://{host}:{self.port}/{path}"

    @property
    def build_url(self) -> str:
        """A build knows no name for this host."""
        return self.url(host=self.address)


@contextmanager
def open_shop(folder: Path, address: str) -> Iterator[Shop]:
    """On that address of this host, on a port of its own. `folder`: empty, for its files."""
    root = make("Example Corp Root CA")
    proxy = make("Example Corp Proxy CA", root)
    server = make("shop", proxy, ca=False, hosts=(NAME, "localhost", address))
    (folder / "chain.pem").write_bytes(server.whole_chain)
    (folder / "key.pem").write_bytes(server.key_pem)
    files = folder / "files"
    files.mkdir()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    listener = _Quiet((address, 0), partial(_Handler, directory=str(files)))
    listener.socket = context.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
    shop = Shop(root, address, listener.server_address[1])
    _stock(files, shop)
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join(10)


class _Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust in it hangs up: that is what is tried."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    timeout = 20
    """Seconds, the handshake included."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def _stock(files: Path, shop: Shop) -> None:
    _npm(files, shop)
    _git(files)
    (files / "packages").mkdir()
    (files / "packages" / "tiny").write_text(json.dumps({"name": "tiny", "url": shop.url("tiny.git")}))
    _pip(files / "simple" / "tiny")
    _apt(files / "apt")


def _npm(files: Path, shop: Shop) -> None:
    """The tarball's address is one that containers and builds both reach."""
    package = json.dumps({"name": "tiny", "version": VERSION}).encode()
    packed = _tar_gz({"package/package.json": package})
    (files / "tiny.tgz").write_bytes(packed)
    dist = {
        "tarball": shop.build_url + "tiny.tgz",
        "integrity": "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode(),
    }
    version = {"name": "tiny", "version": VERSION, "dist": dist}
    document = {"name": "tiny", "dist-tags": {"latest": VERSION}, "versions": {VERSION: version}}
    (files / "tiny").write_text(json.dumps(document))


def _git(files: Path) -> None:
    """A bare repository for git's plain protocol."""
    bare, work = files / "tiny.git", files.parent / "work"
    work.mkdir()
    (work / "bower.json").write_text(json.dumps({"name": "tiny", "version": VERSION}))
    who = ("-c", "user.name=Me", "-c", "user.email=me@example.com")
    for argv in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        (*who, "commit", "-q", "-m", "tiny"),
        (*who, "tag", "-a", VERSION, "-m", VERSION),
        ("clone", "-q", "--bare", ".", str(bare)),
        ("--git-dir", str(bare), "update-server-info"),
    ):
        subprocess.run(["git", *argv], cwd=work, check=True, capture_output=True, timeout=60)


def _pip(folder: Path) -> None:
    folder.mkdir(parents=True)
    name = f"tiny-{VERSION}-py3-none-any.whl"
    info = f"tiny-{VERSION}.dist-info"
    with zipfile.ZipFile(folder / name, "w") as wheel:
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {VERSION}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    (folder / "index.html").write_text(f'<a href="{name}">{name}</a>')


def _apt(folder: Path) -> None:
    folder.mkdir()
    (folder / "Packages").write_text("")


def _tar_gz(files: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return raw.getvalue()
