"""The org that a lead goes to: who we are there, and what its form looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from zoho.api.client import ZohoClient
from zoho.leads.fields import LeadForm
from zoho.leads.layout import choose_layout, form_of
from zoho.wire.clean import clean_line
from zoho.wire.shapes import as_object


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

    @property
    def key(self) -> str:
        """What an outbox row belongs to: a lead saved for one org and user is never sent to another."""
        return ":".join((self.data_center, self.org_id, self.environment, self.user_id))

    def to_json(self) -> dict[str, Any]:
        """Return the profile as JSON values, for the start snapshot."""
        return asdict(self)

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
) -> OrgProfile:
    """Ask Zoho for user, org and layout.

    Raises:
        ZohoError: one of them cannot be read; or no layout can be used.
    """
    user = await client.current_user()
    org = await client.org()
    layout = choose_layout(await client.layouts(), layout_id)
    return OrgProfile(
        data_center=data_center,
        org_id=org.id,
        org_name=clean_line(org.company_name),
        environment=org.type or "production",
        user_id=user.id,
        user_name=clean_line(user.full_name),
        form=form_of(layout, key_field=key_field, pinned=pinned),
    )
