"""Each of Zoho's official answers, read as what it is: the expectation is written down, entry by entry."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from zoho.api import LayoutField, Org, Record, RecordCreated, User
from zoho.api.answers import Answer, decode_body, error_of, read_created
from zoho.api.models import read_list
from zoho.wire import (
    DuplicateRecord,
    DuplicateRejected,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    RecordRejected,
    RequestRejected,
    ZohoError,
)

CONTRACT = Path(os.environ.get("CONTRACT_DIR") or Path(__file__).parents[2] / ".." / "shared" / "contract")
EXAMPLES = CONTRACT / "zoho-examples.json"

if not EXAMPLES.is_file():
    if os.environ.get("CONTRACT") == "required":
        raise RuntimeError(f"The contract is required, and not at {CONTRACT}.")
    pytest.skip(f"no contract at {CONTRACT} (CONTRACT_DIR names another folder)", allow_module_level=True)

ANSWERS: list[dict[str, Any]] = json.loads(EXAMPLES.read_text("utf-8"))

Seen = tuple[str | None, ...]
"""What was read: the class, then what matters of it."""

OWNED = DuplicateRecord("4881139000000428295", "Email", "Leads", "Prajesh Kumar S")
OWNED_TOO = DuplicateRecord("4881139000002432007", "Mobile", "Leads", "Prajesh Kumar S")
UNIQUE = DuplicateRecord("2008662000006256222", "Unique_1", None, "Pranav")

# (operation, name) -> one entry for each record: (class, id or field, code).
RECORDS: dict[tuple[str, str], list[Seen]] = {
    ("createRecords", "Success"): [("RecordCreated", "5725767000000524157")],
    ("createRecords", "MixedResults"): [
        ("RecordCreated", "5725767000000524157"),
        ("RecordRejected", "Last_Name", "INVALID_DATA"),
    ],
    ("upsertRecords", "Success"): [
        ("RecordCreated", "4150868000000376008"),
        ("RecordCreated", "4150868000003194003"),
    ],
    ("upsertRecords", "MixedResults"): [
        ("RecordCreated", "111112000000142001"),
        ("RecordRejected", "Company", "INVALID_DATA"),
    ],
    ("upsertRecords", "AlreadyModified"): [("RecordRejected", None, "ALREADY_MODIFIED")],
    **{
        (operation, name): [seen]
        for operation in ("createRecords", "upsertRecords")
        for name, seen in {
            "InvalidData": ("RecordRejected", "Company", "INVALID_DATA"),
            "InvalidDataType": ("RecordRejected", "Number_1", "INVALID_DATA"),
            "InvalidDataLength": ("RecordRejected", "Number_1", "INVALID_DATA"),
            "MultipleErrors": ("DuplicateRejected", "Email", "DUPLICATE_DATA"),
            "DependentFieldMissing": ("RecordRejected", "Product_Subcategory", "DEPENDENT_FIELD_MISSING"),
            "DependentServiceError": ("RecordRejected", None, "DEPENDENT_SERVICE_ERROR"),
            "MandatoryNotFound": ("RecordRejected", "id", "MANDATORY_NOT_FOUND"),
            "MandatoryNotFoundLayoutRule": ("RecordRejected", "Phone", "MANDATORY_NOT_FOUND"),
            "DependentMismatch": ("RecordRejected", "Unavailable_Till", "DEPENDENT_MISMATCH"),
            "DuplicateDataError": ("DuplicateRejected", "Unique_1", "DUPLICATE_DATA"),
        }.items()
    },
}

# (operation, name) -> the duplicates that the rep is shown.
DUPLICATES: dict[tuple[str, str], tuple[DuplicateRecord, ...]] = {
    ("createRecords", "MultipleErrors"): (OWNED, OWNED_TOO),
    ("upsertRecords", "MultipleErrors"): (OWNED, OWNED_TOO),
    ("createRecords", "DuplicateDataError"): (UNIQUE,),
    ("upsertRecords", "DuplicateDataError"): (UNIQUE,),
}

# (operation, name) -> the error of the request as a whole, which is on no field of a lead: (class, code).
REQUESTS: dict[tuple[str, str], tuple[type[ZohoError], str]] = {
    ("searchRecords", "MissingParameter"): (RequestRejected, "EXPECTED_PARAM_MISSING"),
    ("searchRecords", "InvalidModule"): (RequestRejected, "INVALID_MODULE"),
    ("searchRecords", "OauthScopeMismatch"): (PermissionMissing, "OAUTH_SCOPE_MISMATCH"),
    ("searchRecords", "NoPermission"): (PermissionMissing, "NO_PERMISSION"),
    ("searchRecords", "InvalidUrlPattern"): (RequestRejected, "INVALID_URL_PATTERN"),
    ("searchRecords", "RateLimitExceeded"): (RateLimited, "RATE_LIMIT_EXCEEDED"),
    ("searchRecords", "InternalError"): (OutcomeUnknown, "INTERNAL_ERROR"),
    ("searchRecords", "ServiceUnavailable"): (OutcomeUnknown, "SERVICE_UNAVAILABLE"),
    ("searchRecords", "MaintenanceMode"): (OutcomeUnknown, "SERVICE_UNAVAILABLE"),
    **{
        (operation, name): seen
        for operation in ("createRecords", "upsertRecords")
        for name, seen in {
            "InvalidSupportedValue": (RequestRejected, "INVALID_DATA"),
            "InvalidModule": (RequestRejected, "INVALID_MODULE"),
            "InvalidRequestMethod": (RequestRejected, "INVALID_REQUEST_METHOD"),
            "AuthorizationFailed": (PermissionMissing, "AUTHORIZATION_FAILED"),
            "OauthScopeMismatch": (PermissionMissing, "OAUTH_SCOPE_MISMATCH"),
            "NoPermission": (PermissionMissing, "NO_PERMISSION"),
            "InvalidUrlPattern": (RequestRejected, "INVALID_URL_PATTERN"),
            "InternalError": (OutcomeUnknown, "INTERNAL_ERROR"),
        }.items()
    },
}

# (operation, name) -> (key of the body, model, ids).
FIELD_IDS = [
    "4832675000000710341",
    "4832675000000710342",
    "4832675000000000553",
    "4832675000000000555",
    "4832675000000000557",
]
LISTS: dict[tuple[str, str], tuple[str, Any, list[str]]] = {
    ("searchRecords", "LeadSearchResult"): ("data", Record, ["5843104000000624035"]),
    ("getUsers", "UsersGetResponse"): ("users", User, ["111133000000057662"]),
    ("getOrganization", "OrgGetResponse"): ("org", Org, ["1234567890"]),
    ("getFields", "FullExample"): ("fields", LayoutField, FIELD_IDS),
}


def entry(key: tuple[str, str]) -> Answer:
    (found,) = [one for one in ANSWERS if (one["op"], one["name"]) == key]
    return Answer(found["status"], decode_body(json.dumps(found["response"]).encode()))


def names(table: dict[tuple[str, str], Any]) -> list[str]:
    return [".".join(key) for key in table]


def test_every_answer_has_an_expectation_and_one_only() -> None:
    expected = [*RECORDS, *REQUESTS, *LISTS]
    assert sorted(expected) == sorted((one["op"], one["name"]) for one in ANSWERS)
    assert len(ANSWERS) == 54


@pytest.mark.parametrize(("key", "expected"), RECORDS.items(), ids=names(RECORDS))
def test_what_became_of_each_record(key: tuple[str, str], expected: list[Seen]) -> None:
    seen: list[Seen] = []
    for result in read_created(entry(key), len(expected)):
        if isinstance(result, RecordCreated):
            seen.append(("RecordCreated", result.id))
        else:
            seen.append((type(result).__name__, result.field, result.code))
            assert isinstance(result, RecordRejected)
            assert result.what.endswith(".")
            assert result.next_step.endswith(".")
    assert seen == expected


@pytest.mark.parametrize(("key", "expected"), DUPLICATES.items(), ids=names(DUPLICATES))
def test_the_duplicates(key: tuple[str, str], expected: tuple[DuplicateRecord, ...]) -> None:
    (result,) = read_created(entry(key), 1)
    assert isinstance(result, DuplicateRejected)
    assert result.duplicates == expected


@pytest.mark.parametrize(("key", "expected"), REQUESTS.items(), ids=names(REQUESTS))
def test_the_error_of_the_request(key: tuple[str, str], expected: tuple[type[ZohoError], str]) -> None:
    answer = entry(key)
    if key[0] == "searchRecords":
        error = error_of(answer)
        with pytest.raises(type(error)):
            read_list(answer, "data", Record)
    else:
        with pytest.raises(ZohoError) as caught:
            read_created(answer, 1)
        error = caught.value
    assert (type(error), error.code, error.status, error.field) == (*expected, answer.status, None)


@pytest.mark.parametrize(("key", "expected"), LISTS.items(), ids=names(LISTS))
def test_the_lists(key: tuple[str, str], expected: tuple[str, Any, list[str]]) -> None:
    body_key, model, ids = expected
    assert [one.id for one in read_list(entry(key), body_key, model)] == ids


def test_the_details_of_the_lists() -> None:
    (lead,) = read_list(entry(("searchRecords", "LeadSearchResult")), "data", Record)
    assert (lead.get("Company"), lead.get("Owner")["name"]) == ("Zylker", "John Smith")
    (user,) = read_list(entry(("getUsers", "UsersGetResponse")), "users", User)
    assert (user.email, user.profile and user.profile.name) == ("user@example.com", "Administrator")
    (org,) = read_list(entry(("getOrganization", "OrgGetResponse")), "org", Org)
    fields = read_list(entry(("getFields", "FullExample")), "fields", LayoutField)
    assert [(one.api_name, one.data_type, one.length) for one in fields[2:]] == [
        ("Owner", "ownerlookup", 120),
        ("Company", "text", 200),
        ("First_Name", "text", 40),
    ]
    assert (org.type, org.domain_name, org.country_code) == ("production", "acmeinc", "US")
