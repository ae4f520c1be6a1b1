"""``/__admin``: what Zoho has not, for whoever runs the stand-in. Only from the machine that it runs on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.answers import answer
from zoho.sandbox.guard import Refused, json_body
from zoho.sandbox.world import World

LOOPBACK = {"127.0.0.1", "::1"}


def _local(
    handler: Callable[[World, Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        # A page in a browser on this machine comes from the loopback address too, but names its origin.
        far = request.client is not None and request.client.host not in LOOPBACK
        if far or "origin" in request.headers:
            return answer({"error": "only from this machine"}, 403)
        try:
            return await handler(request.app.state.world, request)
        except Refused as refusal:
            return refusal.response

    return endpoint


@_local
async def state(world: World, request: Request) -> Response:
    """``GET /__admin/state``: counts, records, notes, tasks, waiting faults, requests."""
    body = {
        "leads": len(world.records("Leads")),
        "contacts": len(world.records("Contacts")),
        "binned": len(world.binned()),
        "notes": len(world.living_notes()),
        "tasks": len(world.living_tasks()),
        "token_requests": world.token_requests,
        "records": {
            "Leads": world.records("Leads"),
            "Contacts": world.records("Contacts"),
            "Notes": [asdict(note) for note in world.living_notes()],
            "Tasks": [world.show_task(task) for task in world.living_tasks()],
        },
        "faults": [asdict(fault) for fault in world.faults.pending],
        "requests": [{**asdict(one), "body": None} for one in world.requests],
    }
    return answer(body)


@_local
async def faults(world: World, request: Request) -> Response:
    """``POST /__admin/faults``: ``kind``, ``times``, ``path``, ``method`` and the kind's own parameters."""
    body = await json_body(request, lambda wrong: answer(wrong, 400))
    sent: dict[str, Any] = body.get("params") or {}
    extra = {k: v for k, v in body.items() if k not in {"kind", "times", "path", "method", "params"}}
    try:
        fault = world.faults.order(
            str(body.get("kind")),
            times=body.get("times", 1),
            path=body.get("path"),
            method=body.get("method"),
            **(sent | extra),
        )
    except ValueError as wrong:
        return answer({"error": str(wrong)}, 400)
    return answer({"ordered": asdict(fault)}, 201)


@_local
async def clear_faults(world: World, request: Request) -> Response:
    """``DELETE /__admin/faults``."""
    world.faults.clear()
    return answer({"ordered": None})


@_local
async def expire_tokens(world: World, request: Request) -> Response:
    """``POST /__admin/expire-tokens``."""
    world.expire_tokens()
    return answer({"expired": True})


@_local
async def grant_code(world: World, request: Request) -> Response:
    """``POST /__admin/grant-code``: a code as the console's Self Client makes them; ``life`` in seconds."""
    body = await json_body(request, lambda wrong: answer(wrong, 400))
    life = body.get("life", 180)
    if not isinstance(life, int | float) or isinstance(life, bool):
        return answer({"error": "life must be a number of seconds"}, 400)
    return answer({"code": world.new_grant_code(life=life)}, 201)


@_local
async def reset(world: World, request: Request) -> Response:
    """``POST /__admin/reset``: the seeded records and settings again."""
    world.reset()
    return answer({"reset": True})


routes = [
    Route("/__admin/state", state),
    Route("/__admin/faults", faults, methods=["POST"]),
    Route("/__admin/faults", clear_faults, methods=["DELETE"]),
    Route("/__admin/expire-tokens", expire_tokens, methods=["POST"]),
    Route("/__admin/grant-code", grant_code, methods=["POST"]),
    Route("/__admin/reset", reset, methods=["POST"]),
]
