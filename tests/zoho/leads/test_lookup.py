"""Finding a lead that may have arrived, by COQL, and telling it from others."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from sandbox_caller import NOW, Caller, Clock

from zoho.api import Record
from zoho.leads.lookup import created_since, quoted, same_lead
from zoho.sandbox import World

SINCE = datetime.fromtimestamp(NOW, UTC)
LEAD = {"Last_Name": "Roe", "Company": "Acme"}


def query(values: dict[str, Any], key_field: str | None = None, user_id: str = "77") -> str:
    return created_since(values, user_id=user_id, since=SINCE, key_field=key_field)


@pytest.mark.parametrize(
    ("text", "literal"),
    [("Roe", "'Roe'"), ("O'Brien", r"'O\'Brien'"), ("a\\", r"'a\\'"), (r"\'", r"'\\\''"), ("", "''")],
)
def test_a_literal(text: str, literal: str) -> None:
    assert quoted(text) == literal


def test_the_query() -> None:
    assert query(LEAD, "Submission_Key") == (
        "select id, Last_Name, First_Name, Company, Email, Phone, Submission_Key from Leads where "
        "((Created_By = '77' and Created_Time >= '2026-09-21T14:13:20+00:00') and Last_Name = 'Roe')"
        " limit 200"
    )


def test_the_query_of_a_lead_without_any_of_the_compared_fields() -> None:
    assert query({"City": "Delft"}).endswith(
        "where (Created_By = '77' and Created_Time >= '2026-09-21T14:13:20+00:00') limit 200"
    )


def test_the_query_without_a_last_name_uses_the_next_best() -> None:
    assert "Company = 'Acme'" in query({"Company": "Acme", "Email": "a@b.test"})


async def found_by(world: World, values: dict[str, Any]) -> list[Record]:
    async with Caller(world) as caller:
        asked = query(values, user_id=world.users[0]["id"])
        answer = await caller.call("POST", "/crm/v8/coql", {"select_query": asked})
    if answer.status_code == 204:
        return []
    assert answer.status_code == 200, answer.text
    return [Record.model_validate(one) for one in answer.json()["data"]]


async def test_only_what_this_user_created_since_then_is_found() -> None:
    clock = Clock(NOW - 5)
    world = World(seed=False, clock=clock)
    world.keep("Leads", dict(LEAD))
    clock.forward(5)
    mine = world.keep("Leads", dict(LEAD))
    world.keep("Leads", dict(LEAD), by=world.users[1]["id"])
    world.keep("Leads", LEAD | {"Last_Name": "Other"})
    converted = world.keep("Leads", dict(LEAD))
    converted.converted = True
    assert {one.id for one in await found_by(world, LEAD)} == {mine.id, converted.id}


NASTY = st.text(
    st.sampled_from("'\\\"` ()=%;-ab\n\u2019\u00e9") | st.characters(codec="utf-8"), min_size=1, max_size=20
)


@settings(max_examples=60, deadline=None)
@given(NASTY.filter(lambda text: text.strip() == text and not set(text) & set("\r\x00")))
def test_no_text_breaks_out_of_its_literal(text: str) -> None:
    world = World(seed=False, clock=Clock())
    wanted = world.keep("Leads", {"Last_Name": text, "Company": "Acme"})
    world.keep("Leads", {"Last_Name": "somebody else", "Company": "Acme"})
    found = asyncio.run(found_by(world, {"Last_Name": text}))
    assert [one.id for one in found] == [wanted.id]


def test_an_injection_finds_nothing() -> None:
    world = World(seed=True, clock=Clock())
    for text in ("' or Last_Name != '", "\\' or id > 0 or Last_Name = '", "x') or (id is not null"):
        assert asyncio.run(found_by(world, {"Last_Name": text})) == []


def record(**values: Any) -> Record:
    return Record.model_validate({"id": "1", **values})


@pytest.mark.parametrize(
    ("values", "there", "same"),
    [
        (LEAD, LEAD, True),
        (LEAD, {"Last_Name": " roe", "Company": "ACME "}, True),
        (LEAD, {**LEAD, "Email": None, "Phone": ""}, True),
        (LEAD | {"City": "Delft"}, {**LEAD, "City": "Ghent"}, True),
        (LEAD, {**LEAD, "Email": "roe@acme.test"}, False),
        (LEAD | {"Phone": "123"}, LEAD, False),
        (LEAD, {"Last_Name": "Roeder", "Company": "Acme"}, False),
        (LEAD | {"First_Name": "Ada"}, {**LEAD, "First_Name": "Bea"}, False),
    ],
)
def test_the_same_lead(values: dict[str, Any], there: dict[str, Any], same: bool) -> None:
    one = record(**there)
    assert same_lead(values, [one]) == ([one] if same else [])
