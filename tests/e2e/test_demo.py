"""`dfdev demo` as its user sees it: written by the installed command, run by a real engine, read in a real browser."""

from __future__ import annotations

import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.browser import Browser, chromium, eventually
from tests.e2e.conftest import NewLab
from tests.e2e.lab import Lab

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

PLAYS = 28
LOCAL = """\
[workspace]
name = "{}"

[services.www]
ports = ["{}:80"]

[mysql]
port = {}

[registry]
port = {}
"""


@pytest.fixture(scope="module")
def demo(engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The demo, up, under a name and on ports of its own."""
    folder = tmp_path_factory.mktemp("demo")
    lab = Lab(folder / "home", folder, engine.host, f"demo-{folder.parent.name}-{folder.name}")
    lab.home.mkdir()
    lab.dfdev("demo", str(lab.home), "--no-up").ok()
    lab.write(LOCAL.format(lab.name, *spare_ports(3)), "dfdev.local.toml")
    try:
        lab.dfdev("demo", str(lab.home), timeout=550).ok()
        yield lab
    finally:
        remove(lab)


@pytest.fixture(scope="module")
def url(demo: Lab) -> str:
    services = demo.dfdev("status", "--json").ok().json()["services"]
    return str(next(s["url"] for s in services if s["name"] == "www"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as window:
        yield window


def spare_ports(count: int) -> list[int]:
    """Ports that nobody listens on now, no two the same."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


@contextmanager
def edited(path: Path, old: str, new: str) -> Iterator[None]:
    """The file with another text in it, as an editor leaves it, and then as it was."""
    before = path.read_text()
    assert old in before
    path.write_text(before.replace(old, new))
    try:
        yield
    finally:
        path.write_text(before)


def fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_page_shows_every_row_of_the_fixtures_in_its_own_script(browser: Browser, url: str) -> None:
    browser.open(url)
    assert browser.text("h1") == "Dramas"
    titles = browser.texts(".leaf h3")
    assert len(titles) == PLAYS and {"Antigone", "Shakuntala", "Faust", "A Doll’s House"} <= set(titles)
    assert {"शकुन्तला", "趙氏孤兒", "Вишнёвый сад", "Et dukkehjem"} <= set(browser.texts(".leaf .original"))
    assert len(browser.texts(".bill li")) == 4


def test_a_play_is_found_by_its_original_title_and_opened(browser: Browser, url: str) -> None:
    browser.open(url)
    browser.type("[name=q]", "вишневый")
    browser.click(".finder button")
    found = ["The Cherry Orchard"]
    assert eventually(lambda: browser.texts(".leaf h3"), lambda titles: titles == found) == found
    browser.click(".leaf a")
    assert eventually(lambda: browser.text("h1"), lambda text: text == found[0]) == found[0]
    assert len(eventually(lambda: browser.texts(".dates li"), lambda dates: len(dates) == 6)) == 6
    assert "/drama/" in browser.url


def test_genre_and_country_narrow_the_list_together(browser: Browser, url: str) -> None:
    browser.open(f"{url}?country=Japan")
    assert browser.texts(".leaf h3") == ["Atsumori", "The Love Suicides at Sonezaki"]
    browser.click(".genres li:last-child a")
    assert len(eventually(lambda: browser.texts(".leaf h3"), lambda titles: len(titles) == 1)) == 1
    assert "country=Japan" in browser.url


def test_nothing_found_says_for_what(browser: Browser, url: str) -> None:
    browser.open(f"{url}?q=%3Cscript%3Egodot")
    assert "<script>godot" in browser.text(".empty")
    assert browser.texts(".leaf") == []


def test_a_template_edited_on_the_host_shows_on_reload(demo: Lab, browser: Browser, url: str) -> None:
    browser.open(url)
    with edited(demo.home / "www/templates/index.html", "<h1>Dramas</h1>", "<h1>Dramas, edited</h1>"):
        browser.reload()
        assert browser.text("h1") == "Dramas, edited"
    browser.reload()
    assert browser.text("h1") == "Dramas"


def test_a_module_edited_on_the_host_is_served_soon(demo: Lab, browser: Browser, url: str) -> None:
    with edited(demo.home / "www/dramas/models.py", '"One act"', '"A single act"'):

        def length() -> str:
            browser.open(f"{url}drama/20")
            return browser.text(".facts div:last-child dd")

        assert eventually(length, lambda text: text == "A single act") == "A single act"


def test_every_request_is_a_line_in_the_log_folder_on_the_host(demo: Lab, browser: Browser, url: str) -> None:
    browser.open(f"{url}drama/9?from=the-test")
    log = (demo.home / "www/run/www.log").read_text()
    assert re.search(r'"GET /drama/9\?from=the-test HTTP/1\.1" 200 \d+ ".*" ".*Chrome.*" \d', log)
    assert '"GET /static/style.css HTTP/1.1" 200' in log
    assert (demo.home / "www/run/www.log").stat().st_uid == demo.home.stat().st_uid
    assert "from=the-test" in demo.dfdev("logs", "www").ok().out


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page", ["", "drama/21", "?q=nobody", "no/such/page"])
def test_pages_fit_the_window_and_ask_nobody_else(browser: Browser, url: str, width: int, page: str) -> None:
    browser.resize(width, 900)
    browser.open(url + page)
    assert browser.run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    loaded = browser.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert loaded and all(str(name).startswith(url) for name in loaded)


def test_while_the_database_is_away_the_page_says_so_and_comes_back_by_itself(
    demo: Lab, browser: Browser, url: str
) -> None:
    demo.docker("stop", demo.containers()["mysql"])
    try:
        assert fetch(f"{url}healthz")[0] == fetch(url)[0] == 503
        browser.open(url)
        assert "not there yet" in browser.text("h1")
        assert "Traceback" not in browser.text()
    finally:
        demo.up().ok()
    assert eventually(lambda: browser.text("h1"), lambda text: text == "Dramas") == "Dramas"
    assert json.loads(fetch(f"{url}healthz")[1]) == {"status": "ok", "dramas": PLAYS}


def test_a_personal_value_makes_only_its_container_again(demo: Lab, browser: Browser, url: str) -> None:
    before = demo.containers()
    (demo.home / ".env.local").write_text((demo.home / ".env.local.example").read_text())
    try:
        demo.up().ok()
        after = demo.containers()
        assert {name for name in before if before[name] != after[name]} == {"www"}
        browser.open(url)
        assert browser.text(".house").casefold() == "the house of a friend"
    finally:
        (demo.home / ".env.local").unlink()
        demo.up().ok()


def test_a_second_run_keeps_what_was_edited_and_has_nothing_to_do(demo: Lab) -> None:
    with edited(demo.home / "www/templates/index.html", "<h1>Dramas</h1>", "<h1>Mine</h1>"):
        again = demo.dfdev("demo", str(demo.home), "--json").ok().json()
        assert again["kept"] == ["www/templates/index.html"]
        assert "<h1>Mine</h1>" in (demo.home / "www/templates/index.html").read_text()
    assert (again["written"], again["images"], again["plan"], again["ports"]) == ([], [], [], {})


def test_its_last_line_is_the_url(demo: Lab, url: str) -> None:
    done = demo.dfdev("demo", str(demo.home)).ok()
    assert done.out.splitlines()[-1] == url
    assert "Four things to try" in done.err


def test_two_demos_run_side_by_side(new_lab: NewLab) -> None:
    labs = [new_lab("first"), new_lab("second")]
    try:
        urls = [lab.dfdev("demo", str(lab.home), "--json", timeout=550).ok().json()["url"] for lab in labs]
        assert len(set(urls)) == 2
        assert [fetch(f"{url}healthz")[0] for url in urls] == [200, 200]
        assert [lab.dfdev("demo", "--json", str(lab.home)).ok().json()["plan"] for lab in labs] == [[], []]
    finally:
        for lab in labs:
            remove(with_chosen_name(lab))


def test_a_folder_with_something_else_in_it_is_left_alone(lab: Lab) -> None:
    lab.write("hello", "notes.txt")
    done = lab.dfdev("demo", str(lab.home))
    assert done.code == 1 and "notes.txt" in done.err and "try: dfdev demo" in done.err
    assert [path.name for path in lab.home.iterdir()] == ["notes.txt"]


def remove(lab: Lab) -> None:
    """What a workspace left on the engine."""
    lab.clean()
    lab.docker("volume", "rm", f"{lab.name}_registry", check=False)


def with_chosen_name(lab: Lab) -> Lab:
    """The same under the name that dfdev chose for it."""
    mine = f"label=dev.dfdev.home={lab.home.resolve()}"
    names = lab.docker("ps", "-a", "--filter", mine, "--format", '{{.Label "dev.dfdev.workspace"}}').split()
    return replace(lab, name=names[0]) if names else lab
