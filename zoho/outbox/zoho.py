"""What the outbox needs of `zoho.api.ZohoClient`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from zoho.api.answers import RecordResult
from zoho.api.models import Layout, Record


class Reader(Protocol):
    """The calls that look without changing anything."""

    async def coql(self, query: str) -> list[Record]:
        """Run a query."""
        ...

    async def get_lead(self, lead_id: str) -> Record | None:
        """Return a lead by its id."""
        ...

    async def layouts(self) -> list[Layout]:
        """Return the layouts of Leads."""
        ...

    @property
    def clock_offset(self) -> float | None:
        """How many seconds Zoho's clock is ahead; None before the first answer."""
        ...


class Zoho(Reader, Protocol):
    """The reading calls, and the one that creates."""

    async def create_leads(
        self, records: Sequence[Mapping[str, Any]], *, before_sending: Callable[[], None] | None = None
    ) -> list[RecordResult]:
        """Insert records, each once; call *before_sending* right before the first byte leaves."""
        ...
