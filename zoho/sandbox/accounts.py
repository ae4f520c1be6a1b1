"""The accounts host: tokens for a refresh token or a grant code, revocation, the list of data centres.

Sources: Zoho Accounts' OAuth pages (access-token-expiry, self-client/authorization-code-flow, token-limits,
revoke-refresh-token, multi-dc) and what clients report of the real service: errors come as a body with
status 200.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from zoho.sandbox.answers import answer
from zoho.sandbox.tokens import Throttled
from zoho.sandbox.world import World

SCOPE = "ZohoCRM.modules.ALL ZohoCRM.settings.ALL ZohoCRM.users.READ ZohoCRM.org.READ ZohoCRM.coql.READ"


def throttled(world: World) -> Response:
    """Return the answer to too many token requests (Zoho translates ``error``; its status varies)."""
    body = {
        "error_description": "You have made too many requests continuously. Please try again later.",
        "error": world.options.throttle_text,
        "status": "failure",
    }
    return answer(body, world.options.throttle_status)


async def token(request: Request) -> Response:
    """``POST /oauth/v2/token``, its parameters in the form body or the query."""
    world: World = request.app.state.world
    sent = await parameters(request)
    if sent.get("client_id") != world.client_id:
        return answer({"error": "invalid_client"})
    if sent.get("client_secret") != world.client_secret:
        return answer({"error": "invalid_client_secret"})
    match sent.get("grant_type"):
        case "refresh_token":
            return granted(request, world, sent.get("refresh_token", ""), first=False)
        case "authorization_code":
            refresh_token = world.tokens.exchange(sent.get("code", ""))
            return granted(request, world, refresh_token or "", first=True)
        case _:
            return answer({"error": "general_error"})


def granted(request: Request, world: World, refresh_token: str, *, first: bool) -> Response:
    """Return the answer with an access token for *refresh_token*, which is named if it is the *first*."""
    if not world.tokens.knows_refresh(refresh_token):
        return answer({"error": "invalid_code"})
    try:
        access_token = world.tokens.refresh(refresh_token)
    except Throttled:
        return throttled(world)
    body = {
        "access_token": access_token,
        **({"refresh_token": refresh_token} if first else {}),
        "scope": _scope(world, refresh_token),
        "api_domain": address(request, world),
        "token_type": "Bearer",
        "expires_in": int(world.tokens.life),
    }
    return answer(body)


async def revoke(request: Request) -> Response:
    """``POST /oauth/v2/token/revoke``; an unknown token is answered with a page, as the real service does."""
    world: World = request.app.state.world
    sent = await parameters(request)
    if world.tokens.revoke(sent.get("token", "")):
        return answer({"status": "success"})
    return HTMLResponse("<!doctype html><title>Error</title><h1>Bad Request</h1>", 400)


async def serverinfo(request: Request) -> Response:
    """``GET /oauth/serverinfo``: the accounts hosts by data centre; here one, itself."""
    world: World = request.app.state.world
    return answer({"result": "success", "locations": {world.location: address(request, world)}})


def _scope(world: World, refresh_token: str) -> str:
    asked = world.tokens.scope_of(refresh_token)
    names = SCOPE.split() if asked is None else asked.replace(",", " ").split()
    return " ".join(name for name in names if name not in world.options.missing_scopes)


def address(request: Request, world: World) -> str:
    """Return the address of this host: the one that was set, else the one that was asked."""
    return world.base_url or f"{request.url.scheme}://{request.url.netloc}"


async def parameters(request: Request) -> dict[str, str]:
    """Return what a request says in its query and in its form body."""
    form = (await request.body()).decode("utf-8", "replace")
    return dict(request.query_params) | dict(parse_qsl(form))


routes = [
    Route("/oauth/v2/token", token, methods=["POST"]),
    Route("/oauth/v2/token/revoke", revoke, methods=["POST"]),
    Route("/oauth/serverinfo", serverinfo),
]
