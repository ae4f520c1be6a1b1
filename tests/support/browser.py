"""A real browser for a test: Debian's chromium without a window, driven by keyboard over W3C WebDriver."""

from __future__ import annotations

import base64
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

PHONE = (360, 640)
DESK = (1280, 800)

TAB, ENTER = "\ue004", "\ue007"

_PROGRAMS = ("chromium", "chromedriver")
_INSTALL = "apt-get install chromium chromium-driver"
_LISTENS = re.compile(r"started successfully on port (\d+)")
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's id, by the standard

_FLAGS = (
    "--headless",
    "--no-sandbox",  # in a container, or as root, there is none; what is opened is the tests' own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class BrowserError(Exception):
    """What the driver says that it could not do; ``code`` is the standard's word for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Browser:
    """One window of the browser, and the person at its keyboard.

    Args:
        http: of the driver.
        session: path of the browser's session there.
        folder: where driver and browser keep all that they write.
    """

    def __init__(self, http: httpx.Client, session: str, folder: str) -> None:
        self.folder = folder
        self._http = http
        self._session = session

    # What is seen

    @property
    def title(self) -> str:
        """The title of the page."""
        return self._call("GET", "title")

    @property
    def text(self) -> str:
        """The text of the page, as it is drawn."""
        return self.run("return document.body?.innerText ?? ''")

    @property
    def focus(self) -> tuple[str, str]:
        """Role and name of what has the focus, as a screen reader says them."""
        element = self._call("GET", "element/active")[_ELEMENT]
        return tuple(self._call("GET", f"element/{element}/computed{what}") for what in ("role", "label"))

    @property
    def dialog(self) -> str | None:
        """The text of the dialog that is open; None, there is none."""
        try:
            return self._call("GET", "alert/text")
        except BrowserError as error:
            if error.code != "no such alert":
                raise
            return None

    def picture(self) -> bytes:
        """Return the window as a PNG."""
        return base64.b64decode(self._call("GET", "screenshot"))

    def run(self, script: str, *arguments: Any) -> Any:
        """Return what *script* returns, in the page."""
        return self._call("POST", "execute/sync", script=script, args=arguments)

    # What is done

    def open(self, address: str) -> None:
        """Go to *address*, and wait until it is loaded."""
        self._call("POST", "url", url=address)

    def look(self, size: tuple[int, int], *, dark: bool = False) -> None:
        """Have a screen of *size*, which is a phone's if it is narrow, and light or dark colours."""
        width, height = size
        told = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._tell("Emulation.setDeviceMetricsOverride", told)
        colours = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._tell("Emulation.setEmulatedMedia", {"features": [colours]})

    def type(self, text: str) -> None:
        """Press a key for each letter, whatever has the focus."""
        strokes = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._call("POST", "actions", actions=[{"type": "key", "id": "keyboard", "actions": strokes}])

    def enter(self, text: str) -> None:
        """Type *text* into the field that the page gives the focus to, and press Enter."""
        self.wait_for(lambda: self.focus[0] == "textbox")
        self.type(text + ENTER)

    def press(self, button: str) -> None:
        """Go to *button* by the Tab key, and press it by Enter."""
        for _ in range(20):
            if self.focus == ("button", button):
                self.type(ENTER)
                return
            self.type(TAB)
        raise AssertionError(f"The Tab key does not reach {button!r} on this page:\n{self.text}")

    @contextmanager
    def another_tab(self) -> Iterator[None]:
        """Be in a new tab for a while."""
        before = self._call("GET", "window")
        self._call("POST", "window", handle=self._call("POST", "window/new", type="tab")["handle"])
        try:
            yield
        finally:
            self._call("DELETE", "window")
            self._call("POST", "window", handle=before)

    def decide(self, address: str, code: str, button: str = "Approve") -> None:
        """Open the page at *address*, type *code*, press *button*, by the keys alone; wait for the word."""
        self.open(address)
        self.enter(code)
        self.wait_for(code)
        self.press(button)
        self.wait_for({"Approve": "Approved", "Deny": "Denied"}[button])

    # What is waited for

    def wait_for(self, wanted: str | Callable[[], object], timeout: float = 20) -> None:
        """Wait until the page has a text, or a function returns something true."""
        end = time.monotonic() + timeout
        while not (wanted in self.text if isinstance(wanted, str) else wanted()):
            if time.monotonic() > end:
                raise AssertionError(f"Not within {timeout} s: {wanted}\n{self.text}")
            time.sleep(0.02)

    def _tell(self, command: str, parameters: dict[str, Any]) -> None:
        self._call("POST", "goog/cdp/execute", cmd=command, params=parameters)

    def _call(self, method: str, path: str, **body: Any) -> Any:
        return _call(self._http, method, f"{self._session}/{path}", **body)


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser of its own, at phone size; it is gone afterwards. Without one the test is skipped."""
    chromium, chromedriver = programs()
    with (
        TemporaryDirectory(prefix="browser-") as folder,
        _driver(chromedriver, folder) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as http,
        _session(http, chromium, folder) as session,
    ):
        one = Browser(http, session, folder)
        one.look(PHONE)
        yield one


def approve(address: str, code: str) -> None:
    """Approve *code* on the page at *address*, with a `browser` of its own."""
    with browser() as one:
        one.decide(address, code)


def programs(path: str | None = None) -> list[str]:
    """Return where browser and driver are; skips the test where one is not on *path* (by default PATH)."""
    found = [place for name in _PROGRAMS if (place := shutil.which(name, path=path))]
    if len(found) < len(_PROGRAMS):
        pytest.skip(f"Not installed: {' or '.join(_PROGRAMS)}. Debian: {_INSTALL}")
    return found


def processes_of(folder: str) -> list[int]:
    """Return the processes whose command line or environment names *folder* (Linux)."""
    found: list[int] = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if folder.encode() in (place / "cmdline").read_bytes() + (place / "environ").read_bytes():
                found.append(int(place.name))
    return found


@contextmanager
def _driver(program: str, folder: str) -> Iterator[str]:
    """Start the driver, and give its address. All that it and the browser write lies in *folder*."""
    environ = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder}
    with subprocess.Popen(
        [program, "--port=0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ,
        text=True,
    ) as process:
        silence = threading.Timer(30, process.kill)
        silence.start()
        try:
            assert process.stdout is not None
            found = next(filter(None, map(_LISTENS.search, process.stdout)), None)
            silence.cancel()
            assert found is not None, "The driver did not start to listen."
            yield f"http://127.0.0.1:{found[1]}"
        finally:
            silence.cancel()
            process.terminate()
            process.wait(30)
            _end_all(folder)


@contextmanager
def _session(http: httpx.Client, program: str, folder: str) -> Iterator[str]:
    options = {"binary": program, "args": [*_FLAGS, f"--user-data-dir={folder}/profile"]}
    wanted = {"browserName": "chrome", "goog:chromeOptions": options, "unhandledPromptBehavior": "ignore"}
    begun = _call(http, "POST", "/session", capabilities={"alwaysMatch": wanted})
    session = f"/session/{begun['sessionId']}"
    try:
        yield session
    finally:
        _call(http, "DELETE", session)


def _end_all(folder: str) -> None:
    """Wait until every process of the browser has ended; end those that do not by themselves."""
    end = time.monotonic() + 5
    while left := processes_of(folder):
        if time.monotonic() > end:
            for process in left:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        time.sleep(0.02)


def _call(http: httpx.Client, method: str, path: str, **body: Any) -> Any:
    answer = http.request(method, path, json=body if method == "POST" else None)
    value = answer.json()["value"]
    if answer.is_error:
        raise BrowserError(value["error"], value["message"])
    return value
