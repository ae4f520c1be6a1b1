from __future__ import annotations

import inspect
from typing import Any

import pytest

import zoho.wire
from zoho.wire import errors
from zoho.wire.errors import (
    ConfigError,
    DuplicateRecord,
    DuplicateRejected,
    FieldFault,
    NotReached,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    RecordRejected,
    RequestRejected,
    Resend,
    SecretLocked,
    SignInError,
    StorageError,
    TokenThrottled,
    UnexpectedAnswer,
    ZohoError,
)

# May the request that failed be sent again? The whole table: sending what may have arrived doubles a lead.
RESEND = {
    ConfigError: Resend.NO,
    SecretLocked: Resend.NO,
    StorageError: Resend.NO,
    SignInError: Resend.NO,
    TokenThrottled: Resend.YES,
    PermissionMissing: Resend.NO,
    RateLimited: Resend.YES,
    NotReached: Resend.YES,
    OutcomeUnknown: Resend.UNKNOWN,
    UnexpectedAnswer: Resend.NO,
    RequestRejected: Resend.NO,
    RecordRejected: Resend.NO,
    DuplicateRejected: Resend.NO,
}

SIMPLE = [kind for kind in RESEND if not issubclass(kind, RecordRejected)]


def every_error() -> set[type[ZohoError]]:
    classes = {value for value in vars(errors).values() if inspect.isclass(value)}
    return {value for value in classes if issubclass(value, ZohoError)} - {ZohoError}


def test_the_table_is_the_whole_tree() -> None:
    assert set(RESEND) == every_error()


@pytest.mark.parametrize(("kind", "resend"), RESEND.items())
def test_each_branch_says_whether_to_send_again(kind: type[ZohoError], resend: Resend) -> None:
    assert kind.resend is resend


@pytest.mark.parametrize("kind", SIMPLE)
def test_the_four_parts(kind: type[ZohoError]) -> None:
    error = kind("It broke.", next_step="Mend it.", code="BROKEN")
    assert (error.what, error.next_step, error.code, error.field) == ("It broke.", "Mend it.", "BROKEN", None)
    assert str(error) == "It broke. Mend it."
    assert error.resend in Resend
    assert error.details == {}


def test_every_error_needs_a_next_step() -> None:
    for kind in SIMPLE:
        parameter = inspect.signature(kind.__init__).parameters["next_step"]
        assert parameter.default is parameter.empty


def test_details_are_a_copy() -> None:
    details: dict[str, Any] = {"api_name": "Email"}
    error = RequestRejected("x", next_step="y", details=details)
    details["api_name"] = "Phone"
    assert error.details == {"api_name": "Email"}


def test_how_long_to_wait() -> None:
    assert TokenThrottled("x", next_step="y").wait == 600.0
    assert RateLimited("x", next_step="y").wait is None
    limited = RateLimited("x", next_step="y", wait=7.0, credits_exhausted=True)
    assert (limited.wait, limited.credits_exhausted, limited.status) == (7.0, True, 429)


def fault(field: str, duplicate: DuplicateRecord | None = None) -> FieldFault:
    return FieldFault(
        code="DUPLICATE_DATA" if duplicate else "INVALID_DATA",
        what=f"{field} is wrong.",
        next_step=f"Correct {field}.",
        field=field,
        details={"api_name": field},
        duplicate=duplicate,
    )


def test_the_first_fault_speaks_for_a_record() -> None:
    error = RecordRejected((fault("Email"), fault("Phone")), status=202)
    assert (error.field, error.code, error.status) == ("Email", "INVALID_DATA", 202)
    assert str(error) == "Email is wrong. Correct Email."
    assert error.details == {"api_name": "Email"}
    assert [one.field for one in error.faults] == ["Email", "Phone"]


def test_duplicates_in_order() -> None:
    first, second = DuplicateRecord("111", field="Email"), DuplicateRecord("222", field="Key")
    error = DuplicateRejected((fault("Email", first), fault("Phone"), fault("Key", second)))
    assert error.duplicates == (first, second)
    assert isinstance(error, RecordRejected)


def test_a_fault_without_details() -> None:
    one = FieldFault(code="X", what="x", next_step="y")
    other = FieldFault(code="X", what="x", next_step="y")
    assert dict(one.details) == {}
    assert one == other


def test_the_package_shows_the_whole_tree() -> None:
    for kind in {ZohoError, *every_error()}:
        assert getattr(zoho.wire, kind.__name__) is kind
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        zoho.wire.Nonsense  # noqa: B018
