"""Finding leads in the Log of the whole app, and how the list keeps its place meanwhile."""

from __future__ import annotations

from app_stage import Stage

from tui.log.tab import LogTab
from zoho.outbox.states import State


def add(stage: Stage, *names: str, org: str = "another org") -> None:
    """Save leads, which nobody sends."""
    known = len(stage.rows)
    for number, name in enumerate(names, start=known):
        key = f"00000000-0000-4000-8000-{number:012}"
        stage.store.add(key, {"Last_Name": name, "Company": "Acme"}, org=org, lane=1, at=1_790_000_000.0)


async def in_log(stage: Stage, *names: str) -> None:
    await stage.online()
    add(stage, *names)
    await stage.press("f4")
    await stage.until(names[-1])


def drawn(stage: Stage) -> list[str]:
    """The names of the leads that are in sight."""
    return [line.split("waiting")[1].split(",")[0].strip() for line in stage.lines if "waiting  " in line]


def marked(stage: Stage) -> str:
    assert stage.list.marked is not None
    return stage.list.marked.values["Last_Name"]


async def test_a_typed_word_leaves_the_leads_that_have_it(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, "Hopper", "Turing", "Hoare")
        await stage.press("/", *"ho")
        await stage.until("2 found · Esc shows all")
        assert drawn(stage) == ["Hoare", "Hopper"]
        await stage.press(*"pp")
        await stage.until("1 found")
        assert drawn(stage) == ["Hopper"]
        await stage.press("backspace", "backspace")
        await stage.until("2 found")
        await stage.press("escape")
        await stage.until(lambda: drawn(stage) == ["Hoare", "Turing", "Hopper"])
        assert "found" not in stage.text


async def test_no_letter_of_a_word_does_anything_to_a_lead(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, "Dedede")
        await stage.press(*"/ddeisrbq")
        await stage.until("No lead has these words")
        assert (stage.app.tab, stage.states) == ("log", ["queued"])
        assert stage.toasts == []


async def test_behind_enter_the_keys_act_on_what_was_found(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, "Hopper", "Turing", "Hoare")
        await stage.press(*"/tur", "enter")
        await stage.until("1 found")
        assert marked(stage) == "Turing"
        await stage.press("d", "d")
        await stage.until(lambda: stage.store.counts(since=0).of([State.DISCARDED]) == 1)
        await stage.press("escape")
        await stage.until("Hopper")
        assert marked(stage) == "Turing"
        assert stage.list.marked.state is State.DISCARDED


async def test_the_palette_finds_too(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, "Hopper", "Turing")
        await stage.app.run_action("log('find')")
        await stage.press(*"hop")
        await stage.until("1 found")
        assert drawn(stage) == ["Hopper"]


async def test_a_lead_that_comes_to_have_the_word_is_shown(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, "Hopper")
        await stage.press(*"/ho", "enter")
        await stage.until("1 found")
        add(stage, "Turing", "Hoare")
        await stage.app.desk.tell_counts()
        await stage.until("2 found")
        await stage.until(lambda: drawn(stage) == ["Hoare", "Hopper"])


async def test_the_screen_stays_where_it_is_when_leads_come_in(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, *(f"Lead {number:03}" for number in range(100)))
        await stage.press("pagedown", "pagedown")
        await stage.until(lambda: "Lead 099" not in stage.text)
        before, was = drawn(stage), marked(stage)
        add(stage, "New one", "New two")
        await stage.app.desk.tell_counts()
        await stage.until(lambda: stage.list.newest == len(stage.rows))
        await stage.settled()
        assert (drawn(stage), marked(stage)) == (before, was)
        await stage.press("home")
        await stage.until("New two")


async def test_what_another_session_did_to_a_lead_in_sight_is_shown(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, "Hopper", "Turing")
        row = stage.rows[0]
        stage.store.decide(row.key, State.DISCARDED, at=1_790_000_001.0)
        await stage.app.desk.tell_counts()
        await stage.until("discarded")


async def test_a_long_list_is_read_where_it_is_looked_at(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, *(f"Lead {number:03}" for number in range(400)))
        await stage.press("end")
        await stage.until("Lead 000")
        assert stage.list._window.held < 200

        def scrolled() -> bool:  # again, if leads that were counted meanwhile have brought the mark back
            stage.list.scroll_to(y=150, animate=False)
            return "Lead 240" in stage.text

        await stage.until(scrolled)


async def test_words_are_looked_for_in_name_company_state_id_and_reason(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, "Hopper")
        for words in ("acme hop", "waiting", "HOPPER acme wait"):
            await stage.press("/", "ctrl+u", *words)
            await stage.until("1 found")
            await stage.press("escape")
        await stage.press(*"/hopper created")
        await stage.until("No lead has these words")


async def test_beside_a_scrollbar_nothing_is_cut(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, *(f"Lead {number:03}" for number in range(60)))
        await stage.press(*"/lead")
        await stage.until("60 found · Esc shows all")


async def test_a_space_behind_a_word_takes_nothing_from_what_is_found(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, *["Roe"] * 150)
        await stage.press(*"/roe ")
        await stage.until("150 found")


async def test_the_mark_stays_on_a_lead_far_down_when_what_was_found_is_found_anew(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, "Hopper", *["Roe"] * 150)
        await stage.press(*"/acme", "enter")
        await stage.until("151 found")
        await stage.press("end")
        assert marked(stage) == "Hopper"
        await stage.app.query_one(LogTab).fill()
        await stage.settled()
        assert marked(stage) == "Hopper"


async def test_the_mark_stays_on_the_lead_that_was_found_far_down_when_all_are_shown(stage: Stage) -> None:
    async with stage.open():
        await in_log(stage, "Hopper", *["Roe"] * 150)
        await stage.press(*"/hopp", "enter")
        await stage.until("1 found")
        await stage.press("escape")
        await stage.until(lambda: len(stage.list._window) == 151)
        await stage.settled()
        assert marked(stage) == "Hopper"
