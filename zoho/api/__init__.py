"""How we speak to Zoho: one client, one auth, one reading of its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.api.answers import RecordCreated as RecordCreated, RecordResult as RecordResult
    from zoho.api.calls import Call as Call
    from zoho.api.client import ZohoClient as ZohoClient
    from zoho.api.models import (
        Layout as Layout,
        LayoutField as LayoutField,
        Org as Org,
        Record as Record,
        User as User,
    )

__getattr__ = lazy_names(
    __name__,
    dict.fromkeys(("RecordCreated", "RecordResult"), "zoho.api.answers")
    | {"Call": "zoho.api.calls", "ZohoClient": "zoho.api.client"}
    | dict.fromkeys(("Layout", "LayoutField", "Org", "Record", "User"), "zoho.api.models"),
)
