"""Every screen as it looks: a change of one is seen in a diff that a person can read.

`make goldens` writes them anew.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from app_stage import Stage
from golden import assert_golden, only_the_terminals_colours, styles_of
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui.form import Choice, Field, Form, Kind, Section
from tui.form.fields import lookup_text
from zoho.leads.call_back.task import task_of
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox.follow_ups import FollowUpState
from zoho.outbox.store import FRESH

SCREENS = ("qualify", "drafts", "settings", "log", "details", "help", "palette", "fields", "arrange")
SIZES = ((80, 24), (120, 40))
MODES: dict[str, dict[str, str]] = {
    "": {"LANG": "C.UTF-8"},
    "-ascii": {"LANG": "C"},
    "-nocolor": {"LANG": "C.UTF-8", "NO_COLOR": "1"},
}
REFUSED = {
    "code": "INVALID_DATA",
    "message": "the id given seems to be invalid",
    "status": "error",
    "details": {"api_name": "Company"},
}


@asynccontextmanager
async def at(screen: str, stage: Stage, size: tuple[int, int]) -> AsyncIterator[Stage]:
    """Open the app with three leads and two drafts, and go to a screen; nothing passing stands before it."""
    async with stage.open(size=size):
        await stage.online()
        for last, company in (("Lovelace", "Analytical Engines"), ("Brontë", "株式会社サンプル")):
            await stage.fill(Last_Name=last, Company=company)
            await stage.press("ctrl+n")
            await stage.until(lambda: not stage.form.values)
        await stage.send(Last_Name="Babbage", Company="Difference Co")
        await stage.toast("Babbage", "created in Zoho")
        stage.world.faults.order(
            "answer", path="/crm/v8/Leads", method="POST", status=202, body={"data": [REFUSED]}
        )
        await stage.send(Last_Name="Roe", Company="Acme [/x]")
        await stage.toast("Roe", "not created")
        await _quiet(stage)
        await {
            "qualify": _qualify,
            "drafts": _drafts,
            "settings": _settings,
            "log": _log,
            "details": _details,
            "help": _help,
            "palette": _palette,
            "fields": _fields,
            "arrange": _arrange,
        }[screen](stage)
        await _quiet(stage)
        # What a dialog does not cover is drawn only when the dialog is.
        stage.app.screen.refresh()
        await stage.pilot.pause()
        yield stage


async def _quiet(stage: Stage) -> None:
    stage.app.clear_notifications()
    await stage.until(lambda: not stage.toasts and not stage.app.screen.query("Toast"))
    await stage.pilot.pause()


async def _qualify(stage: Stage) -> None:
    await stage.fill(First_Name="Ada", Last_Name="Lovelace", Email="ada at example", Phone="+44 20 7946 0018")
    await stage.until("Email") if not stage.form.errors else None


async def _drafts(stage: Stage) -> None:
    await stage.press("ctrl+o")
    await stage.until("Half-typed leads")


async def _settings(stage: Stage) -> None:
    await stage.press("f3", "f7")
    await stage.until("Signed in as")


async def _log(stage: Stage) -> None:
    await stage.press("f4")
    await stage.until("Babbage")


async def _details(stage: Stage) -> None:
    await _log(stage)
    await stage.press("enter")
    await stage.until("What was tried")


async def _help(stage: Stage) -> None:
    await stage.press("f8")
    await stage.until("Keys")


async def _palette(stage: Stage) -> None:
    await stage.press("ctrl+p")
    await stage.until("Put this half-typed lead aside")


async def _fields(stage: Stage) -> None:
    await stage.press("ctrl+g")
    await stage.until("Go to:")
    await stage.type("ma")


async def _arrange(stage: Stage) -> None:
    await stage.press("ctrl+g", "ctrl+g")
    await stage.until("Pin, hide and order")
    await stage.press("down", "down", "p", "down", "p", "end", "h", "home", "down", "down", "down", "h")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SCREENS)
async def test_a_screen_looks_as_it_did(
    screen: str, size: tuple[int, int], mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in MODES[mode].items():
        monkeypatch.setenv(name, value)
    async with at(screen, Stage(tmp_path), size) as stage:
        if screen != "palette" and mode != "-nocolor":  # an edge of Textual's palette has another colour
            assert only_the_terminals_colours(stage.app), "the same in every depth of colour"
        if mode == "-nocolor":
            coloured = [style for style in styles_of(stage.app) if style.color and not style.color.is_default]
            assert all(_is_grey(style.color.get_truecolor()) for style in coloured if style.color), (
                "no colour"
            )
        assert_golden(f"{screen}-{size[0]}x{size[1]}{mode}", stage.app)


NOTE = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Qualification: BANT 12 of 20, Warm", "Note_Content": "x"})
TASK = task_of(
    datetime(2031, 5, 14, 10, tzinfo=ZoneInfo("Europe/London")),
    ZoneInfo("Europe/London"),
    title="Ada",
    about="",
    phone="",
    here=ZoneInfo("Europe/Berlin"),
)


async def _with_follow_ups(stage: Stage) -> None:
    """Have leads in Zoho whose note and call-back were refused, wait, and stand there too."""
    orders = stage.world.faults.order
    orders("answer", path="/crm/v8/Leads/", method="POST", status=202, body={"data": [REFUSED]})
    orders("answer", path="/crm/v8/Tasks", method="POST", status=202, body={"data": [REFUSED]})
    orders("answer", path="/crm/v8/Leads/", method="POST", status=404, body="not here")
    org = stage.app.desk.org
    assert org is not None
    for number, name in enumerate(("Refused", "Waiting", "Both")):
        key = f"00000000-0000-4000-8000-{number:012}"
        values = {"Last_Name": name, "Company": "Acme"}
        stage.store.add(key, values, org=org.key, lane=FRESH, at=1.0 + number, follow_ups=[NOTE, TASK])
        stage.app.desk.retry()
        await stage.until(lambda key=key: _over(stage, key), name)
    await stage.press("f4")
    await stage.until("! note, call-back ref")


def _over(stage: Stage, key: str) -> bool:
    first, last = stage.store.follow_ups.of(key)
    return (first.attempt, last.attempt) == (1, 1) and last.state != FollowUpState.SENDING


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_what_goes_with_leads_looks_as_it_did(
    size: tuple[int, int], mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in MODES[mode].items():
        monkeypatch.setenv(name, value)
    stage = Stage(tmp_path, environ={"TZ": "Europe/Berlin"})
    async with stage.open(size=size):
        await stage.online()
        await _with_follow_ups(stage)
        await _quiet(stage)
        await stage.until("3 today")
        assert_golden(f"log-beside-{size[0]}x{size[1]}{mode}", stage.app)
        await stage.press("end", "enter")
        await stage.until("What goes with it")
        assert_golden(f"details-beside-{size[0]}x{size[1]}{mode}", stage.app)


LIST = tuple(Choice(each.lower(), each) for each in ("Berlin", "Bonn", "Köln", "Paris [/x]", "Lyon"))
KINDS = (
    Field("Name", "Last Name", required=True),
    Field("Tongues", "Languages", Kind.CHOICES, choices=LIST),
    Field("Account", "Account", Kind.LOOKUP),
    Field("Country", "Country", Kind.CHOICE, choices=LIST[:2]),
    Field("City", "City", Kind.CHOICE, choices=LIST, controlled_by="Country", allowed=(("bonn", ("lyon",)),)),
    Field("When", "Call back", Kind.DATETIME, placeholder="year-month-day hour:minute"),
    Field("Seats", "Seats", Kind.INTEGER, placeholder="whole number, 0 to 100"),
)


def _section(title: str, count: int) -> Section:
    fields = (Field(f"{title} {n}", f"{title} {n}", required=n == 3) for n in range(count))
    return Section(title, tuple(fields))


class KindsApp(App[None]):
    """A long form with every kind that is taken from a list."""

    def __init__(self) -> None:
        super().__init__()
        long = [_section(f"Section {letter}", 22) for letter in "ABCDE"]
        self.form = Form([Section("Lead", KINDS), Section("Cut [/x]", (Field("X", "X"),)), *long])

    def compose(self) -> ComposeResult:
        """Make the form."""
        yield self.form

    def on_mount(self) -> None:
        """Look as the app does."""
        self.theme = "ansi-dark"

    def on_form_sought(self, event: Form.Sought) -> None:
        """Find three, or say why not."""
        found = tuple(Choice(lookup_text(name, "1"), name) for name in ("Acme", "Acme [/x]", "アクメ"))
        why = "" if event.word else "Offline: nothing can be searched."
        self.form.set_found(event.name, event.word, found if event.word else (), why)


STEPS: dict[str, tuple[str, ...]] = {
    "several": ("down", "enter", "space", "down", "down", "space"),
    "look-up": ("down", "down", *"acm"),
    "no-look-up": ("down", "down", "enter"),
    "dependent": ("down", "down", "down", *"ber", "enter", *"ber", "enter", "up", "up", *"bon", "enter"),
    "folded": ("R", "pagedown"),
}


@pytest.mark.parametrize("mode", ["", "-ascii"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", STEPS)
async def test_a_kind_of_field_looks_as_it_did(
    screen: str, size: tuple[int, int], mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in MODES[mode].items():
        monkeypatch.setenv(name, value)
    app = KindsApp()
    async with app.run_test(size=size) as pilot:
        app.form.set_values({"Tongues": "paris [/x]", "Section B 7": "x"})
        await pilot.press(*STEPS[screen])
        await _answered(app, pilot, {"look-up": "3 found", "no-look-up": "nothing can be"}.get(screen, ""))
        assert_golden(f"form-{screen}-{size[0]}x{size[1]}{mode}", app)


async def _answered(app: KindsApp, pilot: Pilot[None], answer: str) -> None:
    """Wait until what was looked for is found, and *answer* is seen."""
    seen = ""
    while not seen or "searching" in seen or answer not in seen:
        await pilot.pause(0.02)
        seen = "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def _is_grey(colour: tuple[int, int, int]) -> bool:
    return len(set(colour)) == 1
