"""Keeping what a sign-in has fetched, and giving back what it replaces."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from pydantic import SecretStr

from zoho.account.sign_in_place import SignInPlace
from zoho.api.sign_in_end import Revoked, SignedIn, revoke
from zoho.api.sign_in_host import AccountsHost
from zoho.wire.errors import StorageError, ZohoError

_log = logging.getLogger("zoho.api")

T = TypeVar("T")


async def keep_sign_in(
    host: AccountsHost,
    place: SignInPlace,
    got: SignedIn,
    *,
    client_id: str,
    at: float,
    typed: Mapping[str, str | SecretStr] | None = None,
    fetched: bool = True,
    on_kept: Callable[[], None] = lambda: None,
) -> Revoked | ZohoError | None:
    """Write a sign-in down at once, then revoke the one that it replaces, also if it is cancelled meanwhile.

    Args:
        host: the network.
        place: where it is kept; it was probed before.
        got: the sign-in.
        client_id: whose it is.
        at: when it was fetched, in seconds since the epoch.
        typed: client id and secret, as far as they are to be kept too.
        fetched: whether the refresh token was made for this; one that was pasted is not given back.
        on_kept: is called when it is written down.

    Returns:
        What became of the replaced refresh token: an error stops nothing. None, nothing was replaced.

    Raises:
        ConfigError: the file was broken meanwhile; the refresh token was given back.
        StorageError: it cannot be written; the refresh token was given back.
    """
    return await _to_the_end(
        _kept(
            host, place, got, client_id=client_id, at=at, typed=typed or {}, fetched=fetched, on_kept=on_kept
        )
    )


async def _kept(
    host: AccountsHost,
    place: SignInPlace,
    got: SignedIn,
    *,
    client_id: str,
    at: float,
    typed: Mapping[str, str | SecretStr],
    fetched: bool,
    on_kept: Callable[[], None],
) -> Revoked | ZohoError | None:
    try:
        # In a thread: files are locked and flushed, and a screen may be waiting.
        await asyncio.to_thread(
            place.keep, got.refresh_token, got.access, got.center, client_id=client_id, typed=typed, at=at
        )
    except ZohoError as error:
        failure = error
    else:
        on_kept()
        return await _revoke_replaced(host, place, got, client_id)
    if fetched:
        await revoke(host, got.accounts_url, got.refresh_token)
    raise failure


async def _revoke_replaced(
    host: AccountsHost, place: SignInPlace, got: SignedIn, client_id: str
) -> Revoked | ZohoError | None:
    old = place.replaced_by(client_id, got.refresh_token)
    if old is None:
        return None
    said = await revoke(host, old.accounts_url, old.refresh_token)
    try:
        place.forget_tokens_of(old.refresh_token)
    except StorageError as error:  # it ends by itself within the hour
        _log.warning("The access token of the earlier sign-in stays in the cache: %s", error)
    return said


async def _to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Do *work* also if we are cancelled: nobody would find a token again that is revoked only half."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
