"""The accounts host's endpoints of the device flow.

Source: the devices pages of Zoho Accounts (initiation-request, polling-request). A client of another kind
than Non-browser is answered ``invalid_client``, as clients of the real service report.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.accounts import address, granted, parameters
from zoho.sandbox.answers import answer
from zoho.sandbox.device_codes import DeviceCode
from zoho.sandbox.world import World


async def begin(request: Request) -> Response:
    """``POST /oauth/v3/device/code``: a code for the person and one for the client."""
    world: World = request.app.state.world
    sent = await parameters(request)
    if sent.get("client_id") != world.client_id or not world.options.device_client:
        return answer({"error": "invalid_client"})
    if sent.get("grant_type") != "device_request":
        return answer({"error": "general_error"})
    if not sent.get("scope"):
        return answer({"error": "invalid_scope"})
    code = world.device.begin(sent)
    page, unit = f"{address(request, world)}/device", 1000 if world.device.in_milliseconds else 1
    body: dict[str, object] = {
        "user_code": code.user_code,
        "device_code": code.device_code,
        "verification_url": page,
        "interval": int(world.device.interval * unit),
        "expires_in": int(world.device.life * unit),
    }
    if world.device.complete:
        body["verification_uri_complete"] = f"{page}?user_code={code.user_code}"
    return answer(body)


async def poll(request: Request) -> Response:
    """``POST /oauth/v3/device/token``: whether the person has said something yet."""
    world: World = request.app.state.world
    sent = await parameters(request)
    if sent.get("client_id") != world.client_id or not world.options.device_client:
        return answer({"error": "invalid_client"})
    if sent.get("client_secret") != world.client_secret:
        return answer({"error": "invalid_client_secret"})
    if sent.get("grant_type") != "device_token":
        return answer({"error": "general_error"})
    found = world.device.poll(sent.get("code", ""), world.client_id)
    if isinstance(found, DeviceCode):
        return _success(request, world, found)
    return answer(found, world.device.pending_status)


def _success(request: Request, world: World, code: DeviceCode) -> Response:
    first = code.gives_refresh_token and world.device.with_refresh_token
    return granted(request, world, world.tokens.grant(code.scope), first=first)


routes = [
    Route("/oauth/v3/device/code", begin, methods=["POST"]),
    Route("/oauth/v3/device/token", poll, methods=["POST"]),
]
