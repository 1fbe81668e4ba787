"""SQL in a container, by the client that is in it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SECONDS = 120.0


@dataclass(frozen=True)
class Login:
    """`client` is mysql or mariadb. Without a `host` it goes through the socket: root's only way in."""

    client: str = "mysql"
    user: str = "dev"
    password: str = "dev"
    host: str = "127.0.0.1"

    def argv(self, *options: str) -> list[str]:
        where = [f"--host={self.host}", "--protocol=tcp"] if self.host else ["--protocol=socket"]
        return [self.client, f"--user={self.user}", *where, "--default-character-set=utf8mb4", *options]


DEV = Login()
ROOT = Login(user="root", password="", host="")


def query(
    docker: Sequence[str],
    env: Mapping[str, str],
    container: str,
    sql: str,
    database: str = "",
    login: Login = DEV,
) -> list[list[str]]:
    """The rows of the answers, as text: `docker` is the command with its options, `env` its environment.

    Fields are split at tabs and rows at line ends: ask for HEX(…) where values may hold them. AssertionError with what
    the client said when it failed.
    """
    argv = login.argv("--batch", "--raw", "--skip-column-names", *([f"--database={database}"] if database else []))
    answer = execute(docker, env, container, argv, sql.encode(), login.password)
    return [line.split("\t") for line in answer.decode().removesuffix("\n").split("\n")] if answer else []


def execute(
    docker: Sequence[str],
    env: Mapping[str, str],
    container: str,
    argv: Sequence[str],
    stdin: bytes,
    password: str = "",
    seconds: float = SECONDS,
) -> bytes:
    """Any of the clients in the container. The password is in its environment, not in its arguments."""
    command = [*docker, "exec", "-i", "-e", "MYSQL_PWD", container, *argv]
    environ = {**env, "MYSQL_PWD": password}
    done = subprocess.run(command, env=environ, input=stdin, capture_output=True, timeout=seconds, check=False)
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stderr.decode(errors='replace')}"
    return done.stdout
