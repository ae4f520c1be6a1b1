"""A model of the promise: the real outbox and courier, against a scripted Zoho, in any order of events.

Two sessions work on one outbox, on real files, for one of two orgs each. They are killed, cut off, or stand
still at any point; every insert and every look meets a fate. After each step the promise is looked at, and in
the end everything comes to rest: each lead is in Zoho once, or waits for the rep, or was discarded.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from outbox_office import SETTLED
from sandbox_caller import Clock
from scripted_zoho import (
    CUT_LOST,
    CUT_SHORT,
    DROPPED,
    LATE,
    LOST,
    NONSENSE,
    NOT_APPLIED,
    NOT_REACHED,
    ONE_REFUSED,
    POST_FATES,
    READ_FATES,
    TAG,
    TOLD,
    Fate,
    ScriptedZoho,
    Standing,
    lead_of,
)
from soak_history import FOLLOW_UP_MAY_BECOME, MAY_BECOME
from stoppable import CUT, FULL, HOLD, KILL, Session, Stop
from witness import WATCH

from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox.follow_ups import FollowUpState
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import UNSENT, State
from zoho.outbox.store import BACKLOG, FRESH, Row

ORGS = ("1", "2")
POINTS = st.integers(1, 30)
READS = st.lists(st.sampled_from(READ_FATES), max_size=3)
EMAILS = st.sampled_from([None, "ada@example.com", "bob@example.com"])
SESSIONS = st.sampled_from([0, 1])
MOMENTS = st.sampled_from([2.0, SETTLED, 700.0, 90_000.0])


def fates(*kinds: str) -> st.SearchStrategy[Fate]:
    delays = st.sampled_from([1.0, 44.0])
    return st.builds(Fate, st.sampled_from(kinds), st.integers(0, 3), delays, st.sampled_from(TOLD))


ANY_FATE = fates(*POST_FATES)
UNCLEAR = (State.SENDING, State.UNKNOWN)
MAY_STAND = {State.SENDING, State.UNKNOWN, State.ASK, State.SENT, State.DISCARDED}
"""States of which the record may be in Zoho."""


class Promise(RuleBasedStateMachine):
    """What a rep, Zoho, an administrator and a murderer may do."""

    ran: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.ran["examples"] += 1
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "outbox.db"
        self.loop = asyncio.new_event_loop()
        self.clock = Clock()
        self.desk = SqliteStore(self.path)
        with closing(sqlite3.connect(self.path)) as db:
            db.executescript(WATCH)
        self.seen = 0
        self.passed: set[tuple[str, State]] = set()
        self.leads: dict[str, dict[str, Any]] = {}
        self.noted: dict[str, str] = {}
        self.drafts: list[str] = []
        self.typed = 0
        self.twins = self.noting = False
        self.wrong: list[str] = []
        self.orgs: dict[str, ScriptedZoho] = {}
        self.sessions: list[Session] = []

    # The world

    @initialize(
        keyed=st.booleans(),
        other_keyed=st.booleans(),
        email=st.booleans(),
        proved=st.booleans(),
        twins=st.sampled_from([False, False, True]),
        ahead=st.sampled_from([0.0, -3600.0, 3600.0]),
        noting=st.sampled_from([False, False, True]),
    )
    def begin(
        self,
        keyed: bool,
        other_keyed: bool,
        email: bool,
        proved: bool,
        twins: bool,
        ahead: float,
        noting: bool = False,
    ) -> None:
        self.orgs = {
            "1": ScriptedZoho(self.clock, "1", keyed, email, ahead),
            "2": ScriptedZoho(self.clock, "2", other_keyed, not email, 0.0),
        }
        self.twins = twins
        self.noting = noting
        self.sessions = [self.session("1"), self.session("1")]
        if proved:
            self.step(0, Fate())

    def session(self, org: str, *, offset_known: bool = True) -> Session:
        return Session(
            self.loop,
            self.path,
            self.orgs[org],
            self.clock,
            leaves=self.leaves,
            told=self.told,
            offset_known=offset_known,
        )

    def leaves(self, session: Session, records: list[dict[str, Any]] | str) -> None:
        """Look at records whose first byte leaves: each has its intent on the disk."""
        if not session.lock.held:
            self.wrong.append("sent without the lock")
        if sum(each.lock.held for each in self.sessions) > 1:
            self.wrong.append("sent while there were two senders")
        if isinstance(records, str):
            self.note_leaves(session, records)
            return
        for record in records:
            row = self.desk.get(record[TAG])
            if row is None or row.state is not State.SENDING:
                self.wrong.append(f"sent without its intent: {row}")
            elif row.org != session.line.org.key:
                self.wrong.append(f"sent to {session.line.org.key}: {row}")
            elif lead_of(record) != lead_of(self.leads[row.key]):
                self.wrong.append(f"sent with other values: {row}")

    def note_leaves(self, session: Session, content: str) -> None:
        """Look at a note whose first byte leaves: its intent is on the disk, and its lead in Zoho."""
        for row in self.desk.follow_ups.of(self.noted[content]):
            if row.values.get("Note_Content") == content:
                if row.state is not FollowUpState.SENDING or row.record_id is None:
                    self.wrong.append(f"a note was sent without its intent, or before its lead: {row}")
                if row.org != session.line.org.key:
                    self.wrong.append(f"a note was sent to {session.line.org.key}: {row}")

    def told(self, row: Row) -> None:
        self.look_at_changes()
        if (row.key, row.state) not in self.passed:
            self.wrong.append(f"told of what never was: {row}")

    def org_of(self, row: Row) -> ScriptedZoho | None:
        return next((org for org in self.orgs.values() if org.profile().key == row.org), None)

    # The rep

    @rule(
        org=st.sampled_from([*ORGS, "1", None]),
        lane=st.sampled_from([FRESH, BACKLOG]),
        email=EMAILS,
        twin=st.booleans(),
        notes=st.sampled_from([0, 0, 1, 2]),
    )
    def save(self, org: str | None, lane: int, email: str | None, twin: bool, notes: int = 0) -> None:
        key = f"key {len(self.leads)}"
        self.add(key, {"Last_Name": "Twin" if twin else key, "Email": email}, org, lane, notes)

    def add(self, key: str, values: dict[str, Any], org: str | None, lane: int, notes: int = 0) -> None:
        self.leads[key] = {name: value for name, value in {**values, TAG: key}.items() if value}
        where = self.orgs[org].profile().key if org else None
        contents = [f"note {number} of {key}" for number in range(notes)]
        self.noted.update(dict.fromkeys(contents, key))
        follow_ups = [FollowUp(FollowUpKind.NOTE, {"Note_Content": content}) for content in contents]
        row = self.desk.add(
            key, self.leads[key], org=where, lane=lane, at=self.clock(), follow_ups=follow_ups
        )
        assert row.state is State.QUEUED
        self.passed.add((key, State.QUEUED))

    @rule(number=st.integers(2, 5))
    def save_backlog(self, number: int) -> None:
        for _ in range(number):
            self.save("1", BACKLOG, None, False)

    def keep_draft(self) -> None:
        self.typed += 1
        key = f"draft {self.typed}"
        assert self.desk.drafts.keep(
            key, {"Last_Name": key}, field=None, holder="me", editing=False, at=self.clock()
        )
        self.drafts.append(key)

    def end_draft(self, send: bool) -> None:
        key = self.drafts.pop()
        if send:
            self.add(key, {"Last_Name": key}, "1", FRESH)
        else:
            assert self.desk.drafts.drop(key)

    @precondition(lambda self: self.rows_in(State.ASK))
    @rule(discard=st.booleans())
    def answer(self, discard: bool) -> None:
        """Look into Zoho, and say what is there."""
        row = self.rows_in(State.ASK)[0]
        if discard:
            assert self.desk.decide(row.key, State.DISCARDED, at=self.clock())
            return
        found = self.looked_up(row)
        state, identity = (State.SENT, found.id) if found else (State.QUEUED, None)
        assert self.desk.decide(row.key, state, at=self.clock(), zoho_id=identity)

    def looked_up(self, row: Row) -> Standing | None:
        """Return the record that a rep who looks takes for this lead."""
        org = self.org_of(row)
        assert org is not None
        return next(
            (
                one
                for one in org.records.values()
                if one.stands and one.tag and one.key in (None, row.key)
                if lead_of(one.values) == lead_of(row.values)
                if self.desk.holder_of(one.id) is None
            ),
            None,
        )

    @rule(place=st.integers(0, 9), email=EMAILS, discard=st.booleans())
    def change(self, place: int, email: str | None, discard: bool) -> None:
        if discard:
            self.discard(place)
        else:
            self.edit(place, email)

    def edit(self, place: int, email: str | None) -> None:
        rows = self.rows_in(State.REJECTED, State.DUPLICATE) or self.rows_in(State.QUEUED)
        if rows:
            row = rows[place % len(rows)]
            values = {**row.values, "Email": email}
            self.leads[row.key] = {name: value for name, value in values.items() if value}
            assert self.desk.edit(row.key, self.leads[row.key], at=self.clock())

    def discard(self, place: int) -> None:
        rows = self.rows_in(State.QUEUED, State.REJECTED, State.DUPLICATE)
        if rows:
            assert self.desk.decide(rows[place % len(rows)].key, State.DISCARDED, at=self.clock())

    @rule(what=st.sampled_from(["type", "send", "drop", "forget", "bind"]), email=EMAILS)
    def chores(self, what: str, email: str | None) -> None:
        if what == "type" or (what in ("send", "drop") and not self.drafts):
            self.keep_draft()
        elif what in ("send", "drop"):
            self.end_draft(send=what == "send")
        elif what == "forget":
            self.forget(email)
        else:
            self.desk.bind(self.orgs["1"].profile().key)

    def forget(self, email: str | None) -> None:
        if email:
            self.desk.history.forget(email, at=self.clock())
        else:
            self.desk.history.purge(before=self.clock() - 100)

    # The sessions

    @rule(which=SESSIONS, told=st.sampled_from(TOLD))
    def work(self, which: int, told: str) -> None:
        self.step(which, Fate(told=told))

    @rule(which=SESSIONS, fate=fates(LOST, DROPPED, LATE, NONSENSE, CUT_SHORT, CUT_LOST))
    def work_unclear(self, which: int, fate: Fate) -> None:
        self.step(which, fate)

    @rule(which=SESSIONS, fate=fates(NOT_REACHED, ONE_REFUSED, *NOT_APPLIED))
    def work_in_vain(self, which: int, fate: Fate) -> None:
        self.step(which, fate)

    @rule(which=SESSIONS, fate=ANY_FATE, reads=READS)
    def work_and_look_in_vain(self, which: int, fate: Fate, reads: list[str]) -> None:
        self.step(which, fate, reads)

    @rule(which=SESSIONS, fate=ANY_FATE, point=POINTS)
    def work_and_die(self, which: int, fate: Fate, point: int) -> None:
        self.step(which, fate, stop=Stop(KILL, point))

    @rule(which=SESSIONS, fate=ANY_FATE, point=POINTS, full=st.booleans())
    def work_and_be_cut(self, which: int, fate: Fate, point: int, full: bool) -> None:
        self.step(which, fate, stop=Stop(FULL if full else CUT, point))

    @rule(which=SESSIONS, fate=ANY_FATE, reads=READS, point=POINTS, suspended=st.booleans())
    def work_and_stand_still(
        self, which: int, fate: Fate, reads: list[str], point: int, suspended: bool
    ) -> None:
        self.step(which, fate, reads, stop=Stop(HOLD, point))
        if suspended:
            self.suspend(which)

    @rule(which=SESSIONS, fate=ANY_FATE, other=ANY_FATE, point=POINTS)
    def work_and_be_overtaken(self, which: int, fate: Fate, other: Fate, point: int) -> None:
        self.work_and_stand_still(which, fate, [], point, suspended=True)
        self.step(1 - which, other)
        self.step(which, Fate())

    def step(self, which: int, fate: Fate, reads: Sequence[str] = (), stop: Stop | None = None) -> None:
        session = self.sessions[which]
        session.line.fate, session.line.reads = fate, list(reads)
        self.let_there_be_work(session)
        if session.held:
            session.go_on(stop)
        else:
            session.step(stop)
        if session.dead:
            self.sign_in(which, session.line.org.org_id, offset_known=False)

    def let_there_be_work(self, session: Session) -> None:
        """Save a lead if neither one nor a note waits, and go to the time at which an unclear one is due."""
        org = session.line.org
        leads = [row.not_before for row in self.rows_in(*UNSENT) if row.org == org.key]
        ever = self.desk.follow_ups.due(org.key, now=float("inf"), limit=100)
        moments = leads + [row.not_before for row in ever]
        if not moments:
            self.save(org.org_id, FRESH, None, self.twins, notes=int(self.noting))
        elif min(moments) > self.clock():
            self.later(min(moments) - self.clock())

    @rule(which=SESSIONS)
    def suspend(self, which: int) -> None:
        """Press Ctrl-Z: the lock is given back, wherever it stands."""
        self.sessions[which].lock.release()

    @rule(which=SESSIONS)
    def kill(self, which: int) -> None:
        self.sign_in(which, self.sessions[which].line.org.org_id, offset_known=False)

    @rule(which=SESSIONS, org=st.sampled_from(ORGS))
    def sign_in(self, which: int, org: str, offset_known: bool = True) -> None:
        """Kill the session; another one follows."""
        self.sessions[which].kill()
        self.sessions[which] = self.session(org, offset_known=offset_known)

    # The world goes on

    @rule(seconds=MOMENTS)
    def later(self, seconds: float) -> None:
        self.clock.forward(seconds)
        for org in self.orgs.values():
            org.arrive()

    @rule(
        email=EMAILS,
        what=st.sampled_from(["create", "create unseen", "convert", "delete"]),
        place=st.integers(0, 9),
    )
    def others_work(self, email: str | None, what: str, place: int) -> None:
        if what.startswith("create"):
            self.a_colleague_creates(email, unreadable=what == "create unseen")
        else:
            self.somebody_converts_or_deletes(place, {"convert": "converted", "delete": "deleted"}[what])

    def a_colleague_creates(self, email: str | None, unreadable: bool) -> None:
        org = self.orgs["1"]
        before = set(org.records)
        org.insert({"Last_Name": "Twin", "Email": email}, by="colleague")
        if unreadable:
            org.unreadable |= set(org.records) - before

    def somebody_converts_or_deletes(self, place: int, to: str) -> None:
        """Never while the lead may be sent again unseen: its key would be refused no more."""
        records = [one for org in self.orgs.values() for one in org.records.values() if self.is_at_rest(one)]
        if records:
            records[place % len(records)].state = to

    def is_at_rest(self, record: Standing) -> bool:
        row = self.desk.get(record.tag) if record.tag else None
        return row is None or row.state in (State.SENT, State.DISCARDED, State.ASK)

    @rule(org=st.sampled_from(ORGS))
    def an_administrator_changes_the_layout(self, org: str) -> None:
        """What is known of a layout is good for ten minutes, of an attempt in it until that is clear."""
        row_is_unclear = any(self.org_of(row) is self.orgs[org] for row in self.rows_in(*UNCLEAR))
        if any(session.held for session in self.sessions) or (
            row_is_unclear and not self.orgs[org].holds_key
        ):
            return
        self.later(700.0)
        self.orgs[org].holds_key = not self.orgs[org].holds_key

    # The promise

    def rows_in(self, *states: State) -> list[Row]:
        return [row for row in self.desk.rows() if row.state in states]

    def look_at_changes(self) -> None:
        with closing(sqlite3.connect(self.path)) as db:
            changes = db.execute(
                "SELECT number, key, before, after, mode FROM witnessed WHERE number > ?", (self.seen,)
            ).fetchall()
        for number, key, before, after, mode in changes:
            self.seen = number
            self.passed.add((key, State(after)))
            self.ran[f"{before} -> {after}"] += 1
            if after not in MAY_BECOME.get(before, ()):
                self.wrong.append(f"impossible: {key} {before} -> {after}")
            if (before, after, mode) == ("unknown", "sending", "unkeyed"):
                self.wrong.append(f"unkeyed, and sent again unseen: {key}")

    def each_change_is_the_tables(self) -> None:
        self.look_at_changes()
        assert not self.wrong, self.wrong

    def each_change_of_a_note_is_the_tables(self) -> None:
        with closing(sqlite3.connect(self.path)) as db:
            changes = db.execute("SELECT id, before, after FROM witnessed_follow_ups").fetchall()
        wrong = [one for one in changes if one[2] not in FOLLOW_UP_MAY_BECOME.get(one[1], ())]
        assert not wrong, wrong

    def no_note_stands_twice(self) -> None:
        for org in self.orgs.values():
            times = Counter(note.content for note in org.notes)
            assert all(number == 1 for number in times.values()), times

    def what_is_sent_of_notes_has_its_note(self) -> None:
        for key in set(self.noted.values()):
            row = self.desk.get(key)
            assert row is not None
            org = self.org_of(row)
            for one in self.desk.follow_ups.of(key):
                if one.state is FollowUpState.SENT:
                    assert org is not None
                    (note,) = [note for note in org.notes if note.id == one.zoho_id]
                    assert note.parent == row.zoho_id, (note, row)
                    assert one.values.get("Note_Content", note.content) == note.content

    def nothing_saved_is_missing(self) -> None:
        assert {row.key for row in self.desk.rows()} == {*self.leads, *self.drafts}

    def no_lead_stands_twice(self) -> None:
        for org in self.orgs.values():
            mine = [row for row in self.desk.rows() if row.org == org.profile().key]
            may = Counter(lead_of(self.leads[row.key]) for row in mine if row.state in MAY_STAND)
            stands = Counter(lead_of(one.values) for one in org.records.values() if one.tag and one.stands)
            assert stands <= may, (stands - may, mine)

    def what_is_sent_has_its_record(self) -> None:
        taken: set[tuple[str | None, str | None]] = set()
        for row in self.rows_in(State.SENT):
            org = self.org_of(row)
            assert org is not None
            assert row.zoho_id in org.records, row
            record = org.records[row.zoho_id]
            assert lead_of(record.values) == lead_of(self.leads[row.key]), (row, record)
            assert record.key in (None, row.key), (row, record)
            assert (row.org, row.zoho_id) not in taken, row
            taken.add((row.org, row.zoho_id))

    # The end

    def teardown(self) -> None:
        try:
            if self.orgs:
                self.come_to_rest()
        finally:
            for session in self.sessions:
                session.kill()
            self.desk.close()
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()
            shutil.rmtree(self.folder)

    def come_to_rest(self) -> None:
        """Nothing breaks any more: all is sent, or waits for the rep, who then says what is there.

        What is asked about again and again collides with a record that this rep may not read.
        """
        for _ in range(4):
            for org in self.orgs:
                self.settle(org)
            self.look()
            left = [row for row in self.rows_in(*UNSENT) if row.org is not None]
            assert not left, left
            while self.rows_in(State.ASK):
                self.answer(discard=False)
        for _ in range(2):
            for key in set(self.noted.values()):
                self.desk.follow_ups.retry(key, self.clock())
            for org in self.orgs:
                self.settle(org)
        self.look()
        self.each_note_is_there()

    def each_note_is_there(self) -> None:
        """A note of a lead in Zoho is there too; or the rep was told, since the record is gone."""
        for content, key in self.noted.items():
            row = self.desk.get(key)
            assert row is not None
            org = self.org_of(row)
            if row.state is not State.SENT or org is None:
                assert not any(note.content == content for note in org.notes) if org else True, row
                continue
            gone = row.zoho_id in org.records and not org.records[row.zoho_id].stands
            for one in self.desk.follow_ups.of(key):
                self.ran[f"note {one.state}"] += 1
                told = (FollowUpState.REFUSED, FollowUpState.DISCARDED)
                assert one.state is FollowUpState.SENT or (one.state in told and (gone or row.purged)), one

    def settle(self, org: str) -> None:
        for which in (0, 1):
            self.sign_in(which, org)
        for _ in range(6):
            for _ in range(200):
                if not self.sessions[0].step():
                    break
            else:
                raise AssertionError("It finds work for ever.")
            self.later(SETTLED)

    @invariant()
    def look(self) -> None:
        self.ran["steps"] += 1
        self.each_change_is_the_tables()
        self.nothing_saved_is_missing()
        self.each_change_of_a_note_is_the_tables()
        self.no_note_stands_twice()
        self.what_is_sent_of_notes_has_its_note()
        self.no_lead_stands_twice()
        self.what_is_sent_has_its_record()
