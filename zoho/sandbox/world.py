"""The state of the stand-in: one org with users, modules and records, and one client of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from importlib.resources import files
from itertools import count
from typing import Any, Literal

from zoho.sandbox.credentials import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from zoho.sandbox.device_codes import DeviceCodes
from zoho.sandbox.faults import Faults
from zoho.sandbox.orgs import ORGS
from zoho.sandbox.shape import Field, Json, Layout, Module, another_layout, stock_modules
from zoho.sandbox.tokens import Tokens

ORG_OFFSET = timezone(timedelta(hours=1))
REMEMBERED_REQUESTS = 2000


@dataclass(slots=True)
class Record:
    """One record as stored. Times are seconds since the epoch; ``deleted_at`` is set in the recycle bin."""

    id: str
    module: str
    values: Json
    owner: str
    created_by: str
    modified_by: str
    created: float
    modified: float
    layout: str
    converted: bool = False
    deleted_at: float | None = None


@dataclass(slots=True)
class Note:
    """One note on a record."""

    id: str
    parent: str
    title: str | None
    content: str | None
    created: float


@dataclass(slots=True)
class Task:
    """One task, with the ids of the records that it belongs to."""

    id: str
    parents: list[str]
    values: Json
    created: float


@dataclass(slots=True)
class Exchange:
    """One request.

    ``status`` is None when no whole answer was sent; ``body`` is the parsed JSON or form; ``token`` ends in
    the last six characters of the access token; ``faults`` names what was played. ``handled`` tells whether
    it was handled, whatever was answered; ``began`` and ``ended`` (None while it lasts) are seconds of
    `time.monotonic`.
    """

    method: str
    path: str
    query: str
    body: Any
    token: str
    faults: list[str]
    status: int | None = None
    handled: bool = False
    began: float = 0.0
    ended: float | None = None


@dataclass(slots=True)
class Options:
    """How the org and its server behave, where orgs or sources differ.

    Args:
        search_lag: seconds until search finds a new or changed record (COQL finds it at once).
        latency: seconds by which every answer of the CRM is late.
        unknown_fields: what becomes of a field that the org does not have; reports disagree.
        throttle_text: ``error`` of the token endpoint's answer to too many refreshes; Zoho translates it.
        throttle_status: HTTP status of that answer; 200 and 400 were both seen.
        api_access: False, the user's profile lacks "Zoho CRM API Access".
        missing_scopes: scopes that the token was not given.
        denied_permissions: profile permissions that the user lacks, as ``Crm_Implied_Create_Leads``.
        device_client: False, the client is a Self Client: the device endpoints do not know it.
        layout_maps: False, layouts do not tell which picklists control others; the map of dependencies does.
        credits_remaining: API credits that are left, of which each call takes one and each answer tells;
            None, less than half of them are used, and no answer tells (v8 API Limits).
    """

    search_lag: float = 5.0
    latency: float = 0.0
    unknown_fields: Literal["ignore", "reject"] = "ignore"
    throttle_text: str = "Access Denied"
    throttle_status: int = 200
    api_access: bool = True
    missing_scopes: set[str] = field(default_factory=set[str])
    denied_permissions: set[str] = field(default_factory=set[str])
    device_client: bool = True
    layout_maps: bool = True
    credits_remaining: int | None = None


class World:
    """One Zoho org and its accounts server, in memory.

    Args:
        seed: put some leads and contacts into it.
        clock: seconds since the epoch.
        submission_key: API name of a unique field for a client's own key; None, the org has none.
        token_life: life of an access token, in seconds.
        base_url: address that token answers name as ``api_domain``; by default the one that was asked.
        location: Zoho's code of the data centre that this is.
        sleep: waits, for latency.
        org: whose fields and layouts these are: one of `zoho.sandbox.orgs.ORGS`.
        options: the rest, see `Options`.
    """

    def __init__(
        self,
        seed: bool = True,
        clock: Callable[[], float] = time.time,
        *,
        submission_key: str | None = None,
        token_life: float = 3600.0,
        base_url: str | None = None,
        location: str = "eu",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        org: str = "stock",
        **options: Any,
    ) -> None:
        self.client_id = CLIENT_ID
        self.client_secret = CLIENT_SECRET
        self.refresh_token = REFRESH_TOKEN
        self.base_url = base_url
        self.location = location
        self.clock = clock
        self.sleep = sleep
        self.options = Options(**options)
        self.tokens = Tokens(self.refresh_token, clock, token_life)
        self.grant_code = self.tokens.new_code(life=600.0)
        self.device = DeviceCodes(clock, location)
        self.faults = Faults()
        self.requests: list[Exchange] = []
        self._seeded = seed
        self._submission_key = submission_key
        self._org = ORGS[org]
        self._fill()

    def _fill(self) -> None:
        numbers = count(4_150_868_000_000_600_001)
        self.next_id: Callable[[], str] = lambda: str(next(numbers))
        self.modules: dict[str, Module] = stock_modules(self.next_id)
        self.stored: dict[str, dict[str, Record]] = {name: {} for name in self.modules}
        self.notes: list[Note] = []
        self.tasks: list[Task] = []
        seed: dict[str, Any] = json.loads(files("zoho.sandbox").joinpath("seed.json").read_text("utf-8"))
        self.org: Json = seed["org"]
        self.users: list[Json] = seed["users"]
        self.profiles: list[Json] = seed["profiles"]
        self._org.shape(self.modules, self.next_id)
        if self._org.name is not None:
            self.org["company_name"] = self._org.name
        if self._submission_key is not None:
            self.add_unique_field(self._submission_key)
        if self._seeded:
            for module in ("Leads", "Contacts"):
                for one in seed[module]:
                    self._plant(module, dict(one))
            for name in self._org.accounts:
                self.keep("Accounts", {"Account_Name": name}, at=float(int(self.clock())) - 86_400.0)

    def _plant(self, module: str, one: Json) -> None:
        moment = float(int(self.clock())) - 86_400.0 * one.pop("days_ago") + 3_600.0
        place: int = one.pop("owner")
        owner: str = self.users[place]["id"]
        converted: bool = one.pop("converted", False)
        self.keep(module, one, owner=owner, at=moment, by=owner).converted = converted

    # What tests and the administrator ask for

    def records(self, module: str = "Leads") -> list[Json]:
        """The records of a module as the API shows them, newest last, without those in the recycle bin."""
        return [self.show(record) for record in self.living(module)]

    def living_notes(self) -> list[Note]:
        """The notes whose record is not in the recycle bin, oldest first."""
        return [note for note in self.notes if self._stands(note.parent)]

    def living_tasks(self) -> list[Task]:
        """The tasks but those of records in the recycle bin, oldest first."""
        return [task for task in self.tasks if all(self._stands(one) for one in task.parents)]

    def show_task(self, task: Task) -> Json:
        """A task as the API shows it, with every field."""
        return {**task.values, **self.task_stamps(task), "Owner": self.person(self.users[0]["id"], "email")}

    def task_stamps(self, task: Task) -> Json:
        """When a task was made, and by whom."""
        user, moment = self.person(self.users[0]["id"]), self.now_text(task.created)
        return {
            "Modified_Time": moment,
            "Modified_By": user,
            "Created_Time": moment,
            "id": task.id,
            "Created_By": user,
        }

    def _stands(self, record_id: str) -> bool:
        return any(self.find(module, record_id) is not None for module in self.stored)

    def issue_access_token(self) -> str:
        """Return a working access token, which does not count as a refresh."""
        return self.tokens.issue(self.refresh_token)

    def new_grant_code(self, *, life: float = 180.0, scope: str | None = None) -> str:
        """Return a grant code, as the console's Self Client makes them: good once, for *life* seconds."""
        return self.tokens.new_code(life=life, scope=scope)

    def expire_tokens(self) -> None:
        """End the life of every access token."""
        self.tokens.expire()

    @property
    def token_requests(self) -> int:
        """How many requests the token endpoint has handled (among the remembered ones)."""
        return sum(one.path == "/oauth/v2/token" for one in self.requests)

    @property
    def lead_source_values(self) -> list[str]:
        """The actual values of Lead_Source."""
        return [actual for _, actual in self.modules["Leads"].fields["Lead_Source"].values]

    def add_unique_field(
        self, api_name: str, *, length: int = 64, case_sensitive: bool = True, module: str = "Leads"
    ) -> Field:
        """Make a field unique; a new one is a single-line custom field on each layout of the module."""
        owner = self.modules[module]
        known = owner.fields.get(api_name)
        if known is None:
            label = api_name.replace("_", " ")
            known = Field(self.next_id(), api_name, label, "text", length, custom=True)
            owner.fields[api_name] = known
            for layout in owner.layouts:
                layout.sections[0].fields.append(api_name)
        known.unique = case_sensitive
        return known

    def add_layout(self, name: str, *, without: Iterable[str] = (), module: str = "Leads") -> Layout:
        """Give a module another layout: its first one without some fields."""
        owner = self.modules[module]
        layout = another_layout(owner.layouts[0], name, without, self.next_id)
        owner.layouts.append(layout)
        return layout

    def reset(self) -> None:
        """Back to the beginning: records, settings, faults and requests; tokens stay."""
        self.faults.clear()
        self.requests.clear()
        self._fill()

    # What the routes work with

    def now_text(self, moment: float | None = None) -> str:
        """A moment (by default now) as Zoho writes it: to the second, with the org's offset."""
        seconds = self.clock() if moment is None else moment
        return datetime.fromtimestamp(int(seconds), ORG_OFFSET).isoformat()

    def living(self, module: str) -> list[Record]:
        """The records of a module that are not in the recycle bin, oldest first."""
        found = [record for record in self.stored[module].values() if record.deleted_at is None]
        return sorted(found, key=lambda record: (record.created, record.id))

    def binned(self) -> list[Record]:
        """Every record in the recycle bin, last deleted first."""
        every = (record for module in self.stored.values() for record in module.values())
        return sorted((r for r in every if r.deleted_at is not None), key=lambda r: -(r.deleted_at or 0.0))

    def find(self, module: str, record_id: str) -> Record | None:
        """The record of that id, unless it is in the recycle bin."""
        record = self.stored[module].get(record_id)
        return None if record is None or record.deleted_at is not None else record

    def keep(
        self,
        module: str,
        values: Json,
        *,
        owner: str | None = None,
        layout: str | None = None,
        at: float | None = None,
        by: str | None = None,
    ) -> Record:
        """Store a new record and return it."""
        user: str = by or self.users[0]["id"]
        moment = self.clock() if at is None else at
        place = layout or self.modules[module].layouts[0].id
        record = Record(
            self.next_id(), module, dict(values), owner or user, user, user, moment, moment, place
        )
        self.stored[module][record.id] = record
        return record

    def erase(self, record: Record) -> None:
        """Take a record out for good, with its notes and tasks."""
        del self.stored[record.module][record.id]
        self.notes = [note for note in self.notes if note.parent != record.id]
        self.tasks = [task for task in self.tasks if record.id not in task.parents]

    def change(self, record: Record, values: Json, owner: str | None = None) -> None:
        """Store new values of a record."""
        record.values = {**record.values, **values}
        record.modified = self.clock()
        record.modified_by = self.users[0]["id"]
        record.owner = owner or record.owner

    def user(self, user_id: str) -> Json:
        """The user of that id."""
        return next(user for user in self.users if user["id"] == user_id)

    def person(self, user_id: str, *more: str) -> Json:
        """A user as a record names it: ``name``, ``id``, and what else is asked for."""
        user = self.user(user_id)
        name = f"{user['first_name']} {user['last_name']}"
        return {"name": name, "id": user_id, **{key: user[key] for key in more}}

    def show(self, record: Record) -> Json:
        """A record as the API shows it, with every field."""
        shape = self.modules[record.module]
        layout = shape.layout(record.layout) or shape.layouts[0]
        values = record.values
        names = (values.get("First_Name"), values.get("Last_Name"))
        plain = {f.api_name: values.get(f.api_name) for f in shape.fields.values()}
        plain |= {name: self._referred(shape.fields[name], plain[name]) for name in shape.lookups()}
        return {
            **plain,
            "id": record.id,
            "Full_Name": " ".join(name for name in names if name),
            "Owner": self.person(record.owner, "email"),
            "Created_By": self.person(record.created_by),
            "Modified_By": self.person(record.modified_by),
            "Created_Time": self.now_text(record.created),
            "Modified_Time": self.now_text(record.modified),
            "Email_Opt_Out": bool(values.get("Email_Opt_Out")),
            "Tag": values.get("Tag") or [],
            **({"Converted__s": record.converted} if record.module == "Leads" else {}),
            "Layout": {"display_label": layout.name, "name": layout.name, "id": layout.id},
            "$converted": record.converted,
            "$approved": True,
            "$approval_state": "approved",
            "$editable": True,
        }

    def _referred(self, field: Field, stored: Any) -> Any:
        """What a lookup is shown as: the name and the id of what it refers to."""
        if not isinstance(stored, str):
            return stored
        if field.data_type == "userlookup":
            return self.person(stored)
        found = self.find(field.refers_to, stored)
        return {"name": self.name_of(found) if found else None, "id": stored}

    def name_of(self, record: Record) -> str:
        """The name by which a lookup shows a record."""
        values = record.values
        names = (values.get("Account_Name"),) if record.module == "Accounts" else ()
        people = (values.get("First_Name"), values.get("Last_Name"))
        return " ".join(str(name) for name in (*names, *people) if name)

    def remember(self, exchange: Exchange) -> None:
        """Write a request into the log."""
        self.requests.append(exchange)
        del self.requests[:-REMEMBERED_REQUESTS]
