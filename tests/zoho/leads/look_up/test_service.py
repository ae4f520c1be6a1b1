"""When Zoho is asked, and how often: a call is a credit, and nobody waits for the answer."""

from __future__ import annotations

import asyncio

import pytest
from looking_up import Looking
from sandbox_caller import Clock

from zoho.api.client import CreditsSeen
from zoho.leads.look_up import Entered, Kind, Known
from zoho.sandbox import World
from zoho.wire.errors import (
    NotReached,
    PermissionMissing,
    RateLimited,
    SignInError,
    ZohoError,
)

MAIL, PHONE, COMPANY = "ada@engines.example", "+44 20 7946 0018", "Analytical Engines Ltd"
LEADS = "ZohoCRM.modules.leads.READ"


@pytest.fixture
def world() -> World:
    world = World(seed=False, clock=Clock())
    account = world.keep("Accounts", {"Account_Name": "Analytical Engines", "Phone": "020 7946 0018"})
    world.keep("Leads", {"First_Name": "Ada", "Last_Name": "Lovelace", "Company": COMPANY, "Email": MAIL})
    world.keep("Contacts", {"Last_Name": "Byron", "Phone": "020 7946 0018", "Account_Name": account.id})
    return world


@pytest.fixture
def looking(world: World) -> Looking:
    return Looking(world)


def names(known: Known) -> list[tuple[str, str]]:
    return [(match.module, match.name) for match in known.matches]


# When


async def test_a_field_that_was_left_is_looked_up_at_once(looking: Looking) -> None:
    known = await looking.left(Email=MAIL)
    assert names(known) == [("Leads", "Ada Lovelace")]
    assert looking.client.modules == ["Leads", "Contacts"]


async def test_a_value_that_stands_still_is_looked_up(looking: Looking) -> None:
    looking.see(at_once=False, Email=MAIL)
    assert (await looking.rest()).matches == ()
    assert len(looking.sleeping) == 1
    assert names(await looking.pause()) == [("Leads", "Ada Lovelace")]


async def test_each_key_begins_the_wait_anew(looking: Looking) -> None:
    for end in range(len("ada@engines.ex"), len(MAIL) + 1):
        looking.see(at_once=False, Email=MAIL[:end])
        await looking.rest()
        assert len(looking.sleeping) <= 1
    assert looking.client.queries == []
    await looking.pause()
    assert looking.client.modules == ["Leads", "Contacts"]


async def test_what_is_not_complete_is_not_asked_for(looking: Looking) -> None:
    await looking.left(Email="ada@", Phone="020", Company="A")
    assert looking.client.queries == []
    assert looking.sleeping == []


async def test_a_longer_address_is_answered_already(looking: Looking) -> None:
    looking.see(at_once=False, Email=MAIL[:-1])
    assert names(await looking.pause()) == [("Leads", "Ada Lovelace")] or looking.look.known.matches == ()
    assert names(await looking.left(Email=MAIL))[0] == ("Leads", "Ada Lovelace")
    assert looking.look.known.matches[0].is_certain
    emails = [query for query in looking.client.queries if f"Email like '{MAIL[:-1]}" in query]
    assert len(emails) == 2, "Leads and Contacts, once each"


async def test_the_same_values_are_asked_for_once(looking: Looking) -> None:
    for _ in range(3):
        await looking.left(Email=MAIL)
    assert looking.client.modules == ["Leads", "Contacts"]


async def test_the_next_lead_with_the_same_value_is_answered_already(looking: Looking) -> None:
    first = await looking.left(Email=MAIL)
    looking.begin()
    assert looking.look.known == Known()
    assert await looking.left(Email=MAIL) == first
    assert looking.client.modules == ["Leads", "Contacts", "Accounts"], "a call to spare for the company"
    looking.begin()
    assert await looking.left(Email=MAIL) == first
    assert looking.look.calls == 0


async def test_after_some_minutes_zoho_is_asked_again(looking: Looking, world: World) -> None:
    await looking.left(Email="new@engines.example")
    looking.begin()
    world.keep("Leads", {"Last_Name": "New", "Company": "X", "Email": "new@engines.example"})
    looking.now += 301
    assert names(await looking.left(Email="new@engines.example"))[0] == ("Leads", "New")


async def test_nothing_is_known_any_more_once_the_value_is_gone(looking: Looking) -> None:
    await looking.left(Email=MAIL)
    looking.see(at_once=False, Email="ada@other.example")
    assert looking.look.known.matches == ()
    assert looking.told[-1].matches == ()


async def test_what_is_outdated_is_given_up(looking: Looking) -> None:
    looking.client.gate = asyncio.Event()
    looking.see(at_once=True, Email=MAIL)
    await asyncio.sleep(0)
    assert len(looking.client.queries) == 2
    looking.see(at_once=False, Email="bea@gmail.com")
    await looking.rest()
    assert looking.client.cancelled == 2


async def test_another_lead_gives_up_what_is_under_way(looking: Looking) -> None:
    looking.client.gate = asyncio.Event()
    looking.see(at_once=True, Email=MAIL)
    await asyncio.sleep(0)
    looking.begin()
    await looking.rest()
    assert looking.client.cancelled == 2
    assert looking.look.known == Known()


async def test_what_is_under_way_for_another_value_goes_on(looking: Looking) -> None:
    looking.client.gate = asyncio.Event()
    looking.see(at_once=True, Email=MAIL)
    await asyncio.sleep(0)
    looking.see(at_once=False, Phone="+44 2", Company="Analyti")
    looking.client.gate.set()
    assert names(await looking.rest()) == [("Leads", "Ada Lovelace")]


# How often


async def test_a_lead_typed_field_by_field_costs_four_calls(looking: Looking) -> None:
    await looking.left(Company=COMPANY)
    assert looking.client.queries == [], "it is asked for with the person"
    await looking.left(Email=MAIL)
    known = await looking.left(Phone=PHONE)
    assert looking.client.modules == ["Leads", "Contacts", "Leads", "Contacts"]
    assert names(known) == [("Leads", "Ada Lovelace"), ("Contacts", "Byron")]


async def test_a_company_alone_is_looked_up_once_no_person_is_awaited(looking: Looking) -> None:
    known = await looking.left(Company=COMPANY, passed=[Kind.EMAIL, Kind.PHONE])
    assert looking.client.modules == ["Leads", "Contacts", "Accounts"]
    assert names(known) == [("Leads", "Ada Lovelace"), ("Accounts", "Analytical Engines")]


async def test_a_corrected_address_never_takes_the_calls_of_the_number(looking: Looking) -> None:
    for address in ("ada@engine.example", "eda@engines.example", MAIL):
        await looking.left(Email=address)
    assert looking.look.calls == 2
    known = await looking.left(Phone=PHONE)
    assert looking.look.calls == 4
    assert names(known) == [("Leads", "Ada Lovelace"), ("Contacts", "Byron")]
    assert known.unasked == frozenset()


async def test_what_could_not_be_asked_for_is_said(looking: Looking) -> None:
    await looking.left(Email=MAIL)
    await looking.left(Phone=PHONE)
    known = await looking.left(Email="bea@other.example")
    assert looking.look.calls == 4
    assert known.unasked == {Kind.EMAIL}
    assert "bea@" not in "".join(looking.client.queries)


async def test_of_a_very_large_company_the_person_is_asked_for_alone(looking: Looking, world: World) -> None:
    for number in range(250):
        world.keep(
            "Leads", {"Last_Name": f"N{number}", "Company": "Big", "Email": f"n{number}@engines.example"}
        )
    last = world.keep("Leads", {"Last_Name": "Zoe", "Company": "Big", "Email": "zoe@engines.example"})
    known = await looking.left(Email="zoe@engines.example", passed=[Kind.PHONE])
    assert known.matches[0].id == last.id
    assert known.matches[0].is_certain
    assert known.partial
    assert looking.look.calls <= 4


# Never in the way


async def test_offline_nothing_is_asked(looking: Looking) -> None:
    looking.online = False
    await looking.left(Email=MAIL)
    assert looking.client.queries == []
    looking.online = True
    assert names(await looking.left(Email=MAIL)) == [("Leads", "Ada Lovelace")]


@pytest.mark.parametrize(
    ("failure", "rest"),
    [
        (NotReached("", next_step=""), 30),
        (RateLimited("", next_step=""), 60),
        (RateLimited("", next_step="", wait=300), 300),
        (RateLimited("", next_step="", credits_exhausted=True), 1800),
        (SignInError("", next_step=""), 60),
    ],
)
async def test_after_a_failure_zoho_is_left_alone(looking: Looking, failure: ZohoError, rest: float) -> None:
    looking.client.failure = dict.fromkeys(("Leads", "Contacts", "Accounts"), failure)
    assert (await looking.left(Email=MAIL)).matches == ()
    asked = len(looking.client.queries)
    looking.client.failure = {}
    looking.now += rest - 1
    looking.begin()
    await looking.left(Email=MAIL)
    assert len(looking.client.queries) == asked
    looking.now += 1
    assert names(await looking.left(Email=MAIL)) == [("Leads", "Ada Lovelace")]


async def test_few_credits_are_kept_for_the_leads(looking: Looking) -> None:
    looking.client.credits_seen = CreditsSeen(100, looking.now)
    await looking.left(Email=MAIL)
    assert looking.client.queries == []
    looking.now += 3601
    await looking.left(Email=MAIL)
    assert looking.client.queries != []


async def test_many_credits_are_no_reason(looking: Looking) -> None:
    looking.client.credits_seen = CreditsSeen(20_000, looking.now)
    assert names(await looking.left(Email=MAIL)) == [("Leads", "Ada Lovelace")]


async def test_a_module_that_may_not_be_read_is_asked_once(looking: Looking) -> None:
    refused = PermissionMissing("", next_step="", code="OAUTH_SCOPE_MISMATCH", status=401)
    looking.client.failure = {"Contacts": refused, "Accounts": refused}
    assert names(await looking.left(Email=MAIL, passed=[Kind.PHONE])) == [("Leads", "Ada Lovelace")]
    looking.begin()
    await looking.left(Email="bea@other.example", Phone=PHONE)
    assert looking.client.modules == ["Leads", "Contacts", "Accounts", "Leads"]
    assert looking.look.left_out == {"Contacts", "Accounts"}


async def test_a_module_whose_scope_zoho_did_not_list_is_never_asked(looking: Looking) -> None:
    looking.client.scope = f"{LEADS} ZohoCRM.coql.READ"
    await looking.left(Email=MAIL, passed=[Kind.PHONE])
    assert looking.client.modules == ["Leads"]


async def test_with_leads_alone_the_company_is_asked_for_at_once(looking: Looking) -> None:
    looking.client.scope = LEADS
    assert names(await looking.left(Company=COMPANY)) == [("Leads", "Ada Lovelace")]
    await looking.left(Email=MAIL)
    await looking.left(Phone=PHONE)
    assert looking.client.modules == ["Leads", "Leads", "Leads"]


async def test_columns_that_the_org_lacks_are_left_out(looking: Looking, world: World) -> None:
    del world.modules["Leads"].fields["Secondary_Email"]
    looking.client.scope = LEADS
    assert names(await looking.left(Email=MAIL)) == [("Leads", "Ada Lovelace")]
    assert ["Secondary_Email" in query for query in looking.client.queries] == [True, False]
    looking.begin()
    await looking.left(Email="bea@other.example")
    assert looking.look.calls == 1


async def test_a_module_that_the_org_lacks_is_asked_once(looking: Looking, world: World) -> None:
    del world.modules["Contacts"]
    await looking.left(Email=MAIL)
    looking.begin()
    assert names(await looking.left(Phone="+44 7700 900123")) == []
    assert looking.client.modules.count("Contacts") == 1


# What this rep entered


async def test_what_the_rep_entered_is_found_offline(world: World) -> None:
    entered = [
        Entered("k1", {"Last_Name": "Lovelace", "Email": MAIL}, "queued", 5.0),
        Entered("k2", {"Last_Name": "Other", "Email": "other@gmail.com"}, "queued", 5.0),
    ]
    looking = Looking(world, entered)
    looking.online = False
    known = await looking.left(Email=MAIL)
    assert [(match.module, match.id, match.status) for match in known.matches] == [("outbox", "k1", "queued")]


async def test_a_lead_that_arrived_is_told_once(world: World) -> None:
    (lead,) = world.living("Leads")
    sent = Entered("k1", {"Last_Name": "Lovelace", "Email": MAIL}, "sent", 5.0, zoho_id=lead.id)
    assert names(await Looking(world, [sent]).left(Email=MAIL)) == [("Leads", "Ada Lovelace")]


async def test_a_late_answer_of_the_outbox_takes_nothing_from_a_newer_one(world: World) -> None:
    mine = Entered("k1", {"Last_Name": "Lovelace", "Email": MAIL}, "queued", 5.0)
    looking = Looking(world, [mine])
    looking.online, looking.searches = False, []
    looking.see(at_once=True, Company="Acme")
    await looking_for(looking, 1)
    looking.see(at_once=True, Email=MAIL)
    await looking_for(looking, 2)
    for _, gate in reversed(looking.searches):
        gate.set()
        await asyncio.sleep(0)
    assert names(await looking.rest()) == [("outbox", "Lovelace")]


async def looking_for(looking: Looking, searches: int) -> None:
    assert looking.searches is not None
    while len(looking.searches) < searches:  # noqa: ASYNC110 - a turn of the loop, no waiting
        await asyncio.sleep(0)
