"""Who may call what: the access token, its scopes, and the permissions of the user's profile."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from zoho.sandbox.answers import error, problem
from zoho.sandbox.shape import Json, Module
from zoho.sandbox.world import World

Handler = Callable[[World, Request], Awaitable[Response]]
SCHEME = "Zoho-oauthtoken "


class Refused(Exception):
    """A handler's way to end with an answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def guarded(
    *scopes: str, permission: str = ""
) -> Callable[[Handler], Callable[[Request], Awaitable[Response]]]:
    """Make an endpoint of a handler that is called only with a good token, *scopes* and *permission*.

    ``{module}`` in a scope or permission stands for the module of the path.
    """

    def wrap(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            world: World = request.app.state.world
            module = str(request.path_params.get("module", ""))
            try:
                _admit(world, request, [s.format(module=module) for s in scopes])
                _permit(world, permission.format(module=module))
                return await handler(world, request)
            except Refused as refusal:
                return refusal.response

        return endpoint

    return wrap


def _admit(world: World, request: Request, scopes: list[str]) -> None:
    authorization = request.headers.get("authorization", "")
    if not authorization.startswith(SCHEME):
        raise Refused(problem(401, "AUTHENTICATION_FAILURE"))
    if not world.tokens.accepts(authorization.removeprefix(SCHEME)):
        raise Refused(problem(401, "INVALID_TOKEN"))
    if any(scope in world.options.missing_scopes for scope in scopes):
        raise Refused(problem(401, "OAUTH_SCOPE_MISMATCH"))


def _permit(world: World, permission: str) -> None:
    if not world.options.api_access:
        raise Refused(problem(403, "NO_PERMISSION", permissions=["Crm_Implied_Api_Access"]))
    if permission in world.options.denied_permissions:
        raise Refused(problem(403, "NO_PERMISSION", permissions=[permission]))


def module_of(world: World, request: Request, refusal: Callable[[Json], Response] | None = None) -> Module:
    """Return the module that the path or the ``module`` parameter names.

    Raises:
        Refused: there is no such module, or no parameter. *refusal* makes the answer of the error object.
    """
    name = request.path_params.get("module") or request.query_params.get("module")
    if name is None:
        raise Refused(problem(400, "REQUIRED_PARAM_MISSING", param_name="module"))
    if name not in world.modules:
        wrong = error("INVALID_MODULE", resource_path_index=0)
        raise Refused(refusal(wrong) if refusal else problem(400, "INVALID_MODULE", resource_path_index=0))
    return world.modules[name]


async def json_body(request: Request, refusal: Callable[[Json], Response]) -> Json:
    """Return the body as a JSON object, whatever its Content-Type says (Zoho's Python SDK sends none).

    Raises:
        Refused: it is none. *refusal* makes the answer of the error object.
    """
    try:
        body: Any = json.loads(await request.body())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refused(refusal(error("INVALID_DATA", "body", expected_data_type="jsonobject")))
    return cast("Json", body)


def whole_number(request: Request, name: str, default: int, low: int, high: int) -> int:
    """Return a number of the query.

    Raises:
        Refused: it is no number, or out of range.
    """
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise Refused(problem(400, "INVALID_DATA", param_name=name))
    return int(text)
