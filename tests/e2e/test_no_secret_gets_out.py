"""A marker in each source of secrets, and every command on a real engine: what an inspection, the processes of this
computer, a saved image and the files that are left tell of it. `tests/unit/hostile/test_no_secret_gets_out.py` has the
commands that fail, in each form.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dfdev.core import labels
from tests.e2e.lab import Lab
from tests.e2e.mysql_lab import BASES, MysqlLab
from tests.unit.clock.harmless import harmless
from tests.unit.hostile.secrets_planted import ENVIRON, MARK, WWW, left, plant, planted
from tests.unit.hostile.walked import lines

pytestmark = pytest.mark.engine

OWN = "sleep 1000"
"""Of the command of the service, which is its own to show."""
ASKED = ["mysql", "url"]
HOLD = (
    "up --yes",
    "restart www",
    "status",
    "logs www",
    "exec www true",
    "mysql build",
    "mysql snapshot one",
    "mysql import",
    "mysql export",
    "mysql status",
    "mysql reset --yes",
    "config check",
    "down --yes",
)
"""Those that must not fail, or else nothing was tried."""


def test_no_command_lets_one_out(mysql: MysqlLab, tmp_path: Path) -> None:
    lab, image = mysql.lab, f"dfdev-test/{mysql.lab.name}-www:{ENVIRON['A']}"
    lab.docker("tag", "dfdev/small:1", image)
    try:
        _fill(mysql, image.replace(ENVIRON["A"], "${A}"))
        with _processes() as seen:
            found = _walked(lab, tmp_path)
        assert [(line, text) for line, _, text in found if MARK in text and line[-2:] != ASKED] == []
        assert {line for line in seen if OWN not in line} == set()
        held = [" ".join(line) for line, code, _ in found if code == 0]
        assert [words for words in HOLD if not any(words in line for line in held)] == []
        mine = planted(lab.home, lab.user)
        assert [file for file in left(tmp_path) if Path(file.rpartition(" ")[0]) not in mine] == []
    finally:
        lab.docker("rmi", "-f", image, check=False)


def _fill(mysql: MysqlLab, image: str) -> None:
    mysql.small()
    toml = f"""
[workspace]
name = "{mysql.lab.name}"
{WWW.format(image=image)}
[mysql]
image = "{mysql.image}"
base = "{BASES[mysql.flavour]}"
port = {mysql.port}
fixtures = "fixtures/"
user = "dev"
database = "dev"
"""
    plant(mysql.lab.home, mysql.lab.user, toml)
    (mysql.lab.home / "one.sql").write_text("SELECT 1;\n")
    (mysql.lab.home / "variables.txt").write_text("sql_mode\tANSI\n")


def _walked(lab: Lab, tmp: Path) -> list[tuple[list[str], int, str]]:
    """Each command line with its exit code and what it prints; before the last ones, which take all away, a look."""
    asked = list(_asked(lines(home=lab.home, tmp=tmp)))
    end = next(at for at, line in enumerate(asked) if "down" in line)
    found = _run(lab, tmp, [["mysql", "build"], ["up"], ["mysql", "snapshot", "kept"], *asked[:end]])
    _look(lab)
    return found + _run(lab, tmp, asked[end:])


def _asked(every: Iterator[list[str]]) -> Iterator[list[str]]:
    """The forms in turn."""
    forms = itertools.cycle(((), ("--json",), ("--verbose",), ("--quiet",)))
    for line in every:
        yield [*(() if line[:1] == ["help"] or line[-1] == "watch" else next(forms)), *line]


def _run(lab: Lab, tmp: Path, asked: list[list[str]]) -> list[tuple[list[str], int, str]]:
    file = tmp / "asked"
    file.write_text(json.dumps(asked))
    (tmp / "tmp").mkdir(exist_ok=True)
    environ = {**lab.environ, **ENVIRON, "PYTHONPATH": ":".join(sys.path), "TMPDIR": str(tmp / "tmp")}
    argv = harmless([sys.executable, "-m", "tests.unit.hostile.one_by_one", str(file)])
    done = subprocess.run(argv, env=environ, cwd=lab.home, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    return [(line, code, text) for line, code, text in json.loads(done.stdout)]


def _look(lab: Lab) -> None:
    """At all that is on the engine, but for what the service itself is given."""
    for service, id in lab.containers().items():
        found = json.loads(lab.docker("inspect", id))[0]
        marks = {name: value for name, value in found["Config"]["Labels"].items() if name != labels.IMAGE}
        parts = [marks, found["HostConfig"], found["Name"]] if service == "www" else found
        assert MARK not in json.dumps(parts), service
    for kind in ("network", "volume"):
        for name in lab.docker(kind, "ls", "-q", "--filter", f"label=dev.dfdev.workspace={lab.name}").split():
            assert MARK not in lab.docker(kind, "inspect", name)
    names = [name for name in lab.docker("images", "--format", "{{.Repository}}:{{.Tag}}").split() if lab.name in name]
    made = [name for name in names if MARK not in name]
    assert {name.rpartition(":")[2] for name in made} >= {"dev", "kept"}, "what was baked, and a snapshot"
    for name in made:
        assert MARK not in lab.docker("inspect", name) + lab.docker("history", "--no-trunc", name)
    assert _saved(lab, made) == {"Antigone"}


def _saved(lab: Lab, images: list[str]) -> set[str]:
    """Which of the mark and of a row of the database are in what `docker save` writes."""
    texts, found, before = {MARK, "Antigone"}, set(), b""
    with subprocess.Popen(["docker", "-H", lab.docker_host, "save", *images], stdout=subprocess.PIPE) as saved:
        assert saved.stdout is not None
        while piece := saved.stdout.read(1 << 20):
            found |= {text for text in texts if text.encode() in before + piece}
            before = piece[-64:]
    return found


@contextmanager
def _processes() -> Iterator[set[str]]:
    """The command lines with the mark that were seen meanwhile."""
    seen: set[str] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    line = file.read_bytes()
                except OSError:
                    continue
                if MARK.encode() in line:
                    seen.add(line.replace(b"\0", b" ").decode(errors="replace"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()
