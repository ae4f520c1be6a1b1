"""Which leads may be undone, and restored: decisions alone, each refusal in a rep's words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from zoho.api.models import Record
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.outbox.states import State
from zoho.outbox.store import Row
from zoho.wire.errors import ZohoError
from zoho.wire.shapes import as_object

UNDO_WITHIN = 60.0
"""Seconds after which a lead is no longer undone: somebody may be working on it."""

_BY_HAND = "Delete it in Zoho, if it must go."
_UNDER_WAY = {FollowUpState.SENDING, FollowUpState.UNKNOWN}


def refused(code: str, what: str, next_step: str) -> ZohoError:
    """Return the error that says why something about an undo is not done."""
    return ZohoError(what, next_step=next_step, code=f"undo_{code}")


def why_not(row: Row, follow_ups: Sequence[FollowUpRow], *, org: str, now: float) -> None:
    """Refuse what can be told without asking Zoho.

    Args:
        row: the lead.
        follow_ups: its notes and tasks.
        org: the org that is signed in to.
        now: seconds since the epoch, by this machine's clock.

    Raises:
        ZohoError: it may not be undone.
    """
    if row.being_undone:
        raise refused("open", "It is not known yet whether it was undone.", "It is looked for in a minute.")
    if row.undone:
        raise refused("done", "This lead was undone already.", "It is in Zoho's recycle bin.")
    if row.restored_at is not None:
        raise refused("restored", "This lead was undone before, and restored.", _BY_HAND)
    if row.state is not State.SENT or not (row.zoho_id or "").isdigit():
        raise refused("not_created", "Only a lead that was created is undone.", "Look at it in the Log.")
    if row.org != org:
        raise refused("elsewhere", "This lead stands in another org.", "Sign in to that org to undo it.")
    if now - row.updated_at > UNDO_WITHIN:
        raise _too_old()
    if any(one.state in _UNDER_WAY for one in follow_ups):
        raise refused(
            "under_way",
            "A note or task of this lead is on its way to Zoho just now.",
            "Try again in a moment.",
        )


def unlike_as_created(record: Record | None, row: Row, *, user_id: str, now: float) -> None:
    """Refuse what is no longer as it was created, as Zoho tells it.

    Args:
        record: the lead as it stands in Zoho; None, it is not there, or not to be seen.
        row: the lead in the outbox.
        user_id: Zoho's id of the user that is signed in.
        now: seconds since the epoch, by Zoho's clock.

    Raises:
        ZohoError: it may not be undone.
    """
    if record is None:
        raise refused("gone", "This lead is no longer among Zoho's leads.", "Look for it in Zoho.")
    if record.get("$converted") is True or record.get("Converted__s") is True:
        raise refused("converted", "This lead was converted in Zoho meanwhile.", "It stays as it is.")
    key = record.get(row.key_field) if row.key_field else None
    if _id(record, "Created_By") != user_id or (key and key != row.key):
        raise refused("not_yours", "Zoho says that somebody else created this lead.", "It stays as it is.")
    created, changed = _moment(record, "Created_Time"), _moment(record, "Modified_Time")
    if created is None or changed is None:
        raise refused("no_times", "Zoho does not tell when this lead was created and changed.", _BY_HAND)
    if changed != created or _id(record, "Modified_By") not in (None, user_id):
        raise refused(
            "changed",
            "This lead was changed in Zoho since it was created, by somebody or by an automation.",
            _BY_HAND,
        )
    if now - created > UNDO_WITHIN:
        raise _too_old()


def why_not_back(row: Row, *, org: str) -> None:
    """Refuse to restore what was not undone, or not in this org; raises `ZohoError`."""
    if row.being_undone:
        raise refused("open", "It is not known yet whether it was undone.", "It is looked for in a minute.")
    if not row.undone:
        raise refused("not_undone", "This lead was not undone.", "There is nothing to restore.")
    if row.org != org:
        raise refused("elsewhere", "This lead belongs to another org.", "Sign in to that org to restore it.")


def no_longer_there() -> ZohoError:
    """Return the error for a lead that is not in the recycle bin any more."""
    return refused(
        "not_in_bin",
        "This lead is no longer in Zoho's recycle bin.",
        "Enter it again, if it is needed.",
    )


def _too_old() -> ZohoError:
    return refused("too_old", f"This lead was created more than {UNDO_WITHIN:.0f} s ago.", _BY_HAND)


def _id(record: Record, name: str) -> str | None:
    return as_object(record.get(name)).get("id")


def _moment(record: Record, name: str) -> float | None:
    """Return a time of the record, seconds since the epoch; None, it is not told."""
    with suppress(TypeError, ValueError):
        told = datetime.fromisoformat(record.get(name))
        return told.timestamp() if told.tzinfo is not None else None
    return None
