"""The answers of Zoho's token endpoint, as documented and as reported."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from zoho.api.answers import decode_body
from zoho.api.token_answers import read_token_answer
from zoho.wire import NotReached, SignInError, TokenThrottled, ZohoError


@pytest.mark.parametrize(
    ("life", "seconds"),
    [
        ({"expires_in": 3600}, 3600),
        ({"expires_in": "1800"}, 1800),
        ({"expires_in_sec": 3600, "expires_in": 3_600_000}, 3600),
        ({"expires_in_sec": "soon", "expires_in": 3_600_000}, 3600),
        ({}, 3600),
        ({"expires_in": None}, 3600),
        ({"expires_in": -1}, 3600),
        ({"expires_in": [3600]}, 3600),
        ({"expires_in": float("inf")}, 3600),
        ({"expires_in": float("nan")}, 3600),
        ({"expires_in": 10**400}, 3600),
    ],
)
def test_the_life_of_a_token(life: dict[str, Any], seconds: float) -> None:
    found = read_token_answer(200, {"access_token": "1000.a", **life})
    assert found.lifetime == seconds


def test_what_comes_with_a_token() -> None:
    body = {"access_token": "1000.a", "refresh_token": "1000.r", "api_domain": "https://www.zohoapis.eu"}
    found = read_token_answer(200, body)
    assert (found.access_token, found.refresh_token) == (SecretStr("1000.a"), SecretStr("1000.r"))
    assert found.api_domain == "https://www.zohoapis.eu"
    assert "1000" not in repr(found)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("invalid_client", "client id in this data centre"),
        ("invalid_client_secret", "client secret is wrong"),
        ("invalid_code", "refresh token any more"),
        ("invalid_redirect_uri", "redirect address"),
        ("invalid_scope", "scope is unknown"),
        ("missing_org_info", "org"),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 401])
def test_credentials_at_fault(status: int, error: str, words: str) -> None:
    with pytest.raises(SignInError) as caught:
        read_token_answer(status, {"error": error})
    assert words in caught.value.what
    assert (caught.value.code, caught.value.status) == (error, status)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, {"error": "Access Denied"}, TokenThrottled),
        (200, {"error": "access_denied"}, TokenThrottled),
        (200, {"error": "访问被拒绝", "status": "failure"}, TokenThrottled),
        (400, {"error": "Acceso denegado", "error_description": "Demasiadas solicitudes"}, TokenThrottled),
        (429, None, TokenThrottled),
        (200, {"error": "general_error"}, NotReached),
        (200, None, NotReached),
        (200, [], NotReached),
        (200, {"access_token": 5}, NotReached),
        (200, {"access_token": ""}, NotReached),
        (200, {"access_token": "t\u00f6ken"}, NotReached),
        (200, {"access_token": "a b"}, NotReached),
        (400, {}, NotReached),
        (502, None, NotReached),
        (200, {"error": ["x"]}, NotReached),
    ],
)
def test_every_other_answer(status: int, body: Any, kind: type[ZohoError]) -> None:
    with pytest.raises(ZohoError) as caught:
        read_token_answer(status, body)
    assert type(caught.value) is kind
    assert caught.value.code
    assert caught.value.next_step


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff", b"[" * 100_000, b"1" * 100_000])
def test_a_body_that_is_no_json_is_none(content: bytes) -> None:
    assert decode_body(content) is None


@pytest.mark.parametrize(
    "text", ["1000.CANARY0123456789", "zu viele Anfragen!", "太多请求", "a" * 41, "x\ninvalid"]
)
def test_what_is_no_word_of_zohos_stands_in_no_error(text: str) -> None:
    for answer in ({"error": text}, {"error": text, "status": "failure"}):
        with pytest.raises(ZohoError) as caught:
            read_token_answer(200, answer)
        assert caught.value.code in ("http_200", "throttled")
        assert text not in str(caught.value)
