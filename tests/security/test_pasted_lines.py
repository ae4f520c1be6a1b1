"""Several lines pasted into a field for one: nothing is lost without a word, and one key saves the rest."""

from __future__ import annotations

from app_stage import Stage
from textual import events

from tui.actions import ACTIONS

CARD = "Ada Lovelace\r\nAnalytical Engines\n\nada@engines.example\nprefers mornings"
SAID = "3 more lines were pasted: ^R puts them into Description"


async def paste(stage: Stage, text: str) -> None:
    stage.app.post_message(events.Paste(text))
    await stage.settled()
    await stage.settled()


async def test_the_field_takes_the_first_line_and_one_key_puts_the_others_into_the_description(
    stage: Stage,
) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Company="Acme")
        stage.form.go_to("Last_Name")
        await stage.settled()
        await paste(stage, CARD)
        await stage.until(SAID)
        assert stage.form.values["Last_Name"] == "Ada Lovelace"
        await stage.press("ctrl+r")
        await stage.until(lambda: SAID not in stage.words)
        assert stage.form.values["Description"] == "\n".join(
            ["Analytical Engines", "ada@engines.example", "prefers mornings"]
        )
        assert stage.form.current == "Last_Name", "the rep stays where she is"
        await stage.press("ctrl+s")
        await stage.toast("created in Zoho")
    (lead,) = [one for one in stage.world.records() if one["Company"] == "Acme"]
    assert lead["Description"].endswith("prefers mornings")


async def test_the_key_says_so_where_nothing_waits_and_the_next_lead_gets_nothing(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("ctrl+r")
        await stage.toast("No lines of a paste are waiting.")
        await stage.fill(Company="Acme")
        stage.form.go_to("Last_Name")
        await stage.settled()
        await paste(stage, "Roe\nmore")
        await stage.until("1 more line was pasted: ^R puts it into Description")
        await stage.press("ctrl+s")
        await stage.toast("created in Zoho")
        assert "more line" not in stage.words
        await stage.press("ctrl+r")
        assert stage.form.values == {}


def test_the_key_has_a_second_way_and_stands_in_the_palette() -> None:
    (action,) = [one for one in ACTIONS if one.id == "lead.rest"]
    assert action.keys == ("ctrl+r", "f10")
    assert action.palette
