"""``NO_COLOR`` in a real terminal: no colour is sent, on no screen, and nothing fails for want of one."""

from __future__ import annotations

import os
from pathlib import Path

from hostile_visit import Visit
from pty_session import PtySession
from sandbox_server import serve
from verbs import COMMAND, Home, credentials

from zoho.sandbox import World


def test_no_colour_is_sent_and_every_screen_can_be_read(tmp_path: Path) -> None:
    world = World(submission_key="Submission_Key")
    with serve(world) as url:
        home = Home(tmp_path, {"TMPDIR": str(tmp_path), **credentials(world, url), "NO_COLOR": "1"})
        environment = {**dict.fromkeys(os.environ), "TERM": "xterm-256color", **home.env}
        with PtySession(COMMAND, env=environment, cwd=home.folder, size=(120, 40)) as session:
            visit = Visit(session)
            session.wait_for("online")
            session.send("\tRoe\tAcme\tno address")
            visit.do("error", "tab", quiet=0.2)
            session.press("ctrl+n")
            for key in ("ctrl+o", "q", "f4", "enter", "q", "f3", "f8", "q", "ctrl+p"):
                visit.do("all", key, quiet=0.15)
                colours = {look[1:] for row in visit.model.cells for _, look in row}
                assert colours <= {("", ""), ("39", ""), ("", "49"), ("39", "49")}, key
            visit.back("all")
            session.press("ctrl+q")
            assert session.wait_exit() == 0
    assert "! This is no e-mail address" in visit.pages["error"]
    assert "Half-typed leads" in visit.pages["all"]
