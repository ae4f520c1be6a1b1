"""A lead in each of the stand-in's orgs, in a real terminal and by keys alone: Ctrl+Y to what is needed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pty_session import PtySession
from sandbox_server import serve
from verbs import COMMAND, Home, credentials

from zoho.sandbox import World

SIZES = [(80, 24), (120, 40)]

Steps = tuple[str, ...]
ANSWERS: dict[str, dict[str, Steps]] = {
    "stock": {"Last Name": ("Roe",), "Company": ("Acme",)},
    "large": {
        "Last Name": ("Roe",),
        "Company": ("Acme",),
        "Needs note": ("two lines",),
        "Budget amount": ("1200.50",),
    },
    "strict": {
        "Last Name": ("Roe",),
        "Company": ("Acme",),
        "Lead Owner": ("robin", "...", "enter"),
        "Customer Type": ("resel", "enter"),
        "Parent Account": ("babb", "...", "enter"),
        "Region": ("fra", "enter"),
    },
    "rtl": {
        "שם משפחה": ("Roe",),
        "الشركة": ("Acme",),
        "敬称": ("enter", "?السيد", "enter"),
        "اللغات التي": ("enter", "?العربية", "space", "?[x]", "escape"),
    },
}
"""By label, what is typed or pressed in each needed field; "..." waits for what is found, "?" for a text."""


def current(session: PtySession) -> str:
    """Return the line of the current field without its blanks: a wide character has one behind it."""
    line = next((line for line in session.lines() if line.lstrip().startswith("▸")), "")
    return "".join(line.split()).removeprefix("▸")


def answer(session: PtySession, answers: dict[str, Steps]) -> str:
    """Answer the field that is needed next, going there first; return its label."""

    def here() -> str:
        return next((one for one in answers if current(session).startswith("".join(one.split()))), "")

    if not here():  # a choice goes on to the next field by itself
        session.press("ctrl+y")
        session.wait_for(lambda _: here())
    label = here()
    for step in answers[label]:
        if step == "...":
            session.wait_for("1 found")
        elif step.startswith("?"):
            session.wait_for(step[1:])
        elif step in ("enter", "space", "escape"):
            mark = session.mark()
            session.press(step)
            session.wait_for(lambda s, mark=mark: s.mark() > mark)
        else:
            session.send(step)
            session.wait_for(step)
    return label


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("org", ANSWERS)
def test_a_lead_by_keys_alone(tmp_path: Path, org: str, size: tuple[int, int]) -> None:
    world = World(submission_key="Submission_Key", org=org)
    home = Home(tmp_path, {"TMPDIR": str(tmp_path), "TERM": "xterm-256color"})
    with serve(world) as url:
        env = {**dict.fromkeys(os.environ), **home.env, **credentials(world, url)}
        with PtySession(COMMAND, size=size, env=env, cwd=home.folder) as session:
            session.wait_for("online")
            answers = dict(ANSWERS[org])
            while answers:
                del answers[answer(session, answers)]
            session.press("ctrl+s")
            session.wait_for("created in Zoho")
    (lead,) = [one for one in world.records() if one["Last_Name"] == "Roe"]
    assert lead["Company"] == "Acme"
    assert lead["Lead_Source"] == "Qualification Inbound"
