"""Does the org refuse our submission key a second time? Only then may a lead be sent again unseen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from typing import Protocol

from zoho.api.models import Record
from zoho.leads.check_up import Finding
from zoho.leads.layout import holds_key
from zoho.leads.org import OrgProfile
from zoho.outbox.states import Mode
from zoho.outbox.store import Row, Store
from zoho.outbox.zoho import Reader
from zoho.wire.errors import ZohoError

_log = logging.getLogger("zoho.outbox")

_LOOKED_IS_GOOD_FOR = 600.0
"""Seconds that a look at the layouts is good for: between two, an administrator might remove the field."""

_TRY_AGAIN_AFTER = 24 * 3600.0
"""Seconds after which an org that dropped the key is tried again: an administrator may have mended it."""

_KEPT, _DROPPED = "kept", "dropped"


class Proof(StrEnum):
    """What is known of an org's field for our key.

    ``ABSENT``: the layout has none. ``OPEN``: it has one, and no lead was read back yet. ``KEPT``: a lead was
    read back with its key. ``DROPPED``: one was read back without it.
    """

    ABSENT = "absent"
    OPEN = "open"
    KEPT = "kept"
    DROPPED = "dropped"

    @property
    def mode(self) -> Mode:
        """How an attempt made now would be resolved."""
        return Mode.KEYED if self is Proof.KEPT else Mode.UNKEYED


class Notes(Protocol):
    """The part of a store that tells what was proved."""

    def note(self, name: str) -> str | None:
        """Return a small fact that was kept under *name*."""
        ...


def proof_of(store: Notes, org: OrgProfile, *, now: float) -> Proof:
    """Return what is known of the field for our key in the layout that *org*'s leads are sent with."""
    if org.form.key_field is None:
        return Proof.ABSENT
    told, _, at = (store.note(_note(org)) or "").partition(" ")
    if told == _KEPT:
        return Proof.KEPT
    with suppress(ValueError):
        if told == _DROPPED and now - float(at) < _TRY_AGAIN_AFTER:
            return Proof.DROPPED
    return Proof.OPEN


def finding_of(proof: Proof, org: OrgProfile) -> Finding:
    """Return in plain words what *proof* means for leads whose answer is unclear."""
    if proof is Proof.KEPT:
        return Finding(True, f"Keyed: by {org.form.key_field} Zoho itself keeps a lead from being doubled.")
    if proof is Proof.OPEN:
        return Finding(
            True, f"The field {org.form.key_field} is there; the first lead shows whether it keeps our key."
        )
    prepare = "An administrator mends that with zoho-leads prepare-org (docs/zoho.md)."
    if proof is Proof.DROPPED:
        what = "Unkeyed: Zoho dropped our key from a lead, so after a broken line you are asked now and then."
        return Finding(False, what, prepare)
    what = "Unkeyed: Leads has no field for our key, so after a broken line you are asked now and then."
    return Finding(True, what, prepare)


class Keying:
    """The field for our key in one org's layout.

    Args:
        store: keeps what was proved.
        zoho: is asked.
        org: whose layout it is.
        on_finding: is told when Zoho turns out to drop our key.
        clock: seconds since the epoch.
    """

    def __init__(
        self,
        *,
        store: Store,
        zoho: Reader,
        org: OrgProfile,
        on_finding: Callable[[Finding], None] | None = None,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._zoho = zoho
        self._org = org
        self._on_finding = on_finding
        self._clock = clock
        self._looked: dict[tuple[str | None, str | None], tuple[float, bool]] = {}

    def next_attempt(self) -> tuple[Mode, str | None]:
        """Return the mode of an attempt that begins now, and the field that it carries the key in."""
        proof = proof_of(self._store, self._org, now=self._clock())
        return proof.mode, None if proof is Proof.DROPPED else self._org.form.key_field

    async def is_open(self, row: Row) -> bool:
        """Say whether it is not known yet what becomes of the key that *row* was sent with."""
        if row.key_field is None or row.key_field != self._org.form.key_field:
            return False
        proof = await asyncio.to_thread(proof_of, self._store, self._org, now=self._clock())
        return proof is Proof.OPEN

    async def learn(self, row: Row, lead_id: str, record: Record) -> None:
        """Keep whether *record*, which was made of *row*, has its key: a layout may drop it silently."""
        kept = record.get(self._org.form.key_field or "") == row.key
        told = _KEPT if kept else f"{_DROPPED} {self._clock():.0f}"
        await asyncio.to_thread(self._store.set_note, _note(self._org), told)
        if not kept:
            _log.warning("Zoho dropped our key from the lead %s", lead_id)
            if self._on_finding is not None:
                self._on_finding(finding_of(Proof.DROPPED, self._org))

    async def read(self, record_id: str) -> Record | None:
        """Return the lead of that id; None where it cannot be read."""
        try:
            return await self._zoho.get_lead(record_id)
        except (ZohoError, ValueError):  # ValueError: the id is none that can be asked for
            return None

    async def is_ours(self, row: Row, record_id: str) -> bool | None:
        """Say whether the existing record carries the key of *row*; None where that cannot be read."""
        if row.key_field is None:
            return None
        record = await self.read(record_id)
        return None if record is None else record.get(row.key_field) == row.key

    async def still_holds(self, row: Row) -> bool:
        """Say whether the layout of an earlier attempt still refuses its key a second time.

        It may have changed since: sent again to a layout without the field, the lead would be doubled.

        Raises:
            ZohoError: the layouts cannot be read.
        """
        asked = (row.layout_id, row.key_field)
        at, held = self._looked.get(asked, (float("-inf"), False))
        if self._clock() - at > _LOOKED_IS_GOOD_FOR:
            held = row.key_field is not None and holds_key(
                await self._zoho.layouts(), layout_id=row.layout_id, key_field=row.key_field
            )
            self._looked[asked] = self._clock(), held
            form = self._org.form
            if not held and asked == (form.layout_id, form.key_field):
                # What was proved is so no more; should the field come back, it has to be proved anew.
                await asyncio.to_thread(self._store.set_note, _note(self._org), None)
        return held


def _note(org: OrgProfile) -> str:
    return f"key kept: {org.key}:{org.form.layout_id}:{org.form.key_field}"
