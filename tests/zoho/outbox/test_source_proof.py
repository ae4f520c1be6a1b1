"""The source that Zoho stored is looked at once for each layout and source, and a difference is told."""

from __future__ import annotations

import pytest
from outbox_office import Office, Street

from zoho.outbox.keying import Proof, proof_of
from zoho.outbox.states import State
from zoho.sandbox import World

SOURCE = "Qualification Inbound"


def reads(office: Office) -> int:
    return sum(one.method == "GET" and one.path.startswith("/crm/v8/Leads/") for one in office.world.requests)


async def sent(office: Office, name: str, source: str | None = SOURCE) -> None:
    more = {"Lead_Source": source} if source is not None else {}
    key = office.save(name, **more)
    await office.until_idle()
    assert office.state(key) is State.SENT


def drop_the_source(office: Office) -> None:
    """Take the field off the layout: Zoho drops what is sent for it."""
    section = office.world.modules["Leads"].layouts[0].sections[0]
    section.fields.remove("Lead_Source")


async def test_the_first_lead_is_read_back_once(unkeyed: Office) -> None:
    for name in ("Ada", "Bob", "Cy"):
        await sent(unkeyed, name)
    assert reads(unkeyed) == 1
    assert unkeyed.findings == []


async def test_a_keyed_orgs_first_lead_is_read_once_for_key_and_source(
    street: Street, keyed_world: World
) -> None:
    keyed = await street.office(keyed_world)
    await sent(keyed, "Ada")
    await sent(keyed, "Bob")
    assert reads(keyed) == 1
    assert proof_of(keyed.store, keyed.org, now=keyed.clock()) is Proof.KEPT


async def test_a_source_that_was_dropped_is_told_once(unkeyed: Office) -> None:
    drop_the_source(unkeyed)
    await sent(unkeyed, "Ada")
    await sent(unkeyed, "Bob")
    (found,) = unkeyed.findings
    assert not found.well
    assert found.what == f"A lead was sent with the source “{SOURCE}”, and Zoho stored none."
    assert "the layout > Lead Source" in found.next_step
    assert reads(unkeyed) == 1


async def test_another_source_is_looked_at_by_itself(unkeyed: Office) -> None:
    await sent(unkeyed, "Ada")
    drop_the_source(unkeyed)
    await sent(unkeyed, "Bob", "Cold Call")
    assert [one.what for one in unkeyed.findings] == [
        "A lead was sent with the source “Cold Call”, and Zoho stored none."
    ]


async def test_what_a_workflow_of_the_org_stored_instead_is_named(unkeyed: Office) -> None:
    changed = {"data": [{"id": "1", "Lead_Source": "Web\x1bForm"}]}
    unkeyed.world.faults.order("answer", method="GET", path="/crm/v8/Leads/", status=200, body=changed)
    await sent(unkeyed, "Ada")
    assert [one.what for one in unkeyed.findings] == [
        f"A lead was sent with the source “{SOURCE}”, and Zoho stored “Web^[Form”."
    ]


async def test_a_lead_without_a_source_shows_nothing(unkeyed: Office) -> None:
    await sent(unkeyed, "Ada", None)
    assert reads(unkeyed) == 0


@pytest.mark.parametrize("status", [500, 403])
async def test_what_cannot_be_read_is_read_with_the_next_lead(unkeyed: Office, status: int) -> None:
    refusal = {"code": "NO_PERMISSION", "details": {}, "message": "no", "status": "error"}
    unkeyed.world.faults.order(
        "answer", times=3, method="GET", path="/crm/v8/Leads/", status=status, body=refusal
    )
    await sent(unkeyed, "Ada")
    unkeyed.world.faults.clear()
    before = reads(unkeyed)
    await sent(unkeyed, "Bob")
    await sent(unkeyed, "Cy")
    assert reads(unkeyed) - before == 1
    assert unkeyed.findings == []
