"""The paths that the merged specification leaves out, against schemas of our own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from sandbox_caller import Caller

TEXT = {"type": "string"}
ID = {"type": "string", "pattern": "^[0-9]{1,19}$"}
MOMENT = {"type": "string", "format": "date-time"}


def whole(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def listed(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": item}


PERSON = whole(id=ID, name=TEXT)

# Zoho Accounts, "Refresh access tokens" (web-apps/access-token-expiry); `scope` is seen by clients.
TOKEN = whole(
    access_token={"type": "string", "pattern": r"^1000\."},
    api_domain={"type": "string", "pattern": "^https?://"},
    scope=TEXT,
    token_type={"const": "Bearer"},
    expires_in={"type": "integer"},
)
# CRM v8, "Token Validity", and Zoho's developer post Kaizen 43, for too many requests.
THROTTLED = whole(error=TEXT, error_description=TEXT, status={"const": "failure"})
# Zoho Accounts, "Revoke refresh token".
REVOKED = whole(status={"const": "success"})
# Zoho Accounts, "Multi DC": the shape of serverinfo as clients read it.
SERVERINFO = whole(
    result={"const": "success"},
    locations={"type": "object", "additionalProperties": TEXT, "minProperties": 1},
)
# Official specification recycle_bin.json (v8.0): Response_Wrapper and Info.
BIN = whole(
    recycle_bin=listed(
        whole(
            display_name=TEXT,
            deleted_time=MOMENT,
            owner=PERSON,
            module=whole(api_name=TEXT, id=ID),
            deleted_by=PERSON,
            id=ID,
        )
    ),
    info=whole(
        per_page={"type": "integer"},
        count={"type": "integer"},
        page={"type": "integer"},
        more_records={"type": "boolean"},
    ),
)
ERROR = whole(code=TEXT, message=TEXT, status={"const": "error"}, details={"type": "object"})
# Official specification of restoreRecycleBinRecords (v8), ResultList and ErrorResponse.
RESTORED_ROW = whole(
    code={"const": "SUCCESS"}, message=TEXT, status={"const": "success"}, details=whole(id=ID)
)
RESTORED = whole(recycle_bin=listed(RESTORED_ROW))
RESTORED_SOME = whole(recycle_bin=listed({"oneOf": [RESTORED_ROW, ERROR]}))
SCHEDULED = whole(
    recycle_bin=listed(
        whole(
            code={"const": "SCHEDULED"}, message=TEXT, status={"const": "success"}, details={"type": "object"}
        )
    )
)
EXPECTED_FIELD_MISSING = whole(
    code={"const": "EXPECTED_FIELD_MISSING"},
    message=TEXT,
    status={"const": "error"},
    details=whole(expected_fields=listed(whole(api_name=TEXT, json_path=TEXT))),
)

# Official specification related_records.json (v8.0), getRelatedRecords, with the fields that are asked for.
RELATED = whole(
    data=listed(whole(id=ID, Subject=TEXT, Due_Date={"type": ["string", "null"]}, Created_Time=MOMENT)),
    info=whole(
        per_page={"type": "integer"},
        count={"type": "integer"},
        page={"type": "integer"},
        more_records={"type": "boolean"},
    ),
)

BIN_PATH = "/crm/v8/settings/recycle_bin"


async def related(caller: Caller) -> httpx.Response:
    lead = next(iter(caller.world.stored["Leads"]))
    task = {"Subject": "Call", "What_Id": {"id": lead}, "$se_module": "Leads"}
    await caller.call("POST", "/crm/v8/Tasks", {"data": [task]})
    return await caller.call("GET", f"/crm/v8/Leads/{lead}/Tasks?fields=Subject,Due_Date,Created_Time")


def deleted(caller: Caller) -> str:
    lead = next(iter(caller.world.stored["Leads"].values()))
    lead.deleted_at = caller.world.clock()
    return lead.id


async def refreshed(caller: Caller) -> httpx.Response:
    return await caller.token_call(grant_type="refresh_token", refresh_token=caller.world.refresh_token)


async def throttled(caller: Caller) -> httpx.Response:
    for _ in range(10):
        await refreshed(caller)
    return await refreshed(caller)


CASES: list[tuple[str, Callable[[Caller], Awaitable[httpx.Response]], int, dict[str, Any]]] = [
    ("token", refreshed, 200, TOKEN),
    ("throttled", throttled, 200, THROTTLED),
    ("revoke", lambda c: c.call("POST", f"/oauth/v2/token/revoke?token={c.token}"), 200, REVOKED),
    ("serverinfo", lambda c: c.call("GET", "/oauth/serverinfo"), 200, SERVERINFO),
    ("bin", lambda c: c.call("GET", f"{BIN_PATH}?ids={deleted(c)}"), 200, BIN),
    ("binned one", lambda c: c.call("GET", f"{BIN_PATH}/{deleted(c)}"), 200, BIN),
    ("restore one", lambda c: c.call("POST", f"{BIN_PATH}/{deleted(c)}/actions/restore"), 200, RESTORED),
    ("restore none", lambda c: c.call("POST", f"{BIN_PATH}/1/actions/restore"), 400, ERROR),
    (
        "restore some",
        lambda c: c.call("POST", f"{BIN_PATH}/actions/restore", {"ids": [deleted(c), "1"]}),
        207,
        RESTORED_SOME,
    ),
    (
        "restore all",
        lambda c: c.call("POST", f"{BIN_PATH}/actions/restore", {"restore_all_records": True}),
        202,
        SCHEDULED,
    ),
    (
        "restore what",
        lambda c: c.call("POST", f"{BIN_PATH}/actions/restore", {}),
        400,
        EXPECTED_FIELD_MISSING,
    ),
    ("tasks of a lead", related, 200, RELATED),
    ("empty", lambda c: c.call("DELETE", f"{BIN_PATH}/{deleted(c)}"), 200, RESTORED),
    ("empty what", lambda c: c.call("DELETE", BIN_PATH), 400, ERROR),
]


@pytest.mark.parametrize(
    ("act", "status", "schema"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
async def test_the_answer_fits_its_schema(
    caller: Caller,
    act: Callable[[Caller], Awaitable[httpx.Response]],
    status: int,
    schema: dict[str, Any],
) -> None:
    answer = await act(caller)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer.json())


async def test_revoking_what_nobody_knows_is_answered_with_a_page(caller: Caller) -> None:
    # Seen by clients of the real service: status 400 and HTML, not JSON.
    answer = await caller.call("POST", "/oauth/v2/token/revoke?token=unknown")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
