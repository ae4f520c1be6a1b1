"""The door of the stand-in: every request is written down here, and meets the faults ordered for it."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zoho.sandbox.accounts import throttled
from zoho.sandbox.answers import answer, problem
from zoho.sandbox.faults import Fault
from zoho.sandbox.world import Exchange, World

CONNECTION = "zoho.sandbox.connection"
UNTOUCHED = ("/__admin",)
HTML = "<!doctype html><title>Please sign in</title><h1>This network asks you to sign in</h1>"


class Connection(Protocol):
    """The TCP connection of a request, put into the scope by a server that can break it."""

    def abort(self) -> None:
        """Close it now, without an answer."""
        ...

    def close(self) -> None:
        """Close it when what was written is on its way."""
        ...


@dataclass(slots=True)
class Answer:
    """A whole answer, held back until the faults have had their say."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Gate:
    """ASGI middleware: the request log, the ``Date`` header by the world's clock, and the faults on order."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await _whole_body(receive)
        if body is None:
            return
        path: str = scope["path"]
        touched = not path.startswith(UNTOUCHED)
        faults = self.world.faults.take(scope["method"], path) if touched else []
        exchange = _exchange(scope, body)
        exchange.faults = [fault.kind for fault in faults]
        if touched:
            self.world.remember(exchange)
        play = _Play(self, scope, receive, send, body, exchange)
        fault = next((one for one in faults if one.kind != "latency"), None)
        try:
            await self._wait(path, faults)
            if fault is None:
                await play.deliver(await play.run())
            else:
                await PLAYS[fault.kind](play, fault)
        finally:
            exchange.ended = exchange.ended or time.monotonic()

    async def _wait(self, path: str, faults: list[Fault]) -> None:
        late = self.world.options.latency if path.startswith("/crm/") else 0.0
        late += sum(float(one.params.get("ms", 1000)) / 1000 for one in faults if one.kind == "latency")
        if late:
            await self.world.sleep(late)


@dataclass(slots=True)
class _Play:
    """One request on its way through the gate."""

    gate: Gate
    scope: Scope
    receive: Receive
    send: Send
    body: bytes
    exchange: Exchange

    async def run(self) -> Answer:
        """Let the application handle the request; whatever it stores is stored after this."""
        self.exchange.handled = True
        return await _collect(self.gate.app, self.scope, self.body)

    async def respond(self, response: Response) -> None:
        """Answer with *response* instead of the application's."""
        await self.deliver(await _collect(response, self.scope, b""))

    async def deliver(self, answer: Answer, part: float = 1.0) -> None:
        """Send an answer, or the first *part* of its body and no end."""
        headers = MutableHeaders(raw=list(answer.headers))
        headers["Date"] = _http_date(self.gate.world.clock())
        self._count_credits(headers)
        whole = part >= 1.0
        if whole:
            # Before the first byte: a client that has the answer finds it in the log.
            self.exchange.status = answer.status
            self.exchange.ended = time.monotonic()
        await self.send({"type": "http.response.start", "status": answer.status, "headers": headers.raw})
        content = answer.body if whole else answer.body[: int(len(answer.body) * part)]
        await self.send({"type": "http.response.body", "body": content, "more_body": not whole})

    def _count_credits(self, headers: MutableHeaders) -> None:
        options = self.gate.world.options
        if options.credits_remaining is not None and self.exchange.path.startswith("/crm/"):
            options.credits_remaining = max(0, options.credits_remaining - 1)
            headers["X-API-CREDITS-REMAINING"] = str(options.credits_remaining)

    async def hang_up(self, politely: bool = False) -> None:
        """Close the connection."""
        connection = self._connection()
        if connection is None:
            raise ConnectionResetError("The stand-in closed the connection, as it was told to.")
        if politely:
            connection.close()
        else:
            connection.abort()
        await self.until_gone()

    async def hang(self) -> None:
        """Say nothing until the client gives up."""
        if self._connection() is None:
            raise TimeoutError("The stand-in does not answer, as it was told to.")
        await self.until_gone()

    async def until_gone(self) -> None:
        """Wait until the connection is closed."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    def _connection(self) -> Connection | None:
        return cast("Connection | None", self.scope.get("extensions", {}).get(CONNECTION))


async def _refuse(play: _Play, fault: Fault) -> None:
    if CONNECTION not in play.scope.get("extensions", {}):
        raise ConnectionRefusedError("The stand-in refused the connection, as it was told to.")
    await play.hang_up()


async def _drop_before(play: _Play, fault: Fault) -> None:
    await play.hang_up()


async def _drop_after(play: _Play, fault: Fault) -> None:
    await play.run()
    await play.hang_up()


async def _half(play: _Play, fault: Fault) -> None:
    await play.deliver(await play.run(), part=0.5)
    await play.hang_up(politely=True)


async def _hang_before(play: _Play, fault: Fault) -> None:
    await play.hang()


async def _hang_after(play: _Play, fault: Fault) -> None:
    await play.run()
    await play.hang()


async def _too_many(play: _Play, fault: Fault) -> None:
    # The specification of search names its own code; the page of status codes the other.
    searching = play.scope["path"].endswith("/search")
    code = "RATE_LIMIT_EXCEEDED" if searching else "TOO_MANY_REQUESTS"
    text = "You have reached your daily API credit limit." if fault.params.get("credits") else None
    response = problem(429, code, text)
    if "retry_after" in fault.params:
        response.headers["Retry-After"] = str(fault.params["retry_after"])
    await play.respond(response)


def _broken(fault: Fault) -> Response:
    status = int(fault.params.get("status", 500))
    if fault.params.get("html"):
        return HTMLResponse(f"<!doctype html><title>{status}</title><h1>{status}</h1>", status)
    return problem(status, "INTERNAL_ERROR" if status == 500 else "SERVICE_UNAVAILABLE")


async def _broken_before(play: _Play, fault: Fault) -> None:
    await play.respond(_broken(fault))


async def _broken_after(play: _Play, fault: Fault) -> None:
    await play.run()
    await play.respond(_broken(fault))


async def _html(play: _Play, fault: Fault) -> None:
    if fault.params.get("commit"):
        await play.run()
    await play.respond(HTMLResponse(HTML))


async def _answer(play: _Play, fault: Fault) -> None:
    if fault.params.get("commit"):
        await play.run()
    status, body = int(fault.params.get("status", 200)), fault.params.get("body")
    if isinstance(body, str):
        await play.respond(HTMLResponse(body, status))
    else:
        await play.respond(Response(status_code=status) if body is None else answer(body, status))


async def _expired_token(play: _Play, fault: Fault) -> None:
    await play.respond(problem(401, "INVALID_TOKEN"))


async def _oversized(play: _Play, fault: Fault) -> None:
    await play.run()
    size = int(float(fault.params.get("mib", 8)) * 1024 * 1024)
    content = b'{"data":[' + b" " * size + b"]}"
    headers: dict[str, str] = {}
    if fault.params.get("gzip"):
        content, headers = gzip.compress(content, mtime=0), {"Content-Encoding": "gzip"}
    await play.respond(Response(content, 200, headers, media_type="application/json"))


async def _redirect(play: _Play, fault: Fault) -> None:
    location = str(fault.params.get("location", "http://127.0.0.1:9/elsewhere"))
    await play.respond(RedirectResponse(location, int(fault.params.get("status", 302))))


async def _throttle(play: _Play, fault: Fault) -> None:
    await play.respond(throttled(play.gate.world))


PLAYS: dict[str, Callable[[_Play, Fault], Awaitable[None]]] = {
    "refuse": _refuse,
    "drop-before": _drop_before,
    "drop-after": _drop_after,
    "half": _half,
    "hang-before": _hang_before,
    "hang-after": _hang_after,
    "429": _too_many,
    "5xx-before": _broken_before,
    "5xx-after": _broken_after,
    "html": _html,
    "answer": _answer,
    "expired-token": _expired_token,
    "oversized": _oversized,
    "redirect": _redirect,
    "throttle": _throttle,
}


async def _whole_body(receive: Receive) -> bytes | None:
    """Return the body; None if the client left before it was whole."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _collect(app: ASGIApp, scope: Scope, body: bytes) -> Answer:
    """Run *app* on a request whose body was read already, and return its answer instead of sending it."""
    answer = Answer(500, [], b"")

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal answer
        if message["type"] == "http.response.start":
            answer = Answer(message["status"], list(message["headers"]), b"")
        else:
            answer = replace(answer, body=answer.body + message.get("body", b""))

    await app(scope, receive, send)
    return answer


def _exchange(scope: Scope, body: bytes) -> Exchange:
    authorization = Headers(scope=scope).get("authorization", "")
    query: bytes = scope["query_string"]
    parsed, text = _parsed(scope, body), query.decode("latin-1")
    began = time.monotonic()
    return Exchange(scope["method"], scope["path"], text, parsed, authorization[-6:], [], began=began)


def _parsed(scope: Scope, body: bytes) -> Any:
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    if scope["path"].startswith("/oauth/"):
        return dict(parse_qsl(text))
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _http_date(moment: float) -> str:
    return formatdate(moment, usegmt=True)
