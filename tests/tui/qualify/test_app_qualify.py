"""The Qualify tab in the whole app: which lead is in the form, after clearing, editing and bringing back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app_stage import Stage
from outbox_office import begin, finish
from textual.document._document import Document

from tui.form import Kind
from tui.form.long_text import LongText
from tui.qualify.fields import sections_of
from zoho.leads.fields import LeadField, LeadForm, Option
from zoho.outbox.states import State
from zoho.outbox.store import Attempt, Outcome
from zoho.wire.errors import FieldFault

KEY = "00000000-0000-4000-8000-000000000001"


def test_each_type_of_zoho_has_its_kind_of_field() -> None:
    kinds = {
        "text": Kind.TEXT,
        "email": Kind.EMAIL,
        "phone": Kind.PHONE,
        "website": Kind.URL,
        "integer": Kind.INTEGER,
        "currency": Kind.DECIMAL,
        "date": Kind.DATE,
        "boolean": Kind.CHECKBOX,
        "textarea": Kind.LONG_TEXT,
        "a type of next year": Kind.TEXT,
    }
    fields = [LeadField(f"F{n}", "Label", data_type) for n, data_type in enumerate(kinds)]
    (section,) = sections_of(LeadForm(None, tuple(fields)))
    assert [field.kind for field in section.fields] == list(kinds.values())


def test_a_picklist_is_a_choice_unless_it_offers_nothing() -> None:
    offered = LeadField(
        "A", "A", "picklist", required=True, options=(Option("actual", "shown"),), section="One"
    )
    empty = LeadField("B", "B", "picklist", section="Two")
    one, two = sections_of(LeadForm(None, (offered, empty)))
    assert (one.title, two.title) == ("One", "Two")
    assert one.fields[0].kind is Kind.CHOICE
    assert one.fields[0].required
    assert [(choice.value, choice.label) for choice in one.fields[0].choices] == [("actual", "shown")]
    assert two.fields[0].kind is Kind.TEXT


def refuse(stage: Stage, key: str = KEY, **values: Any) -> None:
    """Put a lead into the outbox that Zoho has refused."""
    org = stage.app.desk.org
    assert org is not None
    fault = FieldFault("INVALID_DATA", "is not right.", "Correct it.", "Company")
    with (
        stage.store._file._lock
    ):  # in one go: the app's own courier would take the lead, or think it an orphan
        row = stage.store.add(key, values, org=org.key, lane=1, at=1_790_000_000.0)
        attempt = Attempt("sender of a test", row.mode, 1_790_000_000.0, None, None)
        begun = begin(stage.store, row, attempt)
        assert begun is not None
        assert finish(stage.store, begun, Outcome(State.REJECTED, faults=(fault,)), at=1_790_000_001.0)


async def edit(stage: Stage) -> None:
    """Take the newest lead back into the form."""
    await stage.press("f4", "e")
    await stage.until(lambda: stage.app.tab == "qualify" and stage.form.values)


async def test_what_the_form_does_not_show_survives_an_edit(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        refuse(stage, Last_Name="Roe", Company="Acme", Lead_Source="Trade Show", No_Such_Field="kept")
        await edit(stage)
        assert stage.form.errors.keys() == {"Company"}
        await stage.type("!")
        await stage.press("ctrl+s")
        await stage.toast("Roe, Acme!", "created in Zoho")
        values = stage.rows[0].values
    assert values == {
        "Last_Name": "Roe",
        "Company": "Acme!",
        "Lead_Source": "Trade Show",
        "No_Such_Field": "kept",
    }
    assert stage.world.records()[-1]["Lead_Source"] == "Trade Show"


async def test_bringing_nothing_back_leaves_the_edited_lead_in_the_form(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        refuse(stage, Last_Name="Roe", Company="Acme")
        await edit(stage)
        await stage.press("f6")
        await stage.settled()
        if not stage.form.values:
            await stage.press("f6")
        assert stage.form.values == {"Last_Name": "Roe", "Company": "Acme"}
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states == ["sent"], "the same lead, not a second one")
        assert stage.rows[0].key == KEY


async def test_going_back_and_forth_between_two_leads_keeps_each_its_key(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        refuse(stage, Last_Name="Roe", Company="Acme")
        await stage.fill(Last_Name="Doe", Company="Other")
        await edit(stage)
        await stage.type("!")
        await stage.press("f6")
        assert stage.form.value("Last_Name") == "Doe"
        await stage.press("f6")
        assert stage.form.values == {"Last_Name": "Roe", "Company": "Acme!"}
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states == ["draft", "sent"])
        assert stage.rows[1].key == KEY
        assert stage.rows[0].typed == {"Last_Name": "Doe", "Company": "Other"}


async def test_a_notice_that_a_lead_was_not_saved_goes_away_when_it_is(stage: Stage) -> None:
    from zoho.wire.errors import StorageError

    class Full:
        """An outbox on a full disk."""

        def __init__(self, store: Any) -> None:
            self._store = store

        def __getattr__(self, name: str) -> Any:
            return getattr(self._store, name)

        def add(self, *_: Any, **__: Any) -> Any:
            raise StorageError("The disk is full.", next_step="Free some space.")

    async with stage.open():
        await stage.online()
        store = stage.app.desk._store
        stage.app.desk._store = Full(store)  # type: ignore[assignment]
        await stage.fill(Last_Name="Roe", Company="Acme")
        await stage.press("ctrl+s")
        await stage.toast("Not saved", "The disk is full")
        await stage.until("! The disk is full")
        assert stage.form.values == {"Last_Name": "Roe", "Company": "Acme"}
        stage.app.desk._store = store
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states == ["sent"])
        await stage.until(lambda: "! The disk is full" not in stage.words)


async def test_a_lead_that_another_session_took_meanwhile_is_not_sent_twice(
    tmp_path: Path, stage: Stage
) -> None:
    async with stage.open():
        await stage.online()
        refuse(stage, Last_Name="Roe", Company="Acme")
        await edit(stage)
        assert stage.store.decide(KEY, State.DISCARDED, at=1_790_000_002.0)
        await stage.press("ctrl+s")
        await stage.toast("Not saved", "can no longer be changed")
        assert stage.form.values == {"Last_Name": "Roe", "Company": "Acme"}
        assert stage.states == ["discarded"]


async def test_a_text_that_becomes_shorter_than_its_caret_ends_nothing(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Description="one\ntwo\nthree")
        editor = stage.app.query_one(LongText)
        editor.document = editor.wrapped_document.document = Document("x")
        # Textual calls it when the scrollbar, which has no size here, comes or goes.
        editor._watch_show_vertical_scrollbar()
