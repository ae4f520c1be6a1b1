"""Calls about what belongs to a record: its notes and tasks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from zoho.api.answers import Answer, RecordCreated, RecordResult, read_created
from zoho.api.metadata import identity
from zoho.api.models import Record, read_list
from zoho.wire.capped import CAP_EXTENSION, MIB
from zoho.wire.shapes import as_object

# What each call needs (v8 Scopes, and the security blocks of the OpenAPI descriptions).
_TASK = "ZohoCRM.modules.tasks.CREATE"
_RELATED = "ZohoCRM.modules.{listed}.READ and ZohoCRM.modules.{module}.READ"
_NOTE_ON = "ZohoCRM.modules.notes.CREATE or ZohoCRM.modules.{module}.READ"
_PAGES = 10
"""Pages of 200 of a list: Zoho gives the first 2,000 by their number (v8 Get Related Records)."""

_LARGE = {CAP_EXTENSION: 16 * MIB}
"""A note has up to 65,535 characters, and a page has 200 of them."""


class RelatedCalls(ABC):
    """The part of `ZohoClient` that is about notes and tasks; sending is the client's."""

    @abstractmethod
    async def _read(self, method: str, path: str, *, scope: str, **request: Any) -> Answer:
        """Exchange that changes nothing in Zoho, so that it may be repeated."""

    @abstractmethod
    async def _exchange(self, method: str, path: str, *, scope: str, **request: Any) -> Answer:
        """Send one request, once."""

    async def add_note(
        self,
        module: str,
        record_id: str,
        *,
        title: str,
        content: str,
        before_sending: Callable[[], None] | None = None,
    ) -> str:
        """Add a note to a record of any module and return its id; it is sent once (v8 Create Notes).

        Args:
            module: API name of the record's module.
            record_id: the record.
            title: up to 120 characters.
            content: up to 65,535 characters.
            before_sending: as for `create_leads`.

        Raises:
            RecordRejected: Zoho refused the note.
            ZohoError: any other failure; ``resend`` tells whether it may be sent again.
        """
        body = {"data": [{"Note_Title": title, "Note_Content": content}]}
        path = f"/crm/v8/{module}/{identity(record_id)}/Notes"
        scope = _NOTE_ON.format(module=module.lower())
        trace = watched(before_sending)
        answer = await self._exchange("POST", path, scope=scope, json=body, **trace)
        return id_of(read_created(answer, 1)[0])

    async def create_task(
        self,
        module: str,
        record_id: str,
        values: Mapping[str, Any],
        *,
        before_sending: Callable[[], None] | None = None,
    ) -> str:
        """Create a task that belongs to a record and return its id; it is sent once.

        Source: v8 Insert Records, which serves Tasks; Zoho's developer post Kaizen 36 has what names the
        record: ``What_Id`` with ``$se_module``, but ``Who_Id`` for a contact.

        Args:
            module: API name of the record's module: Leads, Contacts or Accounts.
            record_id: the record.
            values: as Zoho takes them; ``Subject`` must be there.
            before_sending: as for `create_leads`.

        Raises:
            RecordRejected: Zoho refused the task.
            ZohoError: any other failure; ``resend`` tells whether it may be sent again.
        """
        name = "Who_Id" if module == "Contacts" else "What_Id"
        task = {**values, name: {"id": identity(record_id)}, "$se_module": module}
        trace = watched(before_sending)
        answer = await self._exchange("POST", "/crm/v8/Tasks", scope=_TASK, json={"data": [task]}, **trace)
        return id_of(read_created(answer, 1)[0])

    async def related(
        self, module: str, record_id: str, list_name: str, fields: Sequence[str]
    ) -> list[Record]:
        """Return what a record has in one of its lists, the newest 2,000 at most.

        Source: v8 Get Related Records; ``fields`` must be there.

        Args:
            module: API name of the record's module.
            record_id: the record.
            list_name: API name of the list: Notes or Tasks.
            fields: API names of what is to be told of each.

        Raises:
            ZohoError: it cannot be read.
        """
        path = f"/crm/v8/{module}/{identity(record_id)}/{list_name}"
        scope = _RELATED.format(listed=list_name.lower(), module=module.lower())
        found: list[Record] = []
        for page in range(1, _PAGES + 1):
            query = {"fields": ",".join(fields), "page": page, "per_page": 200}
            answer = await self._read("GET", path, scope=scope, params=query, extensions=_LARGE)
            found += read_list(answer, "data", Record)
            if as_object(answer.object.get("info")).get("more_records") is not True:
                break
        return found


def id_of(result: RecordResult) -> str:
    """Return the id of what was created; raises what it was refused with."""
    if isinstance(result, RecordCreated):
        return result.id
    raise result


def watched(before_sending: Callable[[], None] | None) -> dict[str, Any]:
    """Return what makes httpx call *before_sending* right before the first byte leaves."""
    return {"extensions": {"trace": _watcher(before_sending)}} if before_sending else {}


def _watcher(before_sending: Callable[[], None]) -> Callable[[str, Any], Awaitable[None]]:
    """Return a listener for httpcore's ``trace`` extension (HTTPX, Extensions)."""

    async def trace(event: str, _: Any) -> None:
        if event.endswith(".send_request_headers.started"):
            before_sending()

    return trace
