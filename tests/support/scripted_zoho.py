"""A Zoho in memory, for the model of the outbox: what becomes of each call is said beforehand.

It shares no code with the stand-in, and knows no HTTP: it answers as `zoho.api.ZohoClient` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from zoho.api.answers import RecordCreated, RecordResult
from zoho.api.models import Layout, LayoutField, LayoutSection, Record
from zoho.leads.fields import LeadForm
from zoho.leads.org import OrgProfile
from zoho.wire.errors import (
    DuplicateRecord,
    DuplicateRejected,
    FieldFault,
    NotReached,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    RecordRejected,
    RequestRejected,
    SignInError,
    UnexpectedAnswer,
    ZohoError,
)

KEY_FIELD = "Submission_Key"
TAG = "Description"
"""The field in which each lead carries its key for the model to know it by; nothing compares it."""

LAYOUT = "7"
STEP = {"next_step": "Do something."}
LEAD = ("Last_Name", "First_Name", "Company", "Email", "Phone")

Lead = tuple[Any, ...]


def lead_of(values: Mapping[str, Any]) -> Lead:
    """Return what makes two records the same lead, where no key tells them apart."""
    return tuple(values.get(name) for name in LEAD)


NOT_APPLIED: Mapping[str, Callable[[], ZohoError]] = {
    "slow down": lambda: RateLimited("Slow down.", **STEP, wait=None),
    "wait a minute": lambda: RateLimited("Slow down.", **STEP, wait=60.0),
    "no credits": lambda: RateLimited("No credits.", **STEP, credits_exhausted=True),
    "forbidden": lambda: PermissionMissing("Not allowed.", **STEP, code="NO_PERMISSION"),
    "sign in": lambda: SignInError("Who are you?", **STEP, code="INVALID_TOKEN"),
    "redirected": lambda: UnexpectedAnswer("Not Zoho's.", **STEP, code="http_302"),
    "all refused": lambda: RequestRejected("Refused.", **STEP, code="INVALID_DATA", status=400),
    "not asked so": lambda: RequestRejected("Refused.", **STEP, code="INVALID_URL_PATTERN", status=404),
}
"""Answers that refuse a whole request."""

NOT_REACHED = "not reached"
LOST, DROPPED, LATE, NONSENSE = "lost", "dropped", "late", "nonsense"
ANSWERED, ONE_REFUSED, CUT_SHORT, CUT_LOST = "answered", "one refused", "cut short", "cut short and lost"
POST_FATES = (
    *(ANSWERED, DROPPED, LOST, LATE, ONE_REFUSED, CUT_SHORT, CUT_LOST, NONSENSE, NOT_REACHED),
    *NOT_APPLIED,
)
READ_FATES = (ANSWERED, NOT_REACHED, LOST, *NOT_APPLIED)
TOLD = ("all", "first", "last", "no id")
"""Which of several collisions a refusal names; or none by its id."""


class Fate(NamedTuple):
    """What becomes of the next insert.

    ``at``: the record (modulo their number) that is refused, or where an answer is cut short. ``delay``:
    seconds after which a request that is *late* arrives. ``told``: how collisions are told.
    """

    kind: str = ANSWERED
    at: int = 0
    delay: float = 1.0
    told: str = "all"


@dataclass
class Standing:
    """A record: there, converted or deleted. ``tag`` is the lead's key, None for a colleague's."""

    id: str
    values: Mapping[str, Any]
    by: str
    at: float
    key: str | None
    tag: str | None
    state: str = "there"

    @property
    def stands(self) -> bool:
        return self.state != "deleted"


@dataclass
class StandingNote:
    """A note on a record; its content tells which follow-up of the model it is."""

    id: str
    parent: str
    content: str
    at: float


class ArrivingNote(NamedTuple):
    """A note on its way that nobody waits for any more."""

    due: float
    parent: str
    content: str


class Arriving(NamedTuple):
    """A record on its way that nobody waits for any more."""

    due: float
    record: Mapping[str, Any]
    by: str


@dataclass
class ScriptedZoho:
    """One org.

    Args:
        clock: this machine's clock.
        org_id: the org's id.
        holds_key: whether the layout has the unique field for our key.
        unique_email: whether the org refuses an e-mail address a second time.
        ahead: seconds that Zoho's clock is ahead.
    """

    clock: Callable[[], float]
    org_id: str
    holds_key: bool
    unique_email: bool
    ahead: float
    records: dict[str, Standing] = field(default_factory=dict[str, Standing])
    arriving: list[Arriving] = field(default_factory=list[Arriving])
    unreadable: set[str] = field(default_factory=set[str])
    notes: list[StandingNote] = field(default_factory=list[StandingNote])
    arriving_notes: list[ArrivingNote] = field(default_factory=list[ArrivingNote])

    def profile(self) -> OrgProfile:
        """Return what a sign-in finds now."""
        form = LeadForm(LAYOUT, (), key_field=KEY_FIELD if self.holds_key else None)
        return OrgProfile("us", self.org_id, "Org", "production", f"user {self.org_id}", "Rep", form)

    def layouts(self) -> list[Layout]:
        key = LayoutField(api_name=KEY_FIELD, custom_field=True, length=64, unique={"casesensitive": "false"})
        section = LayoutSection(fields=[key] if self.holds_key else [])
        return [Layout(id=LAYOUT, sections=[section])]

    def insert(self, record: Mapping[str, Any], *, by: str, told: str = "all") -> RecordResult:
        """Make a record, or refuse it since it collides."""
        collisions = list(self._collisions(record))
        if collisions:
            return _duplicate(collisions, told)
        identity = f"{self.org_id}{1000 + len(self.records)}"
        at = self.clock() + self.ahead
        key = record.get(KEY_FIELD) if self.holds_key else None
        self.records[identity] = Standing(identity, dict(record), by, at, key, record.get(TAG))
        return RecordCreated(identity, {})

    def _collisions(self, record: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        there = [one for one in self.records.values() if one.state == "there"]
        key = record.get(KEY_FIELD) if self.holds_key else None
        email = record.get("Email") if self.unique_email else None
        found = [(KEY_FIELD, one.id) for one in there if key and one.key == key]
        return found + [("Email", one.id) for one in there if email and one.values.get("Email") == email]

    def arrive(self) -> None:
        """Let what is on its way arrive, if it is time."""
        due = [one for one in self.arriving if one.due <= self.clock()]
        self.arriving = [one for one in self.arriving if one not in due]
        for one in due:
            self.insert(one.record, by=one.by)
        notes = [one for one in self.arriving_notes if one.due <= self.clock()]
        self.arriving_notes = [one for one in self.arriving_notes if one not in notes]
        for one in notes:
            self.note(one.parent, one.content)

    def note(self, parent: str, content: str) -> str | RecordRejected:
        """Make a note, or refuse it since its record is gone."""
        if parent not in self.records or not self.records[parent].stands:
            return RecordRejected((FieldFault("INVALID_DATA", "No such record.", "Look."),))
        identity = f"{self.org_id}{500_000 + len(self.notes)}"
        self.notes.append(StandingNote(identity, parent, content, self.clock() + self.ahead))
        return identity

    def may_stand(self, tag: str) -> bool:
        """Say whether the lead of that key stands, or is on its way."""
        coming = any(one.record.get(TAG) == tag for one in self.arriving)
        return coming or any(one.tag == tag and one.stands for one in self.records.values())

    def found(self, query: str, key_field: str | None) -> list[Record]:
        """Run the one query that the outbox makes."""
        wanted = dict(re.findall(r"(\w+) = '([^']*)'", query))
        since = datetime.fromisoformat(re.findall(r"Created_Time >= '([^']*)'", query)[0]).timestamp()
        by = wanted.pop("Created_By")
        return [
            Record.model_validate({**one.values, "id": one.id, **({key_field: one.key} if key_field else {})})
            for one in self.records.values()
            if one.stands and one.by == by and one.at >= since
            if all(one.values.get(name) == value for name, value in wanted.items())
        ]


def _duplicate(collisions: Sequence[tuple[str, str]], told: str) -> DuplicateRejected:
    chosen = {"first": collisions[:1], "last": collisions[-1:]}.get(told, collisions)
    return DuplicateRejected(
        tuple(
            FieldFault(
                "DUPLICATE_DATA",
                "It is there already.",
                "Look.",
                name,
                duplicate=None if told == "no id" else DuplicateRecord(identity, name),
            )
            for name, identity in chosen
        ),
        status=400,
    )


class Line:
    """A sign-in's way to Zoho: the `zoho.outbox.zoho.Zoho` of one courier.

    Args:
        zoho: the org.
        pause: is awaited wherever a request may be stopped.
        leaves: is told of records when their first byte leaves.
        offset_known: whether an answer has told the offset of Zoho's clock.
    """

    def __init__(
        self,
        zoho: ScriptedZoho,
        *,
        pause: Callable[[], Any],
        leaves: Callable[[Any], None],
        offset_known: bool,
    ) -> None:
        self.zoho = zoho
        self.org = zoho.profile()
        self._pause = pause
        self._leaves = leaves
        self._offset_known = offset_known
        self.fate = Fate()
        self.reads: list[str] = []

    @property
    def clock_offset(self) -> float | None:
        return self.zoho.ahead if self._offset_known else None

    async def create_leads(
        self, records: Sequence[Mapping[str, Any]], *, before_sending: Callable[[], None] | None = None
    ) -> list[RecordResult]:
        fate, self.fate = self.fate, Fate()
        await self._pause()
        if fate.kind == NOT_REACHED:
            raise NotReached("No line.", **STEP)
        if before_sending is not None:
            before_sending()
        self._leaves(records)
        self.zoho.arrive()
        answer = self._post(records, fate)
        await self._pause()
        if isinstance(answer, Exception):
            raise answer
        self._offset_known = True
        return answer

    def _post(self, records: Sequence[Mapping[str, Any]], fate: Fate) -> list[RecordResult] | Exception:
        if fate.kind in NOT_APPLIED:
            return NOT_APPLIED[fate.kind]()
        by = self.org.user_id
        if fate.kind == LATE:
            due = self.zoho.clock() + fate.delay
            self.zoho.arriving += [Arriving(due, dict(record), by) for record in records]
        if fate.kind in (LOST, LATE):
            return _unclear()
        chosen = fate.at % len(records)
        results: list[RecordResult] = []
        for place, record in enumerate(records):
            if fate.kind == ONE_REFUSED and place == chosen:
                results.append(RecordRejected((FieldFault("INVALID_DATA", "No.", "Change it.", "Email"),)))
            elif fate.kind == CUT_LOST and place >= chosen:
                results.append(_unclear())
            else:
                told = self.zoho.insert(record, by=by, told=fate.told)
                results.append(_unclear() if fate.kind == CUT_SHORT and place >= chosen else told)
        return {DROPPED: _unclear(), NONSENSE: RuntimeError("nobody thought of it")}.get(fate.kind, results)

    async def add_note(
        self,
        module: str,
        record_id: str,
        *,
        title: str,
        content: str,
        before_sending: Callable[[], None] | None = None,
    ) -> str:
        del module, title
        fate, self.fate = self.fate, Fate()
        await self._pause()
        if fate.kind == NOT_REACHED:
            raise NotReached("No line.", **STEP)
        if before_sending is not None:
            before_sending()
        self._leaves(content)
        self.zoho.arrive()
        answer = self._note(record_id, content, fate)
        await self._pause()
        if isinstance(answer, Exception):
            raise answer
        self._offset_known = True
        return answer

    def _note(self, parent: str, content: str, fate: Fate) -> str | Exception:
        if fate.kind in NOT_APPLIED:
            return NOT_APPLIED[fate.kind]()
        if fate.kind == ONE_REFUSED:
            return RecordRejected((FieldFault("INVALID_DATA", "No.", "Change it.", "Note_Content"),))
        if fate.kind == LATE:
            due = self.zoho.clock() + fate.delay
            self.zoho.arriving_notes.append(ArrivingNote(due, parent, content))
        if fate.kind in (LOST, LATE, CUT_LOST):
            return _unclear()
        made = self.zoho.note(parent, content)
        if fate.kind in (DROPPED, CUT_SHORT):
            return _unclear()
        return RuntimeError("nobody thought of it") if fate.kind == NONSENSE else made

    async def create_task(self, *_: Any, **__: Any) -> str:
        raise NotImplementedError("the model has notes alone")

    async def related(
        self, module: str, record_id: str, list_name: str, fields: Sequence[str]
    ) -> list[Record]:
        del module, list_name
        await self._read()
        if record_id not in self.zoho.records or not self.zoho.records[record_id].stands:
            raise RequestRejected("No such record.", **STEP, code="INVALID_DATA", status=400)
        values = [
            {
                "id": one.id,
                "Note_Content": one.content,
                "Created_Time": datetime.fromtimestamp(one.at, UTC).isoformat(),
            }
            for one in self.zoho.notes
            if one.parent == record_id
        ]
        return [
            Record.model_validate({name: one[name] for name in ("id", *fields) if name in one})
            for one in values
        ]

    async def coql(self, query: str) -> list[Record]:
        await self._read()
        named = KEY_FIELD in query
        return self.zoho.found(query, KEY_FIELD if named else None)

    async def get_lead(self, lead_id: str) -> Record | None:
        await self._read()
        one = self.zoho.records.get(lead_id)
        if one is None or not one.stands or lead_id in self.zoho.unreadable:
            return None
        return Record.model_validate({**one.values, "id": one.id, KEY_FIELD: one.key})

    async def layouts(self) -> list[Layout]:
        await self._read()
        return self.zoho.layouts()

    async def _read(self) -> None:
        fate = self.reads.pop(0) if self.reads else ANSWERED
        await self._pause()
        if fate == NOT_REACHED:
            raise NotReached("No line.", **STEP)
        self.zoho.arrive()
        await self._pause()
        if fate in NOT_APPLIED:
            raise NOT_APPLIED[fate]()
        if fate == LOST:
            raise _unclear()
        self._offset_known = True


def _unclear() -> OutcomeUnknown:
    return OutcomeUnknown("No answer.", **STEP, code="no_answer")
