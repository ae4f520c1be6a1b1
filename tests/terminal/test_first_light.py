"""First light: the real command in a real terminal, against the stand-in as a process over TCP."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from model_terminal import ModelTerminal
from pty_session import PtySession, keys
from verbs import COMMAND, Home

from zoho.outbox import SenderLock

Open = Callable[..., PtySession]


class Sandbox:
    """``zoho-leads sandbox`` as a process; ``env`` is what it says to paste into a shell."""

    def __init__(self, *options: str, home: Home) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "sandbox", "--port", "0", *options],
            stdout=subprocess.PIPE,
            env=home.environ(),
            text=True,
        )
        self.env: dict[str, str] = {}
        assert self.process.stdout is not None
        for said in self.process.stdout:
            if said.startswith("# open"):
                break
            if match := re.fullmatch(r"export (\w+)=(.+)\n", said):
                self.env[match[1]] = match[2].strip("'")
        self.url = self.env["ZOHO_ACCOUNTS_URL"]

    def state(self) -> dict[str, Any]:
        """Ask the stand-in for everything that it holds."""
        return self._ask("/__admin/state")

    def order(self, kind: str, **params: Any) -> None:
        """Order a fault."""
        self._ask("/__admin/faults", {"kind": kind, **params})

    def leads(self, last_name: str) -> list[dict[str, Any]]:
        """Return the leads of that name."""
        return [one for one in self.state()["records"]["Leads"] if one["Last_Name"] == last_name]

    def _ask(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data), timeout=10) as answer:
            return json.load(answer)

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.communicate(timeout=10)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, {"TMPDIR": str(tmp_path)})


@pytest.fixture
def start_sandbox(home: Home) -> Iterator[Callable[..., Sandbox]]:
    with ExitStack() as stack:

        def begin(*options: str) -> Sandbox:
            sandbox = Sandbox(*options, home=home)
            stack.callback(sandbox.close)
            home.env |= sandbox.env | {"ZOHO_DATA_DIR": str(home.data), "ZOHO_DATA_CENTER": "eu"}
            return sandbox

        yield begin


@pytest.fixture
def open_app(home: Home) -> Iterator[Open]:
    """Start the command in a terminal, with the environment of *home* and nothing else."""
    with ExitStack() as stack:

        def begin(*arguments: str, size: tuple[int, int] = (80, 24), **env: str | None) -> PtySession:
            nothing = dict.fromkeys(os.environ)
            session = PtySession(
                [*COMMAND, *arguments],
                size=size,
                env={**nothing, "TERM": "xterm-256color", **home.env, **env},
                cwd=home.folder,
            )
            return stack.enter_context(session)

        yield begin


def ready(session: PtySession) -> None:
    """Wait until the form is there and Zoho has said which org it is; go to the form if need be."""
    session.wait_for("Zylker")
    session.wait_for("Last Name")


def current(session: PtySession) -> str:
    """Return the label of the current field; empty between two frames, or in a field without one."""
    found = re.search(r"^ *▸ (.{1,18})", session.text(), re.MULTILINE)
    return found[1].partition("  ")[0].rstrip() if found else ""


def fill(session: PtySession, *values: tuple[str, str]) -> None:
    """Go down the form from its first field: (label, what is typed there)."""
    for label, text in values:
        session.wait_for("Last Name")
        for _ in range(40):
            if (before := current(session)) == label:
                break
            session.press("tab")
            # Not until the caret moves: what was typed before may still be moving it.
            session.wait_for(lambda s, was=before: current(s) not in ("", was))
        else:
            raise AssertionError(f"No field {label}\n{session.picture()}")
        session.send(text)


def test_a_lead_typed_in_the_terminal_is_created_in_zoho(
    start_sandbox: Callable[..., Sandbox], open_app: Open, home: Home
) -> None:
    sandbox = start_sandbox()
    session = open_app()
    ready(session)
    fill(
        session,
        ("First Name", "Zoë"),
        ("Last Name", "Brontë-O'Hara"),
        ("Company", "株式会社サンプル"),
        ("Email", "zoe@nordlys.example"),
        ("Phone", "+47 22 12 34 56"),
        ("Lead Status", "Not Contacted\r"),
        ("No. of Employees", "420"),
        ("Annual Revenue", "1250000.5"),
        ("Email Opt Out", " "),
        ("Description", "Calls back on Monday" + keys("ctrl+j") + "wants 12 seats"),
    )
    session.press("ctrl+s")
    session.wait_for("created in Zoho")
    session.wait_for("Brontë-O'Hara")
    session.press("f4")
    (record,) = sandbox.leads("Brontë-O'Hara")
    session.wait_for(record["id"])
    assert "created" in session.text()
    expected = {
        "First_Name": "Zoë",
        "Company": "株式会社サンプル",
        "Email": "zoe@nordlys.example",
        "Phone": "+47 22 12 34 56",
        "Lead_Status": "Not Contacted",
        "No_of_Employees": 420,
        "Annual_Revenue": 1250000.5,
        "Email_Opt_Out": True,
        "Description": "Calls back on Monday\nwants 12 seats",
        "Lead_Source": "Qualification Inbound",
    }
    assert {name: record[name] for name in expected} == expected
    session.press("ctrl+q")
    assert session.wait_exit() == 0
    assert [(key, state) for key, state, _ in home.rows()] == [(record["Submission_Key"], "sent")]


def test_what_is_typed_right_after_send_belongs_to_the_next_lead(
    start_sandbox: Callable[..., Sandbox], open_app: Open
) -> None:
    sandbox = start_sandbox()
    session = open_app()
    ready(session)
    # Two leads in one packet, as a slow line delivers them.
    one, other = ("Ada\tRoe\tAcme", "Bob\tDoe\tOther")
    session.send(one + keys("ctrl+s") + other + keys("ctrl+s"))
    session.wait_for(lambda s: sandbox.leads("Doe"))
    (first,), (second,) = sandbox.leads("Roe"), sandbox.leads("Doe")
    assert (first["First_Name"], first["Company"]) == ("Ada", "Acme")
    assert (second["First_Name"], second["Company"]) == ("Bob", "Other")


def test_an_expired_token_in_the_environment_costs_one_refresh_and_the_next_start_none(
    start_sandbox: Callable[..., Sandbox], open_app: Open
) -> None:
    sandbox = start_sandbox()
    for last_name in ("Roe", "Doe"):
        session = open_app(ZOHO_ACCESS_TOKEN="1000.expired.token")
        ready(session)
        session.send(f"\t{last_name}\tAcme" + keys("ctrl+s"))
        session.wait_for("created in Zoho")
        session.press("ctrl+q")
        assert session.wait_exit() == 0
        if last_name == "Roe":
            done = len(sandbox.state()["requests"])
    state = sandbox.state()
    assert state["token_requests"] == 1
    accepted = [one for one in state["requests"] if (one["method"], one["path"]) == ("POST", "/crm/v8/Leads")]
    assert [one["status"] for one in accepted] == [201, 201]
    assert [one for one in state["requests"][done:] if one["status"] >= 400] == []


# Starting where something is missing


def test_without_credentials_it_opens_on_settings_and_says_what_to_do(open_app: Open) -> None:
    session = open_app()
    session.wait_for("Not signed in: fill in client id and client secret")
    assert "Client secret" in session.text()
    session.press("ctrl+q")
    assert session.wait_exit() == 0


def test_an_empty_home_is_enough_and_nothing_is_left_open_to_others(open_app: Open, home: Home) -> None:
    session = open_app(ZOHO_DATA_DIR=None, ZOHO_CONFIG=None, XDG_RUNTIME_DIR=None)
    session.wait_for("Not signed in")
    session.press("f2")
    session.wait_for("Last Name")
    session.send("\tRoe\tAcme" + keys("ctrl+s"))
    session.wait_for("1 waiting")
    session.press("ctrl+q")
    assert session.wait_exit() == 0
    (outbox,) = home.folder.rglob("outbox.db")
    assert outbox.stat().st_mode & 0o077 == 0
    assert outbox.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("size", [(60, 20), (40, 12)])
def test_a_small_terminal_is_enough(
    start_sandbox: Callable[..., Sandbox], open_app: Open, size: tuple[int, int]
) -> None:
    sandbox = start_sandbox()
    session = open_app(size=size)
    ready(session)
    session.send("\tRoe\tAcme" + keys("ctrl+s"))
    session.wait_for("created")
    assert len(sandbox.leads("Roe")) == 1


def test_a_dumb_terminal_gets_one_clear_message(open_app: Open) -> None:
    session = open_app(TERM="dumb")
    assert session.wait_exit() == 2
    assert b"\x1b" not in session.raw
    said = [line for line in session.lines() if line]
    assert 1 <= len(said) <= 3
    assert "terminal" in " ".join(said).lower()


# Leaving


def judged(session: PtySession) -> ModelTerminal:
    """Return the strict model after every byte of the session; it raises on whatever it does not know."""
    model = ModelTerminal(80, 24)
    model.feed(bytes(session.raw))
    return model


def test_leaving_gives_the_terminal_back_and_says_what_is_unsent(open_app: Open) -> None:
    session = open_app()
    session.wait_for("Not signed in")
    session.press("f2")
    session.wait_for("Last Name")
    session.send("\tRoe\tAcme" + keys("ctrl+s"))
    session.wait_for("1 waiting")
    session.press("ctrl+q")
    assert session.wait_exit() == 0
    assert judged(session).modes == {7, 25}
    assert "1 unsent, safe" in session.text()


def test_a_dropped_line_ends_it_cleanly_and_the_lead_under_way_is_not_lost(
    start_sandbox: Callable[..., Sandbox], open_app: Open, home: Home
) -> None:
    sandbox = start_sandbox()
    session = open_app()
    ready(session)
    session.send("\tFirst\tAcme" + keys("ctrl+s"))
    session.wait_for("created in Zoho")
    sandbox.order("hang-after", path="/crm/v8/Leads", method="POST")
    session.send("\tRoe\tAcme" + keys("ctrl+s"))
    session.wait_for(lambda s: sandbox.leads("Roe"))
    session.hang_up()
    assert session.wait_exit() == 128 + signal.SIGHUP
    assert [state for _, state, _ in home.rows()] == ["sent", "unknown"]
    assert len(sandbox.leads("Roe")) == 1


def test_sigterm_leaves_nothing_half_done(open_app: Open) -> None:
    session = open_app()
    session.wait_for("Not signed in")
    session.signal(signal.SIGTERM)
    assert session.wait_exit() == 128 + signal.SIGTERM
    assert judged(session).modes == {7, 25}


def test_a_stopped_app_is_no_sender_and_goes_on_when_it_is_continued(
    start_sandbox: Callable[..., Sandbox], open_app: Open, home: Home
) -> None:
    sandbox = start_sandbox()
    session = open_app()
    ready(session)
    session.send("\tRoe\tAcme" + keys("ctrl+s"))
    session.wait_for("created in Zoho")
    lock = SenderLock(home.data / "outbox.lock")
    assert not lock.acquire()
    session.press("ctrl+z")
    session.wait_stopped()
    assert lock.acquire(), "another session may send meanwhile"
    lock.release()
    stopped = session.mark()
    session.signal(signal.SIGCONT)
    # Not before it has the terminal again: until then, Ctrl+S is the terminal's own.
    session.wait_for(lambda s: b"Last Name" in s.bytes_since(stopped))
    session.send("\tDoe\tAcme" + keys("ctrl+s"))
    session.wait_for(lambda s: sandbox.leads("Doe"))
    session.press("ctrl+q")
    assert session.wait_exit() == 0


# What does not depend on the clock


def test_the_demo_costs_few_bytes(open_app: Open) -> None:
    session = open_app("demo", size=(120, 40))
    session.wait_for("online")
    session.wait_quiet(0.5)
    for letter in "Ada L":
        mark = session.mark()
        before = session.cursor
        session.send(letter)
        session.wait_for(lambda s, was=before: s.cursor != was)
        session.wait_quiet(0.1)
        assert len(session.bytes_since(mark)) <= 60, letter
    for name in ("tab", "tab", "enter", "shift+tab", "down"):
        mark = session.mark()
        before = session.cursor
        session.press(name)
        session.wait_for(lambda s, was=before: s.cursor != was)
        session.wait_quiet(0.1)
        assert len(session.bytes_since(mark)) <= 600, name
    mark = session.mark()
    with pytest.raises(AssertionError, match="Not within"):
        session.wait_for(lambda s: s.bytes_since(mark), timeout=2.5)
    session.press("f4")
    session.wait_for("half typed")
    session.press("ctrl+q")
    assert session.wait_exit() == 0
