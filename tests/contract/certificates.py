"""A certificate authority of a test's own, by openssl; the folders are laid out as DOCKER_CERT_PATH wants them.

Like docker-machine's, its certificates lack what a strict reader of RFC 5280 asks for.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

_CONFIG = """
[ca]
default_ca = default
[default]
new_certs_dir = {folder}
database = {folder}/index
serial = {folder}/serial
certificate = {folder}/ca.pem
private_key = {folder}/ca-key.pem
default_md = sha256
policy = any
unique_subject = no
x509_extensions = both
[any]
commonName = supplied
[both]
subjectAltName = IP:127.0.0.1,DNS:localhost
extendedKeyUsage = serverAuth,clientAuth
subjectKeyIdentifier = none
authorityKeyIdentifier = none
[req]
distinguished_name = name
[name]
"""


class Authority:
    """`folder` holds ca.pem; `issue` adds cert.pem and key.pem for one party."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        (folder / "config").write_text(_CONFIG.format(folder=folder))
        (folder / "index").touch()
        (folder / "serial").write_text("01\n")
        subject = ["-subj", "/CN=test authority", "-addext", "basicConstraints=critical,CA:TRUE"]
        usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign", "-days", "2"]
        _openssl("req", "-x509", *_new_key(folder / "ca-key.pem"), "-out", folder / "ca.pem", *subject, *usage)

    def issue(self, name: str, *, start: str = "", end: str = "20991231000000Z") -> Path:
        """A folder with ca.pem, cert.pem and key.pem. `start`: YYYYMMDDHHMMSSZ, from when on it is valid."""
        made = self.folder / name
        made.mkdir()
        (made / "ca.pem").write_bytes((self.folder / "ca.pem").read_bytes())
        _openssl("req", *_new_key(made / "key.pem"), "-out", made / "request", "-subj", f"/CN={name}")
        dates = ["-enddate", end, *(["-startdate", start] if start else [])]
        files: list[str | Path] = ["-in", made / "request", "-out", made / "cert.pem"]
        _openssl("ca", "-batch", "-notext", "-config", self.folder / "config", *files, *dates)
        return made


def _new_key(path: Path) -> list[str | Path]:
    return ["-newkey", "rsa:2048", "-noenc", "-keyout", path]


def _openssl(*argv: str | Path) -> None:
    done = subprocess.run(["openssl", *argv], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
