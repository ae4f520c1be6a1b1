"""What each answer of a sign-in is taken for: Zoho's tables, row by row, and what only clients report."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from zoho.api.sign_in_answers import (
    AskElsewhere,
    DeviceCode,
    KeepAsking,
    Poll,
    read_device_code,
    read_exchange,
    read_poll,
)
from zoho.api.token_answers import TokenGrant
from zoho.wire import NotReached, SignInError, TokenThrottled, ZohoError

BEGUN = {
    "device_code": "1004.secret",
    "user_code": "ABCD-EFGH",
    "verification_url": "https://accounts.zoho.eu/x",
}
TOKENS = {"access_token": "1000.a", "refresh_token": "1000.r", "scope": "ZohoCRM.org.READ"}
THROTTLED = {"error": "Access Denied", "error_description": "too many requests", "status": "failure"}


def begun(**more: Any) -> DeviceCode:
    found = read_device_code(200, BEGUN | more)
    assert isinstance(found, DeviceCode)
    return found


@pytest.mark.parametrize(
    ("told", "pace"),
    [
        (5000, 5), (5, 5), (10_000, 10), (10, 10), ("7", 7), (1, 5), (0, 5), (-3, 5), (None, 5), ("soon", 5),
        (3_600_000, 30), (float("nan"), 5), (10**400, 5), ([5], 5), (999, 30),
    ],
)  # fmt: skip
def test_the_pace_is_milliseconds_or_seconds_and_never_below_five(told: object, pace: float) -> None:
    assert begun(interval=told).interval == pace


@pytest.mark.parametrize(
    ("told", "life"),
    [
        (300_000, 300), (300, 300), (120, 120), (120_000, 120), (1800, 300), (3_600_000, 300), (0, 300),
        (-1, 300), (None, 300), ("x", 300), (float("inf"), 300),
    ],
)  # fmt: skip
def test_the_life_is_milliseconds_or_seconds_and_five_minutes_at_most(told: object, life: float) -> None:
    assert begun(expires_in=told).life == life


@pytest.mark.parametrize("key", ["verification_url", "verification_uri"])
def test_the_address_has_two_names(key: str) -> None:
    answer = {"device_code": "1004.x", "user_code": "AB", key: "https://accounts.zoho.eu/y"}
    found = read_device_code(200, answer)
    assert isinstance(found, DeviceCode)
    assert found.address == "https://accounts.zoho.eu/y"
    assert found.complete_address is None
    assert "1004.x" not in repr(found)


def test_a_user_code_is_one_harmless_line() -> None:
    assert "\n" not in begun(user_code="AB\n" + "C" * 100).user_code
    assert len(begun(user_code="C" * 100).user_code) == 40


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (200, {"error": "invalid_client"}, SignInError, "Non-browser"),
        (400, {"error": "invalid_client"}, SignInError, "--data-center"),
        (200, {"error": "invalid_client"}, SignInError, "login --code"),
        (200, {"error": "invalid_scope"}, SignInError, "docs/zoho.md"),
        (200, THROTTLED, TokenThrottled, "ten minutes"),
        (400, {"error": "访问被拒绝", "error_description": "x", "status": "failure"}, TokenThrottled, "ten"),
        (200, {"error": "otro", "error_description": "Demasiadas solicitudes"}, TokenThrottled, "ten"),
        (200, None, NotReached, "proxy"),
        (502, None, NotReached, "proxy"),
        (200, {"device_code": "1004.x"}, NotReached, "proxy"),
        (200, BEGUN | {"error": "general_error"}, NotReached, "proxy"),
    ],
)
def test_what_cannot_begin(status: int, body: Any, kind: type[ZohoError], words: str) -> None:
    found = read_device_code(status, body)
    assert type(found) is kind
    assert words in found.next_step
    assert found.code


PENDING, SLOWER = KeepAsking(), KeepAsking(slower=True)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "authorization_pending"}, PENDING),
        ({"error": "authorization_pending", "error_description": "x"}, PENDING),
        ({"error": "slow_down"}, SLOWER),
        ({"error": "other_dc", "user_location": "eu"}, AskElsewhere("eu")),
        ({"error": "other_dc", "dc": "in"}, AskElsewhere("in")),
        ({"error": "other_dc", "user_location": "eu", "dc": "us"}, AskElsewhere("eu")),
        ({"error": "other_dc"}, KeepAsking(trouble="other_dc")),
        ({"error": "general_error"}, KeepAsking(trouble="general_error")),
        ({"error": ["x"]}, None),
        ({}, None),
        ([], None),
        (None, None),
        ({"access_token": "a b"}, None),
        ({"access_token": ""}, None),
    ],
)
def test_a_poll_is_judged_by_its_body(status: int, body: Any, said: Poll | None) -> None:
    assert read_poll(status, body) == (said or KeepAsking(trouble=f"http_{status}"))


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        ({"error": "access_denied"}, SignInError, "access_denied"),
        ({"error": "expired"}, SignInError, "expired"),
        ({"error": "expired_token"}, SignInError, "expired_token"),
        ({"error": "invalid_client"}, SignInError, "invalid_client"),
        ({"error": "invalid_client_secret"}, SignInError, "invalid_client_secret"),
        ({"error": "invalid_code"}, SignInError, "invalid_code"),
        (THROTTLED, TokenThrottled, "access_denied"),
        ({"error": "Access Denied"}, TokenThrottled, "access_denied"),
        ({"error": "访问被拒绝", "status": "failure"}, TokenThrottled, "throttled"),
        ({"error": "Acceso denegado", "error_description": "x"}, TokenThrottled, "acceso_denegado"),
    ],
)
def test_what_ends_a_sign_in(status: int, body: Any, kind: type[ZohoError], code: str) -> None:
    found = read_poll(status, body)
    assert type(found) is kind
    assert found.code == code
    assert found.next_step


def test_a_429_that_says_nothing_slows_down() -> None:
    assert read_poll(429, None) == KeepAsking(slower=True, trouble="http_429")


@pytest.mark.parametrize("status", [200, 201, 400])
def test_tokens_are_tokens_whatever_the_status(status: int) -> None:
    found = read_poll(status, TOKENS)
    assert isinstance(found, TokenGrant)
    assert found.refresh_token == SecretStr("1000.r")
    assert found.scope == "ZohoCRM.org.READ"
    assert "1000" not in repr(found)


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ({"error": "invalid_code"}, SignInError, "grant code"),
        ({"error": "invalid_client"}, SignInError, "client id"),
        ({"error": "invalid_client_secret"}, SignInError, "secret"),
        ({"error": "invalid_redirect_uri"}, SignInError, "not a Self Client"),
        ({"error": "invalid_scope"}, SignInError, "scopes"),
        (THROTTLED, TokenThrottled, "too many"),
        ({"error": "access_denied"}, TokenThrottled, "too many"),
        (None, NotReached, "no usable answer"),
        ({"error": "general_error"}, NotReached, "no usable answer"),
    ],
)
def test_a_grant_code_that_is_refused(body: Any, kind: type[ZohoError], words: str) -> None:
    found = read_exchange(200, body)
    assert type(found) is kind
    assert words in found.what


def test_a_refresh_token_that_is_refused_is_called_one() -> None:
    found = read_exchange(200, {"error": "invalid_code"}, refreshing=True)
    assert isinstance(found, SignInError)
    assert "refresh token" in found.what
