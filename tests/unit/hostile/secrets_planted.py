"""A workspace and a computer with a secret in each place that has some, all of them with the same mark."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Iterator
from pathlib import Path

MARK = "xyzzymark"
WWW = """
[services.www]
image = "{image}"
command = ["sh", "-c", "sleep 1000", "${{A}}", "${{LOCAL}}", "redis://:xyzzymark/url@h/0"]
env_file = "www.env"
[services.www.env]
MANY = "${{MANY}}"
URL = "${{URL}}"
"""
PERSONAL = 'REDIS_PASS = "xyzzymark-pass"\n'
ENVIRON = {
    "A": "xyzzymark-environment",
    "A_TOKEN": "xyzzymark-token",
    "https_proxy": "http://me:xyzzymark-proxy@127.0.0.1:9",
}
MANY = 'one\nxyzzymark-line \\"q\\" end'
SAID = [
    "no such image: xyzzymark-environment:1",
    'exec: "xyzzymark-local": executable file not found',
    "redis://:xyzzymark/url@h/0",
    'xyzzymark-line "q" end',
    'one\\nxyzzymark-line \\"q\\" end',
    "xyzzymark-token xyzzymark-committed xyzzymark-toml xyzzymark-file xyzzymark-npm xyzzymark-pass xyzzymark-proxy",
    "https://h/?x=xyzzymark%2Fin-local",
]
"""What an engine may repeat of what it was told."""


def plant(home: Path, user: Path, toml: str) -> None:
    """`toml`: what dfdev.toml says."""
    (user / ".docker").mkdir(parents=True)
    files = {
        home / "dfdev.toml": toml,
        home / "dfdev.local.toml": f'[mysql]\npassword = "xyzzymark-toml"\n[services.www.env]\n{PERSONAL}',
        home / ".env": "DB_PASSWORD=xyzzymark-committed\n",
        home / ".env.local": f'LOCAL=xyzzymark-local\nMANY="{MANY}"\nURL=redis://:xyzzymark/in-local@h/0\n',
        home / "www.env": "API_SECRET=xyzzymark-file\n",
        user / ".npmrc": "//npm.example/:_authToken=xyzzymark-npm\n",
        user / ".docker/config.json": json.dumps({"auths": {"h:5000": {"auth": _auth("me:xyzzymark-docker")}}}),
    }
    for path, text in files.items():
        path.write_text(text)
        path.chmod(0o600)


def _auth(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def planted(home: Path, user: Path) -> set[Path]:
    names = ("dfdev.toml", "dfdev.local.toml", ".env", ".env.local", "www.env")
    return {*(home / name for name in names), user / ".npmrc", user / ".docker/config.json"}


def left(*folders: Path) -> Iterator[str]:
    """Files with a mark that nobody planted; whose mode is wider than the user's alone is said to be so."""
    for path in (path for folder in folders for path in folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and MARK.encode() in path.read_bytes():
            yield f"{path} {stat.filemode(path.stat().st_mode)}"
