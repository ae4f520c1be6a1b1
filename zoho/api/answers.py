"""From an HTTP answer to a result or an error: pure functions, one row of the design's table each.

The body decides, never the status alone: Zoho has been seen to answer 200 with an error in the body, and a
proxy answers 200 with a page of HTML.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zoho.api.faults import DUPLICATE, is_about_the_request, names_a_field, read_faults
from zoho.wire.clean import clean_json, clean_line
from zoho.wire.errors import (
    DuplicateRejected,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    RecordRejected,
    RequestRejected,
    SignInError,
    UnexpectedAnswer,
    ZohoError,
)
from zoho.wire.shapes import as_list, as_object

API_ACCESS = "Crm_Implied_Api_Access"
"""Permission without which a profile may make no API call at all (assignment rules, v8 OpenAPI)."""

CUSTOMIZE = "Crm_Implied_Customize_Zoho_CRM"
"""Permission without which nobody may change fields or layouts (Picklist Values, v8 OpenAPI)."""

SCOPE_MISSING = "OAUTH_SCOPE_MISMATCH"
"""Code of a 401 that no new token cures."""

_PER_RECORD_STATUSES = frozenset({200, 201, 202, 207, 400, 412})


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer of Zoho, its body decoded and cleaned (None where it is no JSON).

    ``scope`` is the OAuth scope that the call needs, for the message when it is missing.
    """

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    scope: str = ""

    @property
    def object(self) -> Mapping[str, Any]:
        """The body as a JSON object; empty where it is something else."""
        return as_object(self.body)

    @property
    def code(self) -> str:
        """Zoho's code: of the error object, or of the first record."""
        return clean_line(str(self.error.get("code") or ""))

    @property
    def error(self) -> Mapping[str, Any]:
        """Zoho's error object: the body itself, else the first record's."""
        rows = self.rows
        return self.object if self.object.get("code") or not rows else rows[0]

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        """The elements of ``data``."""
        return [as_object(row) for row in as_list(self.object.get("data"))]


@dataclass(frozen=True, slots=True)
class RecordCreated:
    """A record that now stands in Zoho. ``details`` is Zoho's own (times, users, ``$approval_state``)."""

    id: str
    details: Mapping[str, Any]


RecordResult = RecordCreated | RecordRejected | OutcomeUnknown
"""What became of one record of a request: created, refused, or not told."""


def decode_body(content: bytes) -> Any:
    """Return the cleaned JSON value in *content*, or None where it is none."""
    try:
        return clean_json(json.loads(content))
    except (ValueError, RecursionError):
        return None


def read_created(answer: Answer, sent: int) -> list[RecordResult]:
    """Return what became of each of the *sent* records of an insert, in their order.

    Raises:
        ZohoError: if the answer is about the request as a whole.
    """
    rows = answer.rows
    if answer.status == 400 and not rows and sent == 1 and names_a_field(answer.object):
        rows = [answer.object]  # one record's error without the list around it: the v8 schema has both forms
    if answer.status not in _PER_RECORD_STATUSES or not rows:
        raise error_of(answer)
    if len(rows) > sent:
        raise _silent(answer.status)
    # Every row: where even one record was created, the request as a whole was not refused.
    if all(row.get("status") == "error" and is_about_the_request(row) for row in rows):
        raise _refused(answer, rows[0])
    results: list[RecordResult] = [_result(row, answer.status) for row in rows]
    results += [_silent(answer.status) for _ in range(sent - len(rows))]
    return results


def _result(row: Mapping[str, Any], status: int) -> RecordResult:
    if row.get("status") == "error":
        return rejection(row, status)
    details = as_object(row.get("details"))
    identity = details.get("id")
    if row.get("code") == "SUCCESS" and identity:
        return RecordCreated(str(identity), dict(details))
    return _silent(status)


def read_changed(answer: Answer, key: str) -> str:
    """Return the id of the one thing of an org that was made or changed, told in ``body[key]``.

    Source: v8 ``FieldCreationResult`` and ``LayoutUpdateSuccessResult``; an error stands in the same list, or
    alone.

    Raises:
        ZohoError: it was refused, or the answer does not say what became of it.
    """
    rows = [as_object(row) for row in as_list(answer.object.get(key))]
    row: Mapping[str, Any] = rows[0] if rows else {}
    if row.get("status") == "error":
        raise error_of(replace(answer, body=row, status=max(answer.status, 400)))
    made = as_object(row.get("details")).get("id")
    if answer.status in (200, 201) and row.get("code") == "SUCCESS" and made:
        return str(made)
    raise error_of(answer)


def rejection(row: Mapping[str, Any], status: int) -> RecordRejected:
    """Return the error for a record that Zoho refused with the error object *row*."""
    faults = read_faults(row)
    kind = DuplicateRejected if any(fault.code == DUPLICATE for fault in faults) else RecordRejected
    return kind(faults, status=status)


def _silent(status: int) -> OutcomeUnknown:
    return OutcomeUnknown(
        "Zoho's answer cannot be understood.",
        next_step="Nothing to do: a lead is looked up before it is sent again.",
        code="no_answer",
        status=status,
    )


def error_of(answer: Answer) -> ZohoError:
    """Return the error that an answer stands for, whose body does not hold the expected result."""
    if answer.status == 429:
        return _rate_limited(answer)
    if answer.status >= 500:
        return OutcomeUnknown(
            "Zoho has trouble of its own and did not say what became of the request.",
            next_step="Nothing to do: a lead is looked up before it is sent again.",
            code=answer.code or f"http_{answer.status}",
            status=answer.status,
        )
    if answer.status < 300:
        return _silent(answer.status)
    if answer.status < 400 or not answer.code:
        return _not_zoho(answer)
    return _refused(answer, answer.error)


def _refused(answer: Answer, error: Mapping[str, Any]) -> ZohoError:
    code = clean_line(str(error.get("code")))
    details = as_object(error.get("details"))
    if code == SCOPE_MISSING:
        return PermissionMissing(
            f"The sign-in lacks a scope that this needs{': ' + answer.scope if answer.scope else ''}.",
            next_step="Sign in again with the scopes that docs/zoho.md lists.",
            code=code,
            status=answer.status,
        )
    if answer.status == 401:
        return SignInError(
            "Zoho does not accept the sign-in any more.",
            next_step="Check data centre, client and refresh token in Settings, then Test connection.",
            code=code,
            status=answer.status,
        )
    if answer.status == 403 or code == "AUTHORIZATION_FAILED":
        return _permission(code, answer.status, details)
    fault = read_faults(error)[0]
    return RequestRejected(
        fault.what,
        next_step=fault.next_step,
        field=None if is_about_the_request(error) else fault.field,
        code=code,
        status=answer.status,
        details=details,
    )


def _permission(code: str, status: int, details: Mapping[str, Any]) -> PermissionMissing:
    names = [clean_line(str(name)) for name in as_list(details.get("permissions"))]
    if API_ACCESS in names:
        what = "Your Zoho profile has no API access."
        step = (
            "Ask an administrator: Setup > Security Control > Profiles > your profile > "
            "Developer Permissions > Zoho CRM API Access."
        )
    elif CUSTOMIZE in names:
        what = f"Your Zoho profile may not change fields and layouts ({CUSTOMIZE})."
        step = (
            "Ask an administrator: Setup > Security Control > Profiles > your profile > "
            "Setup Permissions > Customize Zoho CRM."
        )
    else:
        what = f"Your Zoho profile lacks a permission{': ' + ', '.join(names) if names else ''}."
        step = "Ask an administrator to grant it: Setup > Security Control > Profiles."
    return PermissionMissing(what, next_step=step, code=code, status=status, details=details)


def _rate_limited(answer: Answer) -> RateLimited:
    message = str(answer.object.get("message") or "").lower()
    exhausted = "credit" in message or "day" in message or "24" in message
    what = "The org's API credits are used up." if exhausted else "Zoho asks us to slow down."
    return RateLimited(
        what,
        next_step="Nothing to do: the lead waits and is sent later.",
        wait=_seconds(answer.headers.get("retry-after")),
        credits_exhausted=exhausted,
        code=answer.code or "http_429",
    )


def _seconds(value: str | None) -> float | None:
    """Return a ``Retry-After`` in seconds; dates and nonsense count as none (Zoho documents neither form)."""
    return float(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else None


def _not_zoho(answer: Answer) -> UnexpectedAnswer:
    kind = "a redirect" if 300 <= answer.status < 400 else "something that is not Zoho's"
    return UnexpectedAnswer(
        f"The address answered with {kind} (HTTP {answer.status}).",
        next_step="Check the data centre in Settings, and any proxy between here and Zoho.",
        code=f"http_{answer.status}",
        status=answer.status,
    )
