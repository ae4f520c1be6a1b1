"""Faults on order: what a network or a server may do to a request, played when asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

KINDS = {
    "latency": "answer `ms` milliseconds late",
    "refuse": "stop listening for `seconds` (over TCP); in-process: refuse the connection",
    "drop-before": "close the connection without an answer, the request not applied",
    "drop-after": "apply the request, then close the connection without an answer",
    "half": "apply the request, send half of the answer, close the connection",
    "hang-before": "never answer, the request not applied",
    "hang-after": "apply the request, never answer",
    "429": "too many requests; `retry_after` seconds in the header if given; `credits` for the daily limit",
    "5xx-before": "`status` (500) without applying the request; `html` for a page instead of JSON",
    "5xx-after": "apply the request, then answer `status` (500)",
    "html": "200 with a page of HTML; with `commit` after applying the request",
    "answer": "`status` (200) with `body`: JSON, a text as HTML, or none; with `commit` after applying it",
    "expired-token": "401 INVALID_TOKEN",
    "oversized": "apply the request, answer 200 with `mib` (8) MiB of JSON; with `gzip` compressed",
    "redirect": "`status` (302) to `location`",
    "throttle": "the token endpoint's answer to too many refreshes",
    "random": "with probability `p` (0.5) one of the others; the same row of them for the same `seed` (0)",
}

DRAWN: list[tuple[str, dict[str, Any]]] = [
    ("latency", {"ms": 100}),
    ("drop-before", {}),
    ("drop-after", {}),
    ("half", {}),
    ("hang-before", {}),
    ("hang-after", {}),
    ("429", {}),
    ("5xx-before", {}),
    ("5xx-after", {}),
    ("5xx-before", {"status": 502, "html": True}),
    ("5xx-after", {"status": 503}),
    ("html", {}),
    ("html", {"commit": True}),
]
"""What a ``random`` fault may turn out to be, each as likely as the others."""


@dataclass(slots=True)
class Fault:
    """One order. ``times`` is how often it will still be played; None, until it is cleared."""

    kind: str
    times: int | None
    path: str
    method: str | None
    params: dict[str, Any] = field(default_factory=dict[str, Any])

    def fits(self, method: str, path: str) -> bool:
        """Does the order speak of that request?"""
        return path.startswith(self.path) and self.method in (None, method)

    def drawn(self) -> Fault | None:
        """What it turns out to be for the next request: itself, unless it is a ``random`` one."""
        if self.kind != "random":
            return self
        number = self.params["drawn"] = self.params.get("drawn", 0) + 1
        chance = random.Random(f"{self.params.get('seed', 0)}:{number}")  # noqa: S311 - play, no secret
        if chance.random() >= float(self.params.get("p", 0.5)):
            return None
        kind, params = chance.choice(DRAWN)
        return Fault(kind, 1, self.path, self.method, dict(params))


class Faults:
    """The orders that wait, oldest first.

    ``gate`` is set by a server that can stop listening: it is called with the seconds of a ``refuse``.
    """

    def __init__(self) -> None:
        self.pending: list[Fault] = []
        self.gate: Callable[[float], None] | None = None

    def order(
        self,
        kind: str,
        *,
        times: int | None = 1,
        path: str | None = None,
        method: str | None = None,
        **params: Any,
    ) -> Fault:
        """Order a fault.

        Args:
            kind: one of `KINDS`; underscores are as good as hyphens.
            times: how many requests it befalls; None, every one until `clear`.
            path: prefix of the paths it befalls; by default ``/crm/`` (a ``throttle``: the token endpoint).
            method: HTTP method that it befalls; by default any.
            params: what the kind allows.

        Raises:
            ValueError: there is no such kind.
        """
        name = kind.replace("_", "-").lower()
        if name not in KINDS:
            raise ValueError(f"There is no fault {kind!r}. Known are: {', '.join(KINDS)}.")
        default = "/oauth/v2/token" if name == "throttle" else "/crm/"
        fault = Fault(name, times, path or default, method and method.upper(), params)
        if name == "refuse" and self.gate is not None:
            self.gate(float(params.get("seconds", 2.0)))
        else:
            self.pending.append(fault)
        return fault

    def take(self, method: str, path: str) -> list[Fault]:
        """Return what befalls a request: every latency that fits, and the oldest other fault that fits."""
        taken: list[Fault] = []
        for fault in self.pending:
            other = any(one.kind != "latency" for one in taken)
            if not fault.fits(method, path) or (other and fault.kind != "latency"):
                continue
            played = fault.drawn()
            if played is None:
                continue
            taken.append(played)
            if fault.times is not None:
                fault.times -= 1
        self.pending = [fault for fault in self.pending if fault.times is None or fault.times > 0]
        return taken

    def clear(self) -> None:
        """Forget every order."""
        self.pending = []
