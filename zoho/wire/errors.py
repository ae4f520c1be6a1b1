"""The one tree of errors: what happened, on which field, what to do next, may it be sent again.

The branches follow meaning, not HTTP status: what a caller may do next is the same for everything below one
branch. `ZohoError.resend` speaks of the request that failed: ``YES``, Zoho certainly did not apply it and the
same request may be sent again; ``NO``, Zoho did not apply it and the same request would fail again;
``UNKNOWN``, it may have been applied, so that sending it again could double a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field as made
from enum import StrEnum
from typing import Any


class Resend(StrEnum):
    """May the request that failed be sent again?"""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ZohoError(Exception):
    """Something went wrong, told in a rep's words.

    Args:
        what: what happened, one sentence.
        next_step: what to do about it, one sentence.
        field: API name of the field that is at fault, if it is one field's.
        code: Zoho's code (``MANDATORY_NOT_FOUND``) or our own lower-case one, for the Log.
        status: HTTP status of the answer, if there was one.
        details: Zoho's ``details`` object, cleaned; for the Log.
    """

    resend: Resend = Resend.NO

    def __init__(
        self,
        what: str,
        *,
        next_step: str,
        field: str | None = None,
        code: str = "",
        status: int | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step
        self.field = field
        self.code = code
        self.status = status
        self.details: dict[str, Any] = dict(details or {})

    def __str__(self) -> str:
        return f"{self.what} {self.next_step}"


class ConfigError(ZohoError):
    """The configuration cannot work: a wrong file, a missing credential, a host that is not Zoho's."""


class SecretLocked(ConfigError):
    """A secret is kept where it cannot be read now: a helper command or the keyring wants somebody to act."""


class StorageError(ZohoError):
    """A file or folder of ours cannot be read or written (disk full, read-only, not ours)."""


class SignInError(ZohoError):
    """Zoho does not accept who we say we are: the rep has to sign in again, or the client is wrong."""


class TokenThrottled(ZohoError):
    """Zoho's accounts server refuses more token requests for a while.

    ``wait`` is the time to leave it alone, in seconds.
    """

    resend = Resend.YES

    def __init__(
        self, what: str, *, wait: float = 600.0, next_step: str, code: str = "", status: int | None = None
    ):
        super().__init__(what, next_step=next_step, code=code, status=status)
        self.wait = wait


class PermissionMissing(ZohoError):
    """The user or the token may not do this: a scope or a profile permission is missing (401, 403)."""


class RateLimited(ZohoError):
    """Zoho answered 429. ``wait`` is its ``Retry-After`` in seconds, if it named one."""

    resend = Resend.YES

    def __init__(
        self,
        what: str,
        *,
        next_step: str,
        wait: float | None = None,
        credits_exhausted: bool = False,
        code: str = "",
    ):
        super().__init__(what, next_step=next_step, code=code, status=429)
        self.wait = wait
        self.credits_exhausted = credits_exhausted


class NotReached(ZohoError):
    """The request certainly did not reach Zoho (refused, DNS, TLS, connect timeout, proxy)."""

    resend = Resend.YES


class OutcomeUnknown(ZohoError):
    """The request was sent, and no answer says whether it was applied (timeout, reset, 5xx, garbage)."""

    resend = Resend.UNKNOWN


class UnexpectedAnswer(ZohoError):
    """The answer is not Zoho's (a redirect, a proxy's page): not applied; the set-up is at fault."""


class RequestRejected(ZohoError):
    """Zoho refused the request as a whole, with an error object of its own."""


@dataclass(frozen=True, slots=True)
class DuplicateRecord:
    """The existing record that a new one collides with (``details.duplicate_record``).

    Only ``id`` is certain: older versions of the API give nothing else.
    """

    id: str
    field: str | None = None
    module: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One reason why a record was refused, on the field that it is about."""

    code: str
    what: str
    next_step: str
    field: str | None = None
    details: Mapping[str, Any] = made(default_factory=dict[str, Any])
    duplicate: DuplicateRecord | None = None


class RecordRejected(ZohoError):
    """Zoho refused one record. ``faults`` are all its reasons; the first one speaks for the error."""

    def __init__(self, faults: tuple[FieldFault, ...], *, status: int | None = None) -> None:
        first = faults[0]
        super().__init__(
            first.what,
            next_step=first.next_step,
            field=first.field,
            code=first.code,
            status=status,
            details=first.details,
        )
        self.faults = faults


class DuplicateRejected(RecordRejected):
    """Zoho refused a record since another one has the same value in a unique field."""

    @property
    def duplicates(self) -> tuple[DuplicateRecord, ...]:
        """The existing records, in Zoho's order."""
        return tuple(fault.duplicate for fault in self.faults if fault.duplicate is not None)
