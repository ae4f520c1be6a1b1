"""The courier against the stand-in: each lead once, whatever the line and Zoho do."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest
from outbox_office import KEY_FIELD, SETTLED, Office, Retold, Street, begin, finish, lead, new_key

from zoho.api.answers import RecordCreated
from zoho.outbox.reconciler import LOOK_UP_ONLY_AFTER
from zoho.outbox.states import Mode, State
from zoho.outbox.store import BACKLOG, FRESH, Attempt, Outcome
from zoho.sandbox import World
from zoho.wire.errors import DuplicateRejected, FieldFault, OutcomeUnknown, RecordRejected

COLLEAGUE = {"Last_Name": "Roe", "Company": "Acme", "Email": "ada@example.com"}

UNCLEAR = [
    # fault, did it come to a record
    ("drop-before", {}, False),
    ("drop-after", {}, True),
    ("half", {}, True),
    ("hang-before", {}, False),
    ("hang-after", {}, True),
    ("5xx-before", {}, False),
    ("5xx-after", {}, True),
    ("5xx-before", {"status": 502, "html": True}, False),
    ("5xx-after", {"status": 503}, True),
    ("html", {}, False),
    ("html", {"commit": True}, True),
    ("oversized", {"mib": 2}, True),
]

NOT_APPLIED = [
    # fault, times, is it over by itself
    ("429", {}, True),
    ("429", {"retry_after": 30}, True),
    ("429", {"retry_after": 0}, True),
    ("429", {"credits": True}, True),
    ("expired-token", {"times": 2}, False),
    ("redirect", {"location": "http://127.0.0.1:9/elsewhere"}, False),
]


# A good day


async def test_one_lead_is_created_once(keyed: Office) -> None:
    key = keyed.save(Email="ada@example.com")
    assert await keyed.steps() == 1
    row = keyed.row(key)
    [record] = keyed.records()
    assert (row.state, row.zoho_id, row.attempt, row.mode) == (State.SENT, record["id"], 1, Mode.KEYED)
    assert (record[KEY_FIELD], record["Email"]) == (key, "ada@example.com")
    assert [row.state for row in keyed.changes[-2:]] == [State.SENDING, State.SENT]


async def test_what_was_done_is_kept_in_the_log(unkeyed: Office) -> None:
    unkeyed.breaks("429")
    key = unkeyed.save()
    await unkeyed.steps()
    calls = [call for call in unkeyed.store.calls(key) if call.path == "/crm/v8/Leads"]
    assert [(call.method, call.status, call.attempt) for call in calls] == [
        ("POST", 429, 1),
        ("POST", 201, 2),
    ]


async def test_fresh_leads_go_first_each_lane_oldest_first(unkeyed: Office) -> None:
    for name, lane in (("B1", BACKLOG), ("F1", FRESH), ("B2", BACKLOG), ("F2", FRESH)):
        unkeyed.save(name, lane=lane)
    assert await unkeyed.steps() == 4
    sent = [one.body["data"][0]["Last_Name"] for one in unkeyed.world.requests if one.path == "/crm/v8/Leads"]
    assert sent == ["F1", "F2", "B1", "B2"]


async def test_other_orgs_and_unbound_leads_are_left_alone(unkeyed: Office) -> None:
    store = unkeyed.store
    theirs = store.add(new_key(), lead("Theirs"), org="eu:9:production:9", lane=FRESH, at=1.0)
    unclear = begin(
        store,
        store.add(new_key(), lead("Unclear"), org="eu:9:production:9", lane=FRESH, at=1.0),
        Attempt("dead", Mode.KEYED, unkeyed.clock(), None, KEY_FIELD),
    )
    assert unclear is not None
    finish(store, unclear, Outcome(State.UNKNOWN), at=1.0)
    unbound = store.add(new_key(), lead("Unbound"), org=None, lane=FRESH, at=1.0)
    before = store.rows()
    await unkeyed.until_idle()
    assert store.rows() == before
    assert unkeyed.posts() == 0
    store.bind(unkeyed.org.key, keys=[unbound.key])
    await unkeyed.until_idle()
    assert unkeyed.state(unbound.key) is State.SENT
    assert unkeyed.row(theirs.key) == theirs


@pytest.mark.parametrize("org", ["eu:9:production:9", None])
async def test_nobody_waits_for_a_lead_that_goes_nowhere_with_this_sign_in(
    unkeyed: Office, org: str | None
) -> None:
    row = unkeyed.store.add(new_key(), lead("Theirs"), org=org, lane=FRESH, at=1.0)
    async with asyncio.timeout(5):  # the clock of the courier stands still
        await unkeyed.courier.drain(limit=60.0, key=row.key)
    assert unkeyed.row(row.key) == row


# The proof of the key


async def test_nobody_waits_for_a_lead_that_is_being_changed(unkeyed: Office) -> None:
    key = unkeyed.save()
    unkeyed.store.drafts.keep(key, {"Last_Name": "R"}, field=None, holder=None, editing=True, at=1.0)
    async with asyncio.timeout(5):  # the clock of the courier stands still
        await unkeyed.courier.drain(limit=60.0, key=key)
    assert unkeyed.row(key).state is State.QUEUED
    assert unkeyed.posts() == 0


async def test_the_key_is_believed_only_after_it_was_read_back(street: Street, keyed_world: World) -> None:
    office = await street.office(keyed_world)
    first = office.save("First")
    second = office.save("Second")
    await office.steps()
    assert (office.row(first).mode, office.row(second).mode) == (Mode.UNKEYED, Mode.KEYED)
    reads = [one for one in keyed_world.requests if one.path.startswith("/crm/v8/Leads/")]
    assert len(reads) == 1


async def test_a_read_back_that_fails_is_made_again(street: Street, keyed_world: World) -> None:
    office = await street.office(keyed_world)
    keyed_world.faults.order("5xx-before", times=3, path="/crm/v8/Leads/", method="GET")
    keys = [office.save(name) for name in ("First", "Second", "Third")]
    await office.steps()
    assert [office.row(key).mode for key in keys] == [Mode.UNKEYED, Mode.UNKEYED, Mode.KEYED]


async def test_a_layout_that_drops_the_key_makes_the_org_unkeyed(
    street: Street, unkeyed_world: World
) -> None:
    office = await street.office(unkeyed_world)
    # The metadata promises the field, and Zoho drops it without a word.
    org = dataclasses.replace(office.org, form=dataclasses.replace(office.org.form, key_field=KEY_FIELD))
    office = await street.office(unkeyed_world, org=org)
    keys = [office.save(name) for name in ("First", "Second")]
    await office.steps()
    first, second = map(office.row, keys)
    assert (first.mode, first.key_field) == (Mode.UNKEYED, KEY_FIELD)
    assert (second.mode, second.key_field, second.state) == (Mode.UNKEYED, None, State.SENT)
    assert KEY_FIELD not in unkeyed_world.requests[-1].body["data"][0]


@pytest.mark.parametrize(("kind", "params", "applied"), [UNCLEAR[0], UNCLEAR[1]])
async def test_an_unproved_key_justifies_no_resend(
    street: Street, keyed_world: World, kind: str, params: dict[str, Any], applied: bool
) -> None:
    office = await street.office(keyed_world, tcp=True)
    office.breaks(kind, **params)
    key = office.save()
    await office.until_idle()
    assert office.state(key) is (State.SENT if applied else State.ASK)
    assert (len(office.records()), office.posts()) == (applied, 1)


# An unclear answer


@pytest.mark.parametrize(("kind", "params", "applied"), UNCLEAR)
async def test_keyed_an_unclear_lead_becomes_exactly_one_record(
    street: Street, keyed_world: World, kind: str, params: dict[str, Any], applied: bool
) -> None:
    office = await street.office(keyed_world, tcp=True)
    await office.prove_the_key()
    office.breaks(kind, **params)
    key = office.save()
    assert await office.steps() == 1
    assert (office.state(key), len(office.records())) == (State.UNKNOWN, applied)
    posts = office.posts()
    office.clock.forward(SETTLED - 2)
    assert await office.steps() == 0  # the first request's own deadline is waited out
    office.clock.forward(2)
    assert await office.steps() == 1
    [record] = office.records()
    assert (office.state(key), office.row(key).zoho_id) == (State.SENT, record["id"])
    # Found, it is not even sent again.
    assert (record[KEY_FIELD], office.posts()) == (key, posts + (not applied))


@pytest.mark.parametrize(("kind", "params", "applied"), UNCLEAR)
async def test_keyed_a_lead_that_is_not_found_is_sent_again_and_stands_once(
    street: Street, keyed_world: World, kind: str, params: dict[str, Any], applied: bool
) -> None:
    office = await street.office(keyed_world, tcp=True)
    await office.prove_the_key()
    office.finds_nothing()
    office.breaks(kind, **params)
    key = office.save()
    assert await office.steps() == 1
    posts = office.posts()
    office.clock.forward(SETTLED)
    assert await office.steps() == 1
    [record] = office.records()
    assert (office.state(key), office.row(key).zoho_id) == (State.SENT, record["id"])
    assert (record[KEY_FIELD], office.posts()) == (key, posts + 1)


@pytest.mark.parametrize(("kind", "params", "applied"), UNCLEAR)
async def test_unkeyed_an_unclear_lead_is_found_or_asked_about_and_never_sent_again(
    street: Street, unkeyed_world: World, kind: str, params: dict[str, Any], applied: bool
) -> None:
    office = await street.office(unkeyed_world, tcp=True)
    office.breaks(kind, **params)
    key = office.save(Email="ada@example.com")
    assert await office.steps() == 1
    assert office.state(key) is State.UNKNOWN
    await office.until_idle()
    assert office.posts() == 1
    if applied:
        [record] = office.records()
        assert (office.state(key), office.row(key).zoho_id) == (State.SENT, record["id"])
    else:
        assert (office.state(key), office.records()) == (State.ASK, [])
        assert "not to be found" in office.row(key).faults[0].what


async def test_unkeyed_it_is_looked_up_twice_before_the_rep_is_asked(unkeyed: Office) -> None:
    unkeyed.breaks("5xx-before")
    key = unkeyed.save()
    await unkeyed.steps()
    unkeyed.clock.forward(1.0)
    assert await unkeyed.steps() == 1
    assert (unkeyed.state(key), unkeyed.row(key).looks) == (State.UNKNOWN, 1)
    unkeyed.clock.forward(49.0)
    assert await unkeyed.steps() == 0
    unkeyed.clock.forward(1.0)
    assert await unkeyed.steps() == 1
    assert unkeyed.state(key) is State.ASK


async def test_unkeyed_what_arrives_late_is_found_by_the_second_look(unkeyed: Office) -> None:
    unkeyed.breaks("5xx-before")
    key = unkeyed.save()
    await unkeyed.steps()
    unkeyed.clock.forward(1.0)
    await unkeyed.steps()
    late = unkeyed.world.keep("Leads", lead())
    unkeyed.clock.forward(SETTLED)
    await unkeyed.steps()
    assert (unkeyed.state(key), unkeyed.row(key).zoho_id) == (State.SENT, late.id)


async def test_unkeyed_of_two_unclear_twins_only_one_takes_the_record(unkeyed: Office) -> None:
    unkeyed.breaks("5xx-after")
    unkeyed.breaks("5xx-before")
    twins = [unkeyed.save(), unkeyed.save()]
    await unkeyed.until_idle()
    assert [unkeyed.state(key) for key in twins] == [State.SENT, State.ASK]
    assert (len(unkeyed.records()), unkeyed.posts()) == (1, 2)


async def test_unkeyed_two_matches_are_asked_about(unkeyed: Office) -> None:
    unkeyed.breaks("5xx-after")
    key = unkeyed.save()
    await unkeyed.steps()
    unkeyed.world.keep("Leads", lead())
    await unkeyed.until_idle()
    assert unkeyed.state(key) is State.ASK
    assert "2 leads" in unkeyed.row(key).faults[0].what


async def test_unkeyed_an_older_or_a_colleagues_record_is_no_match(unkeyed: Office) -> None:
    unkeyed.world.keep("Leads", lead(), at=unkeyed.clock() - 60)
    unkeyed.breaks("5xx-before")
    key = unkeyed.save()
    await unkeyed.steps()
    unkeyed.world.keep("Leads", lead(), by=unkeyed.world.users[1]["id"])
    await unkeyed.until_idle()
    assert unkeyed.state(key) is State.ASK


async def test_nothing_unclear_keeps_others_waiting(unkeyed: Office) -> None:
    unkeyed.breaks("5xx-before")
    unclear = unkeyed.save("Unclear")
    others = [unkeyed.save(f"Other{number}") for number in range(3)]
    assert await unkeyed.steps() == 4
    assert unkeyed.state(unclear) is State.UNKNOWN
    assert {unkeyed.state(key) for key in others} == {State.SENT}


@pytest.mark.parametrize("status", [500, 503])
async def test_a_look_up_that_fails_keeps_no_others_waiting(unkeyed: Office, status: int) -> None:
    unkeyed.breaks("5xx-before")
    unclear = unkeyed.save("Unclear")
    await unkeyed.steps()
    unkeyed.clock.forward(1.0)
    unkeyed.world.faults.order("5xx-before", times=None, path="/crm/v8/coql", status=status)
    backlog = [unkeyed.save(f"Backlog{number}", lane=BACKLOG) for number in range(2)]
    await unkeyed.steps()
    assert {unkeyed.state(key) for key in backlog} == {State.SENT}
    assert unkeyed.state(unclear) is State.UNKNOWN
    assert any(call.path == "/crm/v8/coql" for call in unkeyed.store.calls(unclear))
    unkeyed.world.faults.clear()
    await unkeyed.until_idle()
    assert unkeyed.state(unclear) is State.ASK


async def test_a_look_up_that_zoho_refuses_is_for_the_rep(unkeyed: Office) -> None:
    unkeyed.breaks("5xx-after")
    key = unkeyed.save()
    await unkeyed.steps()
    coql_refused = unkeyed.world.modules["Leads"].fields
    del coql_refused["Phone"]  # a query that names it is refused
    await unkeyed.until_idle()
    assert (unkeyed.state(key), unkeyed.posts()) == (State.ASK, 1)


@pytest.mark.parametrize("applied", [True, False])
async def test_after_a_day_it_is_only_looked_up(keyed: Office, applied: bool) -> None:
    keyed.breaks("5xx-after" if applied else "5xx-before")
    key = keyed.save()
    await keyed.steps()
    posts = keyed.posts()
    keyed.clock.forward(LOOK_UP_ONLY_AFTER + 1)
    await keyed.until_idle()
    assert keyed.posts() == posts
    assert keyed.state(key) is (State.SENT if applied else State.ASK)
    assert len(keyed.records()) == applied


async def test_a_days_resends_do_not_make_an_attempt_young_again(keyed: Office) -> None:
    keyed.world.faults.order("5xx-before", times=None, path="/crm/v8/Leads", method="POST")
    key = keyed.save()
    for _ in range(30):
        await keyed.steps()
        keyed.clock.forward(3600.0)
    assert keyed.state(key) is State.ASK
    assert 20 <= keyed.row(key).attempt <= 25


async def test_an_exception_that_nobody_thought_of_is_unclear(street: Street, keyed_world: World) -> None:
    def tell(result: Any) -> Any:
        raise RuntimeError("boom")

    office = await street.office(keyed_world, wrap=lambda client: Retold(client, tell))
    key = office.save()
    await office.steps()
    assert office.state(key) is State.UNKNOWN
    assert office.row(key).faults[0].code == "RuntimeError"


# The rep's word on an unclear lead


async def asked_about(office: Office, *, applied: bool) -> str:
    """Bring a lead before the rep that is (or is not) in Zoho, and cannot be found there."""
    office.breaks("5xx-after" if applied else "5xx-before")
    key = office.save()
    await office.steps()
    office.world.faults.order("html", times=None, path="/crm/v8/coql")
    office.clock.forward(SETTLED)
    office.world.faults.clear()
    for record in office.world.living("Leads"):
        record.created_by = office.world.users[1]["id"]
    await office.until_idle()
    assert office.state(key) is State.ASK
    return key


async def test_send_again_creates_what_was_not_there(unkeyed: Office) -> None:
    key = await asked_about(unkeyed, applied=False)
    assert unkeyed.store.decide(key, State.QUEUED, at=unkeyed.clock())
    await unkeyed.until_idle()
    assert (unkeyed.state(key), unkeyed.row(key).attempt) == (State.SENT, 2)
    assert len(unkeyed.records()) == 1


async def test_it_is_there_ends_it(unkeyed: Office) -> None:
    key = await asked_about(unkeyed, applied=True)
    [record] = unkeyed.records()
    assert unkeyed.store.decide(key, State.SENT, at=unkeyed.clock(), zoho_id=record["id"])
    await unkeyed.until_idle()
    assert (unkeyed.row(key).zoho_id, unkeyed.posts()) == (record["id"], 1)


async def test_discarded_it_is_not_sent(unkeyed: Office) -> None:
    key = await asked_about(unkeyed, applied=False)
    assert unkeyed.store.decide(key, State.DISCARDED, at=unkeyed.clock())
    await unkeyed.until_idle()
    assert (unkeyed.state(key), unkeyed.posts()) == (State.DISCARDED, 1)


async def test_with_an_unproved_key_send_again_meets_our_own_record(
    street: Street, keyed_world: World
) -> None:
    office = await street.office(keyed_world)
    key = await asked_about_though_keyed(office)
    assert office.store.decide(key, State.QUEUED, at=office.clock())
    await office.until_idle()
    assert (office.state(key), len(office.records()), office.posts()) == (State.SENT, 1, 2)


async def asked_about_though_keyed(office: Office) -> str:
    office.breaks("5xx-after")
    key = office.save()
    await office.steps()
    for record in office.world.living("Leads"):
        record.created_by = office.world.users[1]["id"]
    await office.until_idle()
    assert office.state(key) is State.ASK
    return key


# A resend that is not applied tells nothing of the attempt before


@pytest.mark.parametrize(("kind", "params", "heals"), NOT_APPLIED)
async def test_an_unclear_lead_stays_unclear_though_its_resend_is_not_applied(
    keyed: Office, kind: str, params: dict[str, Any], heals: bool
) -> None:
    keyed.finds_nothing()
    keyed.breaks("5xx-after")
    key = keyed.save()
    await keyed.steps()
    keyed.breaks(kind, **params)
    keyed.clock.forward(SETTLED)
    assert await keyed.courier.step()
    assert keyed.state(key) is State.UNKNOWN
    await keyed.until_idle()
    assert (keyed.state(key), len(keyed.records())) == (State.SENT, 1)


REJECTION = RecordRejected(
    (FieldFault("INVALID_DATA", "No such value any more.", "Choose another.", "Rating"),)
)


@pytest.mark.parametrize(("fault", "expected"), [("5xx-after", State.SENT), ("5xx-before", State.REJECTED)])
async def test_a_resend_that_is_rejected_is_looked_up(
    street: Street, keyed_world: World, fault: str, expected: State
) -> None:
    tell: list[Any] = []
    office = await street.office(
        keyed_world, wrap=lambda client: Retold(client, lambda told: tell.pop() if tell else told)
    )
    await office.prove_the_key()
    office.breaks(fault)
    key = office.save()
    await office.steps()
    office.breaks("429")  # so that the resend itself comes to nothing in Zoho, whatever is told of it
    tell.append(REJECTION)
    office.clock.forward(SETTLED)
    # Neither before nor after it can it be looked up: three tries each.
    keyed_world.faults.order("5xx-before", times=6, path="/crm/v8/coql")
    await office.courier.step()
    assert office.state(key) is State.UNKNOWN
    keyed_world.faults.order("answer", path="/crm/v8/coql", status=204, body=None)
    tell.append(REJECTION)
    office.breaks("429")
    office.clock.forward(SETTLED)
    await office.courier.step()
    assert office.state(key) is expected
    assert len(office.records()) == (expected is State.SENT)


# Duplicates


async def test_a_colleagues_lead_in_the_way_is_the_reps_to_judge(keyed: Office) -> None:
    keyed.world.add_unique_field("Email")
    theirs = keyed.world.keep("Leads", COLLEAGUE)
    key = keyed.save(Email="ada@example.com")
    await keyed.until_idle()
    assert (keyed.state(key), keyed.row(key).zoho_id) == (State.DUPLICATE, theirs.id)
    assert keyed.records() == []
    assert keyed.store.edit(key, lead(Email="countess@example.com"), at=keyed.clock())
    await keyed.until_idle()
    assert keyed.state(key) is State.SENT
    assert keyed.records()[0][KEY_FIELD] == key


async def test_two_unique_fields_of_our_own_record_are_ours(keyed: Office) -> None:
    keyed.world.add_unique_field("Email")
    keyed.breaks("5xx-after")
    key = keyed.save(Email="ada@example.com")
    await keyed.until_idle()
    [record] = keyed.records()
    assert (keyed.state(key), keyed.row(key).zoho_id) == (State.SENT, record["id"])


async def test_after_an_unclear_attempt_a_colleagues_record_is_told_from_ours(keyed: Office) -> None:
    keyed.world.add_unique_field("Email")
    theirs = keyed.world.keep("Leads", COLLEAGUE)
    keyed.breaks("5xx-before")
    key = keyed.save(Email="ada@example.com")
    await keyed.until_idle()
    assert (keyed.state(key), keyed.row(key).zoho_id) == (State.DUPLICATE, theirs.id)


async def test_a_record_in_the_way_that_cannot_be_read_is_asked_about(keyed: Office) -> None:
    keyed.world.add_unique_field("Email")
    keyed.world.keep("Leads", COLLEAGUE)
    keyed.breaks("5xx-before")
    key = keyed.save(Email="ada@example.com")
    await keyed.steps()
    keyed.world.options.denied_permissions.add("Crm_Implied_View_Leads")
    await keyed.until_idle()
    assert keyed.state(key) is State.ASK


def without_our_key(told: Any) -> Any:
    """What is told where Zoho names another field alone."""
    if not isinstance(told, DuplicateRejected):
        return told
    return DuplicateRejected(tuple(fault for fault in told.faults if fault.field != KEY_FIELD))


async def test_our_own_record_is_known_by_its_key_though_zoho_names_another_field(
    street: Street, keyed_world: World
) -> None:
    office = await street.office(keyed_world, wrap=lambda client: Retold(client, without_our_key))
    await office.prove_the_key()
    keyed_world.add_unique_field("Email")
    keyed_world.add_unique_field("Mobile")
    office.breaks("5xx-after")
    key = office.save(Email="ada@example.com", Mobile="+44 1")
    await office.until_idle()
    [record] = office.records()
    assert (office.state(key), office.row(key).zoho_id) == (State.SENT, record["id"])


async def test_ours_is_found_among_several_records_in_the_way(street: Street, keyed_world: World) -> None:
    office = await street.office(keyed_world, wrap=lambda client: Retold(client, without_our_key))
    await office.prove_the_key()
    office.breaks("5xx-after")
    key = office.save(Email="ada@example.com", Mobile="+44 1")
    await office.steps()
    keyed_world.keep("Leads", COLLEAGUE, at=office.clock() - 60)
    keyed_world.add_unique_field("Email")  # the colleague's is the older one, and named
    keyed_world.add_unique_field("Mobile")
    await office.until_idle()
    [record] = office.records()
    assert (office.state(key), office.row(key).zoho_id) == (State.SENT, record["id"])


async def test_a_rejected_lead_is_edited_and_sent(keyed: Office) -> None:
    key = keyed.save(Email="no address")
    await keyed.until_idle()
    assert keyed.state(key) is State.REJECTED
    assert keyed.row(key).faults[0].field == "Email"
    assert keyed.store.edit(key, lead(Email="ada@example.com"), at=keyed.clock())
    await keyed.until_idle()
    assert (keyed.state(key), len(keyed.records())) == (State.SENT, 1)


# Not applied: it waits, and the sender rests


@pytest.mark.parametrize(("kind", "params", "heals"), NOT_APPLIED)
async def test_what_was_not_applied_waits_and_is_sent_once(
    unkeyed: Office, kind: str, params: dict[str, Any], heals: bool
) -> None:
    unkeyed.breaks(kind, **params)
    key = unkeyed.save()
    await unkeyed.drain(limit=0.25)
    assert (unkeyed.state(key), unkeyed.records()) == (State.QUEUED, [])
    [pause] = unkeyed.pauses
    assert pause is not None
    assert (pause.until is None) is not heals
    if heals:
        unkeyed.clock.forward(1800.0)
    else:
        unkeyed.clock.forward(1e6)
        await unkeyed.drain(limit=0.25)
        assert unkeyed.state(key) is State.QUEUED
        unkeyed.courier.retry()
        assert unkeyed.pauses[-1] is None
    await unkeyed.drain(limit=0.25)
    assert (unkeyed.state(key), len(unkeyed.records())) == (State.SENT, 1)
    assert unkeyed.pauses == [pause, None]


@pytest.mark.parametrize(
    ("scope", "permission"),
    [("ZohoCRM.modules.Leads.CREATE", None), (None, "Crm_Implied_Create_Leads")],
)
async def test_a_missing_scope_or_permission_stops_the_sender_without_a_refresh(
    unkeyed: Office, scope: str | None, permission: str | None
) -> None:
    options = unkeyed.world.options
    options.missing_scopes |= {scope} if scope else set()
    options.denied_permissions |= {permission} if permission else set()
    refreshes = unkeyed.world.token_requests
    keys = [unkeyed.save(), unkeyed.save()]
    await unkeyed.drain(limit=60)
    assert [unkeyed.state(key) for key in keys] == [State.QUEUED, State.QUEUED]
    assert (unkeyed.posts(), unkeyed.world.token_requests) == (1, refreshes)
    options.missing_scopes.clear()
    options.denied_permissions.clear()
    unkeyed.courier.retry()
    await unkeyed.drain(limit=60)
    assert len(unkeyed.records()) == 2


async def test_one_expired_token_costs_one_refresh_and_no_rest(unkeyed: Office) -> None:
    refreshes = unkeyed.world.token_requests
    unkeyed.world.expire_tokens()
    key = unkeyed.save()
    await unkeyed.drain(limit=1)
    assert (unkeyed.state(key), unkeyed.world.token_requests) == (State.SENT, refreshes + 1)
    assert unkeyed.pauses == []


async def test_a_line_that_is_down_is_tried_again_and_nothing_is_in_doubt(
    street: Street, unkeyed_world: World
) -> None:
    office = await street.office(unkeyed_world, tcp=True)
    unkeyed_world.faults.order("refuse", seconds=60)
    unkeyed_world.faults.clear()
    key = office.save()
    until: list[float] = []
    for _ in range(4):
        await office.drain(limit=0.25)
        pause = office.pauses[-1]
        assert pause is not None
        assert pause.until is not None
        until.append(pause.until - office.clock())
        office.clock.now = pause.until
    assert until == [1, 2, 4, 8]
    assert (office.state(key), office.row(key).attempt) == (State.QUEUED, 4)
    street.open_door(unkeyed_world)
    await office.drain(limit=0.25)
    assert (office.state(key), len(office.records())) == (State.SENT, 1)
    assert office.pauses[-1] is None


async def test_new_work_tries_the_line_at_once_but_ends_no_throttle(unkeyed: Office) -> None:
    unkeyed.breaks("5xx-before")
    unclear = unkeyed.save("Unclear")
    await unkeyed.drain(limit=0.25)
    fresh = unkeyed.save()
    unkeyed.courier.wake()
    await unkeyed.drain(limit=0.25, key=fresh)
    assert unkeyed.state(fresh) is State.SENT
    assert unkeyed.pauses[-1] is None
    unkeyed.breaks("429")
    throttled = unkeyed.save("Throttled")
    await unkeyed.drain(limit=0.25, key=throttled)
    unkeyed.courier.wake()
    await unkeyed.drain(limit=0.25, key=throttled)
    assert unkeyed.state(throttled) is State.QUEUED
    assert unkeyed.state(unclear) is State.UNKNOWN


async def test_in_an_outage_few_leads_come_into_doubt(unkeyed: Office) -> None:
    unkeyed.world.faults.order("5xx-before", times=None)
    keys = [unkeyed.save(f"Lead{number}", lane=BACKLOG) for number in range(20)]
    for _ in range(60):  # a minute of it
        await unkeyed.drain(limit=0.25)
        unkeyed.clock.forward(1.0)
    doubtful = [key for key in keys if unkeyed.state(key) is not State.QUEUED]
    assert 1 <= len(doubtful) <= 6
    unkeyed.world.faults.clear()
    unkeyed.clock.forward(300.0)
    await unkeyed.until_idle(settle=8)
    assert sum(unkeyed.state(key) is State.SENT for key in keys) == 20 - len(doubtful)


async def test_the_token_servers_throttle_is_waited_out(street: Street, unkeyed_world: World) -> None:
    office = await street.office(unkeyed_world)
    unkeyed_world.expire_tokens()
    unkeyed_world.faults.order("throttle")
    key = office.save()
    await office.drain(limit=599)
    assert (office.state(key), office.posts()) == (State.QUEUED, 1)
    office.courier.wake()
    await office.drain(limit=599)
    assert office.posts() == 1
    office.clock.forward(600.0)
    await office.drain(limit=1)
    assert (office.state(key), len(office.records())) == (State.SENT, 1)


async def test_an_answer_without_an_id_is_unclear(street: Street, keyed_world: World) -> None:
    told: list[Any] = []

    def tell(result: Any) -> Any:
        told.append(result)
        blank = OutcomeUnknown("No id.", next_step="-")
        return blank if isinstance(result, RecordCreated) and len(told) == 2 else result

    office = await street.office(keyed_world, wrap=lambda client: Retold(client, tell))
    await office.prove_the_key()
    key = office.save()
    await office.steps()
    assert office.state(key) is State.UNKNOWN
    await office.until_idle()
    assert (office.state(key), len(office.records())) == (State.SENT, 1)
