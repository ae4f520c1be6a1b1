"""The calls about an org itself: what it looks like, and what an administrator may change in it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from zoho.api.answers import Answer, error_of, read_changed
from zoho.api.models import Layout, LayoutField, MapDependency, Org, PickListValue, User, read_list
from zoho.wire.capped import CAP_EXTENSION, MIB
from zoho.wire.errors import ZohoError
from zoho.wire.shapes import as_list, as_object

_METADATA_CAP = 16 * MIB
"""Layouts are large (an official sample has 326 kB), and an org may have 15 of them."""

_FIELDS_PATH = "/crm/v8/settings/fields"
_LAYOUTS_PATH = "/crm/v8/settings/layouts"
_USERS_PATH = "/crm/v8/users"
_LEADS: Mapping[str, str] = {"module": "Leads"}

# What each call needs (v8 Scopes, and the security blocks of the OpenAPI descriptions).
_LAYOUTS = "ZohoCRM.settings.layouts.READ"
_LAYOUTS_UPDATE = "ZohoCRM.settings.layouts.UPDATE"
_FIELDS = "ZohoCRM.settings.fields.READ"
_FIELDS_CREATE = "ZohoCRM.settings.fields.CREATE"
_FIELDS_UPDATE = "ZohoCRM.settings.fields.UPDATE"
_MAPS = "ZohoCRM.settings.map_dependency.READ"
_USERS = "ZohoCRM.users.READ"
_ORG = "ZohoCRM.org.READ"

M = TypeVar("M", bound=BaseModel)


class MetadataCalls(ABC):
    """The part of `ZohoClient` that is about the org itself; sending is the client's."""

    @abstractmethod
    async def _read(self, method: str, path: str, *, scope: str, **request: Any) -> Answer:
        """Exchange that changes nothing in Zoho, so that it may be repeated."""

    @abstractmethod
    async def _exchange(self, method: str, path: str, *, scope: str, **request: Any) -> Answer:
        """Send one request, once."""

    # What the org looks like

    async def layouts(self, *, keep: Callable[[list[Any]], None] | None = None) -> list[Layout]:
        """Return the layouts of Leads, with what is mandatory and which picklist values each offers.

        Args:
            keep: is given them as Zoho tells them.
        """
        return await self._metadata(_LAYOUTS_PATH, _LEADS, "layouts", Layout, _LAYOUTS, keep=keep)

    async def map_dependencies(self, layout_id: str) -> list[MapDependency]:
        """Return which picklists of a layout control others, without the values; none is an empty list.

        Source: v8 Get Mapped Dependency Fields, whose list leaves the values out.
        """
        path = f"{_LAYOUTS_PATH}/{identity(layout_id)}/map_dependency"
        answer = await self._read("GET", path, scope=_MAPS, params=_LEADS)
        return read_list(answer, "map_dependency", MapDependency)

    async def map_dependency(self, layout_id: str, dependency_id: str) -> MapDependency | None:
        """Return one of `map_dependencies`, with the values that go with each; None, it is gone."""
        path = f"{_LAYOUTS_PATH}/{identity(layout_id)}/map_dependency/{identity(dependency_id)}"
        answer = await self._read(
            "GET", path, scope=_MAPS, params=_LEADS, extensions={CAP_EXTENSION: _METADATA_CAP}
        )
        found = read_list(answer, "map_dependency", MapDependency)
        return found[0] if found else None

    async def fields(self, *, unused: bool = False) -> list[LayoutField]:
        """Return the union of all layouts' fields; what is mandatory by layout is *not* told here.

        Args:
            unused: also those that stand on no layout (v8 Fields Metadata, ``type=all``).
        """
        query = {**_LEADS, "type": "all"} if unused else _LEADS
        return await self._metadata(_FIELDS_PATH, query, "fields", LayoutField, _FIELDS)

    async def pick_list_values(self, field_id: str) -> list[PickListValue]:
        """Return the values of a picklist of Leads, those of no layout too; none if it is no picklist.

        Zoho answers it only to who may customize the org (v8 Picklist Values: 403 without
        ``Crm_Implied_Customize_Zoho_CRM``).
        """
        path = f"{_FIELDS_PATH}/{identity(field_id)}/pick_list_values"
        answer = await self._read("GET", path, scope=_FIELDS, params=_LEADS)
        return read_list(answer, "pick_list_values", PickListValue)

    async def current_user(self) -> User:
        """Return the user whose token this is."""
        return (await self._metadata(_USERS_PATH, {"type": "CurrentUser"}, "users", User, _USERS))[0]

    async def users(self) -> list[User]:
        """Return the active users of the org, at most 2,000 of them (v8 Get Users: pages of 200)."""
        found: list[User] = []
        for page in range(1, 11):
            query = {"type": "ActiveUsers", "page": str(page), "per_page": "200"}
            answer = await self._read("GET", _USERS_PATH, scope=_USERS, params=query)
            found += read_list(answer, "users", User)
            if as_object(answer.object.get("info")).get("more_records") is not True:
                break
        return found

    async def org(self) -> Org:
        """Return the org of the token."""
        return (await self._metadata("/crm/v8/org", {}, "org", Org, _ORG))[0]

    # Changing it: sent once, since an unclear answer may stand for a change that was made

    async def add_field(self, field: Mapping[str, Any]) -> str:
        """Create a custom field of Leads and return its id (v8 Create Fields).

        Zoho makes the API name from ``field_label`` (at most 25 characters); on which layouts the field then
        stands is not documented.

        Raises:
            ZohoError: it was refused; after `OutcomeUnknown` it may have been created.
        """
        return await self._change("POST", _FIELDS_PATH, "fields", field, _FIELDS_CREATE)

    async def change_field(self, field_id: str, changes: Mapping[str, Any]) -> str:
        """Change a field of Leads and return its id (v8 Update Field by ID).

        In ``pick_list_values`` a value without ``id`` is added and one with it is renamed; those that are not
        sent stay (Zoho's developer post Kaizen 205; at most ten go into a request).

        Raises:
            ZohoError: it was refused; after `OutcomeUnknown` it may have been changed.
        """
        path = f"{_FIELDS_PATH}/{identity(field_id)}"
        return await self._change("PATCH", path, "fields", changes, _FIELDS_UPDATE)

    async def change_layout(self, layout_id: str, changes: Mapping[str, Any]) -> str:
        """Change a layout of Leads and return its id (v8 Update a Layout).

        A section of ``sections`` is named by its ``id``; a field there that is given by ``id`` alone is put
        into it (at most five sections and five fields go into a request).

        Raises:
            ZohoError: it was refused; after `OutcomeUnknown` it may have been changed.
        """
        path = f"{_LAYOUTS_PATH}/{identity(layout_id)}"
        return await self._change("PATCH", path, "layouts", changes, _LAYOUTS_UPDATE)

    async def _change(self, method: str, path: str, key: str, sent: Mapping[str, Any], scope: str) -> str:
        body = {key: [dict(sent)]}
        answer = await self._exchange(method, path, scope=scope, params=_LEADS, json=body)
        return read_changed(answer, key)

    async def _metadata(
        self,
        path: str,
        query: Mapping[str, str],
        key: str,
        model: type[M],
        scope: str,
        *,
        keep: Callable[[list[Any]], None] | None = None,
    ) -> list[M]:
        cap = {CAP_EXTENSION: _METADATA_CAP}
        answer = await self._read("GET", path, scope=scope, params=query, extensions=cap)
        # In a thread: thousands of picklist values may stand in it, and keys would wait.
        found = await asyncio.to_thread(read_list, answer, key, model)
        if not found and answer.status != 204:
            raise error_of(answer)
        if not found:
            raise ZohoError(
                f"Zoho shows this user nothing at {path}.",
                next_step="Ask your Zoho administrator for the permission to see it.",
                code="empty",
                status=204,
            )
        if keep is not None:
            keep(as_list(answer.object[key]))
        return found


def identity(record_id: str) -> str:
    """Return *record_id* if it is one of Zoho's (digits only), so that it cannot change the path."""
    if not (record_id.isascii() and record_id.isdigit()):
        raise ValueError("a Zoho id consists of digits")
    return record_id
