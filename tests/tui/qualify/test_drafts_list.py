"""The list of half-typed leads: what it tells of each, and which keys take one or discard it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

import tui
from tui.qualify.drafts import DraftList, draft_lines
from zoho.outbox.states import State
from zoho.outbox.store import Row

NOW = 1_764_079_500.0  # Tue 25 Nov 2025, 14:05 UTC
ROE = {"Last_Name": "Roe", "Company": "Acme"}
OPEN = [("nothing", "")]
"""What stands for the result while the list is open."""


def draft(key: str, typed: Mapping[str, str] = ROE, *, seconds: float = 0, state: State = State.DRAFT) -> Row:
    """Return a draft that was typed in some *seconds* ago."""
    return Row(key, state, {}, None, NOW - seconds, NOW - seconds, typed=typed)


def told(*drafts: Row, held: Collection[str] = ()) -> list[str]:
    return draft_lines(drafts, held, now=NOW, zone=UTC)


class ListApp(App[None]):
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = Path(tui.__file__).parent / "app.tcss"

    def __init__(self, drafts: Sequence[Row], held: Collection[str]) -> None:
        super().__init__()
        self.theme = "ansi-dark"
        self.list = DraftList(drafts, held, now=NOW, zone=UTC)
        self.results: list[tuple[str, str] | None] = list(OPEN)

    def on_mount(self) -> None:
        self.push_screen(self.list, self._ended)

    def _ended(self, result: tuple[str, str] | None) -> None:
        self.results = [result]

    @property
    def foot(self) -> str:
        return str(self.list.query_one(".picks-keys", Static).render())

    @property
    def lines(self) -> list[str]:
        strips = self.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


@asynccontextmanager
async def shown(
    drafts: Sequence[Row], held: Collection[str] = ()
) -> AsyncIterator[tuple[ListApp, Pilot[None]]]:
    app = ListApp(drafts, held)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield app, pilot


# What is told


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "1  14:04  now  Roe, Acme"),
        (300, "1  14:00  5 min ago  Roe, Acme"),
        (3 * 3600, "1  11:05  3 h ago  Roe, Acme"),
        (24 * 3600, "1  Mon 14:05  24 h ago  Roe, Acme"),
        (6 * 86_400, "1  Wed 14:05  6 d ago  Roe, Acme"),
        (7 * 86_400, "1  18 Nov 14:05  7 d ago  Roe, Acme"),
        (400 * 86_400, "1  21 Oct 2024  400 d ago  Roe, Acme"),
        (-300, "1  14:10  now  Roe, Acme"),
    ],
)
def test_when_it_was_typed_in_stands_beside_the_name(seconds: float, words: str) -> None:
    assert [" ".join(one.split()) for one in told(draft("a", seconds=seconds))] == [" ".join(words.split())]


def test_it_is_told_who_called_and_when_to_call_back() -> None:
    assert told(draft("a", {**ROE, "?call_back": "tomorrow 14:30"})) == [
        "1  14:05  now  Roe, Acme  (call back tomorrow 14:30)"
    ]


def test_an_answer_is_nobodys_name() -> None:
    (text,) = told(draft("a", {"?budget": "1", "?call_back": "9:00"}))
    assert "(no name yet)  (call back 9:00)" in text
    (text,) = told(draft("a", {"?budget": "1", "Phone": "020 7946 0018"}))
    assert text.endswith("020 7946 0018")


def test_a_change_of_a_lead_and_what_is_edited_elsewhere_are_called_so() -> None:
    lines = told(draft("a"), draft("b"), draft("c", state=State.REJECTED), held={"a"})
    assert [one[0] for one in lines] == [" ", "1", "2"]
    assert lines[0].endswith("Roe, Acme  (in another session)")
    assert lines[2].endswith("Roe, Acme  (change of a lead)")


def test_names_stand_below_each_other_and_how_long_ago_gives_way() -> None:
    long = {"Last_Name": "Lovelace", "Company": "Analytical Engines of London and Difference"}
    short = draft("a", seconds=86_400)
    assert "h ago" in told(short)[0]
    lines = told(short, draft("b", long), draft("c", {**long, "?call_back": "tomorrow 14:30"}))
    assert "ago" not in "".join(lines)
    assert len({one.index(name) for one, name in zip(lines, ("Roe", "Love", "Love"), strict=True)}) == 1
    assert lines[2].endswith("(call back tomorrow 14:30)")


@pytest.mark.parametrize("name", ["株式会社" * 20, "x" * 200, "\x1b[2J\nx", "[/x]", ""])
@pytest.mark.parametrize("back", ["", "x" * 300, "明日の午後三時に電話をかけ直してください"])
def test_no_line_is_too_long(name: str, back: str) -> None:
    for state in (State.DRAFT, State.REJECTED):
        typed = {"Last_Name": name, "?call_back": back}
        lines = told(draft("a", typed, seconds=9e6, state=state), held={"a"})
        assert all(cell_len(one) <= 60 and one.isprintable() for one in lines)


# Keys


async def test_a_digit_takes_one_at_once() -> None:
    async with shown([draft("a"), draft("b"), draft("c")]) as (app, pilot):
        await pilot.press("4")
        assert app.results == OPEN, "there is no fourth one"
        await pilot.press("2")
        assert app.results == [("take", "b")]


async def test_enter_takes_the_marked_one() -> None:
    async with shown([draft("a"), draft("b"), draft("c")]) as (app, pilot):
        await pilot.press("j", "down", "k", "enter")
        assert app.results == [("take", "b")]


async def test_what_is_edited_elsewhere_is_neither_taken_nor_discarded() -> None:
    async with shown([draft("a"), draft("b")], {"a"}) as (app, pilot):
        await pilot.press("up", "d", "2")
        assert (app.results, app.list.marked) == (OPEN, "b")
        await pilot.press("1")
        assert app.results == [("take", "b")]
    async with shown([draft("a")], {"a"}) as (app, pilot):
        await pilot.press("1", "d", "d", "enter")
        assert app.results == OPEN
        assert "in other sessions" in app.foot
        await pilot.press("escape")
        assert app.results == [None]


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_one_is_discarded_when_that_is_said_twice(key: str) -> None:
    async with shown([draft("a"), draft("b", {"Last_Name": "Doe"})]) as (app, pilot):
        await pilot.press("down", key)
        assert (app.results, "D again discards Doe" in app.foot) == (OPEN, True)
        await pilot.press(key)
        assert app.results == [("discard", "b")]


async def test_the_question_is_of_the_marked_one_alone() -> None:
    async with shown([draft("a"), draft("b", {"Last_Name": "Doe"})]) as (app, pilot):
        await pilot.press("d", "down")
        assert app.foot.startswith("Enter"), "nothing is asked any more"
        await pilot.press("up", "d")
        assert app.results == OPEN, "it was asked anew"
        await pilot.press("d")
        assert app.results == [("discard", "a")]


async def test_thirty_are_shown_on_a_small_screen() -> None:
    drafts = [draft(f"{n:02}", {"Last_Name": f"Caller{n:02}"}, seconds=n * 3600) for n in range(30)]
    async with shown(drafts) as (app, pilot):
        text = "\n".join(app.lines)
        assert len(app.lines) == 24
        assert all(part in text for part in ("Half-typed leads", "1  14:05", "Caller00", "Esc goes back"))
        assert "Caller20" not in text
        await pilot.press("end")
        await pilot.pause()
        assert "Caller29" in "\n".join(app.lines)
        assert app.list.query_one(OptionList).highlighted == 29
        await pilot.press("9")
        assert app.results == [("take", "08")], "a digit counts from the top, wherever the list stands"
