"""Asking an accounts host: a form in the body, never a query, and an answer that is read by its body."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import SecretStr

from zoho.account.data_centers import DATA_CENTERS, DataCenter
from zoho.api.answers import decode_body
from zoho.api.calls import Call, logged
from zoho.api.transport import BEFORE_SENDING, transport_error
from zoho.wire.errors import NotReached, OutcomeUnknown, ZohoError
from zoho.wire.lean_httpx import httpx
from zoho.wire.shapes import as_object, as_text

_DEADLINE = 25.0
"""Seconds for one request, whole."""

Form = Mapping[str, "str | SecretStr"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: HTTP status and decoded body, None where it is no JSON. It may hold a secret."""

    status: int
    body: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The client that is registered in Zoho's API console."""

    client_id: str
    client_secret: SecretStr

    @property
    def form(self) -> dict[str, str | SecretStr]:
        """Both as a token request takes them."""
        return {"client_id": self.client_id, "client_secret": self.client_secret}


@dataclass(frozen=True, slots=True)
class SignInHosts:
    """Where a sign-in begins and where it may go on.

    Args:
        center: the data centre that the client is registered in.
        accounts_url: its accounts host, or the one that is configured instead of it.
        allow_loopback: this machine may play Zoho.
        centers: the closed table of data centres.
    """

    center: DataCenter
    accounts_url: str
    allow_loopback: bool = False
    centers: Mapping[str, DataCenter] = field(default_factory=lambda: DATA_CENTERS)


class AccountsHost(Protocol):
    """What a sign-in needs of the network."""

    async def post(self, accounts_url: str, path: str, form: Form) -> Reply:
        """Send *form* and return the answer, whatever it says.

        Raises:
            NotReached: it certainly did not arrive.
            OutcomeUnknown: it may have arrived.
        """
        ...


class HttpAccountsHost:
    """The accounts hosts over HTTP.

    Args:
        http: `zoho.wire.http.build_http_client`.
        on_call: is told each request: no form, no answer.
    """

    def __init__(self, http: httpx.AsyncClient, *, on_call: Callable[[Call], None] | None = None) -> None:
        self._http = http
        self._told = logged(on_call)

    async def post(self, accounts_url: str, path: str, form: Form) -> Reply:
        """Send *form* once."""
        began = time.monotonic()
        status: int | None = None
        code = ""
        outcome: Reply | ZohoError
        try:
            async with asyncio.timeout(_DEADLINE):
                response = await self._http.post(accounts_url + path, data=_plain(form))
            status = response.status_code
            outcome = Reply(status, decode_body(response.content))
            code = as_text(as_object(outcome.body).get("error")) or ""
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            outcome = _line_error(error)
            code = outcome.code
        self._told(Call("POST", path, status, code[:40], (time.monotonic() - began) * 1000))
        if isinstance(outcome, ZohoError):
            # Raised here and not where it was caught: the frames of httpx's own error hold the form.
            raise outcome
        return outcome


def _plain(form: Form) -> dict[str, str]:
    return {
        key: value.get_secret_value() if isinstance(value, SecretStr) else value
        for key, value in form.items()
    }


def _line_error(error: Exception) -> ZohoError:
    code = transport_error(error).code
    if code in BEFORE_SENDING:
        return NotReached(
            "Zoho's sign-in server cannot be reached from here.",
            next_step="See that the line, the proxy and the data centre are right, then sign in again.",
            code=code,
        )
    return OutcomeUnknown(
        "The line broke before Zoho's sign-in server answered.",
        next_step="Sign in again; a grant code that was already sent may be used up, so make another one.",
        code=code,
    )
