"""What is done about somebody who is known: nothing twice, nothing lost."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tui.qualify.deeds import Deeds
from zoho.leads.look_up.known import LEADS, OUTBOX, Match
from zoho.leads.stock import STOCK_FORM
from zoho.wire.errors import StorageError, ZohoError

ADA = Match(LEADS, "12", "Ada Lovelace", ())


class Office:
    """The desk and the client: ``steps`` is what was done, in order."""

    def __init__(self, *, merges: list[bool]) -> None:
        self.steps: list[Any] = []
        self.merges = merges
        self.client: Any = self
        self.form = STOCK_FORM
        self.org: Any = SimpleNamespace(data_center="eu", domain_name="org7")
        self.full = False

    async def keep(self) -> None:
        if self.full:
            raise StorageError("The disk is full.", next_step="Make room.")
        self.steps.append("kept")

    async def add_note(self, module: str, record_id: str, *, title: str, content: str) -> str:
        self.steps.append((module, record_id, title, content))
        return "1"

    async def merge(self, key: str, zoho_id: str, what: str, *, module: str, follow_ups: Any) -> bool:
        assert (module, follow_ups) == ("Leads", None)
        self.steps.append((key, zoho_id, what))
        return self.merges.pop(0)

    def deeds(self) -> Deeds:
        values = {"Last_Name": "King", "Company": "Acme"}
        desk: Any = self
        return Deeds(desk, "k", values, keep=self.keep, over=lambda: self.steps.append("over"), create=None)


async def test_the_lead_is_on_the_disk_before_the_note_and_ends_after_it() -> None:
    office = Office(merges=[True])
    assert await office.deeds().note(ADA, "Friday") == "Noted on Ada Lovelace."
    note = ("Leads", "12", "Call: King, Acme", "Friday")
    assert office.steps == ["kept", note, ("k", "12", "noted on Leads 12"), "over"]


async def test_a_note_that_stands_in_zoho_is_not_added_again() -> None:
    office = Office(merges=[False, True])
    deeds = office.deeds()
    with pytest.raises(ZohoError, match="stands in Zoho"):
        await deeds.note(ADA, "Friday")
    assert "over" not in office.steps
    await deeds.note(ADA, "Friday")
    assert len([step for step in office.steps if step[:2] == ("Leads", "12")]) == 1
    assert office.steps[-1] == "over"


async def test_what_cannot_be_kept_is_not_sent() -> None:
    office = Office(merges=[])
    office.full = True
    with pytest.raises(StorageError):
        await office.deeds().note(ADA, "Friday")
    assert office.steps == []


async def test_without_a_line_nothing_is_lost() -> None:
    office = Office(merges=[])
    office.client = None
    with pytest.raises(ZohoError, match="cannot be reached"):
        await office.deeds().note(ADA, "Friday")
    assert office.steps == ["kept"]


@pytest.mark.parametrize(
    ("center", "domain", "module", "address"),
    [
        ("eu", "org7", LEADS, "https://crm.zoho.eu/crm/org7/tab/Leads/12"),
        ("ca", "org7", "Contacts", "https://crm.zohocloud.ca/crm/org7/tab/Contacts/12"),
        ("us", "", LEADS, "https://crm.zoho.com/crm/tab/Leads/12"),
        ("us", "org7", OUTBOX, ""),
        ("moon", "org7", LEADS, ""),
    ],
)
def test_the_address_of_a_record(center: str, domain: str, module: str, address: str) -> None:
    office = Office(merges=[])
    office.org = SimpleNamespace(data_center=center, domain_name=domain)
    assert office.deeds().address_of(Match(module, "12", "Ada", ())) == address
