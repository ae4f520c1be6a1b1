"""The tokens that the stand-in's accounts server has given out, and its limits.

Limits as documented ("OAuth token limits" of Zoho Accounts, "Token validity" of CRM v8): an access token
lives an hour; a refresh token gets at most 10 access tokens per 10 minutes, and has at most 10 alive, the
oldest of which dies silently; a user has at most 20 refresh tokens of a client, and the 21st silently ends
the oldest; a grant code of a Self Client lives three minutes unless another time was chosen.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

PER_WINDOW = 10
WINDOW = 600.0
ALIVE = 10
REFRESH_TOKENS = 20
CODE_LIFE = 180.0


class Throttled(Exception):
    """Too many access tokens were asked for."""


@dataclass(slots=True)
class _Grant:
    """One refresh token: its access tokens with their ends of life, when they were asked for, its scopes."""

    scope: str | None = None
    alive: dict[str, float] = field(default_factory=dict[str, float])
    asked: list[float] = field(default_factory=list[float])


class Tokens:
    """Refresh tokens, access tokens and grant codes of one client.

    Args:
        refresh_token: the refresh token that exists from the start.
        clock: seconds since the epoch.
        life: how long an access token lives, in seconds.
    """

    def __init__(self, refresh_token: str, clock: Callable[[], float], life: float = 3600.0) -> None:
        self.life = life
        self._clock = clock
        self._grants = {refresh_token: _Grant()}
        self._codes: dict[str, tuple[float, str | None]] = {}

    def knows_refresh(self, refresh_token: str) -> bool:
        """Is that refresh token alive?"""
        return refresh_token in self._grants

    def refresh(self, refresh_token: str) -> str:
        """Give out an access token under the limits.

        Raises:
            Throttled: the 11th in ten minutes.
        """
        grant, now = self._grants[refresh_token], self._clock()
        grant.asked = [moment for moment in grant.asked if moment > now - WINDOW]
        if len(grant.asked) >= PER_WINDOW:
            raise Throttled
        grant.asked.append(now)
        return self.issue(refresh_token)

    def issue(self, refresh_token: str) -> str:
        """Give out an access token without counting it."""
        alive = self._grants[refresh_token].alive
        token = _secret()
        alive[token] = self._clock() + self.life
        while len(alive) > ALIVE:
            del alive[next(iter(alive))]
        return token

    def accepts(self, access_token: str) -> bool:
        """Is that access token alive?"""
        ends = [g.alive[access_token] for g in self._grants.values() if access_token in g.alive]
        return bool(ends) and ends[0] > self._clock()

    def expire(self) -> None:
        """End the life of every access token."""
        for grant in self._grants.values():
            grant.alive.clear()

    def alive_refresh_tokens(self) -> list[str]:
        """Return the refresh tokens that are alive, oldest first."""
        return list(self._grants)

    def scope_of(self, refresh_token: str) -> str | None:
        """Return the scopes that were asked for with a refresh token; None, nobody said."""
        return self._grants[refresh_token].scope

    def grant(self, scope: str | None = None) -> str:
        """Give out a new refresh token; where the user has too many, the oldest dies silently."""
        refresh_token = _secret()
        self._grants[refresh_token] = _Grant(scope)
        while len(self._grants) > REFRESH_TOKENS:
            del self._grants[next(iter(self._grants))]
        return refresh_token

    def new_code(self, *, life: float = CODE_LIFE, scope: str | None = None) -> str:
        """Give out a grant code, good for one exchange within *life* seconds."""
        code = _secret()
        self._codes[code] = (self._clock() + life, scope)
        return code

    def exchange(self, code: str) -> str | None:
        """Turn a grant code into a new refresh token; None if the code is unknown, used or too old."""
        end, scope = self._codes.pop(code, (0.0, None))
        return self.grant(scope) if self._clock() < end else None

    def revoke(self, token: str) -> bool:
        """End a refresh token (and its access tokens) or one access token; False if nobody knows it."""
        if token in self._grants:
            del self._grants[token]
            return True
        holders = [g for g in self._grants.values() if token in g.alive]
        for grant in holders:
            del grant.alive[token]
        return bool(holders)


def _secret() -> str:
    return f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"
