"""The stand-in as one ASGI application: accounts host, CRM host, a page and an administrator's door."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from zoho.sandbox import (
    accounts,
    admin,
    customizing,
    device,
    device_page,
    metadata,
    notes,
    page,
    query,
    records,
    recycle,
    search,
    tasks,
)
from zoho.sandbox.answers import problem
from zoho.sandbox.gate import Gate
from zoho.sandbox.world import World


async def _no_such_path(request: Request, exc: Exception) -> Response:
    return problem(404, "INVALID_URL_PATTERN")


async def _no_such_method(request: Request, exc: Exception) -> Response:
    return problem(400, "INVALID_REQUEST_METHOD", resource_path_index=0)


def create_app(world: World, base_url: str | None = None) -> Starlette:
    """Return the ASGI application of *world*.

    Args:
        base_url: what token answers name as ``api_domain``; by default the address that was asked.
    """
    if base_url is not None:
        world.base_url = base_url.rstrip("/")
    app = Starlette(
        routes=[
            *page.routes,
            *admin.routes,
            *accounts.routes,
            *device.routes,
            *device_page.routes,
            *recycle.routes,
            *metadata.routes,
            *customizing.routes,
            *query.routes,
            *notes.routes,
            *tasks.routes,
            *search.routes,
            *records.routes,
        ],
        middleware=[Middleware(Gate, world=world)],
        exception_handlers={404: _no_such_path, 405: _no_such_method},
    )
    app.router.redirect_slashes = False
    app.state.world = world
    return app
