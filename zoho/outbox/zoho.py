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

    async def related(
        self, module: str, record_id: str, list_name: str, fields: Sequence[str]
    ) -> list[Record]:
        """Return what a record has in one of its lists."""
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
    """The reading calls, and those that create."""

    async def add_note(
        self,
        module: str,
        record_id: str,
        *,
        title: str,
        content: str,
        before_sending: Callable[[], None] | None = None,
    ) -> str:
        """Add a note to a record, once, and return its id; *before_sending* as for `create_leads`."""
        ...

    async def create_task(
        self,
        module: str,
        record_id: str,
        values: Mapping[str, Any],
        *,
        before_sending: Callable[[], None] | None = None,
    ) -> str:
        """Create a task of a record, once, and return its id; *before_sending* as for `create_leads`."""
        ...

    async def create_leads(
        self, records: Sequence[Mapping[str, Any]], *, before_sending: Callable[[], None] | None = None
    ) -> list[RecordResult]:
        """Insert records, each once; call *before_sending* right before the first byte leaves."""
        ...


class Bin(Reader, Protocol):
    """The reading calls, and those about Zoho's recycle bin."""

    async def delete_lead(self, lead_id: str, *, before_sending: Callable[[], None] | None = None) -> None:
        """Move a lead to the recycle bin, once; *before_sending* as for `Zoho.create_leads`."""
        ...

    async def restore_lead(self, lead_id: str) -> None:
        """Bring a lead back from the recycle bin."""
        ...
