"""The line to Zoho: proxies, certificates, both hosts, and the clock that Zoho's answers tell."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
import time
from collections.abc import Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from zoho.commands.examination.report import Entry, judged, mend, told, well
from zoho.leads.sign_in_check import sign_in_findings
from zoho.wire.clean import clean_line
from zoho.wire.http import Deadlines, build_http_client
from zoho.wire.lean_httpx import httpx

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
_DEADLINES = Deadlines(connect=5.0, read=8.0, write=8.0, overall=12.0)
_HOST = re.compile(r"[A-Za-z0-9._:-]+", re.ASCII)
_NAMES = {"accounts_host": "Sign-in", "api_host": "API"}
_UNREADABLE = "an address that cannot be read"

_NETWORK = "See whether this host has a network and a DNS server; ask who runs it."
_OPENING = "Ask who runs the network for a way to it, or for a proxy (HTTPS_PROXY)."
_CERTIFICATES = (
    "Ask who runs the network for its certificate, and name the file by SSL_CERT_FILE; see the clock too."
)
_PROXY = "Correct the proxy variables (HTTPS_PROXY, ALL_PROXY), or take them out of the environment."


# What the environment says


def look_at_environment(environ: Mapping[str, str]) -> list[Entry]:
    """Return which proxies and certificates the environment names."""
    found = [_proxy(name, value) for name, value in _proxies(environ)]
    if not found:
        found = [told("proxy", "No proxy is set.")]
    found.append(_certificates(environ))
    if (unusable := _client_trouble()) is not None:
        found.append(unusable)
    return found


def _proxies(environ: Mapping[str, str]) -> Generator[tuple[str, str]]:
    for name in _PROXIES:
        # The small one counts (urllib.request.getproxies).
        for variable in (name.lower(), name):
            if environ.get(variable):
                yield variable, environ[variable]
                break


def _proxy(variable: str, value: str) -> Entry:
    if variable.upper() == "NO_PROXY":
        return told("proxy", f"{variable} is set: some hosts are reached without a proxy.", variable=variable)
    shown = without_credentials(value)
    return told("proxy", f"{variable}: {shown or _UNREADABLE}.", variable=variable, address=shown)


def without_credentials(url: str) -> str | None:
    """Return scheme, host and port of *url*; None where it cannot be told for sure what is a password."""
    whole = url.strip() if "://" in url else f"http://{url.strip()}"
    with suppress(ValueError):
        parts = urlsplit(whole)
        host, port = parts.hostname or "", parts.port
        rest = whole.split("://", 1)[1].removeprefix(parts.netloc)
        if "@" not in rest and parts.scheme.isalnum() and _HOST.fullmatch(host):
            return f"{parts.scheme}://{host}{f':{port}' if port else ''}"
    return None


def _certificates(environ: Mapping[str, str]) -> Entry:
    for variable, is_usable in (("SSL_CERT_FILE", _holds_certificates), ("SSL_CERT_DIR", os.path.isdir)):
        if place := environ.get(variable):
            shown = clean_line(place)
            if is_usable(place):
                return well("certificates", f"Certificates: {variable}={shown}.", source=variable)
            what = f"Certificates: {variable} names {shown}, which cannot be used."
            return mend(
                "certificates", what, "Correct it, or take it out of the environment.", source=variable
            )
    return well("certificates", "Certificates: this host's own.", source="host")


def _holds_certificates(file: str) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except OSError:  # ssl.SSLError is one: there is no certificate in it
        return False
    return True


def _client_trouble() -> Entry | None:
    try:
        client = build_http_client(deadlines=_DEADLINES)
    except (ValueError, ImportError, OSError, httpx.InvalidURL):  # their texts hold the address
        return mend("http", "The proxy that the environment names cannot be used.", _PROXY, blocks=True)
    del client
    return None


# The hosts


@dataclass(slots=True)
class Probe:
    """How a host answered.

    Args:
        entry: in words.
        clock_offset: seconds that its clock is ahead of this machine's; None where it told nothing.
    """

    entry: Entry
    clock_offset: float | None = None


async def look_at_hosts(accounts: str, api: str, *, accounts_needed: bool) -> list[Entry]:
    """Ask both hosts for anything at all, and compare the clocks.

    Args:
        accounts: origin of the accounts server.
        api: origin of the API.
        accounts_needed: no lead can be sent without a new token.
    """
    async with build_http_client(deadlines=_DEADLINES) as http:
        probes = await asyncio.gather(
            _probe(http, "accounts_host", accounts, blocks=accounts_needed),
            _probe(http, "api_host", api, blocks=True),
        )
    offset = next((one.clock_offset for one in reversed(probes) if one.clock_offset is not None), None)
    found = [one.entry for one in probes]
    if offset is not None:
        found.append(clock(offset))
    return found


def clock(offset: float) -> Entry:
    """Return how far this machine's clock is from Zoho's, which is *offset* seconds ahead."""
    for finding in sign_in_findings(scope=None, clock_offset=offset):
        return judged("clock", finding)
    # The header tells whole seconds.
    what = f"This computer's clock agrees with Zoho's to {max(1, round(abs(offset)))} s."
    return well("clock", what, seconds_behind=round(offset))


@dataclass(slots=True)
class _Watch:
    """How long the parts of one request took, told by httpcore's ``trace`` extension."""

    began: dict[str, float] = field(default_factory=dict[str, float])
    took: dict[str, int] = field(default_factory=dict[str, int])

    async def __call__(self, event: str, _: Any) -> None:
        part, _, step = event.rpartition(".")
        part = part.rpartition(".")[2]
        now = time.monotonic()
        if step == "started":
            self.began[part] = now
        elif step == "complete" and part in self.began:
            self.took[part] = round((now - self.began[part]) * 1000)


async def _probe(http: httpx.AsyncClient, name: str, origin: str, *, blocks: bool) -> Probe:
    host = origin.partition("://")[2]
    watch, began = _Watch(), time.monotonic()
    try:
        async with asyncio.timeout(_DEADLINES.overall):
            response = await http.head(f"{origin}/", extensions={"trace": watch})
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        what, step = _why(error, host)
        return Probe(mend(name, what, step, blocks=blocks, host=host, code=type(error).__name__))
    took = round((time.monotonic() - began) * 1000)
    connect, tls = watch.took.get("connect_tcp"), watch.took.get("start_tls")
    parts = [f"connected in {connect} ms" if connect is not None else "", f"TLS {tls} ms" if tls else ""]
    inside = ", ".join(part for part in parts if part)
    what = f"{_NAMES[name]}: {host} answers in {took} ms{f' ({inside})' if inside else ''}."
    entry = well(name, what, host=host, ms=took, connect_ms=connect, tls_ms=tls)
    return Probe(entry, _offset(response))


def _offset(response: httpx.Response) -> float | None:
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None


def _why(error: Exception, host: str) -> tuple[str, str]:
    """Return in words why *host* could not be asked, and the next step; never an error's own text."""
    causes = list(_causes(error))

    def met(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if met(socket.gaierror):
        return f"The name {host}, or its proxy's, is not known here (DNS).", _NETWORK
    if met(ssl.SSLCertVerificationError):
        return f"{host} does not show a certificate that this host trusts (TLS).", _CERTIFICATES
    if met(ssl.SSLError):
        return f"{host}, or something in between, breaks the connection off (TLS).", _OPENING
    if met(httpx.ProxyError):
        return f"The proxy does not let us through to {host}.", _PROXY
    if met(ConnectionRefusedError):
        return f"{host}, or its proxy, refuses the connection.", _OPENING
    if met(httpx.TimeoutException, TimeoutError):
        return f"{host} does not answer in time.", _OPENING
    return f"{host} cannot be reached.", _NETWORK


def _causes(error: BaseException | None) -> Generator[BaseException]:
    for _ in range(12):
        if error is None:
            return
        yield error
        if isinstance(error, BaseExceptionGroup):
            yield from error.exceptions  # type: ignore[misc] - of exceptions, whatever they are
        error = error.__cause__ or error.__context__
