from __future__ import annotations

from typing import Any

import pytest
from sandbox_caller import Caller, Clock

from zoho.sandbox import World


async def ask(caller: Caller, query: str) -> tuple[int, Any]:
    answer = await caller.call("POST", "/crm/v8/coql", {"select_query": query})
    return answer.status_code, answer.json() if answer.content else None


async def names(caller: Caller, where: str, rest: str = "") -> list[str]:
    status, body = await ask(caller, f"select Last_Name from Leads where {where} {rest}")
    if status == 204:
        return []
    assert status == 200, body
    return [one["Last_Name"] for one in body["data"]]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("Last_Name = 'Lovelace'", ["Lovelace"]),
        ("last_name = 'x' or Last_Name = 'Li'", None),
        ("Last_Name = 'lovelace'", ["Lovelace"]),
        ("Last_Name = 'Love'", []),
        (r"Last_Name = 'O\'Brien-Åström'", ["O'Brien-Åström"]),
        ("Last_Name = 'O''Brien-Åström'", ["O'Brien-Åström"]),
        ("Last_Name like 'Lo%'", ["Lovelace"]),
        ("Last_Name like '%elac%' and City = 'London'", ["Lovelace"]),
        ("Company like 'R&D <Z%'", ["Li"]),
        ("Last_Name in ('Li', 'Lovelace')", ["Lovelace", "Li"]),
        ("((Last_Name = 'Li' or Last_Name = 'Lovelace') and City = 'London')", ["Lovelace"]),
        ("(Last_Name = 'Li' or (Last_Name = 'Lovelace' and City = 'Delft'))", ["Li"]),
        ("No_of_Employees >= 420", ["O'Brien-Åström"]),
        ("No_of_Employees > 420", []),
        ("No_of_Employees between 400 and 430", ["O'Brien-Åström"]),
        ("Email_Opt_Out = true", ["Li"]),
        ("Website is not null", ["Lovelace"]),
        ("Lead_Source not in ('Chat') and City is null", ["Hương"]),
        ("Full_Name = 'Ada Lovelace'", ["Lovelace"]),
        ("Last_Name = '山田'", ["山田"]),
        ("Owner.last_name = 'Laurent' and Converted__s = true", ["Hopper"]),
    ],
)
async def test_where(caller: Caller, where: str, expected: list[str] | None) -> None:
    if expected is None:
        status, body = await ask(caller, f"select id from Leads where {where}")
        assert (status, body["details"]) == (400, {"column_name": "last_name"})
    else:
        assert await names(caller, where) == expected


async def test_a_value_cannot_leave_its_quotes(caller: Caller) -> None:
    for text in (r"\' or Last_Name like \'%", "'' or Last_Name like ''%"):
        assert await names(caller, f"Last_Name = '{text}'") == []
    lead_id = await caller.created_id(Last_Name=r"back\slash 'quote'")
    status, body = await ask(caller, r"select id from Leads where Last_Name = 'back\\slash \'quote\''")
    assert (status, body["data"]) == (200, [{"id": lead_id}])


async def test_leads_since_a_moment_by_a_user(caller: Caller, world: World, clock: Clock) -> None:
    since = "2026-09-21T14:13:20+00:00"
    user = world.users[0]["id"]
    query = f"Created_Time >= '{since}' and Created_By = '{user}'"
    assert await names(caller, query) == []
    await caller.created_id()
    assert await names(caller, query) == ["Roe"]
    assert (
        await names(caller, f"Created_Time >= '{since}' and Created_By.id = '{world.users[1]['id']}'") == []
    )
    clock.forward(10)
    assert await names(caller, "Created_Time > '2026-09-21T15:13:20+01:00'") == []


async def test_a_lookup_is_answered_by_its_id_and_reaches_further(caller: Caller, world: World) -> None:
    status, body = await ask(
        caller, "select Owner, Owner.last_name, Created_By from Leads where Last_Name = 'Lovelace'"
    )
    owner = {"id": world.users[0]["id"]}
    assert status == 200
    assert {k: v for k, v in body["data"][0].items() if k != "id"} == {
        "Owner": owner,
        "Owner.last_name": "Ellis",
        "Created_By": owner,
    }


async def test_order_limit_and_offset(caller: Caller) -> None:
    everyone = await names(caller, "id is not null", "order by Created_Time desc")
    assert everyone[:2] == ["Hopper", "Li"]
    assert (
        await names(caller, "id is not null", "order by Created_Time desc limit 2 offset 1") == everyone[1:3]
    )
    assert await names(caller, "id is not null", "order by Created_Time desc limit 1, 2") == everyone[1:3]
    assert await names(caller, "id is not null") == everyone[::-1]
    assert await names(caller, "Company like '%e%'", "order by City desc, Last_Name") != []
    _, body = await ask(caller, "select id from Leads where id is not null limit 3")
    assert body["info"] == {"count": 3, "more_records": True}


async def test_converted_leads_are_found(caller: Caller) -> None:
    assert await names(caller, "Email = 'grace@compilers.example'") == ["Hopper"]


async def test_contacts_are_asked_as_well(caller: Caller) -> None:
    status, body = await ask(caller, "select Title from Contacts where Email = 'charles@difference.example'")
    assert (status, body["data"][0]["Title"]) == (200, "Director")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("select id from Leads", "SYNTAX_ERROR"),
        ("", "SYNTAX_ERROR"),
        ("update Leads set City = 'x'", "SYNTAX_ERROR"),
        ("select id from Leads where", "SYNTAX_ERROR"),
        ("select id from Leads where City", "SYNTAX_ERROR"),
        ("select id from Leads where City = x", "SYNTAX_ERROR"),
        ("select id from Leads where City = 'x", "SYNTAX_ERROR"),
        ("select id from Leads where City = 'x' limit 'y'", "SYNTAX_ERROR"),
        ("select id from Leads where City = 'x' drop", "SYNTAX_ERROR"),
        ("select id from Leads where (City = 'x'", "SYNTAX_ERROR"),
        ("select id from Leads where City = 'a' and City = 'b' and City = 'c'", "SYNTAX_ERROR"),
        ("select id from Leads where (City = 'a' or City = 'b' or City = 'c')", "SYNTAX_ERROR"),
        ("select Shoe_Size from Leads where City = 'x'", "INVALID_QUERY"),
        ("select id from Leads where Shoe_Size = 'x'", "INVALID_QUERY"),
        ("select id from Leads where City = 'x' order by Shoe_Size", "INVALID_QUERY"),
        ("select id from Leads where City.id = 'x'", "INVALID_QUERY"),
        ("select id from Loads where City = 'x'", "INVALID_QUERY"),
        ("select id from Leads where Description like '%x%'", "INVALID_QUERY"),
        ("select id from Leads where City = 'x' limit 2001", "LIMIT_EXCEEDED"),
        (f"select {','.join(['id'] * 51)} from Leads where City = 'x'", "LIMIT_EXCEEDED"),
        (f"select id from Leads where City in ({','.join(['1'] * 51)})", "LIMIT_EXCEEDED"),
        (
            f"select id from Leads where {'(' * 25}City = 'x'" + " or City = 'x')" * 25,
            "LIMIT_EXCEEDED",
        ),
    ],
)
async def test_queries_that_are_refused(caller: Caller, query: str, code: str) -> None:
    status, body = await ask(caller, query)
    assert (status, body["code"]) == (400, code)


async def test_the_scope_of_the_module_is_needed_too(caller: Caller, world: World) -> None:
    world.options.missing_scopes.add("ZohoCRM.modules.Leads.READ")
    status, body = await ask(caller, "select id from Leads where City = 'x'")
    assert (status, body["code"]) == (401, "OAUTH_SCOPE_MISMATCH")


async def test_a_contact_is_reached_through_its_account(caller: Caller, world: World) -> None:
    account = world.keep("Accounts", {"Account_Name": "Analytical Engines", "Phone": "020 7946 0018"})
    contact = world.keep("Contacts", {"Last_Name": "Byron", "Account_Name": account.id})
    query = (
        "select Account_Name, Account_Name.Account_Name from Contacts where Account_Name.Phone like '%0018'"
    )
    status, body = await ask(caller, query)
    assert status == 200
    named = {"id": account.id, "name": "Analytical Engines"}
    told = {"id": contact.id, "Account_Name": named, "Account_Name.Account_Name": "Analytical Engines"}
    assert body["data"] == [told]
    assert (await ask(caller, "select id from Contacts where Account_Name.Owner = '1'"))[0] == 400
    assert (await ask(caller, "select id from Leads where Account_Name.Phone = '1'"))[0] == 400


async def test_what_may_not_be_read_is_not_joined_either(caller: Caller, world: World) -> None:
    joined = "select id from Contacts where Account_Name.Account_Name = 'x'"
    world.options.missing_scopes.add("ZohoCRM.modules.Accounts.READ")
    assert (await ask(caller, joined))[0] == 401
    assert (await ask(caller, "select id from Contacts where Last_Name = 'x'"))[0] == 204
    world.options.denied_permissions.add("Crm_Implied_View_Contacts")
    assert (await ask(caller, "select id from Contacts where Last_Name = 'x'"))[0] == 403
