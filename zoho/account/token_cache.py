"""The access token between runs, shared by all processes of the user, with what Zoho has counted so far.

Zoho gives at most ten access tokens per refresh token in ten minutes, then none for the rest of that window,
and lets only the newest ten or fifteen live ("token-limits" page of Zoho's Accounts documentation,
"token-validity" of CRM v8): so the token, and the times of the refreshes, stand in one file for everybody.

What somebody else may have put in the file's place is refused. What cannot be read for another reason counts
as empty: that costs one refresh.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoho.account.files import (
    NOT_PRIVATE,
    check_private_file,
    check_private_folder,
    private_folder,
    read_private,
    remove_leftovers,
    write_atomically,
)
from zoho.account.locks import file_lock
from zoho.wire.errors import StorageError
from zoho.wire.shapes import as_list, as_object, as_text

if TYPE_CHECKING:
    from pydantic import SecretStr

_log = logging.getLogger("zoho.account")

EXPIRY_MARGIN = 60.0
"""Seconds before its expiry from which a token is no longer used."""

_REFRESH_PATIENCE = 90.0
"""Seconds to wait for another process that refreshes; longer than a token request may take."""

_WRITE_PATIENCE = 10.0
_KEPT_IDENTITIES = 8
_KEPT_DEAD = 32
_KEPT_REFRESHES = 64
_OF_A_TOKEN = ("access_token", "expires_at", "api_domain", "scope", "issued_at")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token for the API.

    Args:
        secret: the token.
        expires_at: seconds since the epoch; None for a seed, a token given from outside, of unknown age.
        api_domain: the API host that came with it, if one did.
        scope: the scopes that Zoho listed with it, or with one before it; None, it listed none.
        issued_at: when Zoho gave it, in seconds since the epoch; None where nobody noted it.
    """

    secret: SecretStr = field(repr=False)
    expires_at: float | None = None
    api_domain: str | None = None
    scope: str | None = None
    issued_at: float | None = None

    def is_expired(self, now: float, *, margin: float = EXPIRY_MARGIN) -> bool:
        """Is it, at *now* (seconds since the epoch), expired or within *margin* seconds of it?

        A seed never is: only Zoho's 401 tells.
        """
        return self.expires_at is not None and now >= self.expires_at - margin


def token_identity(client_id: str | None, refresh_token: SecretStr | None) -> str:
    """Return the name under which the tokens of this client and refresh token are kept.

    A digest: nothing of either can be read from it.
    """
    refresh = refresh_token.get_secret_value() if refresh_token is not None else ""
    # As JSON, so that no two pairs run together into one text.
    return _digest("identity", json.dumps([client_id or "", refresh]))


class TokenCache:
    """The tokens of one client and refresh token, in a file that all of the user's processes share.

    Every change reads the file again under a short lock of its own, so that none is lost; `lock` is another,
    for whoever refreshes. A file that cannot be read counts as empty. A symbolic link or another user's file
    in its place, or a folder that others may use, is refused by every method (`StorageError`).

    Args:
        path: the file; its folder is made, for the user alone.
        identity: whose tokens (`token_identity`); those of others in the file stay, and are not used.
        clock: the time in seconds since the epoch.
    """

    def __init__(self, path: Path, *, identity: str, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._identity = identity
        self._clock = clock

    def load(self) -> AccessToken | None:
        """Return the cached token; None if there is none, it expires within a minute, or it is dead."""
        return self._usable(self._entry())

    def best(self, seed: SecretStr | None) -> AccessToken | None:
        """Return the token to use now: the cached one, else *seed*, else None.

        A cached token, even an expired one, is newer than *seed*, which is then not used; nor is a seed that
        was marked dead.
        """
        entry = self._entry()
        if _stored_token(entry) is not None:
            return self._usable(entry)
        if seed is None or not seed.get_secret_value() or _is_dead(entry, seed):
            return None
        return AccessToken(seed)

    def store(self, token: AccessToken) -> None:
        """Keep *token* as the newest.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._changing() as entry:
            values = (
                token.secret.get_secret_value(),
                token.expires_at,
                token.api_domain,
                token.scope,
                token.issued_at,
            )
            entry.update(zip(_OF_A_TOKEN, values, strict=True))

    def mark_dead(self, token: AccessToken) -> None:
        """Remember that Zoho refused *token* (401), so that no later run tries it again.

        Raises:
            StorageError: the file cannot be written.
        """
        digest = _dead_digest(token.secret)
        with self._changing() as entry:
            dead = [one for one in as_list(entry.get("dead")) if one != digest]
            entry["dead"] = [*dead, digest][-_KEPT_DEAD:]

    def is_dead(self, token: AccessToken) -> bool:
        """Was *token* marked dead, by this process or another?"""
        return _is_dead(self._entry(), token.secret)

    def forget(self) -> None:
        """Drop the cached token; what Zoho has counted and what is dead stay known.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._changing() as entry:
            for key in _OF_A_TOKEN:
                entry.pop(key, None)

    def record_refresh(self, at: float) -> None:
        """Note that Zoho was asked for a token at *at*, in seconds since the epoch.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._changing() as entry:
            entry["refreshes"] = [*_times(entry), at][-_KEPT_REFRESHES:]

    def settle_refresh(self, at: float, used: int) -> None:
        """Put right what `record_refresh` noted at *at*, now that its end is known: it used *used* of them.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._changing() as entry:
            others = _times(entry)
            if at in others:
                others.remove(at)
            entry["refreshes"] = [*others, *[self._clock()] * used][-_KEPT_REFRESHES:]

    def refreshes_since(self, seconds: float) -> int:
        """Return how often Zoho was asked for a token in the last *seconds*, by all processes."""
        return len(self._refreshes_around(seconds))

    def wait_for_refresh(self, *, allowed: int, seconds: float) -> float:
        """Return how many seconds it takes until fewer than *allowed* refreshes count; 0, it is so now.

        Args:
            allowed: refreshes in a window, by all processes.
            seconds: length of the window.
        """
        counted = self._refreshes_around(seconds)
        if len(counted) < allowed:
            return 0.0
        return counted[len(counted) - allowed] + seconds - self._clock()

    def scope(self) -> str | None:
        """Return the scopes that Zoho listed with the newest token; None, it listed none."""
        return as_text(self._entry().get("scope"))

    def _refreshes_around(self, seconds: float) -> list[float]:
        """Return the times that count, oldest first.

        Where the clock was put back, times lie in the future: they count too, since any of them may have been
        a moment ago, but not those that are farther away than the window, or a clock that was a day wrong
        would keep everybody waiting for a day. Where it was put forward, a refresh is forgotten too early:
        that is one reason why fewer are allowed than Zoho allows.
        """
        now = self._clock()
        return sorted(at for at in _times(self._entry()) if now - seconds < at < now + seconds)

    def lock(self, *, timeout: float = _REFRESH_PATIENCE) -> AbstractContextManager[None]:
        """Return a lock that one process at a time holds while it refreshes.

        After it is entered, `load` once more: another process may have done the work. Entering blocks, so
        a coroutine enters it in a thread; it may be left in another. The cache's other methods do not take
        it.

        Args:
            timeout: seconds to wait for another holder.

        Raises:
            StorageError: on entering, if it cannot be had.
        """
        return self._locked("refresh.lock", timeout)

    def _usable(self, entry: dict[str, Any]) -> AccessToken | None:
        token = _stored_token(entry)
        if token is None or token.is_expired(self._clock()) or _is_dead(entry, token.secret):
            return None
        return token

    @contextmanager
    def _locked(self, suffix: str, timeout: float) -> Generator[None]:
        private_folder(self._path.parent)
        path = self._path.with_name(f"{self._path.name}.{suffix}")
        check_private_file(path)
        with file_lock(path, timeout=timeout):
            yield

    @contextmanager
    def _changing(self) -> Generator[dict[str, Any]]:
        with self._locked("lock", _WRITE_PATIENCE):
            remove_leftovers(self._path)
            entries = self._entries()
            # Taken out and put back at the end: the last ones are the ones last used.
            entry = dict(as_object(entries.pop(self._identity, None)))
            yield entry
            entries[self._identity] = entry
            kept = dict(list(entries.items())[-_KEPT_IDENTITIES:])
            write_atomically(self._path, json.dumps({"version": 1, "tokens": kept}).encode())

    def _entries(self) -> dict[str, Any]:
        check_private_folder(self._path.parent)
        try:
            data = read_private(self._path)
            return dict(as_object(as_object(json.loads(data)).get("tokens"))) if data is not None else {}
        except (StorageError, ValueError, RecursionError) as error:
            if isinstance(error, StorageError) and error.code == NOT_PRIVATE:
                raise
            # The type alone: the text of a decoding error holds the document.
            _log.warning("token cache %s is unreadable, so empty (%s)", self._path, type(error).__name__)
            return {}

    def _entry(self) -> dict[str, Any]:
        return dict(as_object(self._entries().get(self._identity)))


def _stored_token(entry: dict[str, Any]) -> AccessToken | None:
    from pydantic import SecretStr

    secret, expires_at = as_text(entry.get("access_token")), entry.get("expires_at")
    if secret is None or not _is_time(expires_at):
        return None
    issued_at = entry.get("issued_at")
    return AccessToken(
        SecretStr(secret),
        expires_at,
        as_text(entry.get("api_domain")),
        as_text(entry.get("scope")),
        issued_at if _is_time(issued_at) else None,
    )


def _is_time(value: Any) -> bool:
    # The bounds also keep out NaN, which would make a token that never expires.
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12


def _times(entry: dict[str, Any]) -> list[float]:
    return [at for at in as_list(entry.get("refreshes")) if _is_time(at)]


def _is_dead(entry: dict[str, Any], secret: SecretStr) -> bool:
    return _dead_digest(secret) in as_list(entry.get("dead"))


def _dead_digest(secret: SecretStr) -> str:
    return _digest("dead token", secret.get_secret_value())


def _digest(purpose: str, text: str) -> str:
    return hashlib.sha256(f"zoho-leads {purpose}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()
