"""The device codes that the stand-in's accounts server has given out, and what it answers about each.

Source: the devices pages of Zoho Accounts (initiation-request, polling-request,
multi-dc/limited-input-devices). Where clients of the real service report something else
than the pages, `DeviceCodes` can be either.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
ANSWERS = frozenset({"authorization_pending", "slow_down", "access_denied", "expired", "other_dc"})


@dataclass(slots=True)
class DeviceCode:
    """One sign-in that was begun: what was asked with it, and what the person said.

    ``home`` is the data centre of the person who approved; ``denied`` and ``used`` speak for themselves.
    """

    device_code: str = field(repr=False)
    user_code: str
    client_id: str
    scope: str
    access_type: str
    prompt: str
    ends: float
    home: str | None = None
    denied: bool = False
    used: bool = False
    polled: float | None = None

    @property
    def open(self) -> bool:
        """Whether it waits for the person's word."""
        return self.home is None and not self.denied

    @property
    def gives_refresh_token(self) -> bool:
        """Whether the answer has a refresh token: offline access, and consent asked for again."""
        return self.access_type == "offline" and self.prompt == "consent"


class DeviceCodes:
    """Every device code of one accounts server.

    Args:
        clock: seconds since the epoch.
        location: the data centre that this server is.
    """

    def __init__(self, clock: Callable[[], float], location: str) -> None:
        self.begun: list[DeviceCode] = []
        """Every sign-in that was begun here, oldest first; for a test to look at."""
        self.home = location
        """Where whoever approves lives; another data centre makes the poll answer ``other_dc``."""
        self.interval = 5.0
        self.life = 300.0
        self.in_milliseconds = True
        """Whether ``interval`` and ``expires_in`` are told in milliseconds, as clients report, or seconds."""
        self.pending_status = 200
        """HTTP status of the answers before the end: 200 and 400 were both seen."""
        self.location_key = "user_location"
        """Key that names the data centre beside ``other_dc``: so the pages; a client reads ``dc``."""
        self.complete = True
        """Whether ``verification_uri_complete`` is told."""
        self.with_refresh_token = True
        """False, the answer never has a refresh token."""
        self.polls: list[float] = []
        """When it was asked, by the clock."""
        self._clock = clock
        self._location = location
        self._orders: list[dict[str, Any]] = []
        self._codes: dict[str, DeviceCode] = {}

    def share(self, other: DeviceCodes) -> None:
        """Know the codes of *other* too: Zoho's data centres know each other's."""
        self._codes = other._codes

    def begin(self, asked: dict[str, str]) -> DeviceCode:
        """Begin a sign-in with what the client asked."""
        letters = "".join(secrets.choice(LETTERS) for _ in range(8))
        code = DeviceCode(
            device_code=f"1004.{secrets.token_hex(16)}.{secrets.token_hex(16)}",
            user_code=f"{letters[:4]}-{letters[4:]}",
            client_id=asked.get("client_id", ""),
            scope=asked.get("scope", ""),
            access_type=asked.get("access_type", "online"),
            prompt=asked.get("prompt", ""),
            ends=self._clock() + self.life,
        )
        self.begun.append(code)
        self._codes[code.device_code] = code
        return code

    def find(self, user_code: str) -> DeviceCode | None:
        """Return the sign-in that a person means by *user_code*, if it still waits for their word."""
        wanted = user_code.upper().replace("-", "").replace(" ", "")
        for code in self._codes.values():
            if code.user_code.replace("-", "") == wanted and code.open and self._clock() < code.ends:
                return code
        return None

    def approve(self, user_code: str) -> bool:
        """Let somebody approve; False, there is no such code, or not any more."""
        code = self.find(user_code)
        if code is not None:
            code.home = self.home
        return code is not None

    def deny(self, user_code: str) -> bool:
        """Let somebody deny; False, there is no such code, or not any more."""
        code = self.find(user_code)
        if code is not None:
            code.denied = True
        return code is not None

    def order(self, error: str, *, times: int = 1, **more: Any) -> None:
        """Answer the next *times* polls with this ``error``, whatever was said; *more* goes beside it."""
        if error not in ANSWERS:
            raise ValueError(f"There is no answer {error!r}. Known are: {', '.join(sorted(ANSWERS))}.")
        self._orders += [{"error": error, **more}] * times

    def poll(self, device_code: str, client_id: str) -> DeviceCode | dict[str, Any]:
        """Return the code that may be exchanged now, or the body that says why it may not."""
        self.polls.append(self._clock())
        if self._orders:
            return self._orders.pop(0)
        code = self._codes.get(device_code)
        if code is None or code.client_id != client_id or code.used:
            return {"error": "invalid_code"}
        if self._clock() >= code.ends:
            return {"error": "expired"}
        before, code.polled = code.polled, self._clock()
        if code.denied:
            return {"error": "access_denied"}
        if code.home is not None and code.home != self._location:
            return {"error": "other_dc", self.location_key: code.home}
        if code.home is not None:
            code.used = True
            return code
        too_soon = before is not None and self._clock() - before < self.interval
        return {"error": "slow_down" if too_soon else "authorization_pending"}
