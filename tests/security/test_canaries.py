"""An ordinary day in a real terminal: no secret on it or in a file, and a lead only where it is meant."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argv_watch import Seen, command_lines
from pty_session import PtySession, keys
from sandbox_server import serve
from verbs import COMMAND, Home, credentials

from zoho.sandbox import World

LEAD = "Canarylead"
COMPANY = "Canarycompany"


@pytest.fixture
def world() -> World:
    return World(submission_key="Submission_Key")


@pytest.fixture
def seen() -> Iterator[Seen]:
    """Every command line of the day."""
    with command_lines() as watched:
        yield watched


@pytest.fixture
def day(world: World, tmp_path: Path) -> Iterator[tuple[PtySession, Home]]:
    """A session of somebody who has to sign in first, and the home that it is in."""
    with serve(world) as url:
        (tmp_path / "home").mkdir(mode=0o700)
        env = credentials(world, url)
        secrets = {name: env.pop(name) for name in ("ZOHO_CLIENT_SECRET", "ZOHO_REFRESH_TOKEN")}
        assert all(len(secret) > 12 for secret in secrets.values())
        home = Home(tmp_path / "home", {**env, "TMPDIR": str(tmp_path)})
        environment = {**dict.fromkeys(os.environ), "TERM": "xterm-256color", **home.env}
        with PtySession(COMMAND, env=environment, cwd=home.folder) as session:
            yield session, home


def paste(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def current(session: PtySession) -> str:
    return next((line for line in session.lines() if "▸" in line), "")


def go_to(session: PtySession, label: str) -> None:
    for _ in range(30):
        line = current(session)
        if f" {label} " in line:  # `current` is the line with the sign
            return
        session.press("tab")
        session.wait_for(lambda s, was=line: current(s)[:48] != was[:48])
    raise AssertionError(f"No field {label}\n{session.picture()}")


def sign_in(session: PtySession, world: World) -> None:
    session.wait_for("Not signed in")
    go_to(session, "Client secret")
    session.send(paste(world.client_secret))
    go_to(session, "Refresh token")
    session.send(world.refresh_token)
    session.press("ctrl+s")
    session.wait_for("Settings saved")
    session.wait_for("online")


def send_lead(session: PtySession, last_name: str) -> None:
    session.press("f2")
    session.wait_for("Last Name")
    go_to(session, "Last Name")
    session.send(f"{last_name}\t{COMPANY}" + keys("ctrl+s"))


def test_an_ordinary_day(seen: Seen, day: tuple[PtySession, Home], world: World) -> None:
    session, home = day
    sign_in(session, world)
    send_lead(session, LEAD)
    session.wait_for("created in Zoho")
    refused = {"code": "INVALID_DATA", "details": {"api_name": "Company"}, "message": "no", "status": "error"}
    world.faults.order("answer", path="/crm/v8/Leads", method="POST", status=202, body={"data": [refused]})
    send_lead(session, LEAD + "two")
    session.wait_for("not created")
    world.faults.order("drop-before", path="/crm/v8/Leads", method="POST")
    send_lead(session, LEAD + "three")
    session.wait_for("1 waiting")
    world.expire_tokens()
    for page in ("f3", "f7", "f4", "enter", "escape", "f8", "escape", "f3"):
        session.press(page)
        session.wait_quiet(0.15)
    session.press("ctrl+q")
    assert session.wait_exit() == 0

    files = home.everything_kept()
    access = json.loads(files["data/token.json"])
    (token,) = {text for text in _texts(access) if text.startswith("1000.")}
    where = {name for name, content in files.items() if token.encode() in content}
    assert where == {"data/token.json"}, "the access token is in its cache, and nowhere else"
    for secret in (world.client_secret, world.refresh_token):
        found = {name for name, content in files.items() if secret.encode() in content}
        assert found == {home.config_file.name}, "a typed secret is in the file for it, and nowhere else"
        assert secret.encode() not in session.raw
        assert secret not in json.dumps([one.query + one.path for one in world.requests])
    assert token.encode() not in session.raw
    assert any(b"tui.cli" in line for line in seen.lines), "the app was seen"
    assert seen.with_any([world.client_secret, world.refresh_token, token]) == []
    leads = {name for name, content in files.items() if LEAD.encode() in content}
    assert leads <= {"data/outbox.db"}, "a lead is in the outbox, and nowhere else"
    assert LEAD.encode() in session.raw, "and on the screen that shows it"


def test_a_grant_code_that_is_typed_is_kept_nowhere(
    seen: Seen, day: tuple[PtySession, Home], world: World
) -> None:
    session, home = day
    code = world.new_grant_code()
    session.wait_for("Not signed in")
    go_to(session, "Client secret")
    session.send(paste(world.client_secret))
    go_to(session, "Grant code")
    session.send(paste(code))
    session.press("ctrl+s")
    session.wait_for("online")
    session.press("f2", "f3", "f4")
    session.press("ctrl+q")
    assert session.wait_exit() == 0

    files = home.everything_kept()
    (refresh,) = [one for one in world.tokens.alive_refresh_tokens() if one != world.refresh_token]
    places = {
        secret: {name for name, text in files.items() if secret.encode() in text}
        for secret in (code, refresh)
    }
    assert places == {code: set(), refresh: {home.config_file.name}}
    told = session.raw + b"".join(seen.lines)
    assert [one for one in (code, refresh, world.client_secret) if one.encode() in told] == []


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value
