"""A field that is left, in the whole app: what becomes of it, what is said under it, and when nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app_stage import Stage
from outbox_office import begin, finish

from zoho.outbox.states import State
from zoho.outbox.store import Attempt, Outcome
from zoho.wire.errors import FieldFault


async def test_a_pasted_person_is_put_into_address_and_name(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Company="Acme", Email="Bob Roe <bob@x.example>")
        await stage.press("enter")
        assert stage.form.values == {
            "First_Name": "Bob",
            "Last_Name": "Roe",
            "Company": "Acme",
            "Email": "bob@x.example",
        }
        await stage.press("ctrl+s")
        await stage.toast("Bob Roe, Acme", "created in Zoho")
    assert stage.world.records()[-1]["Email"] == "bob@x.example"


async def test_it_is_put_there_also_where_the_field_is_not_left_before_sending(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.send(Company="Acme", Email="Bob Roe <bob@x.example>")
        await stage.toast("Bob Roe, Acme", "created in Zoho")


async def test_a_slip_is_hinted_at_and_stays(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Email="bob@gmial.com")
        await stage.press("enter")
        await stage.until("Is it bob@gmail.com?")
        assert stage.form.value("Email") == "bob@gmial.com"
        assert stage.form.errors == {}
        stage.form.go_to("Email")
        await stage.press("ctrl+u")
        await stage.type("bob@gmail.com")
        await stage.press("enter")
        await stage.until(lambda: "Is it" not in stage.words)
        await stage.fill(Last_Name="Roe", Company="Acme")
        stage.form.go_to("Email")
        await stage.press("ctrl+u")
        await stage.type("bob@gmial.com")
        await stage.press("ctrl+s")
        await stage.toast("Roe, Acme", "created in Zoho")
    assert stage.world.records()[-1]["Email"] == "bob@gmial.com"


async def test_a_phone_number_becomes_international_on_leaving_it(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        tab = stage.app._qualify_tab
        tab._lead_form = replace(tab._lead_form, region="GB")
        await stage.fill(Phone="020 7946 0018 x12")
        await stage.press("enter")
        assert stage.form.value("Phone") == "+44 20 7946 0018 ext. 12"
        await stage.fill(Mobile="555")
        await stage.press("enter")
        await stage.until("it is no number of GB")
        assert stage.form.value("Mobile") == "555"


async def test_where_the_rest_of_a_paste_waits_nothing_else_is_said(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.form.go_to("Email")
        await stage.settled()
        assert stage.form.pasted("bob@gmial.com\nsecond line") == "bob@gmial.com"
        await stage.type("bob@gmial.com")
        await stage.until("1 more line pasted")
        await stage.press("enter")
        await stage.settled()
        assert "1 more line pasted" in stage.words
        assert stage.form.put_kept() == 1
        await stage.until(lambda: "1 more line" not in stage.words)
        assert stage.form.value("Description") == "second line"


async def test_one_name_is_sent_as_the_last_name_and_that_is_said(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.send(First_Name="Roe", Company="Acme")
        await stage.toast("Roe is sent as the last name")
        await stage.toast("Roe, Acme", "created in Zoho")
    record = stage.world.records()[-1]
    assert record["Last_Name"] == "Roe"
    assert not record.get("First_Name")


REASONS = (
    FieldFault("INVALID_DATA", "Zoho does not accept this value.", "Change it and send again.", "Company"),
    FieldFault(
        "DEPENDENT_MISMATCH",
        "This does not go with the value of “Lead_Status”.",
        "Change one of the two and send again.",
        "Company",
        {"dependee": {"api_name": "Lead_Status"}},
    ),
    FieldFault("RECORD_LOCKED", "The record is locked in Zoho.", "Ask its owner to unlock it."),
    FieldFault("INVALID_DATA", "Zoho expects text here.", "Change it and send again.", "Not_Here"),
)


def refuse(stage: Stage, faults: tuple[FieldFault, ...], **values: Any) -> None:
    """Put a lead into the outbox that Zoho has refused."""
    org = stage.app.desk.org
    assert org is not None
    with stage.store._file._lock:  # in one go: the app's own courier would take the lead
        key = "00000000-0000-4000-8000-000000000002"
        row = stage.store.add(key, values, org=org.key, lane=1, at=1_790_000_000.0)
        begun = begin(stage.store, row, Attempt("sender of a test", row.mode, 1_790_000_000.0, None, None))
        assert begun is not None
        assert finish(stage.store, begun, Outcome(State.REJECTED, faults=faults), at=1_790_000_001.0)


async def test_every_reason_is_told_with_its_field_and_the_next_step(stage: Stage) -> None:
    async with stage.open(size=(120, 40)):
        await stage.online()
        refuse(stage, REASONS, Last_Name="Roe", Company="Acme", Email_Opt_Out=False)
        await stage.press("f4")
        await stage.until("Company: Zoho does not accept this value. (and 3 more)")
        await stage.press("enter")
        await stage.until("Company: This does not go with the value of “Lead Status”.")
        for part in ("Change one of the two", "The record is locked in Zoho.", "Ask its owner", "Not_Here:"):
            assert part in stage.words
        assert "Email Opt Out: no" in stage.words
        await stage.press("escape", "e")
        await stage.until(lambda: stage.app.tab == "qualify" and stage.form.values)
        assert stage.form.errors == {
            "Company": "Zoho does not accept this value. Change it and send again. "
            "This does not go with the value of “Lead Status”. Change one of the two and send again."
        }
        await stage.toast("The record is locked in Zoho. Ask its owner", "Not_Here: Zoho expects text here.")
        assert stage.form.value("Email_Opt_Out") == "false"
