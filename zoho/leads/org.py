"""The org that a lead goes to: who we are there, and what its form looks like."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from zoho.api.client import ZohoClient
from zoho.api.models import Layout, Org
from zoho.leads.dependencies import Control, controls_in, controls_of, is_of_the_lead, tells_of_controls
from zoho.leads.fields import LeadForm
from zoho.leads.layout import choose_layout, form_of, other_layouts
from zoho.wire.clean import clean_line
from zoho.wire.errors import PermissionMissing, RequestRejected, ZohoError
from zoho.wire.shapes import as_object

_log = logging.getLogger("zoho.leads")


@dataclass(frozen=True, slots=True)
class OrgProfile:
    """The org and user of a sign-in, and the form of its leads. ``environment`` is Zoho's org ``type``."""

    data_center: str
    org_id: str
    org_name: str
    environment: str
    user_id: str
    user_name: str
    form: LeadForm
    domain_name: str = ""
    """What the org's pages have in their address: ``org20086620001``."""

    @property
    def key(self) -> str:
        """What an outbox row belongs to: a lead saved for one org and user is never sent to another."""
        return ":".join((self.data_center, self.org_id, self.environment, self.user_id))

    def to_json(self) -> dict[str, Any]:
        """Return the profile as JSON values, for the start snapshot."""
        whole = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**whole, "form": self.form.to_json()}

    @classmethod
    def from_json(cls, value: Any) -> OrgProfile | None:
        """Return the profile that `to_json` wrote; None where *value* is not one."""
        data = dict(as_object(value))
        form = LeadForm.from_json(data.pop("form", None))
        try:
            return cls(form=form, **data) if form else None
        except TypeError:
            return None


async def read_org(
    client: ZohoClient,
    *,
    data_center: str,
    key_field: str,
    layout_id: str | None = None,
    pinned: Sequence[str] = (),
    source: str = "",
    keep: Callable[[str, list[Any]], None] | None = None,
) -> OrgProfile:
    """Ask Zoho for user, org and layout.

    Args:
        client: signed in.
        data_center: Zoho's code of it.
        key_field: API name of the field that would hold our submission key.
        layout_id: of the layout to use; None, the first that can be.
        pinned: API names of the fields to put first.
        source: what ``Lead_Source`` will be.
        keep: is given the `OrgProfile.key` and the layouts as Zoho tells them, in a thread.

    Raises:
        ZohoError: one of them cannot be read; or no layout can be used.
    """
    user = await client.current_user()
    org = await client.org()
    given: list[Any] = []
    layouts = await client.layouts(keep=given.extend)
    layout = choose_layout(layouts, layout_id)
    form = form_of(
        layout,
        key_field=key_field,
        pinned=pinned,
        source=source,
        controls=await _controls(client, layout),
    )
    found = OrgProfile(
        data_center=data_center,
        org_id=org.id,
        org_name=clean_line(org.company_name),
        environment=org.type or "production",
        user_id=user.id,
        user_name=clean_line(user.full_name),
        domain_name=clean_line(org.domain_name or ""),
        form=replace(form, region=_region(org), other_layouts=other_layouts(layouts, layout)),
    )
    if keep is not None:
        await asyncio.to_thread(keep, found.key, given)
    return found


async def _controls(client: ZohoClient, layout: Layout) -> Mapping[str, Control]:
    """Return what controls which picklist; where the layout does not tell it, Zoho is asked.

    A sign-in need not be allowed to ask: then every value is offered, and Zoho refuses what does not go
    together. An answer that nobody understands is no reason to have no form either.
    """
    if tells_of_controls(layout):
        return controls_of(layout)
    try:
        listed = await client.map_dependencies(layout.id)
        whole = [await client.map_dependency(layout.id, one.id) for one in listed if is_of_the_lead(one)]
    except ZohoError as error:
        # A line that is down, or a sign-in that has ended, is told like everywhere.
        if not isinstance(error, PermissionMissing | RequestRejected) and error.status != 200:
            raise
        _log.info("Which picklists control others is not told: %s (%s)", error, error.code)
        return {}
    return controls_in(one for one in whole if one is not None)


def _region(org: Org) -> str:
    code = org.country_code or ""
    return code.upper() if len(code) == 2 and code.isascii() and code.isalpha() else ""
