"""What a lead of the outbox is called where it is listed."""

from __future__ import annotations

from zoho.leads.lead import title_of
from zoho.outbox.store import Row


def name_of(row: Row) -> str:
    """Return name and company of a lead, or that they were purged."""
    return "(purged)" if row.purged else title_of(row.values)
