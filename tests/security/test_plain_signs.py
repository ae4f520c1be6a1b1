"""A terminal without UTF-8 (``LANG=C``) gets no sign of ours that it cannot show."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hostile_visit import Visit
from pty_session import PtySession
from sandbox_server import serve
from verbs import COMMAND, Home, credentials

from zoho.sandbox import World

BOX = str.maketrans(dict.fromkeys("─│╭╮╰╯▔▁▊▎▅▄▃▂▇▆█▀", "-"))
"""Edges and scroll bars, which Textual draws: they stand beside nothing that must be read."""


def visit_everything(visit: Visit, world: World) -> None:
    session = visit.session
    session.wait_for("online")
    visit.settle("qualify")
    session.send("\tRoe\tAcme")
    visit.do("qualify", "ctrl+n")
    session.send("\tRoe\tAcme")
    fault = {
        "code": "MANDATORY_NOT_FOUND",
        "details": {"api_name": "Company"},
        "message": "x",
        "status": "error",
    }
    world.faults.order("answer", path="/crm/v8/Leads", method="POST", status=202, body={"data": [fault]})
    session.press("ctrl+s")
    session.wait_for("not created")
    visit.settle("toast")
    visit.do("log", "f4", quiet=0.2)
    visit.do("details", "enter", quiet=0.2)
    visit.do("log", "q")
    session.press("f3")
    session.wait_for("Client ID")
    session.press("f7")
    visit.step("settings", "tab")
    session.wait_for("Signed in as")
    visit.settle("settings", 0.3)
    visit.do("help", "f8", quiet=0.2)
    visit.do("help", "q")
    visit.do("qualify", "f2", quiet=0.2)
    visit.do("drafts", "ctrl+o", quiet=0.2)
    visit.do("drafts", "d", quiet=0.2)
    visit.do("drafts", "q", quiet=0.2)
    visit.do("leaving", "ctrl+q", quiet=0.2)


@pytest.mark.parametrize("lang", ["C", "C.UTF-8"])
def test_every_sign_is_ascii_where_it_has_to_be(lang: str, tmp_path: Path) -> None:
    world = World(submission_key="Submission_Key")
    with serve(world) as url:
        home = Home(tmp_path, {"TMPDIR": str(tmp_path), **credentials(world, url), "LANG": lang})
        environment = {**dict.fromkeys(os.environ), "TERM": "xterm-256color", **home.env}
        with PtySession(COMMAND, env=environment, cwd=home.folder, size=(120, 40)) as session:
            visit = Visit(session)
            visit_everything(visit, world)
            assert session.wait_exit() == 0
    foreign = {
        place: sorted({sign for sign in page.translate(BOX) if not sign.isascii()})
        for place, page in visit.pages.items()
    }
    told = {place: signs for place, signs in foreign.items() if signs}
    if lang == "C":
        assert told == {}
    else:
        assert {"qualify", "settings", "toast", "log"} <= set(told), "the test looks where signs are"
