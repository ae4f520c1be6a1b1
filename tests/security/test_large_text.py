"""A megabyte in a paste or in an answer: the app stays alive, and what is sent is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_visit import Visit
from pty_session import PtySession, keys
from sandbox_server import serve
from verbs import COMMAND, Home, credentials

from zoho.sandbox import World
from zoho.sandbox.describe import layout_object

MEGABYTE = 1_000_000
SAID = "2 more lines pasted: Ctrl+R reads them into fields"


@pytest.fixture
def world() -> World:
    return World(submission_key="Submission_Key")


@pytest.fixture
def visit(world: World, tmp_path: Path) -> Iterator[Visit]:
    with serve(world) as url:
        home = Home(tmp_path, {"TMPDIR": str(tmp_path), **credentials(world, url)})
        environment = {**dict.fromkeys(os.environ), "TERM": "xterm-256color", **home.env}
        with PtySession(COMMAND, env=environment, cwd=home.folder, size=(120, 40)) as session:
            yield Visit(session)


def paste(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def test_several_lines_pasted_in_a_terminal_reach_zoho_whole(visit: Visit, world: World) -> None:
    session = visit.session
    session.wait_for("online")
    session.send("\t" + paste("Roe\r\x1b]0;owned\x07second\r\nthird") + "\tAcme")
    session.wait_for(SAID)
    session.press("ctrl+r")
    session.wait_for("T puts the text into Description")
    session.press("t")
    session.wait_for(lambda shown: SAID not in shown.text() and "second" in shown.text())
    session.press("ctrl+s")
    session.wait_for("created in Zoho")
    visit.read("all")
    (lead,) = [one for one in world.records() if one["Company"] == "Acme"]
    assert (lead["Last_Name"], lead["Description"]) == ("Roe", "^[]0;owned^Gsecond\nthird")


@pytest.mark.parametrize("unit", ["x", "漢", "e\u0301", "a\x1b[2J\n"])
def test_a_megabyte_is_pasted(visit: Visit, unit: str) -> None:
    session = visit.session
    session.wait_for("online")
    session.send("\t" + paste(unit * (MEGABYTE // len(unit.encode()))))
    session.send(keys("tab") + "Afterwards")
    session.wait_for("Afterwards", timeout=60)
    session.press("ctrl+q")
    assert session.wait_exit(timeout=60) == 0
    visit.read("all")


def test_a_megabyte_of_lines_is_read_as_far_as_is_said(visit: Visit) -> None:
    session = visit.session
    session.wait_for("online")
    session.send("\t" + paste("Ada Lovelace\n" + "a\x1b[2J\n" * (MEGABYTE // 6)))
    session.wait_for("more lines pasted", timeout=60)
    session.press("ctrl+r")
    session.wait_for("Read in what was pasted", timeout=60)
    session.press("escape")
    session.wait_gone("Read in what was pasted")
    session.send(keys("tab") + "Afterwards")
    session.wait_for("Afterwards")
    visit.read("all")


def test_a_megabyte_in_every_text_of_the_form(visit: Visit, world: World) -> None:
    module = world.modules["Leads"]
    described = layout_object(module, module.layouts[0], world.profiles)
    section = next(
        one for one in described["sections"] if any(f["api_name"] == "Phone" for f in one["fields"])
    )
    large = "L" + "x" * 200_000
    section["display_label"] = large
    for field in section["fields"]:
        if field["api_name"] == "Phone":
            field |= {"display_label": large, "tooltip": {"value": "H" + "word " * 40_000}}
    world.faults.order("answer", path="/crm/v8/settings/layouts", times=None, body={"layouts": [described]})
    session = visit.session
    session.wait_for("Lxxxxxx")
    session.send("Ada\tRoe\tAcme\t\t")
    session.wait_for("Hword word")
    session.send("12345\t")
    session.press("ctrl+s")
    session.wait_for("created in Zoho")
    visit.read("all")
