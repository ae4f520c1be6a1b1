"""Calls about Zoho's recycle bin: moving a lead there, and getting it back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from zoho.api.answers import Answer, error_of, read_changed, rejection
from zoho.api.metadata import identity
from zoho.api.related import watched

# What each call needs (v8 Scopes; the page "Restore Recycle Bin Records").
_DELETE = "ZohoCRM.modules.leads.DELETE"
_RESTORE = "ZohoCRM.settings.recycle_bin.UPDATE"


class BinCalls(ABC):
    """The part of `ZohoClient` that is about the recycle bin; sending is the client's."""

    @abstractmethod
    async def _exchange(self, method: str, path: str, *, scope: str, **request: Any) -> Answer:
        """Send one request, once."""

    async def delete_lead(self, lead_id: str, *, before_sending: Callable[[], None] | None = None) -> None:
        """Move a lead to Zoho's recycle bin, where it stays for 60 days (Zoho's help page Recycle Bin).

        It is sent once. Its notes and attachments go with it (v8 Restore Recycle Bin Records).

        Args:
            lead_id: the lead.
            before_sending: as for `ZohoClient.create_leads`.

        Raises:
            RecordRejected: Zoho refused that.
            ZohoError: any other failure; after `OutcomeUnknown` it may be in the bin.
        """
        trace = watched(before_sending)
        answer = await self._exchange("DELETE", f"/crm/v8/Leads/{identity(lead_id)}", scope=_DELETE, **trace)
        rows = answer.rows
        if rows and rows[0].get("status") == "error":
            raise rejection(rows[0], answer.status)
        if answer.status != 200 or not rows:
            raise error_of(answer)

    async def restore_lead(self, lead_id: str) -> None:
        """Bring a record back from Zoho's recycle bin, with what went there with it.

        Source: v8 Restore Recycle Bin Records. It may be sent again: what is back is not in the bin any more.

        Raises:
            RequestRejected: it is not in the bin.
            ZohoError: any other failure; after `OutcomeUnknown` it may be back.
        """
        path = f"/crm/v8/settings/recycle_bin/{identity(lead_id)}/actions/restore"
        read_changed(await self._exchange("POST", path, scope=_RESTORE), "recycle_bin")
