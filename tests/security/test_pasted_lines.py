"""Several lines pasted into a field for one: nothing is lost without a word, and one key reads them."""

from __future__ import annotations

from app_stage import Stage
from textual import events

from tui.actions import ACTIONS

CARD = "Ada Lovelace\r\nAnalytical Engines\n\nada@engines.example\nprefers mornings"
SAID = "3 more lines pasted: Ctrl+R reads them into fields"
SIGNATURE = "Ada Lovelace\nBuyer\nAnalytical Engines Ltd\n\nada.lovelace@engines.example\n+44 20 7946 0018\n"


async def paste(stage: Stage, text: str) -> None:
    stage.app.post_message(events.Paste(text))
    await stage.settled()
    await stage.settled()


async def preview(stage: Stage) -> None:
    await stage.press("ctrl+r")
    await stage.until("Read in what was pasted")


async def test_the_field_takes_the_first_line_and_t_puts_the_others_into_the_long_text(
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
        await preview(stage)
        assert "T puts the text into Description" in stage.words
        await stage.press("t")
        await stage.until(lambda: SAID not in stage.words and "Read in what" not in stage.words)
        assert stage.form.values["Description"] == "\n".join(
            ["Analytical Engines", "ada@engines.example", "prefers mornings"]
        )
        assert stage.form.current == "Last_Name", "the rep stays where she is"
        await stage.press("ctrl+s")
        await stage.toast("created in Zoho")
    (lead,) = [one for one in stage.world.records() if one["Company"] == "Acme"]
    assert lead["Description"].endswith("prefers mornings")


async def test_a_signature_is_read_into_its_fields_wherever_it_was_pasted(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.form.go_to("Company")
        await stage.settled()
        await paste(stage, SIGNATURE)
        await stage.until("4 more lines pasted")
        assert stage.form.values == {"Company": "Ada Lovelace"}
        await preview(stage)
        await stage.press("enter")
        await stage.until(lambda: "Read in what" not in stage.words)
        assert stage.form.values == {
            "First_Name": "Ada",
            "Last_Name": "Lovelace",
            "Company": "Analytical Engines Ltd",
            "Designation": "Buyer",
            "Email": "ada.lovelace@engines.example",
            "Phone": "+44 20 7946 0018",
        }
        assert "more lines" not in stage.words
        await stage.until(lambda: stage.kept and (stage.kept[0].typed or {}).get("Designation") == "Buyer")
        await stage.press("ctrl+s")
        await stage.toast("created in Zoho")
    (lead,) = [one for one in stage.world.records() if one["Email"] == "ada.lovelace@engines.example"]
    assert (lead["Last_Name"], lead["Phone"]) == ("Lovelace", "+44 20 7946 0018")


async def test_the_line_in_the_field_goes_where_it_belongs_and_what_was_typed_beside_it_stays(
    stage: Stage,
) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Description="Met at the fair.")
        stage.form.go_to("Description")
        stage.form.go_to("Title")
        stage.form.go_to("Designation")
        await stage.settled()
        await stage.type("Head ")
        await paste(stage, "Ada Lovelace\nada.lovelace@engines.example")
        assert stage.form.values["Designation"] == "Head Ada Lovelace"
        await preview(stage)
        await stage.press("enter")
        await stage.until(lambda: "Read in what" not in stage.words)
        assert stage.form.values == {
            "First_Name": "Ada",
            "Last_Name": "Lovelace",
            "Designation": "Head",
            "Email": "ada.lovelace@engines.example",
            "Description": "Met at the fair.",
        }


async def test_esc_leaves_the_form_and_what_waits_as_they_are(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.form.go_to("Last_Name")
        await stage.settled()
        await paste(stage, CARD)
        await preview(stage)
        await stage.press("escape")
        await stage.until(SAID)
        assert stage.form.values == {"Last_Name": "Ada Lovelace"}
        await preview(stage)


async def test_where_nothing_waits_the_key_waits_for_a_paste(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("ctrl+r")
        await stage.until("Paste it now")
        await paste(stage, SIGNATURE)
        await stage.until("Read in what was pasted")
        await stage.press("t")
        await stage.until(lambda: "Read in what" not in stage.words)
        assert stage.form.values["Description"] == SIGNATURE.strip()


async def test_a_paste_that_comes_as_keys_is_told_of(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("ctrl+r")
        await stage.until("Paste it now")
        await stage.press(*"Roe", "enter")
        await stage.until("does not mark what is pasted")
        await stage.press("escape")
        await stage.until(lambda: "Paste it" not in stage.words)
        assert stage.form.values == {}


async def test_the_next_lead_gets_nothing_of_what_waits(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Company="Acme")
        stage.form.go_to("Last_Name")
        await stage.settled()
        await paste(stage, "Roe\nmore")
        await stage.until("1 more line pasted: Ctrl+R reads it into fields")
        await stage.press("ctrl+s")
        await stage.toast("created in Zoho")
        assert "more line" not in stage.words
        await stage.press("ctrl+r")
        await stage.until("Paste it now")
        assert stage.form.values == {}


async def test_an_escape_sequence_in_a_paste_moves_nothing_on_the_screen(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("ctrl+r")
        await stage.until("Paste it now")
        await paste(stage, "Ada \x1b[2JLovelace\nada.lovelace@engines.example\nx\u202ey")
        await stage.until("Read in what was pasted")
        assert "\x1b" not in stage.words
        assert "\u202e" not in stage.words
        await stage.press("t")
        await stage.until(lambda: "Read in what" not in stage.words)
        assert not {"\x1b", "\u202e"} & set(stage.form.values["Description"])


def test_the_key_has_a_second_way_and_stands_in_the_palette() -> None:
    (action,) = [one for one in ACTIONS if one.id == "lead.paste"]
    assert action.keys == ("ctrl+r", "f10")
    assert action.palette
