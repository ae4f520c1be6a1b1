from __future__ import annotations

from urllib.parse import quote

import pytest
from sandbox_caller import Caller, Clock

from zoho.sandbox import World


async def found(caller: Caller, query: str) -> list[str]:
    answer = await caller.call("GET", f"/crm/v8/Leads/search?{query}")
    if answer.status_code == 204:
        assert answer.content == b""
        return []
    assert answer.status_code == 200, answer.text
    return [one["Last_Name"] for one in answer.json()["data"]]


async def by(caller: Caller, criteria: str) -> list[str]:
    return await found(caller, f"criteria={quote(criteria)}")


async def test_search_finds_a_new_lead_only_after_the_lag_and_coql_at_once(
    caller: Caller, clock: Clock
) -> None:
    await caller.created_id(Email="new@lead.example")
    coql = {"select_query": "select id from Leads where Email = 'new@lead.example'"}
    assert await found(caller, "email=new@lead.example") == []
    assert (await caller.call("POST", "/crm/v8/coql", coql)).status_code == 200
    clock.forward(4.9)
    assert await found(caller, "email=new@lead.example") == []
    clock.forward(0.2)
    assert await found(caller, "email=new@lead.example") == ["Roe"]


async def test_the_lag_is_an_option(clock: Clock) -> None:
    async with Caller(World(clock=clock, search_lag=0)) as caller:
        await caller.created_id(Email="new@lead.example")
        assert await found(caller, "email=new@lead.example") == ["Roe"]


@pytest.mark.parametrize(
    "email",
    ["ada@engines.example", "ADA@ENGINES.EXAMPLE", "engines.example", "da@eng", "ada-engines.example"],
)
async def test_email_is_partial_and_folds_signs(caller: Caller, email: str) -> None:
    assert await found(caller, f"email={email}") == ["Lovelace"]


@pytest.mark.parametrize(
    "phone", ["+44 20 7946 0018", "442079460018", "(20) 7946-0018", "0018", "020 7946 0018", "0044 20 7946"]
)
async def test_phone_is_partial_in_several_notations(caller: Caller, phone: str) -> None:
    assert await found(caller, f"phone={quote(phone)}") == ["Lovelace"]


async def test_phone_takes_digits_and_their_signs_alone(caller: Caller) -> None:
    for wrong in ("12", "12x34"):
        answer = await caller.call("GET", f"/crm/v8/Leads/search?phone={wrong}")
        assert answer.status_code == 400


async def test_word_looks_everywhere(caller: Caller) -> None:
    assert await found(caller, f"word={quote('東京')}") == ["山田"]
    assert await found(caller, "word=analytical") == ["Lovelace"]
    assert (await caller.call("GET", "/crm/v8/Leads/search?word=a")).status_code == 400


async def test_only_the_first_of_criteria_email_phone_and_word_counts(caller: Caller) -> None:
    assert await found(caller, "word=analytical&email=nobody@nowhere.example") == []
    assert await found(caller, "email=nobody@nowhere.example&criteria=(Company:equals:analytical)") == [
        "Lovelace"
    ]


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        ("(Company:equals:analytical)", ["Lovelace"]),
        ("(Email:equals:ada_engines.example)", ["Lovelace"]),
        ("((Company:equals:Engines)and(Last_Name:starts_with:Love))", ["Lovelace"]),
        ("((Company:equals:Engines)and(Last_Name:starts_with:Ove))", []),
        ("((Last_Name:equals:Lovelace)or(Last_Name:equals:Li))", ["Li", "Lovelace"]),
        ("(Last_Name:equals:Lovelace)or(Last_Name:equals:Li)", ["Li", "Lovelace"]),
        ("(((Last_Name:equals:Li)or(City:equals:London))and(Country:equals:Schweiz))", ["Li"]),
        ("(Last_Name:in:Lovelace,Li)", ["Li", "Lovelace"]),
        ("(No_of_Employees:greater_than:400)", ["O'Brien-Åström"]),
        ("(No_of_Employees:between:400,430)", ["O'Brien-Åström"]),
        ("(No_of_Employees:equals:42)", []),
        ("(Annual_Revenue:less_equal:1250000)", ["Núñez y Peña"]),
        ("(Email_Opt_Out:equals:true)", ["Li"]),
        (r"(Company:equals:Almacenes del Sur\, S.A.)", ["Núñez y Peña"]),
        (r"(Company:equals:Sur\))", []),
    ],
)
async def test_criteria(caller: Caller, criteria: str, names: list[str]) -> None:
    assert await by(caller, criteria) == names


@pytest.mark.parametrize(
    "criteria",
    [
        "Company:equals:x",
        "(Company:equals:x",
        "(Company:equals:x))",
        "(Company:is:x)",
        "(Shoe_Size:equals:x)",
        "((Company:equals:x)xor(City:equals:y))",
        "(" + "and".join(["(City:equals:x)"] * 11) + ")",
        f"(Company:equals:{'x' * 3000})",
        "",
    ],
)
async def test_criteria_that_are_none(caller: Caller, criteria: str) -> None:
    answer = await caller.call("GET", f"/crm/v8/Leads/search?criteria={quote(criteria)}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "INVALID_QUERY"


async def test_converted_leads_are_hidden_unless_asked_for(caller: Caller) -> None:
    assert await found(caller, "email=grace@compilers.example") == []
    assert await found(caller, "email=grace@compilers.example&converted=true") == ["Hopper"]
    assert await found(caller, "email=ada@engines.example&converted=both") == ["Lovelace"]


async def test_contacts_are_searched_too(caller: Caller) -> None:
    answer = await caller.call("GET", "/crm/v8/Contacts/search?email=charles@difference.example&fields=Title")
    assert [(one["Title"], set(one)) for one in answer.json()["data"]] == [("Director", {"id", "Title"})]
