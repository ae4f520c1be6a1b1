"""Zoho's error objects in a rep's words: the catalogue of codes, and shapes that nobody promised."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from zoho.api.answers import Answer, RecordCreated, read_created
from zoho.api.faults import is_about_the_request, read_faults
from zoho.wire import DuplicateRecord, ZohoError


def error(code: str, message: str = "said so", **details: Any) -> dict[str, Any]:
    return {"code": code, "status": "error", "message": message, "details": details}


@pytest.mark.parametrize(
    ("code", "details", "what"),
    [
        ("MANDATORY_NOT_FOUND", {}, "Zoho requires a value here."),
        (
            "MANDATORY_NOT_FOUND",
            {"layout_rule": {"name": "VIP"}},
            "The layout rule “VIP” requires a value here.",
        ),
        ("INVALID_DATA", {"maximum_length": 5}, "Too long for Zoho: at most 5 characters."),
        (
            "INVALID_DATA",
            {"supported_values": ["a", "b"]},
            "Zoho does not offer this value. It offers: a, b.",
        ),
        ("INVALID_DATA", {"expected_data_type": "integer"}, "Zoho expects a whole number here."),
        ("INVALID_DATA", {"expected_data_type": "DATE"}, "Zoho expects a date such as 2026-01-31 here."),
        ("INVALID_DATA", {"expected_data_type": "blob"}, "Zoho expects blob here."),
        ("INVALID_DATA", {}, "Zoho does not accept this value: said so."),
        ("DUPLICATE_DATA", {}, "Zoho already has a record with this value."),
        (
            "DEPENDENT_FIELD_MISSING",
            {"dependee": {"api_name": "State"}},
            "This needs a value in “State” as well.",
        ),
        (
            "DEPENDENT_MISMATCH",
            {"dependee": {"api_name": "State"}},
            "This does not go with the value of “State”: said so.",
        ),
        ("DEPENDENT_MISMATCH", {}, "This does not go with the value of another field: said so."),
        ("RECORD_LOCKED", {}, "The record is locked in Zoho."),
        ("NOT_APPROVED", {}, "The record waits for an approval in Zoho."),
        ("NOT_REVIEWED", {}, "The record waits for a review in Zoho."),
        ("NOT_ALLOWED", {}, "Zoho does not allow this."),
        ("LICENSE_LIMIT_EXCEEDED", {}, "Your org's Zoho licence allows no more records."),
        ("BRAND_NEW_CODE", {}, "Zoho refused it: said so."),
    ],
)
def test_the_words_of_a_code(code: str, details: dict[str, Any], what: str) -> None:
    (fault,) = read_faults(error(code, **details))
    assert fault.what == what
    assert fault.next_step.endswith(".")
    assert fault.code == code


def test_a_long_list_of_values_is_cut() -> None:
    (fault,) = read_faults(error("INVALID_DATA", supported_values=[f"v{n}" for n in range(500)]))
    assert fault.what.endswith("v11, ….")


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"api_name": "Email", "json_path": "$.data[0].Phone"}, "Email"),
        ({"json_path": "$.data[3].Phone"}, "Phone"),
        ({"json_path": "$.data[0].Owner.id"}, "Owner"),
        ({"json_path": "$.data[0].Tag[2].name"}, "Tag"),
        ({"json_path": "$.data[0]"}, None),
        ({"json_path": 5}, None),
        ({"api_name": ""}, None),
        ({}, None),
    ],
)
def test_the_field_at_fault(details: dict[str, Any], field: str | None) -> None:
    assert read_faults(error("INVALID_DATA", **details))[0].field == field


def test_nested_reasons_are_all_told_and_inherit_the_field() -> None:
    inner = [error("INVALID_DATA", maximum_length=3), error("DUPLICATE_DATA", api_name="Phone", id="5")]
    faults = read_faults(error("MULTIPLE_OR_MULTI_ERRORS", api_name="Email", errors=inner))
    assert [(one.code, one.field) for one in faults] == [
        ("INVALID_DATA", "Email"),
        ("DUPLICATE_DATA", "Phone"),
    ]
    assert faults[1].duplicate == DuplicateRecord("5", "Phone")


def test_the_owner_of_a_duplicate_is_named_on_one_line() -> None:
    record = {"id": 7, "Owner": {"name": "A\nB", "id": "1"}, "module": {"api_name": "Contacts"}}
    (fault,) = read_faults(error("DUPLICATE_DATA", api_name="Email", duplicate_record=record))
    assert fault.what == "Zoho already has a record with this value (owner: A B)."
    assert fault.duplicate == DuplicateRecord("7", "Email", "Contacts", "A B")


@pytest.mark.parametrize(
    ("details", "about"),
    [
        ({"resource_path_index": 0}, True),
        ({"json_path": "$.trigger[0]"}, True),
        ({"json_path": "$.data[0].Email"}, False),
        ({"json_path": "$.data.service.id"}, False),
        ({}, False),
    ],
)
def test_what_is_about_the_request(details: dict[str, Any], about: bool) -> None:
    assert is_about_the_request(error("INVALID_DATA", **details)) is about


KEYS = (
    *("data", "code", "status", "message", "details", "errors", "id", "api_name", "json_path"),
    *("duplicate_record", "Owner", "name", "supported_values", "permissions", "dependee"),
)
WORDS = ("SUCCESS", "success", "error", "DUPLICATE_DATA", "INVALID_DATA")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS), inner | st.sampled_from(WORDS), max_size=6)
    ),
    max_leaves=25,
)


@given(
    status=st.sampled_from((200, 201, 202, 207, 301, 400, 401, 403, 404, 412, 429, 500, 503)),
    body=JSON | st.lists(JSON, min_size=1, max_size=3).map(lambda rows: {"data": rows}),
    sent=st.integers(1, 3),
)
def test_whatever_the_answer_every_record_is_told_of_once(status: int, body: Any, sent: int) -> None:
    results: list[Any]
    try:
        results = list(read_created(Answer(status, body), sent))
    except ZohoError as failed:
        results = [failed] * sent
    assert len(results) == sent
    for result in results:
        assert result.id if isinstance(result, RecordCreated) else (result.what and result.next_step)
