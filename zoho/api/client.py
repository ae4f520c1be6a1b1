"""The client: Zoho's calls as methods, each answer as a model, each failure as an error of our tree."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import stamina
from pydantic import SecretStr

from zoho.account.config import Config, load_config, save_config
from zoho.account.paths import Paths, default_paths
from zoho.account.token_cache import TokenCache, token_identity
from zoho.account.unlock import unlock_here
from zoho.api.answers import (
    Answer,
    RecordCreated,
    RecordResult,
    decode_body,
    error_of,
    read_created,
)
from zoho.api.auth import ZohoAuth
from zoho.api.bin import BinCalls
from zoho.api.calls import Call, logged
from zoho.api.metadata import MetadataCalls, identity
from zoho.api.models import Record, read_list
from zoho.api.related import RelatedCalls, id_of, watched
from zoho.api.tokens import Credentials, TokenSource, clock_offset_of
from zoho.api.transport import transport_error
from zoho.wire.errors import NotReached, OutcomeUnknown, ZohoError
from zoho.wire.http import Deadlines, build_http_client
from zoho.wire.lean_httpx import httpx

_log = logging.getLogger("zoho.api")

_SEARCHED = "id,First_Name,Last_Name,Company,Email,Phone,Mobile,Lead_Status,Owner,Created_Time"

# What each call needs (v8 Scopes, and the security blocks of the OpenAPI descriptions).
_CREATE = "ZohoCRM.modules.leads.CREATE"
_READ = "ZohoCRM.modules.leads.READ"
_SEARCH = f"{_READ} or ZohoSearch.securesearch.READ"
_LARGE = 128 * 1024
"""Bytes of a body from which it is decoded in a thread: 1.3 MB of layouts took 50 ms, and keys would wait."""

_COQL = f"ZohoCRM.coql.READ or {_READ}"
_NOTE = f"ZohoCRM.modules.notes.CREATE or {_READ}"


@dataclass(frozen=True, slots=True)
class CreditsSeen:
    """How many API credits the org had left, and when that was told, in seconds since the epoch."""

    remaining: int
    at: float


class ZohoClient(MetadataCalls, RelatedCalls, BinCalls):
    """Zoho CRM v8, as far as leads need it. Use it as an async context manager.

    Args:
        http: the HTTP client; it is closed with this one.
        tokens: where access tokens come from.
        api_url: origin of the API; None, the one that the token answer names (else the data centre's).
        source: value for ``Lead_Source`` of leads that have none.
        features: what Zoho shall check of new leads besides (v8 Insert Records, ``apply_feature_execution``).
        deadlines: time limits; ``overall`` is kept here.
        on_call: is told each exchange, the token requests too.
        clock: seconds since the epoch.
    """

    def __init__(
        self,
        *,
        http: httpx.AsyncClient,
        tokens: TokenSource,
        api_url: str | None,
        source: str,
        features: Sequence[str] = (),
        deadlines: Deadlines | None = None,
        on_call: Callable[[Call], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._api_url = api_url
        self._source = source
        self._features = tuple(features)
        self._deadlines = deadlines or Deadlines()
        self._told = logged(on_call)
        self._clock = clock
        self._clock_offset: float | None = None
        self._credits: CreditsSeen | None = None

    @classmethod
    def from_config(
        cls,
        config: Config | None = None,
        *,
        paths: Paths | None = None,
        config_file: Path | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        deadlines: Deadlines | None = None,
        on_call: Callable[[Call], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> Self:
        """Return a client for the configuration of this user (``zoho_config.json``, environment).

        Helper commands and the keyring are asked for what the configuration awaits, which takes a while.

        Args:
            config: the configuration; by default it is loaded.
            paths: where the token cache lies; by default this user's folders.
            config_file: another ``zoho_config.json``.
            transport: for tests and the stand-in.
            deadlines: time limits.
            on_call: is told each exchange.
            clock: seconds since the epoch.

        Raises:
            ConfigError: if the configuration cannot work.
            SecretLocked: if a secret is not to be had now.
        """
        places = paths or default_paths()
        settings = unlock_here(config or load_config(config_file=config_file, paths=places), os.environ)
        http = build_http_client(deadlines=deadlines, transport=transport)
        tokens = TokenSource(
            http=http,
            credentials=Credentials(
                center=settings.center,
                accounts_url=settings.accounts_base,
                client_id=settings.client_id,
                client_secret=settings.client_secret,
                refresh_token=settings.refresh_token,
                seed=settings.access_token,
                allow_loopback=settings.allow_loopback,
            ),
            cache=TokenCache(
                places.token_cache,
                identity=token_identity(settings.client_id, settings.refresh_token),
                clock=clock,
            ),
            on_new=_write_back(settings),
            on_call=on_call,
            clock=clock,
        )
        return cls(
            http=http,
            tokens=tokens,
            api_url=settings.api_url if settings.api_domain is not None else None,
            source=settings.source,
            features=settings.apply_feature_execution,
            deadlines=deadlines,
            on_call=on_call,
            clock=clock,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    @property
    def clock_offset(self) -> float | None:
        """How many seconds Zoho's clock is ahead of this machine's, by the last answer's ``Date`` header.

        The accounts server's where the API has not answered. None before the first answer.
        """
        return self._clock_offset if self._clock_offset is not None else self._tokens.clock_offset

    @property
    def credits_seen(self) -> CreditsSeen | None:
        """The API credits that an answer told last, by its ``X-API-CREDITS-REMAINING`` header.

        Zoho sends it only once half of the day's credits are used (v8 API Limits). None, none did.
        """
        return self._credits

    @property
    def scope(self) -> str | None:
        """The scopes of the token as Zoho listed them; None before the first call, and where it did not."""
        return self._tokens.scope

    # Leads

    async def create_lead(self, values: Mapping[str, Any]) -> str:
        """Create one lead and return its id. ``Lead_Source`` is added if *values* has none.

        It is sent once: after `OutcomeUnknown` the lead may or may not stand in Zoho. The outbox
        (`zoho.outbox`) is the way to have it exactly once.

        Args:
            values: field API names and values, as Zoho takes them.

        Raises:
            RecordRejected: Zoho refused the lead; ``faults`` tell the fields.
            ZohoError: any other failure; ``resend`` tells whether it may be sent again.
        """
        result = (await self.create_leads([{"Lead_Source": self._source, **values}]))[0]
        if isinstance(result, RecordCreated):
            return result.id
        raise result

    async def create_leads(
        self, records: Sequence[Mapping[str, Any]], *, before_sending: Callable[[], None] | None = None
    ) -> list[RecordResult]:
        """Insert 1 to 100 records as they are and return what became of each, in order.

        Source: v8 Insert Records. Insert, never upsert: Zoho's upsert matches on ``Email`` by default and
        would overwrite a colleague's lead.

        Args:
            records: as Zoho takes them.
            before_sending: is called when the connection stands, right before the first byte leaves; if it
                raises, nothing leaves.

        Raises:
            ZohoError: the request failed as a whole; ``resend`` tells whether it may be sent again.
        """
        if not 1 <= len(records) <= 100:
            raise ValueError("Zoho takes 1 to 100 records in a request")
        body: dict[str, Any] = {"data": [dict(item) for item in records]}
        if self._features:
            body["apply_feature_execution"] = [{"name": name} for name in self._features]
        trace = watched(before_sending)
        answer = await self._exchange("POST", "/crm/v8/Leads", scope=_CREATE, json=body, **trace)
        return read_created(answer, len(records))

    async def get_lead(self, lead_id: str) -> Record | None:
        """Return the lead with every field, or None where there is none that this user may see."""
        answer = await self._read("GET", f"/crm/v8/Leads/{identity(lead_id)}", scope=_READ)
        found = read_list(answer, "data", Record)
        return found[0] if found else None

    async def search_leads(
        self,
        *,
        email: str | None = None,
        phone: str | None = None,
        criteria: str | None = None,
        word: str | None = None,
        converted: str = "both",
    ) -> list[Record]:
        """Search by one of e-mail, phone, criteria or word. None found is an empty list.

        Zoho's index lags behind creation and is fuzzy (``equals`` means *contains*): compare again on
        this side. ``converted`` is true, false or both (Zoho's own default hides converted leads).
        """
        asked = {"criteria": criteria, "email": email, "phone": phone, "word": word}
        query = {key: value for key, value in asked.items() if value}
        if len(query) != 1:
            raise ValueError("search by exactly one of email, phone, criteria, word")
        query |= {"converted": converted, "fields": _SEARCHED}
        answer = await self._read("GET", "/crm/v8/Leads/search", scope=_SEARCH, params=query)
        return read_list(answer, "data", Record)

    async def coql(self, query: str) -> list[Record]:
        """Run a COQL query (v8 Query API); none found is an empty list. COQL does not lag as search does."""
        body = {"select_query": query}
        answer = await self._read("POST", "/crm/v8/coql", scope=_COQL, json=body)
        return read_list(answer, "data", Record)

    async def look(self, query: str) -> list[Record]:
        """Run a COQL query as `coql` does, but once: nobody waits for it, and each call is one of few."""
        answer = await self._exchange("POST", "/crm/v8/coql", scope=_COQL, json={"select_query": query})
        return read_list(answer, "data", Record)

    async def create_note(self, lead_id: str, *, title: str, content: str) -> str:
        """Add a note to a lead and return its id (title up to 120, content up to 65,535 characters)."""
        body = {"data": [{"Note_Title": title, "Note_Content": content}]}
        path = f"/crm/v8/Leads/{identity(lead_id)}/Notes"
        answer = await self._exchange("POST", path, scope=_NOTE, json=body)
        return id_of(read_created(answer, 1)[0])

    async def update_record(self, module: str, record_id: str, values: Mapping[str, Any]) -> None:
        """Change some values of a record; what is not among *values* stays (v8 Update Records).

        It may be sent again: the same values stand there afterwards.

        Raises:
            RecordRejected: Zoho refused them; ``faults`` tell the fields.
            ZohoError: any other failure.
        """
        path = f"/crm/v8/{module}/{identity(record_id)}"
        scope = f"ZohoCRM.modules.{module.lower()}.UPDATE"
        answer = await self._exchange("PUT", path, scope=scope, json={"data": [dict(values)]})
        result = read_created(answer, 1)[0]
        if not isinstance(result, RecordCreated):
            raise result

    async def get_record(self, module: str, record_id: str) -> Record | None:
        """Return a record with every field, or None where there is none that this user may see."""
        path = f"/crm/v8/{module}/{identity(record_id)}"
        answer = await self._read("GET", path, scope=f"ZohoCRM.modules.{module.lower()}.READ")
        found = read_list(answer, "data", Record)
        return found[0] if found else None

    # Exchanges

    async def _read(self, method: str, path: str, *, scope: str, **request: Any) -> Answer:
        """Exchange that changes nothing in Zoho, so that it may be repeated when the line breaks."""
        await self._tokens.current()  # not repeated: tokens are counted
        async for attempt in stamina.retry_context(
            on=(NotReached, OutcomeUnknown), attempts=3, wait_initial=0.2
        ):
            with attempt:
                answer = await self._exchange(method, path, scope=scope, **request)
                if answer.status >= 500:
                    raise error_of(answer)
                return answer
        raise AssertionError("stamina gives at least one attempt")

    async def _exchange(self, method: str, path: str, *, scope: str, **request: Any) -> Answer:
        """Send one request, once (again after a 401), and return its answer whatever it says.

        Args:
            method: HTTP method.
            path: path on the API's origin.
            scope: the OAuth scope that it needs, for the message when it is missing.
            request: what httpx takes.

        Raises:
            ZohoError: no answer came, or no token could be had.
        """
        # Before the deadline begins: a slow sign-in must not make a lead's fate unclear.
        await self._tokens.current()
        auth = ZohoAuth(self._tokens, on_refused=self._told)
        status: int | None = None
        code = "cancelled"
        try:
            response = await self._send(method, path, auth, request)
            body = await _decoded(response.content)
            answer = Answer(response.status_code, body, dict(response.headers), scope)
            status, code = answer.status, answer.code
            return answer
        except ZohoError as error:
            code = error.code
            raise
        finally:
            if auth.in_flight:
                self._told(Call(method, path, status, code, (time.monotonic() - auth.began) * 1000))

    async def _send(
        self, method: str, path: str, auth: ZohoAuth, request: Mapping[str, Any]
    ) -> httpx.Response:
        url = f"{self._api_url or self._tokens.api_url}{path}"
        if self._http.is_closed:
            raise NotReached(
                "The connection to Zoho was made anew meanwhile.",
                next_step="Try again.",
                code="client_closed",
            )
        try:
            async with asyncio.timeout(self._deadlines.overall):
                response = await self._http.request(method, url, auth=auth, **request)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            failure = transport_error(error, in_flight=auth.in_flight)
        else:
            self._note(response)
            return response
        # Raised here and not where it was caught: the frames of httpx's own error hold the token.
        raise failure

    def _note(self, response: httpx.Response) -> None:
        offset = clock_offset_of(response, self._clock())
        if offset is not None:
            self._clock_offset = offset
        told = response.headers.get("x-api-credits-remaining", "")
        if told.isascii() and told.isdigit() and len(told) < 12:
            self._credits = CreditsSeen(int(told), self._clock())


async def _decoded(content: bytes) -> Any:
    return await asyncio.to_thread(decode_body, content) if len(content) > _LARGE else decode_body(content)


def _write_back(config: Config) -> Callable[[SecretStr], None] | None:
    """Return what keeps the newest access token in ``zoho_config.json``, where the user switched that on."""
    file = config.config_file
    if not config.save_access_token or file is None:
        return None

    def write(token: SecretStr) -> None:
        try:
            save_config(file, {"access_token": token})
        except ZohoError as error:  # the token is good all the same, and stands in the cache
            _log.warning("The access token could not be written back: %s", error)

    return write
