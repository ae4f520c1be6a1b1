"""Who is this, in a real terminal: keys echo while Zoho takes its time, and keys alone are enough."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pty_session import PtySession, keys
from sandbox_server import serve
from verbs import COMMAND, Home, credentials

from zoho.sandbox import World

MAIL = "ada@engines.example"
LATE = 2.0
"""Seconds after which the stand-in answers."""

Open = Callable[[tuple[int, int]], PtySession]


@pytest.fixture
def world() -> World:
    world = World(seed=False, submission_key="Submission_Key")
    ada = {"First_Name": "Ada", "Last_Name": "Lovelace", "Company": "Analytical Engines", "Email": MAIL}
    world.keep("Leads", ada, owner=world.users[1]["id"])
    return world


@pytest.fixture
def open_app(world: World, tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as stack:
        url = stack.enter_context(serve(world))
        home = Home(tmp_path, {"TMPDIR": str(tmp_path), "TERM": "xterm-256color", "LANG": "C.UTF-8"})

        def begin(size: tuple[int, int]) -> PtySession:
            nothing = dict.fromkeys(os.environ)
            env = {**nothing, **home.env, **credentials(world, url), "ZOHO_DATA_DIR": str(home.data)}
            session = stack.enter_context(PtySession(COMMAND, size=size, env=env, cwd=home.folder))
            session.wait_for("online")
            return session

        yield begin


SIZES = [(80, 24), (120, 40)]


def asked(world: World) -> list[bool]:
    """Whether each look-up has been answered, in order."""
    return [one.ended is not None for one in world.requests if one.path == "/crm/v8/coql"]


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_keys_echo_while_zoho_takes_its_time(open_app: Open, world: World, size: tuple[int, int]) -> None:
    session = open_app(size)
    world.faults.order("latency", times=None, path="/crm/v8/coql", ms=LATE * 1000)
    session.send(f"\tLovelace\tEngines\t{MAIL}\t")
    session.wait_for(lambda _: False in asked(world))
    began = time.monotonic()
    slowest = 0.0
    typed = ""
    for letter in "+44 20 7946 0018":
        typed += letter
        sent = time.monotonic()
        session.send(letter)
        session.wait_for(typed.rstrip())
        slowest = max(slowest, time.monotonic() - sent)
    assert False in asked(world), "the answer has come already: nothing was proved"
    assert time.monotonic() - began < LATE
    assert slowest < LATE / 4
    session.wait_for("known")
    session.wait_for("Ada Lovelace")


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_a_note_instead_of_a_lead_by_keys_alone(open_app: Open, world: World, size: tuple[int, int]) -> None:
    session = open_app(size)
    session.send(f"\tLovelace\tEngines\t{MAIL}\t")
    session.wait_for("known")
    session.send(keys("f7"))
    session.wait_for("Who is this?")
    session.send("n")
    session.wait_for("The note for Ada Lovelace")
    session.send("calls on Monday\r")
    session.wait_for(lambda _: world.notes)
    assert world.notes[0].content == "calls on Monday"
    session.wait_for("0 of 2 required")
    session.send(keys("f4"))
    session.wait_for("merged")


def test_the_address_reaches_the_clipboard(open_app: Open, world: World) -> None:
    session = open_app((80, 24))
    session.send(f"\t\t\t{MAIL}\t")
    session.wait_for("known")
    session.send(keys("f7", "o"))
    session.wait_for("clipboard")
    assert b"\x1b]52;c;" in bytes(session.raw)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_a_whole_lead_in_one_go(open_app: Open, world: World, size: tuple[int, int]) -> None:
    session = open_app(size)
    session.wait_for("▸ First Name")
    # In one burst, as no hand types: no key waits for the look-up, the list of choices, or the next field.
    typed = ["Ada", "King", "Acme", MAIL, "+44 20 7946 0018", "+44 7700 900123", "Head of Programmes"]
    session.send("\t".join(typed) + "\tcontacted\r" + "\tengines.example\t12" + keys("f7"))
    session.wait_for("Esc goes back")  # who it may be, by a key that was typed before Zoho had answered
    session.press("escape")
    session.wait_for("▸ No. of Employees")
    session.press("ctrl+s")
    session.wait_for("created in Zoho")
    lead = next(one for one in world.records() if one["Last_Name"] == "King")
    shown = ("First_Name", "Company", "Email", "Phone", "Mobile", "Designation", "Website", "No_of_Employees")
    assert [lead[name] for name in shown] == [
        *("Ada", "Acme", MAIL, "+44 20 7946 0018", "+44 7700 900123", "Head of Programmes"),
        *("engines.example", 12),
    ]
    assert lead["Lead_Status"] == "Contacted"
