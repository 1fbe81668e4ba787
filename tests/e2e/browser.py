"""Headless Chromium, driven over the W3C WebDriver protocol (https://www.w3.org/TR/webdriver2/) by http.client."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The protocol's own key for a reference to an element."""
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--force-prefers-reduced-motion",  # a page that still scrolls moves a button away from the click
    "--window-size=1280,900",
]

T = TypeVar("T")


class WebDriverError(Exception):
    pass


class Browser:
    """One window. Elements are named by CSS selectors; every call answers within 30 s."""

    def __init__(self, port: int) -> None:
        self._port = port
        options = {"browserName": "chrome", "goog:chromeOptions": {"args": _ARGUMENTS}}
        self._path = f"/session/{self._call('POST', '/session', capabilities={'alwaysMatch': options})['sessionId']}"

    def open(self, url: str) -> None:
        """Returns when the page is loaded."""
        self._post("/url", url=url)

    def reload(self) -> None:
        self._post("/refresh")

    @property
    def url(self) -> str:
        return str(self._call("GET", f"{self._path}/url"))

    def text(self, css: str = "body") -> str:
        """What a reader sees of the first such element."""
        return str(self._call("GET", f"{self._path}/element/{self._find(css)}/text"))

    def texts(self, css: str) -> list[str]:
        """Of all such elements, as it is in the document."""
        found = self.run("return Array.from(document.querySelectorAll(arguments[0]), e => e.textContent.trim())", css)
        return [str(text) for text in found]

    def click(self, css: str) -> None:
        self._post(f"/element/{self._find(css)}/click")

    def type(self, css: str, text: str) -> None:
        self._post(f"/element/{self._find(css)}/value", text=text)

    def resize(self, width: int, height: int) -> None:
        self._post("/window/rect", width=width, height=height)

    def run(self, script: str, *arguments: object) -> Any:
        """The value that the script returns."""
        return self._post("/execute/sync", script=script, args=list(arguments))

    def close(self) -> None:
        self._call("DELETE", self._path)

    def _find(self, css: str) -> str:
        return str(self._post("/element", using="css selector", value=css)[_ELEMENT])

    def _post(self, path: str, **body: object) -> Any:
        return self._call("POST", self._path + path, **body)

    def _call(self, method: str, path: str, **body: object) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request(method, path, json.dumps(body) if method == "POST" else None)
            response = connection.getresponse()
            value = json.loads(response.read())["value"]
        finally:
            connection.close()
        if response.status >= 400:
            raise WebDriverError(f"{value['error']}: {value['message']}")
        return value


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with a profile of its own, gone at the end."""
    driver = shutil.which("chromedriver")
    assert driver, "chromium and its driver are installed by shell/test.sh"
    with subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True) as process:
        try:
            browser = Browser(_port(process))
            try:
                yield browser
            finally:
                browser.close()
        finally:
            process.terminate()


def eventually(look: Callable[[], T], wanted: Callable[[T], bool], seconds: float = 20.0) -> T:
    """Look until it is as wanted; returns what was seen last. A page that is loading may not have the element yet."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            seen = look()
            if wanted(seen) or time.monotonic() > deadline:
                return seen
        except WebDriverError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def _port(process: subprocess.Popen[str]) -> int:
    for line in process.stdout or ():
        found = re.search(r"started successfully on port (\d+)", line)
        if found:
            return int(found[1])
    raise WebDriverError(f"chromedriver ended with {process.wait()}")
