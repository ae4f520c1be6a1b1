"""The queries: wide enough to find whoever is meant, within COQL's limits, never open to what is typed."""

from __future__ import annotations

from typing import Any

import pytest
from looking_up import Asked
from sandbox_caller import Clock

from zoho.leads.look_up import marks_of
from zoho.leads.look_up.questions import MOST_CRITERIA, question
from zoho.leads.stock import STOCK_FORM
from zoho.sandbox import World
from zoho.sandbox.coql import parse


@pytest.fixture
def world() -> World:
    return World(seed=False, clock=Clock())


async def found(world: World, module: str, typed: dict[str, str]) -> list[str]:
    asked = question(module, marks_of(STOCK_FORM.fields, typed))
    assert asked is not None
    return [record.id for record in await Asked(world).look(asked.text)]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ({"Email": "ada@engines.example"}, {"Email": "Ada@Engines.example"}),
        ({"Secondary_Email": "ada@engines.example"}, {"Email": "ada@engines.example"}),
        ({"Email": "ada_l@engines.example"}, {"Email": "ada_l@engines.example"}),
        ({"Email": "o'brien@gmail.com"}, {"Email": "o'brien@gmail.com"}),
        ({"Email": "ada@example.com"}, {"Email": "ada@example.co"}),
        ({"Phone": "+44 20 7946 0018"}, {"Phone": "02079460018"}),
        ({"Phone": "(020) 7946-0018"}, {"Mobile": "+442079460018"}),
        ({"Mobile": "0412 345 678"}, {"Phone": "+61 412 34 56 78"}),
        ({"Phone": "01 23 45 67 89"}, {"Phone": "+33123456789"}),
        ({"Phone": "+44 20 7946 0018 ext 12"}, {"Phone": "+442079460018"}),
        ({"Company": "Analytical Engines"}, {"Company": "The analytical engines GmbH"}),
        ({"Company": "Analytical Engineering"}, {"Company": "Analytical Engine"}),
        ({"Company": "The Zylker Group"}, {"Company": "Zylker Group Ltd"}),
        ({"Email": "grace@engines.example"}, {"Email": "ada@engines.example"}),
        ({"Website": "https://www.engines.example"}, {"Email": "ada@engines.example"}),
    ],
)
async def test_a_lead_is_found(world: World, stored: dict[str, Any], typed: dict[str, str]) -> None:
    lead = world.keep("Leads", {"Last_Name": "Roe", "Company": "Other"} | stored)
    world.keep("Leads", {"Last_Name": "Nobody", "Company": "Nothing", "Email": "no@body.example"})
    assert await found(world, "Leads", typed) == [lead.id]


async def test_a_contact_and_an_account_are_found(world: World) -> None:
    account = world.keep("Accounts", {"Account_Name": "Analytical Engines", "Website": "engines.example"})
    contact = world.keep("Contacts", {"Last_Name": "Byron", "Account_Name": account.id})
    assert await found(world, "Contacts", {"Company": "Analytical Engines Ltd"}) == [contact.id]
    for typed in ({"Company": "Analytical Engines Ltd"}, {"Email": "a@engines.example"}):
        assert await found(world, "Accounts", typed) == [account.id]


def test_no_more_criteria_than_coql_takes() -> None:
    typed = {
        "Email": "ada@engines.example",
        "Secondary_Email": "ada@other.example",
        "Phone": "+44 20 7946 0018",
        "Mobile": "+44 20 7946 0019",
        "Company": "Analytical Engines",
        "Website": "third.example",
    }
    marks = marks_of(STOCK_FORM.fields, typed)
    world = World(seed=False)
    for module in ("Leads", "Contacts", "Accounts"):
        asked = question(module, marks)
        assert asked is not None
        assert asked.text.count(" like ") <= MOST_CRITERIA
        if module != "Accounts":
            assert {mark.text for mark in marks if mark.kind == "email"} <= {
                mark.text for mark in asked.marks
            }
        parse(asked.text, world.modules)


def test_a_column_that_is_not_there_is_not_named() -> None:
    marks = marks_of(STOCK_FORM.fields, {"Email": "ada@engines.example"})
    asked = question("Leads", marks, without={"Secondary_Email", "Website", "Owner.first_name"})
    assert asked is not None
    assert not any(name in asked.text for name in ("Secondary_Email", "Website", "Owner.first_name"))


def test_accounts_have_no_persons() -> None:
    marks = marks_of(STOCK_FORM.fields, {"Email": "ada@gmail.com"})
    assert question("Accounts", marks) is None


@pytest.mark.parametrize("text", ["x' or id is not null or Email = 'x", "x\\' or Last_Name like '%", '%"xyz'])
async def test_nothing_typed_leaves_its_quotes(world: World, text: str) -> None:
    world.keep("Leads", {"Last_Name": "Roe", "Company": "Acme"})
    assert await found(world, "Leads", {"Company": text}) == []
