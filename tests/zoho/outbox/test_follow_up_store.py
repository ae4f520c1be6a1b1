"""Notes and tasks in the outbox: saved with their lead, changed with it, and never by who lost the lock."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from outbox_office import begin, finish, lead, new_key

from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox.follow_ups import (
    FOLLOW_UP_ENDED,
    FOLLOW_UP_MAY_BECOME,
    FOLLOW_UP_UNSENT,
    FollowUpRow,
    FollowUpState,
)
from zoho.outbox.sqlite_file import _STEPS, APPLICATION_ID
from zoho.outbox.sqlite_look import OutboxLook
from zoho.outbox.sqlite_rescue import damaged_beside, open_outbox
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import FRESH, Attempt, Forgotten, LoggedCall, Naming, Outcome, Sought
from zoho.wire.errors import FieldFault

ORG = "us:1:production:2"
CANARY = "Countess-Canary"
ADA = "ada@example.com"
NOTE = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers", "Note_Content": f"Budget: {CANARY}"})
TASK = FollowUp(FollowUpKind.TASK, {"Subject": "Call Ada", "Due_Date": "2026-11-26"})
FAULT = FieldFault("NO_PERMISSION", "You may not.", "Ask.")
W, S, U = FollowUpState.WAITING, FollowUpState.SENDING, FollowUpState.UNKNOWN
SENT, REFUSED, DISCARDED = FollowUpState.SENT, FollowUpState.REFUSED, FollowUpState.DISCARDED


def save(store: SqliteStore, *follow_ups: FollowUp, org: str | None = ORG, **more: Any) -> str:
    key = new_key()
    store.add(key, lead(), org=org, lane=FRESH, at=1.0, follow_ups=follow_ups or (NOTE, TASK), **more)
    return key


def send_lead(store: SqliteStore, key: str, state: State = State.SENT, zoho_id: str | None = "9") -> None:
    row = store.get(key)
    assert row is not None
    begun = begin(store, row, Attempt("me", Mode.KEYED, 2.0, None, None))
    assert begun is not None
    assert finish(store, begun, Outcome(state, zoho_id=zoho_id), at=3.0)


def states(store: SqliteStore, key: str) -> list[FollowUpState]:
    return [row.state for row in store.follow_ups.of(key)]


def due(store: SqliteStore, *, now: float = 5.0, org: str = ORG) -> list[FollowUpRow]:
    return store.follow_ups.due(org, now=now, limit=10)


def in_state(store: SqliteStore, key: str, state: FollowUpState, *, unclear: bool = False) -> FollowUpRow:
    """Bring the first follow-up of a sent lead into a state, as the courier and the rep would."""
    row = store.follow_ups.of(key)[0]
    if state is W:
        return row
    begun = store.follow_ups.begin(row, "me", 4.0)
    assert begun is not None
    if state is S:
        return begun
    if unclear:
        begun = store.follow_ups.finish(begun, U, at=4.5)
        assert begun is not None
    faults = (FAULT,) if state in (U, REFUSED) else ()
    ended = store.follow_ups.finish(begun, REFUSED if state is DISCARDED else state, at=5.0, faults=faults)
    assert ended is not None
    if state is DISCARDED:
        assert store.follow_ups.discard(key, 6.0) == 1
    return store.follow_ups.of(key)[0]


# The table


def test_a_follow_up_waits_for_the_courier_or_for_the_rep_or_is_at_its_end() -> None:
    for state in FollowUpState:
        ended = not FOLLOW_UP_MAY_BECOME[state]
        assert ended == (state in FOLLOW_UP_ENDED)
        assert [state in FOLLOW_UP_UNSENT, state is REFUSED, ended].count(True) == 1


def test_nothing_is_sent_again_but_what_waits() -> None:
    assert [state for state, after in FOLLOW_UP_MAY_BECOME.items() if S in after] == [W]


# Saving


def test_they_are_saved_with_their_lead(store: SqliteStore) -> None:
    key = save(store, answers={"budget": "10k"})
    row = store.get(key)
    assert row is not None
    assert row.answers == {"budget": "10k"}
    note, task = store.follow_ups.of(key)
    assert (note.kind, note.values, task.kind, task.values) == (
        FollowUpKind.NOTE,
        NOTE.values,
        FollowUpKind.TASK,
        TASK.values,
    )
    for one in (note, task):
        assert str(uuid.UUID(one.id)) == one.id
        assert (one.lead, one.state, one.module, one.record_id, one.org) == (key, W, "Leads", None, ORG)
        assert (one.attempt, one.sender, one.zoho_id, one.faults) == (0, None, None, ())
        assert (one.created_at, one.updated_at, one.unclear) == (1.0, 1.0, False)


def test_a_known_key_changes_nothing(store: SqliteStore) -> None:
    key = save(store, NOTE, answers={"a": "b"})
    before = store.get(key), store.follow_ups.of(key)
    again = store.add(key, lead("Other"), org=ORG, lane=FRESH, at=2.0, follow_ups=[TASK], answers={"c": "d"})
    assert (again, store.follow_ups.of(key)) == before


def test_a_draft_becomes_the_lead_with_them(store: SqliteStore) -> None:
    key = new_key()
    store.drafts.keep(key, {"Last_Name": "Roe"}, field=None, holder=None, editing=False, at=1.0)
    store.add(key, lead(), org=ORG, lane=FRESH, at=2.0, follow_ups=[NOTE], answers={"a": "b"})
    assert states(store, key) == [W]
    row = store.get(key)
    assert row is not None
    assert row.answers == {"a": "b"}


@pytest.mark.parametrize(
    ("given", "kinds"),
    [(None, [FollowUpKind.NOTE, FollowUpKind.TASK]), ([], []), ([TASK], [FollowUpKind.TASK])],
)
def test_an_edit_leaves_or_replaces_them(
    store: SqliteStore, given: Sequence[FollowUp] | None, kinds: list[FollowUpKind]
) -> None:
    key = save(store, answers={"a": "b"})
    assert store.edit(key, lead("Roe"), at=2.0, follow_ups=given)
    assert [row.kind for row in store.follow_ups.of(key)] == kinds
    row = store.get(key)
    assert row is not None
    assert row.answers == {"a": "b"}
    assert store.edit(key, lead("Roe"), at=2.0, answers={"a": "c"})
    row = store.get(key)
    assert row is not None
    assert row.answers == {"a": "c"}


def test_an_edit_that_comes_too_late_changes_none(store: SqliteStore) -> None:
    key = save(store)
    send_lead(store, key)
    assert not store.edit(key, lead("Roe"), at=4.0, follow_ups=[])
    assert states(store, key) == [W, W]


# Their lead decides where they go


@pytest.mark.parametrize(
    "state",
    [State.QUEUED, State.SENDING, State.UNKNOWN, State.REJECTED, State.DUPLICATE, State.ASK, State.DISCARDED],
)
def test_none_is_due_before_its_lead_stands_in_zoho(store: SqliteStore, path: Path, state: State) -> None:
    key = save(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE leads SET state = ?, zoho_id = '9'", (state,))
    assert due(store) == []
    assert store.follow_ups.waiting(ORG) == 0
    assert [row.record_id for row in store.follow_ups.of(key)] == [None, None]


def test_they_are_due_once_it_is_sent_in_its_org(store: SqliteStore) -> None:
    key = save(store, org=None)
    store.bind(ORG)
    send_lead(store, key)
    assert [(row.record_id, row.module, row.org) for row in due(store)] == [("9", "Leads", ORG)] * 2
    assert due(store, org="other") == []
    assert (store.follow_ups.waiting(ORG), store.follow_ups.waiting("other")) == (2, 0)
    assert store.counts(since=0).follow_ups_waiting == 2
    assert store.counts(since=0).unsent == 2


@pytest.mark.parametrize(("module", "goes_to"), [("Contacts", "Contacts"), (None, "Leads")])
def test_where_it_is_merged_they_go_to_that_record(
    store: SqliteStore, module: str | None, goes_to: str
) -> None:
    key = save(store)
    assert store.decide(key, State.MERGED, at=2.0, zoho_id="77", module=module)
    assert [(row.record_id, row.module) for row in due(store)] == [("77", goes_to)] * 2


def test_where_it_is_merged_into_a_record_of_another_org_they_go_to_that_org(store: SqliteStore) -> None:
    key = save(store, org="us:1:production:7")
    assert store.decide(key, State.MERGED, at=2.0, zoho_id="77", org=ORG)
    assert [row.record_id for row in due(store)] == ["77", "77"]
    assert due(store, org="us:1:production:7") == []
    assert (store.follow_ups.waiting(ORG), store.follow_ups.waiting("us:1:production:7")) == (2, 0)


def test_where_it_is_merged_others_may_take_their_place(store: SqliteStore) -> None:
    key = save(store)
    assert store.decide(key, State.MERGED, at=2.0, zoho_id="77", module="Accounts", follow_ups=[TASK])
    assert [(row.kind, row.module, row.record_id) for row in due(store)] == [
        (FollowUpKind.TASK, "Accounts", "77")
    ]
    draft = new_key()
    store.drafts.keep(draft, {"Last_Name": "Roe"}, field=None, holder=None, editing=False, at=1.0)
    assert store.decide(draft, State.MERGED, at=2.0, zoho_id="78", follow_ups=[NOTE])
    assert states(store, draft) == [W]


@pytest.mark.parametrize("more", [{"module": "Leads"}, {"follow_ups": []}])
def test_only_a_lead_that_is_merged_goes_elsewhere(store: SqliteStore, more: dict[str, Any]) -> None:
    key = save(store)
    with pytest.raises(ValueError, match="merged"):
        store.decide(key, State.DISCARDED, at=2.0, **more)
    with pytest.raises(ValueError, match="Deals"):
        store.decide(key, State.MERGED, at=2.0, module="Deals")
    assert states(store, key) == [W, W]


def test_where_it_is_discarded_so_are_they(store: SqliteStore) -> None:
    key = save(store)
    assert store.decide(key, State.DISCARDED, at=2.0)
    assert states(store, key) == [DISCARDED, DISCARDED]
    assert not store.decide(key, State.MERGED, at=3.0, zoho_id="1", follow_ups=[NOTE])
    assert states(store, key) == [DISCARDED, DISCARDED]


def test_what_was_not_sent_yet_goes_before_what_is_unclear(store: SqliteStore) -> None:
    first, second = save(store, NOTE), save(store, TASK)
    send_lead(store, first, zoho_id="1")
    send_lead(store, second, zoho_id="2")
    begun = store.follow_ups.begin(due(store)[0], "me", 4.0)
    assert begun is not None
    assert store.follow_ups.finish(begun, U, at=4.0, not_before=50.0)
    assert [row.lead for row in due(store)] == [second]
    assert [row.lead for row in due(store, now=50.0)] == [second, first]
    assert store.follow_ups.waiting(ORG) == 2


# Attempts: compare-and-set


def test_an_attempt_is_begun_once(store: SqliteStore) -> None:
    key = save(store, NOTE)
    send_lead(store, key)
    (row,) = due(store)
    begun = store.follow_ups.begin(row, "me", 4.0)
    assert begun is not None
    assert (begun.state, begun.attempt, begun.sender, begun.attempt_at) == (S, 1, "me", 4.0)
    assert store.follow_ups.begin(row, "other", 5.0) is None
    assert store.follow_ups.waiting(ORG) == 1
    done = store.follow_ups.finish(begun, SENT, at=6.0, zoho_id="55")
    assert done is not None
    assert (done.state, done.zoho_id, done.updated_at) == (SENT, "55", 6.0)
    assert store.follow_ups.finish(begun, U, at=7.0) is None
    assert store.follow_ups.holder_of("55") == row.id
    assert store.follow_ups.holder_of("56") is None
    assert store.follow_ups.waiting(ORG) == 0


def test_who_was_overtaken_changes_nothing(store: SqliteStore) -> None:
    key = save(store, NOTE)
    send_lead(store, key)
    mine = in_state(store, key, S)
    (orphan,) = store.follow_ups.orphan("other", 60.0, 5.0)
    assert (orphan.state, orphan.unclear, orphan.not_before) == (U, True, 60.0)
    assert store.follow_ups.finish(mine, SENT, at=6.0, zoho_id="55") is None
    claimed = store.follow_ups.claim(orphan, "other")
    assert claimed is not None
    assert store.follow_ups.claim(orphan, "third") is None
    assert store.follow_ups.finish(orphan, W, at=7.0) is None
    assert store.follow_ups.finish(claimed, W, at=7.0) is not None
    assert states(store, key) == [W]


def test_ones_own_are_no_orphans(store: SqliteStore) -> None:
    key = save(store, NOTE)
    send_lead(store, key)
    in_state(store, key, S)
    assert store.follow_ups.orphan("me", 60.0, 5.0) == []
    assert states(store, key) == [S]


@pytest.mark.parametrize("before", FollowUpState)
@pytest.mark.parametrize("after", FollowUpState)
def test_no_step_that_the_table_has_not(
    store: SqliteStore, before: FollowUpState, after: FollowUpState
) -> None:
    key = save(store, NOTE)
    send_lead(store, key)
    row = in_state(store, key, before)
    if after in FOLLOW_UP_MAY_BECOME[before]:
        assert store.follow_ups.finish(row, after, at=9.0) is not None
    else:
        with pytest.raises(ValueError, match="does not become"):
            store.follow_ups.finish(row, after, at=9.0)
        assert states(store, key) == [before]


def test_the_calls_are_its_leads_and_stay_whoever_made_them(store: SqliteStore) -> None:
    key = save(store, NOTE)
    send_lead(store, key)
    row = in_state(store, key, S)
    call = LoggedCall(5.0, 1, "POST", "/crm/v8/Leads/9/Notes", 201, "SUCCESS", 3.0)
    store.follow_ups.orphan("other", 60.0, 5.0)
    assert store.follow_ups.finish(row, SENT, at=6.0, calls=[call]) is None
    assert store.calls(key) == [call]


# The rep's word


def test_what_was_refused_waits_again_when_the_rep_says_so(store: SqliteStore) -> None:
    key = save(store, NOTE)
    send_lead(store, key)
    row = in_state(store, key, REFUSED)
    assert (row.faults, store.follow_ups.refused(), store.counts(since=0).follow_ups_refused) == (
        (FAULT,),
        1,
        1,
    )
    assert due(store) == []
    assert store.follow_ups.retry(key, 7.0) == 1
    assert [(one.state, one.faults) for one in due(store, now=7.0)] == [(W, ())]
    assert store.follow_ups.retry(key, 8.0) == 0
    assert store.follow_ups.refused() == 0


def test_what_may_stand_in_zoho_is_looked_for_though_the_rep_says_again(store: SqliteStore) -> None:
    key = save(store, NOTE)
    send_lead(store, key)
    assert in_state(store, key, REFUSED, unclear=True).unclear
    assert store.follow_ups.retry(key, 7.0) == 1
    assert states(store, key) == [U]


def test_what_was_looked_for_is_certain_again(store: SqliteStore) -> None:
    key = save(store, NOTE)
    send_lead(store, key)
    assert not in_state(store, key, W, unclear=True).unclear
    row = in_state(store, key, U)
    done = store.follow_ups.finish(row, W, at=6.0)
    assert done is not None
    assert not done.unclear


def test_those_of_several_leads_that_have_not_ended_are_read_at_once(store: SqliteStore) -> None:
    waits, refused, ended = save(store), save(store), save(store, NOTE)
    for key in (refused, ended):
        send_lead(store, key, zoho_id=key)
        for one in due(store):
            begun = store.follow_ups.begin(one, "me", 4.0)
            assert begun is not None
            end = SENT if one.lead == ended or one.kind is FollowUpKind.TASK else REFUSED
            assert store.follow_ups.finish(begun, end, at=5.0, zoho_id=one.id if end is SENT else None)
    assert store.follow_ups.still_open([waits, refused, ended, "no such lead"]) == {
        waits: [(FollowUpKind.NOTE, W), (FollowUpKind.TASK, W)],
        refused: [(FollowUpKind.NOTE, REFUSED)],
    }
    assert store.follow_ups.still_open([]) == {}


def test_a_lead_is_found_by_where_its_note_stands(store: SqliteStore) -> None:
    first, second = save(store, NOTE), save(store, NOTE, TASK)
    send_lead(store, first)
    in_state(store, first, REFUSED)

    def found(*states: FollowUpState) -> list[str]:
        numbers = store.listing.numbers([Sought("no such text", follow_ups=frozenset(states))])
        return [row.key for row in store.listing.rows(numbers).values()]

    assert (found(REFUSED), found(U), found()) == ([first], [], [])
    assert set(found(REFUSED, W)) == {first, second}


def test_what_was_refused_may_be_given_up(store: SqliteStore) -> None:
    key = save(store)
    send_lead(store, key)
    in_state(store, key, REFUSED)
    assert store.follow_ups.discard(key, 7.0) == 1
    assert states(store, key) == [DISCARDED, W]


# Taking values out again


@pytest.mark.parametrize("state", FollowUpState)
def test_a_lead_is_purged_when_all_that_goes_with_it_has_ended(
    store: SqliteStore, path: Path, state: FollowUpState
) -> None:
    key = save(store, NOTE, answers={"budget": CANARY})
    send_lead(store, key)
    in_state(store, key, state)
    ended = state in FOLLOW_UP_ENDED
    assert store.history.purge(before=9.0) == ended
    row = store.get(key)
    assert row is not None
    assert (row.purged, row.answers is None) == (ended, ended)
    (one,) = store.follow_ups.of(key)
    assert (one.values == {}, one.state) == (ended, state)
    assert (CANARY.encode() not in path.read_bytes()) == ended


@pytest.mark.parametrize("state", FollowUpState)
@pytest.mark.parametrize("where", ["lead", "note", "answers"])
def test_who_is_forgotten_is_named_nowhere(
    store: SqliteStore, path: Path, state: FollowUpState, where: str
) -> None:
    note = FollowUp(FollowUpKind.NOTE, {"Note_Content": f"{CANARY} {ADA if where == 'note' else ''}"})
    key = new_key()
    values = lead(CANARY, Email=ADA if where == "lead" else None)
    answers = {"who": ADA} if where == "answers" else None
    store.add(key, values, org=ORG, lane=FRESH, at=1.0, follow_ups=[note], answers=answers)
    send_lead(store, key)
    in_state(store, key, state)
    left, ended = state in (S, U), state in FOLLOW_UP_ENDED
    assert store.history.naming(ADA) == Naming(ended, not ended and not left, left)
    assert store.history.forget(ADA, at=8.0) == Forgotten(not left, left)
    assert states(store, key) == [state if left or ended else DISCARDED]
    assert (CANARY.encode() in path.read_bytes()) == left
    assert store.history.naming(ADA) == Naming(0, 0, left)
    row = store.get(key)
    assert row is not None
    assert row.state is State.SENT


def test_a_lead_that_is_given_up_takes_them_along(store: SqliteStore) -> None:
    key = new_key()
    store.add(key, lead(Email=ADA), org=ORG, lane=FRESH, at=1.0, follow_ups=[NOTE])
    assert store.history.forget(ADA, at=8.0) == Forgotten(1, 0)
    assert [(one.state, one.values) for one in store.follow_ups.of(key)] == [(DISCARDED, {})]


# An earlier version's file


def test_a_file_of_the_fourth_version_is_taken_on(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    key = new_key()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for step in _STEPS[:4]:
            db.executescript(step)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute("PRAGMA user_version=4")
        db.execute(
            'INSERT INTO leads (key, state, "values", org, lane, created_at, updated_at, zoho_id, reason)'
            """ VALUES (?, 'sent', '{"Last_Name":"Roe"}', ?, 0, 1, 2, '9', 'why')""",
            (key, ORG),
        )
    store = SqliteStore(path)
    row = store.get(key)
    assert row is not None
    assert (row.values, row.reason, row.answers) == ({"Last_Name": "Roe"}, "why", None)
    assert store.follow_ups.of(key) == []
    assert states(store, save(store)) == [W, W]
    store.close()


def test_who_only_looks_counts_them_and_changes_no_earlier_file(path: Path, store: SqliteStore) -> None:
    key = save(store)
    send_lead(store, key)
    in_state(store, key, REFUSED)
    assert OutboxLook(path).follow_ups() == {W: 1, REFUSED: 1}
    earlier = path.with_name("earlier.db")
    with closing(sqlite3.connect(earlier, isolation_level=None)) as db:
        for step in _STEPS[:4]:
            db.executescript(step)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute("PRAGMA user_version=4")
        assert OutboxLook(earlier).follow_ups() == {}
        assert db.execute("PRAGMA user_version").fetchone() == (4,)


# A damaged file


def _damaged_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\xa7" * 4096)


def _damaged_page(path: Path) -> None:
    """Spoil a page of leads that nothing here is about."""
    data = path.read_bytes()
    page = next(n for n in range(1, len(data) // 4096) if b"Filler" in data[n * 4096 : (n + 1) * 4096])
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(bytes(4096))


def _fill(store: SqliteStore) -> None:
    for _ in range(100):
        store.add(new_key(), lead("Filler", Note="x" * 200), org=ORG, lane=FRESH, at=0.0)


@pytest.mark.parametrize("damage", [_damaged_header, _damaged_page])
@pytest.mark.parametrize("state", FollowUpState)
def test_a_damaged_outbox_gives_them_back_and_none_is_sent_unseen(
    path: Path, state: FollowUpState, damage: Any
) -> None:
    store = SqliteStore(path)
    _fill(store)
    key = save(store, FollowUp(FollowUpKind.NOTE, {"Note_Content": "long " * 3000}), TASK, answers={"a": "b"})
    send_lead(store, key)
    before = in_state(store, key, state)
    store.close()
    damage(path)
    after, _ = open_outbox(path, clock=lambda: 100.0)
    assert len(damaged_beside(path)) == 1
    first, second = after.follow_ups.of(key)
    row = after.get(key)
    assert row is not None
    assert row.answers == {"a": "b"}
    kept = ("id", "lead", "kind", "values", "module", "record_id", "org", "attempt", "attempt_at", "zoho_id")
    assert [getattr(first, name) for name in kept] == [getattr(before, name) for name in kept]
    assert first.state is (U if state in (W, S) else state)
    assert (second.state, second.unclear, second.values) == (U, True, TASK.values)
    assert due(after, now=100.0) == ([] if state is not U else [first])
    assert [one.state for one in due(after, now=200.0)] == [U] * (1 + (state in FOLLOW_UP_UNSENT))
    if state is REFUSED:
        after.follow_ups.retry(key, 200.0)
        assert states(after, key) == [U, U]
    after.close()


def test_where_their_table_began_elsewhere_they_are_found_all_the_same(path: Path) -> None:
    """An earlier version's file has it behind its leads."""
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for step in _STEPS[:4]:
            db.executescript(step)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute("PRAGMA user_version=4")
        for number in range(200):
            db.execute(
                'INSERT INTO leads (key, state, "values", org, lane, created_at, updated_at)'
                " VALUES (?, 'sent', ?, ?, 0, 1, 2)",
                (f"old {number}", '{"Last_Name":"' + "x" * 200 + '"}', ORG),
            )
    store = SqliteStore(path)
    keys = [save(store) for _ in range(60)]
    store.close()
    _damaged_header(path)
    after, told = open_outbox(path, clock=lambda: 100.0)
    assert "lost" not in told[0]
    assert [states(after, key) for key in keys] == [[U, U]] * 60
    after.close()


def test_one_whose_lead_is_lost_is_told_as_lost(path: Path) -> None:
    store = SqliteStore(path)
    key = save(store)
    store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DELETE FROM leads WHERE key = ?", (key,))
    _damaged_header(path)
    after, told = open_outbox(path, clock=lambda: 100.0)
    assert "Others may be lost" in told[0]
    assert after.follow_ups.of(key) == []
    after.close()
