"""Plain mode in a real terminal; and what it sends, byte for byte, against the outbox and the screen."""

from __future__ import annotations

import re
import signal
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from app_stage import Stage
from pty_session import PtySession
from sandbox_server import serve
from starlette.types import ASGIApp, Receive, Scope, Send
from verbs import COMMAND, Home, credentials

from zoho.account import default_paths
from zoho.account.snapshot import load_snapshot
from zoho.commands.plain.asked import all_asked
from zoho.leads.call_back import CALL_BACK, CALL_BACK_ABOUT
from zoho.leads.entry import read_entry
from zoho.leads.org import OrgProfile
from zoho.leads.script import load_script
from zoho.outbox import SqliteStore
from zoho.outbox.sqlite_rescue import open_outbox
from zoho.outbox.store import FRESH
from zoho.sandbox import World, create_app
from zoho.sandbox.server import SandboxServer, listen

BERLIN = "Europe/Berlin"
SENT = re.compile(r"/crm/v8/(?:Leads(?:/[0-9]+/Notes)?|Tasks)")
SOURCE = "Qualification Inbound"

FIELDS = {
    "First_Name": "Zoë",
    "Last_Name": "O'Brien-Åström",
    "Company": "株式会社 “Sample” & Co",
    "Email": "zoe@nordlys.example",
    "Phone": "+44 20 7946 0018 x12",
    "Website": "www.nordlys.example",
    "Lead_Status": "Contacted",
    "No_of_Employees": "1,250",
    "Email_Opt_Out": "true",
    "Description": "Wants it soon,\nand cheap.",
}
DAY = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%d")
OURS = {
    "?budget": "1",
    "?authority": "2",
    "?timeline": "3",
    CALL_BACK: f"{DAY} 14:30",
    CALL_BACK_ABOUT: "the offer, and “terms”",
}

Body = tuple[str, bytes]


class Recorder:
    """Keeps the bodies of what creates something, as they came over the line."""

    def __init__(self, app: ASGIApp, bodies: list[Body]) -> None:
        self._app = app
        self._bodies = bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        whole = b""

        async def heard() -> Any:
            nonlocal whole
            message = await receive()
            if message["type"] == "http.request":
                whole += message.get("body", b"")
                if (
                    not message.get("more_body")
                    and scope["method"] == "POST"
                    and SENT.fullmatch(scope["path"])
                ):
                    self._bodies.append((scope["path"], whole))
            return message

        await self._app(scope, heard, send)


@contextmanager
def recorded() -> Iterator[tuple[World, str, list[Body]]]:
    """Serve a new stand-in, each the same as the other; give what was sent to it."""
    world, bodies = World(submission_key="Submission_Key"), list[Body]()
    app = create_app(world)
    app.add_middleware(Recorder, bodies=bodies)
    sock, ready = listen(), threading.Event()

    class Told(SandboxServer):
        def listening(self) -> None:
            ready.set()

    server = Told(app, sock)
    thread = threading.Thread(target=server.start, daemon=True)
    thread.start()
    try:
        assert ready.wait(10)
        yield world, server.base_url, bodies
    finally:
        server.should_exit = True
        thread.join(10)
        sock.close()


def environ_of(world: World, url: str) -> dict[str, str]:
    return {**credentials(world, url), "TZ": BERLIN, "ZOHO_SCRIPT": "bant"}


def home_in(folder: Path, world: World, url: str) -> Home:
    folder.mkdir()
    return Home(folder, environ_of(world, url))


def lines_of(typed: Mapping[str, str]) -> list[str]:
    """Return what is typed into plain mode: to each field by its name, then the text."""
    told: list[str] = []
    for name, text in typed.items():
        told += [f"/{name.lstrip('?')}", text.replace("true", "yes")]
        if name == "Description":
            told[-1] += "\n"  # the empty line that ends it
    return [*told, ".", "n"]


def through_a_pipe(home: Home, typed: Mapping[str, str]) -> None:
    ended = home.run("--plain", given="".join(f"{line}\n" for line in lines_of(typed)))
    assert ended.status == 0, ended


def through_a_terminal(home: Home, typed: Mapping[str, str]) -> None:
    with PtySession([*COMMAND, "--plain"], env=home.env, cwd=home.folder) as session:
        for line in lines_of(typed):
            asked(session)
            answer(session, line)
        assert session.wait_exit() == 0, session.raw.decode()


def asked(session: PtySession) -> None:
    session.wait_for(lambda one: one.raw.endswith(b": "))


def answer(session: PtySession, line: str) -> None:
    mark = session.mark()
    session.send(f"{line}\n")
    last = line.rstrip("\n").rpartition("\n")[2].encode()
    session.wait_for(lambda one: last in one.bytes_since(mark) and b"\n" in one.bytes_since(mark))


def normal(home: Home, bodies: list[Body]) -> list[Body]:
    """Return the bodies with one key in the place of the lead's own, which is random."""
    ((key, _, _),) = home.rows()
    return [(path, body.replace(key.encode(), b"KEY")) for path, body in bodies]


def time_of(bodies: list[Body]) -> datetime:
    """Return the minute that a note tells, which is the one in which it was saved."""
    for path, body in bodies:
        if path.endswith("Notes"):
            found = re.search(r"Asked on (\S+ \S+) \(UTC", body.decode())
            assert found
            return datetime.strptime(found[1], "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(BERLIN))
    return datetime.now(ZoneInfo(BERLIN))


def form_of(home: Home) -> OrgProfile:
    org = OrgProfile.from_json(load_snapshot(default_paths(home.env).snapshot)["org"])
    assert org is not None
    return org


def by_the_outbox(folder: Path, org: OrgProfile, typed: Mapping[str, str], now: datetime) -> list[Body]:
    """Return what is sent of a lead that is read and saved as the screen does it."""
    with recorded() as (world, url, bodies):
        home = home_in(folder, world, url)
        store, _ = open_outbox(home.data / "outbox.db")
        with closing(store):
            entry = read_entry(org.form, typed, script=load_script("bant"), source=SOURCE, now=now)
            key = str(uuid.uuid4())
            at = now.timestamp()
            ups, answers = entry.follow_ups, entry.answers
            store.add(key, entry.values, org=org.key, lane=FRESH, at=at, follow_ups=ups, answers=answers)
        ended = home.run("send")
        assert ended.status == 0, ended
        return normal(home, bodies)


@pytest.mark.parametrize("type_in", [through_a_pipe, through_a_terminal])
@pytest.mark.parametrize("typed", [FIELDS, FIELDS | OURS], ids=["fields", "whole"])
def test_plain_mode_sends_what_the_outbox_sends_of_the_same_lead(
    tmp_path: Path, type_in: Any, typed: dict[str, str]
) -> None:
    with recorded() as (world, url, bodies):
        home = home_in(tmp_path / "plain", world, url)
        type_in(home, typed)
        sent, org = normal(home, bodies), form_of(home)
        paths = [path for path, _ in sent]
    assert [path.rpartition("/")[2] for path in paths] == (
        ["Leads", "Notes", "Tasks"] if OURS.items() <= typed.items() else ["Leads"]
    )
    assert sent == by_the_outbox(tmp_path / "outbox", org, typed, time_of(sent))


@pytest.mark.parametrize("typed", [FIELDS, FIELDS | OURS], ids=["fields", "whole"])
async def test_plain_mode_sends_what_the_screen_sends_of_the_same_lead(
    tmp_path: Path, typed: dict[str, str]
) -> None:
    with recorded() as (world, url, bodies):
        folder = tmp_path / "screen"
        folder.mkdir()
        stage = Stage(folder, world, signed_in=False, environ=environ_of(world, url))
        async with stage.open(remote=True):
            await stage.online()
            names = {field.name for _, field in stage.form.places}
            if not typed.keys() <= names:
                pytest.skip(f"The screen does not ask {sorted(typed.keys() - names)} yet.")
            if typed != FIELDS:
                assert stage.app.desk.org is not None
                asked_for = all_asked(stage.app.desk.org.form, load_script("bant"))
                assert [field.name for _, field in stage.form.places] == [one.name for one in asked_for]
            stage.form.set_values(typed)
            await stage.press("ctrl+s")
            await stage.until(lambda: stage.states == ["sent"] and (typed == FIELDS or len(bodies) == 3))
            org = stage.app.desk.org
            key = stage.rows[0].key
        screen = [(path, body.replace(key.encode(), b"KEY")) for path, body in bodies]
    assert org is not None
    with recorded() as (world, url, bodies):
        home = home_in(tmp_path / "plain", world, url)
        through_a_pipe(home, typed)
        plain = normal(home, bodies)
    if time_of(plain) != time_of(screen):  # a minute has begun between the two: each has told its own
        screen = by_the_outbox(tmp_path / "outbox", org, typed, time_of(plain))
    assert plain == screen


# A terminal


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    world = World(submission_key="Submission_Key")
    with serve(world) as url:
        yield home_in(tmp_path / "home", world, url)


@contextmanager
def opened(home: Home, *argv: str, **env: str) -> Iterator[PtySession]:
    with PtySession([*COMMAND, *argv], env={**home.env, **env}, cwd=home.folder) as session:
        yield session


def typed_in(home: Home) -> list[dict[str, str]]:
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        return [dict(row.typed or {}) for row in store.drafts.all()]


def half_a_call(session: PtySession) -> None:
    for label, text in (("First Name", "Ada"), ("Last Name", "Lovelace")):
        session.wait_for(label)
        asked(session)
        answer(session, text)
    session.wait_for("Company, required")
    asked(session)


def test_nothing_but_text_is_written_and_the_terminal_edits_the_line(home: Home) -> None:
    with opened(home, ACCESSIBLE="1") as session:
        half_a_call(session)
        assert session.cooked
        assert session.cursor_shown
        session.send("Acmf\x7fe")
        session.wait_for("required, text: Acme")
        line = session.lines()[session.cursor[1]]
        assert (line.endswith(": Acme"), session.cursor[0]) == (True, len(line)), (
            "the cursor is where one types"
        )
        session.send("\n")
        session.wait_for("Email, e-mail address")
        asked(session)
        answer(session, ".")
        session.wait_for("created in Zoho, id ")
        asked(session)
        answer(session, "n")
        assert session.wait_exit() == 0
        assert b"\x1b" not in bytes(session.raw)
        written = bytes(session.raw).replace(b"\r\n", b"\n").replace(b"\x08 \x08", b"")
        assert not re.search(rb"[\x00-\x09\x0b-\x1f]", written)


def test_no_colour_and_no_letters_beyond_ascii_where_the_terminal_has_none(home: Home) -> None:
    with opened(home, "--plain", LANG="C", TERM="dumb") as session:
        session.wait_for("First Name")
        asked(session)
        answer(session, "/disqualify")
        session.wait_for("Disqualify, number or letters")
        assert bytes(session.raw).isascii()


def test_the_end_of_input_ends_it_and_what_was_typed_is_asked_on(home: Home) -> None:
    with opened(home, "--plain") as session:
        half_a_call(session)
        session.press("ctrl+d")
        assert session.wait_exit() == 3
        assert "Kept half typed: Ada Lovelace" in session.text()
    assert typed_in(home) == [{"First_Name": "Ada", "Last_Name": "Lovelace"}]
    with opened(home, "--plain") as session:
        session.wait_for("Half typed when the last session ended: Ada Lovelace.")
        session.wait_for("Company, required")


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("ctrl+c", 130),
        ("hang up", -signal.SIGHUP),
        ("SIGKILL", -signal.SIGKILL),
        ("SIGTERM", -signal.SIGTERM),
    ],
)
def test_however_it_ends_every_answer_is_on_the_disk(home: Home, how: str, status: int) -> None:
    with opened(home, "--plain") as session:
        half_a_call(session)
        if how == "ctrl+c":
            session.press(how)
        elif how == "hang up":
            session.hang_up()
        else:
            session.signal(signal.Signals[how])
        assert session.wait_exit() == status
    assert typed_in(home) == [{"First_Name": "Ada", "Last_Name": "Lovelace"}]


def test_who_does_not_wait_for_the_outcome_goes_on_with_the_next_lead(tmp_path: Path) -> None:
    world = World(submission_key="Submission_Key")
    world.faults.order("hang-before", path="/crm/v8/Leads", method="POST")
    with serve(world) as url:
        home = home_in(tmp_path / "home", world, url)
        with opened(home, "--plain") as session:
            half_a_call(session)
            answer(session, "Acme")
            asked(session)
            answer(session, ".")
            session.wait_for(lambda _: any(one.path == "/crm/v8/Leads" for one in world.requests))
            session.press("ctrl+c")
            session.wait_for("Another lead?")
            assert "Ada Lovelace, Acme: sent, but no answer came" in " ".join(session.lines())
        assert [state for _, state, _ in home.rows()] == ["unknown"]


def test_the_screen_goes_on_where_plain_mode_ended_and_the_other_way_round(home: Home) -> None:
    with opened(home, "--plain") as session:
        half_a_call(session)
        session.signal(signal.SIGKILL)
        session.wait_exit()
    with opened(home) as session:
        session.wait_for("Lovelace")
        session.wait_for("Company")
        session.send("Analytical Engines")
        session.wait_for(lambda _: typed_in(home)[0].get("Company") == "Analytical Engines")
        session.signal(signal.SIGKILL)
        session.wait_exit()
    with opened(home, "--plain") as session:
        session.wait_for("Half typed when the last session ended: Ada Lovelace, Analytical Engines.")


def test_a_half_typed_lead_of_a_running_session_is_left_to_it(home: Home) -> None:
    with opened(home, "--plain") as first:
        half_a_call(first)
        with opened(home, "--plain") as second:
            second.wait_for("First Name")
            assert "Half typed" not in second.text()
            asked(second)
            answer(second, "/drafts")
            second.wait_for("No lead is put aside.")
