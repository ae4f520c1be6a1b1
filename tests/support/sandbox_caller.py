"""A client of the stand-in, in-process, that knows nothing of Zoho: it sends what a test says."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any

import httpx

from zoho.sandbox import World, create_app

NOW = 1_790_000_000.0


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


class Caller:
    """Calls *world* with a working access token."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.token: str | None = world.issue_access_token()
        transport = httpx.ASGITransport(create_app(world))
        self._http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")

    async def __aenter__(self) -> Caller:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def call(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send a request; a body that is no bytes as JSON, and without a Content-Type, as Zoho's SDK does."""
        sent = dict(headers or {})
        if self.token is not None:
            sent.setdefault("Authorization", f"Zoho-oauthtoken {self.token}")
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        return await self._http.request(method, path, content=content, headers=sent)

    async def create(self, *records: dict[str, Any], **more: Any) -> httpx.Response:
        """Create leads."""
        return await self.call("POST", "/crm/v8/Leads", {"data": list(records), **more})

    async def created_id(self, **values: Any) -> str:
        """Create one lead that is good, and return its id."""
        answer = await self.create({"Last_Name": "Roe", "Company": "Acme"} | values)
        assert answer.status_code == 201, answer.text
        return answer.json()["data"][0]["details"]["id"]

    async def token_call(self, **form: str) -> httpx.Response:
        """Ask the token endpoint; the client's own id and secret are filled in."""
        world = self.world
        sent = {"client_id": world.client_id, "client_secret": world.client_secret} | form
        return await self._http.post("/oauth/v2/token", data=sent)
