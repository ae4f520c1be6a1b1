"""Whom this rep entered before is found in the outbox; and a lead that became a note ends there."""

from __future__ import annotations

import pytest
from outbox_office import begin, finish, new_key

from zoho.leads.look_up import Mark, judged, marks_of
from zoho.leads.look_up.phones import international
from zoho.leads.stock import STOCK_FORM
from zoho.outbox.entered import entered_before
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import FRESH, Attempt, Outcome, Row
from zoho.wire.errors import FieldFault

ADA = {
    "First_Name": "Ada",
    "Last_Name": "Lovelace",
    "Company": "Analytical Engines Ltd",
    "Email": "Ada@Engines.example",
    "Phone": "020 7946-0018",
}


def add(store: SqliteStore, **values: str) -> Row:
    return store.add(new_key(), values, org="org", lane=FRESH, at=7.0)


def marks(**typed: str) -> tuple[Mark, ...]:
    return marks_of(STOCK_FORM.fields, typed)


@pytest.mark.parametrize(
    "typed",
    [
        {"Email": "ada@engines.example"},
        {"Phone": "+44 20 7946 0018"},
        {"Mobile": "02079460018"},
        {"Company": "The ANALYTICAL engines, Inc."},
        {"Email": "charles@engines.example"},
    ],
)
async def test_a_lead_is_found_by_each_mark(store: SqliteStore, typed: dict[str, str]) -> None:
    row = add(store, **ADA)
    add(store, Last_Name="Other", Company="Else", Email="else@nowhere.example", Phone="+45 33 12 34 56")
    found = await entered_before(store, marks(**typed), but="")
    assert [one.key for one in found] == [row.key]
    (match,) = judged((), found, marks(**typed), e164=international)
    assert (match.id, match.name, match.status, match.since) == (row.key, "Ada Lovelace", "queued", 7.0)


async def test_who_was_undone_is_not_found_until_restored(store: SqliteStore) -> None:
    row = add(store, **ADA)
    begun = begin(store, row, Attempt("me", Mode.KEYED, 1.0, None, None))
    assert begun is not None
    finish(store, begun, Outcome(State.SENT, zoho_id="9"), at=2.0)
    found = []
    for step in (store.undos.want, store.undos.undone, store.undos.restored):
        step(row.key, at=3.0)
        found.append(len(await entered_before(store, marks(Email=ADA["Email"]), but="")))
    assert found == [1, 0, 1]


async def test_drafts_are_found_the_lead_itself_and_what_was_given_up_are_not(store: SqliteStore) -> None:
    itself, given_up = add(store, **ADA), add(store, **ADA)
    store.decide(given_up.key, State.DISCARDED, at=8.0)
    store.drafts.keep("draft", ADA, field=None, holder=None, editing=False, at=9.0)
    found = await entered_before(store, marks(Email=ADA["Email"]), but=itself.key)
    assert [(one.key, one.state) for one in found] == [("draft", "draft")]


async def test_what_is_being_changed_counts_as_it_is_typed(store: SqliteStore) -> None:
    row = add(store, **ADA)
    store.drafts.keep(row.key, {"Email": "new@x.example"}, field=None, holder=None, editing=True, at=9.0)
    (found,) = await entered_before(store, marks(Email="new@x.example"), but="")
    assert found.values == {"Email": "new@x.example"}


@pytest.mark.parametrize("text", ['100%"_\\', "O'Brien & Söhne", "山田商事"])
async def test_signs_in_a_name_are_no_patterns(store: SqliteStore, text: str) -> None:
    row = add(store, Last_Name="Roe", Company=text)
    add(store, Last_Name="Poe", Company="100 other words")
    found = store.listing.holding([text], limit=9)
    assert [one.key for one in found] == [row.key]


async def test_without_marks_nobody_is_looked_for(store: SqliteStore) -> None:
    add(store, **ADA)
    assert await entered_before(store, (), but="") == []


# The reason, and the end as something else


async def test_the_reason_stays_on_the_row(store: SqliteStore) -> None:
    row = store.add(new_key(), ADA, org="org", lane=FRESH, at=1.0, reason="another person")
    assert row.reason == "another person"
    begun = begin(store, row, Attempt("sender", Mode.UNKEYED, 1.0, None, None))
    assert begun is not None
    assert finish(store, begun, Outcome(State.REJECTED), at=2.0)
    assert store.rows()[0].reason == "another person"
    store.edit(row.key, ADA, at=3.0)
    assert store.rows()[0].reason == "another person"
    store.edit(row.key, ADA, at=3.0, reason="asked")
    assert store.rows()[0].reason == "asked"
    store.history.forget(ADA["Email"], at=4.0)
    assert store.rows()[0].reason is None


def duplicate(store: SqliteStore) -> Row:
    begun = begin(store, add(store, **ADA), Attempt("sender", Mode.UNKEYED, 1.0, None, None))
    assert begun is not None
    fault = FieldFault("DUPLICATE_DATA", "is there already", "See it.", "Email")
    assert finish(store, begun, Outcome(State.DUPLICATE, zoho_id="12", faults=(fault,)), at=2.0)
    return begun


@pytest.mark.parametrize("how", ["draft", "queued", "duplicate"])
def test_a_lead_that_was_noted_instead_has_ended(store: SqliteStore, how: str) -> None:
    if how == "draft":
        store.drafts.keep("k", ADA, field="Email", holder="me", editing=False, at=1.0)
    key = {"draft": lambda: "k", "queued": lambda: add(store, **ADA).key}.get(
        how, lambda: duplicate(store).key
    )()
    assert store.decide(key, State.MERGED, at=3.0, zoho_id="12", reason="noted on Leads 12")
    row = store.get(key)
    assert row is not None
    assert (row.state, row.zoho_id, row.reason) == (State.MERGED, "12", "noted on Leads 12")
    assert (row.typed, row.holder, row.faults) == (None, None, ())
    assert dict(row.values) == ADA
    assert store.drafts.all() == []


def test_what_was_sent_is_not_merged(store: SqliteStore) -> None:
    begun = begin(store, add(store, **ADA), Attempt("sender", Mode.UNKEYED, 1.0, None, None))
    assert begun is not None
    assert not store.decide(begun.key, State.MERGED, at=3.0, zoho_id="12")
