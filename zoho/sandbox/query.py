"""``POST /coql``. Source: the official specification ``coql`` (v8)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.answers import answer, nothing, problem
from zoho.sandbox.coql import QueryError, parse, select
from zoho.sandbox.guard import guarded, json_body
from zoho.sandbox.shape import Json
from zoho.sandbox.world import Record, World


@guarded("ZohoCRM.coql.READ")
async def coql(world: World, request: Request) -> Response:
    """Answer a query; 204 if nothing is found."""
    body = await json_body(request, lambda wrong: answer({**wrong, "details": {}}, 400))
    text = body.get("select_query")
    if text is None:
        return problem(400, "MANDATORY_NOT_FOUND", api_name="select_query")
    if not isinstance(text, str):
        where = {"api_name": "select_query", "json_path": "$.select_query"}
        return problem(400, "INVALID_DATA", expected_data_type="string", **where)
    try:
        query = parse(text, world.modules)
    except QueryError as wrong:
        return answer(wrong.body, 400)
    for name in query.modules:
        if f"ZohoCRM.modules.{name}.READ" in world.options.missing_scopes:
            return problem(401, "OAUTH_SCOPE_MISMATCH")
        permission = f"Crm_Implied_View_{name}"
        if permission in world.options.denied_permissions:
            return problem(403, "NO_PERMISSION", permissions=[permission])
    rows, more = select(query, [_with_people(world, one) for one in world.living(query.module.api_name)])
    if not rows:
        return nothing()
    return answer({"data": rows, "info": {"count": len(rows), "more_records": more}})


def _with_people(world: World, record: Record) -> Json:
    shown = world.show(record)
    people = {"Owner": record.owner, "Created_By": record.created_by, "Modified_By": record.modified_by}
    for name, user_id in people.items():
        person = world.person(user_id, "first_name", "last_name", "email")
        shown[name] = {**person, "full_name": person["name"]}
    if record.module == "Contacts":
        shown["Account_Name"] = _account(world, record)
    return shown


def _account(world: World, contact: Record) -> Json | None:
    """Return the account of a contact, whole; stored is its id."""
    account = world.find("Accounts", str(contact.values.get("Account_Name")))
    return {"id": account.id, **account.values} if account is not None else None


routes = [Route("/crm/v8/coql", coql, methods=["POST"])]
