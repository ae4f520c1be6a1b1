"""Signing in through Settings in a real terminal of 80x24: every answer of Zoho, and then a lead is sent."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import segno
from approval import decide, shown
from pty_session import PtySession, keys
from sandbox_server import Serving, serve
from verbs import Home, credentials, posts

from zoho.commands.large_letters import large
from zoho.sandbox import World

APP = Path(__file__).parents[1] / "support" / "sign_in_app.py"
BEGIN, POLL = "/oauth/v3/device/code", "/oauth/v3/device/token"
HALVES = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}
AGAIN = "Enter tries again. Esc goes back to Settings."


@pytest.fixture
def world() -> World:
    world = World(submission_key="Submission_Key")
    world.device.interval = 0.0  # its clock is the real one, the app's is quicker
    return world


@pytest.fixture
def url(world: World) -> Iterator[Serving]:
    with serve(world) as served:
        yield served


@pytest.fixture
def away() -> World:
    """The stand-in of another data centre."""
    return World(submission_key="Submission_Key", location="in")


@pytest.fixture
def home(tmp_path: Path, world: World, url: Serving) -> Home:
    """A home that knows where the stand-in is, and nothing else."""
    given = credentials(world, url)
    for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN", "DATA_CENTER", "API_DOMAIN"):
        del given[f"ZOHO_{name}"]
    return Home(tmp_path, {**given, "TMPDIR": str(tmp_path), "TERM": "xterm-256color"})


Open = Callable[..., PtySession]


@pytest.fixture
def open_app(home: Home, world: World, url: Serving, away: World) -> Iterator[Open]:
    with ExitStack() as stack:
        elsewhere = stack.enter_context(serve(away))
        away.device.share(world.device)

        def begin(factor: float = 30, size: tuple[int, int] = (80, 24), **env: str) -> PtySession:
            given = {
                "SIGN_IN_CENTERS": json.dumps({"eu": url, "in": elsewhere}),
                "SIGN_IN_FACTOR": str(factor),
            }
            session = PtySession(
                [sys.executable, APP], env={**home.env, **given, **env}, size=size, cwd=home.folder
            )
            stack.enter_context(session)
            session.wait_for("Not signed in: fill in client id and client secret")
            return session

        yield begin


def fill_in(session: PtySession, world: World) -> None:
    """Choose the data centre, type the client; end on the button below."""
    session.send("Europe")
    session.wait_for("accounts.zoho.eu")
    session.press("enter")
    session.wait_for(lambda s: current(s) == "Client ID")
    session.send(world.client_id)
    session.press("enter")
    session.wait_for(lambda s: current(s) == "Client secret")
    session.send(world.client_secret)
    session.press("enter")
    session.wait_for("▸                       [ Sign in ]")


def current(session: PtySession) -> str:
    """The label of the field that the rep is in."""
    found = re.search(r"▸ ([A-Z][A-Za-z ]+?)  ", session.text())
    return found[1] if found else ""


def code_on(session: PtySession) -> tuple[str, str]:
    session.wait_for(lambda s: shown(s.text()) is not None)
    found = shown(session.text())
    assert found is not None
    return found


def modules_on(session: PtySession) -> list[list[bool]]:
    """Read the QR code off the cells: dark on light by their own colours; without what is light around it."""
    rows: list[list[bool]] = []
    for y in range(24):
        cells = [session.buffer[y][x] for x in range(80)]
        halves = [HALVES[cell.data] for cell in cells if (cell.fg, cell.bg) == ("black", "white")]
        rows += [[upper for upper, _ in halves], [lower for _, lower in halves]] if halves else []
    drawn = [row for row in rows if any(row)]
    columns = [x for row in drawn for x, dark in enumerate(row) if dark]
    return [row[min(columns) : max(columns) + 1] for row in drawn]


def kept(home: Home) -> Mapping[str, Any]:
    return json.loads(home.config_file.read_text()) if home.config_file.exists() else {}


def send_lead(session: PtySession) -> None:
    session.press("f2")
    session.wait_for("Last Name")
    session.send("\tRoe\tAcme" + keys("ctrl+s"))
    session.wait_for("created in Zoho")


def test_a_rep_signs_in_by_the_keyboard_alone_and_sends_a_lead(
    open_app: Open, home: Home, world: World, url: Serving
) -> None:
    session = open_app()
    fill_in(session, world)
    session.press("enter")
    address, code = code_on(session)
    assert address == f"{url}/device"
    session.wait_for(lambda s: on_screen(s, large(code, 40)))
    wanted = segno.make_qr(f"{url}/device?user_code={code}", error="l").matrix
    session.wait_for(lambda s: modules_on(s) == [[bool(dark) for dark in row] for row in wanted])
    decide(address, code)
    session.wait_for("Signed in as Robin Ellis to Zylker Ltd")
    session.wait_for("Data centre: eu. The sign-in is kept in")
    session.wait_for("online")
    assert "Not signed in" not in session.text()
    begun, refresh_token = world.device.begun[0], kept(home)["refresh_token"]
    files = home.everything_kept()
    for secret in (world.client_secret, refresh_token, begun.device_code):
        assert secret.encode() not in session.raw
        found = {name for name, content in files.items() if secret.encode() in content}
        assert found <= {home.config_file.name}, "kept in the file for it, or not at all"
    assert set(kept(home)) == {"client_id", "client_secret", "refresh_token", "data_center"}
    assert world.tokens.knows_refresh(refresh_token)
    send_lead(session)
    assert len(posts(world)) == 1


def test_a_slow_answer_to_the_sender_does_not_break_what_settings_asks(open_app: Open, world: World) -> None:
    world.faults.order("latency", path="/crm/v8/users", ms=400)  # the sender asks first
    world.faults.order("latency", path="/crm/v8/coql", ms=1200)
    session = open_app()
    fill_in(session, world)
    session.press("enter")
    decide(*code_on(session))
    session.wait_for("Leads can be looked up.")


def test_what_is_no_word_yet_is_asked_again_until_there_is_one(
    open_app: Open, world: World, home: Home
) -> None:
    world.device.pending_status = 400
    session = open_app()
    fill_in(session, world)
    session.press("enter")
    address, code = code_on(session)
    session.wait_for(lambda _: len(world.device.polls) >= 2)
    assert "Waiting for you to approve" in session.text()
    world.faults.order("html", path=POLL)
    session.wait_for("Zoho gives no clear answer, asking again")
    world.faults.order("drop-before", path=POLL)
    session.wait_for(lambda _: not world.faults.pending)
    world.device.order("slow_down")
    decide(address, code)
    session.wait_for("Signed in as Robin Ellis")
    pauses = [b - a for a, b in zip(world.device.polls, world.device.polls[1:], strict=False)]
    assert pauses[-1] > 0.9, "half a minute of the app's, after slow_down"
    assert min(pauses) < 0.5
    send_lead(session)


Order = Callable[[World], object]

ENDS: Sequence[tuple[Order, Sequence[str]]] = (
    (
        lambda world: setattr(world.options, "device_client", False),
        ("as one that devices sign in with", "kind must be Non-browser Application", "into Grant code"),
    ),
    (lambda world: world.faults.order("throttle", path=BEGIN), ("no more tokens", "Wait ten minutes")),
    (lambda world: world.faults.order("html", path=BEGIN), ("gave no usable answer", "any proxy")),
    (lambda world: world.faults.order("drop-before", path=BEGIN), ("The line broke before",)),
    (lambda world: world.device.order("access_denied"), ("refused in the browser.", "and approve.")),
    (lambda world: world.device.order("expired"), ("not approved in time. Sign in again.",)),
    (lambda world: world.faults.order("throttle", path=POLL), ("no more tokens", "Wait ten minutes")),
    (lambda world: world.device.order("other_dc", user_location="mars"), ("not known here (mars)",)),
    (lambda world: setattr(world, "client_secret", "another"), ("secret is wrong.", "Copy it again")),
)


def test_every_end_is_told_with_what_to_do_and_enter_tries_again(
    open_app: Open, world: World, home: Home
) -> None:
    session = open_app()
    fill_in(session, world)
    secret = world.client_secret
    for order, words in ENDS:
        world.client_secret, world.options.device_client = secret, True
        order(world)
        session.press("enter")
        session.wait_for(lambda s, words=words: all(word in flat(s) for word in (*words, AGAIN)))
        assert "zoho-leads login" not in flat(session)
        assert "--" not in flat(session)
    assert kept(home) == {}
    assert world.tokens.alive_refresh_tokens() == [world.refresh_token]
    world.client_secret = secret
    session.press("enter")
    decide(*code_on(session))
    session.wait_for("Signed in as Robin Ellis")


def flat(session: PtySession) -> str:
    return " ".join(session.text().split())


def test_nobody_answers_for_five_minutes(open_app: Open, world: World, home: Home) -> None:
    session = open_app(factor=300)
    fill_in(session, world)
    session.press("enter")
    session.wait_for("The code was not approved in time.")
    session.press("escape")
    session.wait_for("[ Sign in ]")
    assert kept(home) == {}


@pytest.mark.parametrize("key", ["user_location", "dc"])
def test_who_lives_at_another_data_centre_is_followed_there(
    open_app: Open, home: Home, world: World, away: World, key: str
) -> None:
    world.device.home, world.device.location_key = "in", key
    session = open_app()
    fill_in(session, world)
    session.press("enter")
    away.faults.order("latency", path=POLL, ms=500)
    decide(*code_on(session))
    session.wait_for("Your account is at the data centre in.")
    assert "Code:" not in session.text()
    session.wait_for("Data centre: in.")
    assert kept(home)["data_center"] == "in"
    assert away.tokens.knows_refresh(kept(home)["refresh_token"])
    assert world.tokens.alive_refresh_tokens() == [world.refresh_token]
    send_lead(session)
    assert (len(posts(world)), len(posts(away))) == (0, 1)


def test_the_secret_of_another_data_centre_is_told(open_app: Open, world: World, away: World) -> None:
    world.device.home = "in"
    away.client_secret = "another one"
    session = open_app()
    fill_in(session, world)
    session.press("enter")
    decide(*code_on(session))
    session.wait_for(AGAIN)
    told = flat(session)
    assert "You approved, but the data centre 'in', where your account is" in told
    assert "Multi-DC: switch in on" in told
    assert "with the secret of in and data centre in." in told


def test_esc_stops_it_and_nothing_is_left(open_app: Open, home: Home, world: World) -> None:
    session = open_app()
    fill_in(session, world)
    session.press("enter")
    address, code = code_on(session)
    session.press("escape")
    session.wait_for("Sign-in stopped: nothing was changed.")
    assert "[ Sign in ]" in session.text()
    assert "Approved" in decide(address, code)
    session.press("ctrl+q")
    assert session.wait_exit() == 0
    assert kept(home) == {}
    assert world.tokens.alive_refresh_tokens() == [world.refresh_token]


def test_a_second_costs_a_few_bytes(open_app: Open, world: World) -> None:
    session = open_app(factor=1)
    fill_in(session, world)
    session.press("enter")
    session.wait_for("4:58 left")
    session.wait_quiet(0.2)
    start = session.mark()
    session.wait_for("4:56 left")
    session.wait_quiet(0.2)
    assert len(session.bytes_since(start)) <= 12, session.bytes_since(start)


@pytest.mark.parametrize(("size", "env"), [((80, 24), {"LANG": "C"}), ((120, 40), {"LC_ALL": "C"})])
def test_ascii_alone_where_the_locale_says_so(
    open_app: Open, world: World, size: tuple[int, int], env: dict[str, str]
) -> None:
    session = open_app(1, size=size, **env)
    session.press("tab")
    session.send(f"{world.client_id}\r{world.client_secret}")
    session.press("f6")
    _, code = code_on(session)
    assert session.raw.isascii()
    width = 40 if size[0] > 80 else 78
    session.wait_for(lambda s: on_screen(s, large(code, width, ascii_only=True)))
    session.wait_quiet()
    grounds = {session.buffer[y][x].bg for y in range(size[1]) for x in range(size[0])}
    assert ({"black", "white"} <= grounds) == (size[0] > 80), "a QR code where it fits"


def on_screen(session: PtySession, letters: list[str]) -> bool:
    return all(any(letter in line for line in session.lines()) for letter in letters if letter.strip())


def test_no_colour_no_qr_code(open_app: Open, world: World) -> None:
    session = open_app(NO_COLOR="1")
    session.press("tab")
    session.send(f"{world.client_id}\r{world.client_secret}")
    session.press("f6")
    _, code = code_on(session)
    session.wait_for(lambda s: on_screen(s, large(code, 78)))
    assert "scan" not in session.text()
