"""Bugs that break the promise, each a change of a few words, and the tests that must see them.

A test that cannot fail proves nothing. What is named here are tests of what happens to leads; none that only
reads the literal that is changed.
"""

from __future__ import annotations

from typing import NamedTuple

COURIER = "tests/zoho/outbox/test_courier.py"
ENDS = "tests/zoho/outbox/test_courier_ends.py"
KILLED = "tests/zoho/outbox/test_killed.py"
BATCHES = "tests/faults/test_batches.py"
SESSIONS = "tests/faults/test_two_sessions.py"
NOTES = "tests/zoho/outbox/test_follow_ups_sent.py"
NOTE_STORE = "tests/zoho/outbox/test_follow_up_store.py"
FOLLOW_UP_TABLE = "tests/faults/test_follow_up_table.py"
MODEL = "tests/faults/test_model.py::test_the_promise_holds_in_any_order_of_events"
SCENES = "tests/faults/test_model_scenes.py"
UNDO = "tests/zoho/outbox/test_undo.py"
UNDO_STORE = "tests/zoho/outbox/test_undo_store.py"
UNDO_KILLED = "tests/faults/test_undo_killed.py"
POWER = "tests/faults/test_power_loss.py::test_power_loss"


class Bug(NamedTuple):
    """A change, and who must see it.

    Args:
        name: what is wrong then.
        file: the file to change.
        right: the text that must be there exactly once.
        wrong: what takes its place.
        tests: files or tests of which each must go red.
        quick: whether the first of *tests* is a matter of a few seconds.
        strace: whether that needs strace.
    """

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]
    quick: bool = True
    strace: bool = False


BUGS = (
    Bug(
        "synchronous=NORMAL",
        "zoho/outbox/sqlite_file.py",
        '"synchronous=EXTRA"',
        '"synchronous=NORMAL"',
        (POWER,),
        quick=False,
        strace=True,
    ),
    Bug(
        "blind resend",
        "zoho/outbox/attempts.py",
        "if rows[0].state is not State.UNKNOWN:\n            return await self._send",
        "if rows:\n            return await self._send",
        (
            f"{COURIER}::test_unkeyed_an_unclear_lead_is_found_or_asked_about_and_never_sent_again",
            KILLED,
            MODEL,
        ),
    ),
    Bug(
        "sent before the answer",
        "zoho/outbox/attempts.py",
        "        if not begun:\n            return None\n        with collected",
        "        if not begun:\n            return None\n"
        "        await self._endings.write([Ending(row, Outcome(State.SENT)) for row in begun])\n"
        "        with collected",
        (
            f"{COURIER}::test_keyed_an_unclear_lead_becomes_exactly_one_record",
            KILLED,
            MODEL,
        ),
    ),
    Bug(
        "a new key for each attempt",
        "zoho/outbox/attempts.py",
        "key_field=row.key_field, key=row.key)",
        'key_field=row.key_field, key=f"{row.attempt}{row.key[1:]}")',
        (
            f"{COURIER}::test_keyed_an_unclear_lead_becomes_exactly_one_record",
            KILLED,
            MODEL,
        ),
    ),
    Bug(
        "no lock",
        "zoho/outbox/sender_lock.py",
        "kernel_lock(path, timeout=0)",
        'kernel_lock(path.with_name(f"{id(self)}.lock"), timeout=0)',
        (
            f"{ENDS}::test_who_has_not_the_lock_sends_nothing_until_it_is_free",
            SESSIONS,
            MODEL,
        ),
    ),
    Bug(
        "deleted when taken",
        "zoho/outbox/sqlite_store.py",
        "return [self._fetch(db, row.key) for row, attempt in intents if _begun(db, row, attempt)]",
        "begun = [self._fetch(db, row.key) for row, attempt in intents if _begun(db, row, attempt)]\n"
        "            for row in begun:\n"
        '                db.execute("DELETE FROM leads WHERE key = ?", (row.key,))\n'
        "            return begun",
        (
            f"{ENDS}::test_an_outcome_that_is_never_written_is_found_by_the_next_sender",
            KILLED,
            MODEL,
        ),
    ),
    Bug(
        "upsert by e-mail",
        "zoho/api/client.py",
        '"POST", "/crm/v8/Leads", scope=_CREATE',
        '"POST", "/crm/v8/Leads/upsert", scope=_CREATE',
        (f"{COURIER}::test_a_colleagues_lead_in_the_way_is_the_reps_to_judge",),
    ),
    Bug(
        "outcome without compare-and-set",
        "zoho/outbox/sqlite_store.py",
        'unclear = unclear OR :unclear"\n        f" WHERE {_UNCHANGED}",',
        'unclear = unclear OR :unclear"\n        " WHERE key = :key",',
        (
            f"{ENDS}::test_who_was_overtaken_in_the_middle_of_its_post_changes_nothing",
            MODEL,
        ),
    ),
    Bug(
        "orphans left lying",
        "zoho/outbox/courier.py",
        "found = await asyncio.to_thread(self._store.orphan, sender, not_before=later, at=self._clock())",
        "found = [] if later else [await asyncio.to_thread(self._store.rows)]",
        (
            f"{ENDS}::test_an_outcome_that_is_never_written_is_found_by_the_next_sender",
            KILLED,
            MODEL,
        ),
    ),
    Bug(
        "the lock not asked about right before the first byte",
        "zoho/outbox/attempts.py",
        "for row in rows], before_sending=check)",
        "for row in rows])",
        (f"{SCENES}::test_who_is_suspended_anywhere_and_overtaken_spoils_nothing", MODEL),
    ),
    Bug(
        "another's duplicate taken for ours",
        "zoho/outbox/verdicts.py",
        "if row.key_field is not None and item.field == row.key_field]",
        "]",
        (
            f"{COURIER}::test_a_colleagues_lead_in_the_way_is_the_reps_to_judge",
            MODEL,
        ),
    ),
    Bug(
        "outcomes of a batch in the wrong order",
        "zoho/outbox/attempts.py",
        "pairs = zip(begun, verdicts, strict=True)",
        "pairs = zip(begun, reversed(verdicts), strict=True)",
        (
            f"{BATCHES}::test_one_that_is_refused_keeps_no_other_back",
            MODEL,
        ),
    ),
    Bug(
        "sent again to a layout that lost the field",
        "zoho/outbox/keying.py",
        "        return held\n",
        "        return held or True\n",
        (f"{SCENES}::test_a_layout_that_lost_the_field_is_not_sent_to_again", MODEL),
    ),
    Bug(
        "a resend's failure makes it certain",
        "zoho/outbox/attempts.py",
        "return outcome if before.state is not State.UNKNOWN else await",
        "return outcome if before is not None else await",
        (
            f"{COURIER}::test_an_unclear_lead_stays_unclear_though_its_resend_is_not_applied",
            MODEL,
        ),
    ),
    Bug(
        "a record that another lead holds is taken",
        "zoho/outbox/reconciler.py",
        "if self._store.holder_of(record.id) in (None, row.key)]",
        "]",
        (f"{COURIER}::test_unkeyed_of_two_unclear_twins_only_one_takes_the_record",),
    ),
    Bug(
        "asked before everything has arrived",
        "zoho/outbox/reconciler.py",
        "if self._clock() < last_look:",
        "if self._clock() < 0 < last_look:",
        (f"{COURIER}::test_unkeyed_what_arrives_late_is_found_by_the_second_look",),
    ),
    Bug(
        "sent to whatever org is signed in to",
        "zoho/outbox/sqlite_store.py",
        "WHERE state = ? AND org = ? AND lane = ?",
        "WHERE state = ? AND ? <> '' AND lane = ?",
        (
            f"{COURIER}::test_other_orgs_and_unbound_leads_are_left_alone",
            MODEL,
        ),
    ),
    Bug(
        "sent again however old",
        "zoho/outbox/reconciler.py",
        "row.key_field is not None and age < LOOK_UP_ONLY_AFTER",
        "row.key_field is not None and age < float('inf')",
        (f"{COURIER}::test_after_a_day_it_is_only_looked_up",),
    ),
    Bug(
        "a note sent again unseen",
        "zoho/outbox/follow_up_attempts.py",
        "found = await self._look(claimed)",
        "found = await self._look(claimed) and None",
        (
            f"{NOTES}::test_an_unclear_one_is_looked_for_and_then_sent_if_it_is_not_there",
            FOLLOW_UP_TABLE,
            MODEL,
        ),
    ),
    Bug(
        "a note looked for before everything has arrived",
        "zoho/outbox/follow_up_attempts.py",
        "return self._clock() + self._waits.longest_under_way",
        "return self._clock()",
        (
            f"{NOTES}::test_an_unclear_one_is_looked_for_and_then_sent_if_it_is_not_there",
            MODEL,
        ),
    ),
    Bug(
        "a note before its lead",
        "zoho/outbox/sqlite_follow_ups.py",
        'f" AND {_STANDS} ORDER BY',
        'f" ORDER BY',
        (f"{NOTES}::test_a_refused_lead_keeps_them_back",),
    ),
    Bug(
        "outcome of a note without compare-and-set",
        "zoho/outbox/sqlite_follow_ups.py",
        "state = :was AND attempt = :attempt AND sender IS :sender",
        ":was <> '' AND :attempt >= 0 AND (:sender IS NULL OR 1)",
        (
            f"{NOTE_STORE}::test_who_was_overtaken_changes_nothing",
            f"{SCENES}::test_a_note_whose_sender_is_suspended_anywhere_and_overtaken_stands_once",
        ),
    ),
    Bug(
        "the lock not asked about right before a note's first byte",
        "zoho/outbox/follow_up_attempts.py",
        "            before_sending=check,\n",
        "",
        (
            f"{NOTES}::test_who_is_suspended_before_the_first_byte_and_overtaken_sends_nothing",
            f"{SCENES}::test_a_note_whose_sender_is_suspended_anywhere_and_overtaken_stands_once",
            MODEL,
        ),
    ),
    Bug(
        "notes of a killed sender left lying",
        "zoho/outbox/courier.py",
        "orphans = await asyncio.to_thread(self._store.follow_ups.orphan, sender, later, self._clock())",
        "orphans = self._store.follow_ups.of(sender)",
        (f"{NOTES}::test_an_outcome_that_is_never_written_is_found_by_the_next_sender", MODEL),
    ),
    Bug(
        "another's note taken for ours",
        "zoho/outbox/follow_up_attempts.py",
        "if holder_of(one) in (None, row.id)",
        "if holder_of(one) or True",
        (f"{NOTES}::test_of_two_alike_each_takes_its_own",),
    ),
    Bug(
        "a note to a lead that is undone",
        "zoho/outbox/sqlite_follow_ups.py",
        "            only=_NOT_HELD,\n",
        "",
        (f"{UNDO_STORE}::test_who_read_it_before_the_undo_does_not_send_it_after",),
    ),
    Bug(
        "deleted before that is written down",
        "zoho/outbox/undo.py",
        "wanted = await asyncio.to_thread(self._store.undos.want, row.key, at=self._clock())",
        "wanted = row",
        (
            f"{UNDO}::test_where_the_disk_is_full_nothing_is_deleted",
            f"{UNDO}::test_killed_around_the_deletion_it_is_looked_for_and_never_deleted_again",
            UNDO_KILLED,
        ),
    ),
    Bug(
        "not undone, before everything has arrived",
        "zoho/outbox/undo.py",
        "if self._clock() < self._settles_at(row):",
        "if self._clock() < 0:",
        (f"{UNDO}::test_killed_around_the_deletion_it_is_looked_for_and_never_deleted_again",),
    ),
    Bug(
        "a deletion that leaves too late",
        "zoho/outbox/undo.py",
        "if self._clock() > end:",
        "if self._clock() < 0:",
        (f"{UNDO}::test_stopped_too_long_before_the_deletion_it_never_leaves",),
    ),
)
