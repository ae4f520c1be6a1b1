"""The whole way of a sign-in, with a real browser at its other end; and the page as that browser shows it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from approval import scanned, shown
from browser import DESK, ENTER, PHONE, TAB, Browser, approve, browser, processes_of, programs
from pty_session import PtySession, keys
from sandbox_caller import Clock
from sandbox_server import Serving, serve
from verbs import COMMAND, Home, credentials

from zoho.account.scopes import SCOPES
from zoho.sandbox import World
from zoho.sandbox.device_codes import DeviceCode

UNKNOWN = "No device waits for this code"
SCRIPT = "<script>alert(1)</script><img/src=x/onerror=alert(2)>"
RUN_SCRIPT = """
const made = document.createElement("script");
made.text = "document.title = 'It ran'";
document.body.append(made);
"""
SETTINGS = Path(__file__).parents[1] / "support" / "sign_in_app.py"
FIELD = ("textbox", "The code on the device")

# What is too faint by WCAG 2.2: text below 4.5 to 1 (1.4.3), edges and the focus's ring below 3 (1.4.11).
FAINT = """
const channels = text => text.match(/[\\d.]+/g).map(Number);
const light = colour => {
  const [r, g, b] = colour.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
const ground = element => {
  for (let at = element; at; at = at.parentElement) {
    const colour = channels(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] === 1) return colour;
  }
};
const faint = [];
let measured = 0;
const measure = (element, what, colour, behind, least) => {
  const [low, high] = [light(channels(colour)), light(ground(behind))].sort((a, b) => a - b);
  measured += 1;
  if ((high + .05) / (low + .05) < least) faint.push(`${what} of ${element.outerHTML}`);
};
for (const element of document.body.querySelectorAll("*:not([type=hidden])")) {
  const style = getComputedStyle(element);
  const control = element.matches("input, button");
  if (style.opacity !== "1") faint.push(`opacity of ${element.outerHTML}`);
  if (control || [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    measure(element, "text", style.color, element, 4.5);
  if (control) measure(element, "edge", style.borderColor, element.parentElement, 3);
  if (element === document.activeElement) {
    if (style.outlineStyle === "none") faint.push(`no ring around ${element.outerHTML}`);
    measure(element, "ring", style.outlineColor, element.parentElement, 3);
  }
}
return [measured, faint];
"""


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as one:
        yield one


@pytest.fixture
def phone(window: Browser) -> Browser:
    """The browser, with a phone's screen."""
    window.look(PHONE)
    return window


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock)


@pytest.fixture
def url(world: World) -> Iterator[Serving]:
    with serve(world) as served:
        yield served


def begin(world: World, url: str, *scopes: str) -> DeviceCode:
    """Begin a sign-in as a device does."""
    form = {"client_id": world.client_id, "grant_type": "device_request", "scope": ",".join(scopes or SCOPES)}
    told = httpx.post(f"{url}/oauth/v3/device/code", data=form, trust_env=False).json()
    return next(code for code in world.device.begun if code.user_code == told["user_code"])


def said(world: World, code: DeviceCode) -> DeviceCode | dict[str, Any]:
    """Return what the device is told at its next poll."""
    return world.device.poll(code.device_code, world.client_id)


def asks(url: str, code: str) -> str:
    """Return the address of the page with *code* in it."""
    return f"{url}/device?{urlencode({'user_code': code})}"


def login(folder: Path, world: World, url: str) -> tuple[Home, PtySession]:
    folder.mkdir()
    home = Home(folder, client(world, url))
    return home, PtySession([*COMMAND, "login"], env=home.env, cwd=folder)


def client(world: World, url: str) -> dict[str, str]:
    """Return the variables of a client that nobody is signed in with."""
    return {name: value for name, value in credentials(world, url).items() if name != "ZOHO_REFRESH_TOKEN"}


def code_on(terminal: PtySession) -> tuple[str, str]:
    terminal.wait_for(" left")
    found = shown(terminal.text())
    assert found is not None, terminal.picture()
    return found


def test_one_rep_types_the_code_and_approves_while_another_scans_it_and_denies(
    tmp_path: Path, phone: Browser
) -> None:
    world = World(submission_key="Submission_Key")
    with serve(world) as url:
        home, typing = login(tmp_path / "typing", world, url)
        empty, scanning = login(tmp_path / "scanning", world, url)
        with typing, scanning:
            _, code = code_on(scanning)
            phone.open(scanned(scanning))
            phone.wait_for(code)
            phone.press("Deny")
            phone.wait_for("Denied")
            phone.decide(*code_on(typing))
            phone.wait_for("Go back to the device")
            assert typing.wait_exit() == 0, typing.picture()
            assert "Signed in as Robin Ellis to Zylker Ltd" in typing.text()
            assert scanning.wait_exit() == 1, scanning.picture()
            assert "refused in the browser" in scanning.text()
        assert not empty.config_file.exists()
        assert home.run("add", given={"Last_Name": "Hopper-Roe", "Company": "Acme"}).status == 0
        phone.open(url)
        phone.wait_for("Hopper-Roe")


def test_a_rep_signs_in_from_settings_and_sends_a_lead(tmp_path: Path, phone: Browser) -> None:
    world = World(submission_key="Submission_Key")
    world.device.interval = 0.0  # its clock is the real one, the app's is quicker
    with serve(world) as url:
        quick = {"SIGN_IN_CENTERS": json.dumps({"eu": url}), "SIGN_IN_FACTOR": "10"}
        home = Home(tmp_path, {**client(world, url), **quick, "TMPDIR": str(tmp_path)})
        with PtySession([sys.executable, SETTINGS], env=home.env, cwd=tmp_path) as terminal:
            terminal.wait_for("Not signed in")
            terminal.press("f3")
            terminal.wait_for("[ Sign in ]")
            terminal.press("f6")
            _, code = code_on(terminal)
            phone.open(scanned(terminal))
            phone.wait_for(code)
            phone.press("Approve")
            phone.wait_for("Approved")
            terminal.wait_for("Signed in as Robin Ellis to Zylker Ltd")
            terminal.press("f2")
            terminal.wait_for("Last Name")
            terminal.send("\tHopper-Roe\tAcme" + keys("ctrl+s"))
            terminal.wait_for("created in Zoho")
        phone.open(url)
        phone.wait_for("Hopper-Roe")


def test_a_wrong_code_is_typed_again(phone: Browser, world: World, url: Serving) -> None:
    code = begin(world, url)
    phone.open(f"{url}/device")
    phone.enter("xxxx-xxxx")
    phone.wait_for(UNKNOWN)
    assert "XXXX-XXXX" in phone.text
    phone.enter(code.user_code.lower().replace("-", ""))  # the focus is there: the next try is typed at once
    phone.wait_for(code.user_code)
    phone.press("Approve")
    phone.wait_for("Approved")
    assert said(world, code) is code


def test_enter_alone_does_not_approve(phone: Browser, world: World, url: Serving) -> None:
    code = begin(world, url)
    phone.open(f"{url}/device")
    phone.enter(code.user_code)
    phone.wait_for(code.user_code)
    phone.type(ENTER)
    assert "Sign in this device?" in phone.text, "what it asks for is read first"
    assert said(world, code) == {"error": "authorization_pending"}


def test_a_code_that_has_ended(phone: Browser, world: World, url: Serving, clock: Clock) -> None:
    code = begin(world, url)
    phone.open(asks(url, code.user_code))
    clock.forward(300)
    phone.press("Approve")
    phone.wait_for(UNKNOWN)
    phone.open(asks(url, code.user_code))
    assert UNKNOWN in phone.text
    assert said(world, code) == {"error": "expired"}


@pytest.mark.parametrize("button", ["Approve", "Deny"])
def test_the_first_answer_stands(phone: Browser, world: World, url: Serving, button: str) -> None:
    code = begin(world, url)
    phone.open(asks(url, code.user_code))
    with phone.another_tab():
        phone.decide(f"{url}/device", code.user_code)
    phone.press(button)
    phone.wait_for(UNKNOWN)
    assert said(world, code) is code
    assert said(world, code) == {"error": "invalid_code"}, "the device was given one sign-in"


def test_the_page_is_read_and_used_without_seeing_it(phone: Browser, world: World, url: Serving) -> None:
    code = begin(world, url)
    phone.open(f"{url}/device")
    assert phone.run("return document.documentElement.lang") == "en"
    assert phone.title == "Sign in a device"
    phone.wait_for(lambda: phone.focus == FIELD)
    phone.type(TAB)
    assert phone.focus == ("button", "Continue")
    phone.open(asks(url, code.user_code))
    assert phone.title == "Sign in this device?"
    reached: list[tuple[str, str]] = []
    for _ in range(2):
        phone.type(TAB)
        reached.append(phone.focus)
    assert reached == [("button", "Approve"), ("button", "Deny")]
    assert all(scope in phone.text for scope in SCOPES)
    assert "Robin Ellis of Zylker Ltd" in phone.text
    phone.press("Approve")
    phone.wait_for(lambda: phone.title == "✓ Approved")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_it_fits_and_can_be_read(
    window: Browser, world: World, url: Serving, size: tuple[int, int], dark: bool
) -> None:
    code = begin(world, url, *SCOPES, "Zoho" + "x" * 300)
    window.look(size, dark=dark)
    for address in (f"{url}/device", asks(url, code.user_code), asks(url, "x" * 300)):
        window.open(address)
        wide, room = window.run("return [document.documentElement.scrollWidth, innerWidth]")
        assert wide <= room == size[0], "nothing to scroll to the right, and nothing is shrunk"
        low = "return [...document.querySelectorAll('button')].filter(b => b.offsetHeight < 44).length"
        assert window.run(low) == 0, "a finger meets every button"
        window.type(TAB)
        measured, faint = window.run(FAINT)
        assert measured > 5
        assert faint == []


def test_what_strangers_wrote_is_text(phone: Browser, world: World, url: Serving) -> None:
    code = begin(world, url, SCRIPT)
    for address in (asks(url, SCRIPT), asks(url, '">' + SCRIPT), asks(url, code.user_code)):
        phone.open(address)
        assert phone.dialog is None
        assert "<script>alert(1)" in phone.text.lower(), "it is shown as it was written"
        assert phone.run("return document.querySelectorAll('script, img, [onerror]').length") == 0


def test_nothing_else_runs_is_loaded_or_frames_it(phone: Browser, world: World, url: Serving) -> None:
    phone.open(f"{url}/device")
    for strange in ("<img src=/strange>", "<link rel=stylesheet href=/strange>", "<iframe src=/strange>"):
        phone.run("document.body.insertAdjacentHTML('beforeend', arguments[0])", strange)
    phone.run(RUN_SCRIPT)
    assert phone.title == "Sign in a device", "the script did not run"
    # Any page of the same origin, so that nothing but the page's own word keeps it out of the frame.
    world.faults.order("answer", path="/", body="<iframe src=/device></iframe>")
    phone.open(url)
    assert phone.run("return document.querySelector('iframe').contentDocument") is None
    assert {one.path for one in world.requests} - {"/favicon.ico"} == {"/device", "/"}


def test_a_browser_of_its_own_approves(world: World, url: Serving) -> None:
    code = begin(world, url)
    approve(f"{url}/device", code.user_code)
    assert said(world, code) is code


@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted in /proc")
def test_no_browser_outlives_a_failure() -> None:
    seen: list[str] = []

    def fail() -> None:
        with browser() as one:
            seen.append(one.folder)
            assert len(processes_of(one.folder)) > 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert processes_of(*seen) == []
    assert not Path(*seen).exists()


def test_without_a_browser_it_is_said_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium chromium-driver"):
        programs(str(tmp_path))
