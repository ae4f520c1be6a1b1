"""What Zoho refuses, and what the rep reads: one row for each code of the catalogue and each of its shapes.

Codes, details and messages are those of the official description and examples of Insert Records (v8); the
two rows with a validation rule are guessed after the layout rule's, since no example has one.
"""

from __future__ import annotations

from typing import Any

import pytest

from zoho.api.answers import Answer, error_of, read_created
from zoho.leads import LeadField, LeadForm, Option
from zoho.leads.fault_words import fault_line, fault_lines
from zoho.wire import PermissionMissing, RecordRejected, RequestRejected, ZohoError

FORM = LeadForm(
    "1",
    (
        LeadField("Last_Name", "Nachname", "text", required=True),
        LeadField("Company", "Firma", "text", required=True),
        LeadField("Email", "E-Mail", "email"),
        LeadField("Mobile", "Handy", "phone"),
        LeadField("No_of_Employees", "Mitarbeiter", "integer"),
        LeadField(
            "Lead_Status",
            "Status",
            "picklist",
            options=(Option("Not Contacted", "Neu"), Option("Junk Lead", "Unbrauchbar")),
        ),
        LeadField("Country", "Land", "picklist"),
        LeadField("Billing_State", "Region", "picklist"),
    ),
)
CHANGE = "Change it and send again."
FILL_IN = "Fill it in and send again."
ADMIN = "Ask your Zoho administrator."
GRANT = "Ask an administrator to grant it: Setup > Security Control > Profiles."
REPORT = "Nothing that was typed is at fault: report it, with the lead's details from the Log."
LOOK = "Look at that record; then change the value, or discard this lead."
INVALID = "invalid data"

OWNER = {"id": "5", "name": "B. Roe", "zuid": "7"}
OURS = {"id": "41", "Owner": OWNER, "module": {"api_name": "Leads", "id": "3"}}
HIDDEN = {"id": "42"}


def on(name: str, **more: Any) -> dict[str, Any]:
    return {"api_name": name, "json_path": f"$.data[0].{name}", **more}


def error(code: str, message: str, details: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "status": "error", "message": message, "details": details}


# code, message, details -> label and words as they are shown, next step
TABLE: list[tuple[str, str, dict[str, Any], str, str]] = [
    (
        *("MANDATORY_NOT_FOUND", "required field not found", on("Last_Name")),
        *("Nachname: Zoho requires a value here.", FILL_IN),
    ),
    (
        "MANDATORY_NOT_FOUND",
        "required field not found",
        on("Mobile", layout_rule={"id": "9", "name": "Hot leads"}),
        "Handy: The layout rule “Hot leads” requires a value here.",
        FILL_IN,
    ),
    (
        *("INVALID_DATA", INVALID, on("No_of_Employees", expected_data_type="integer")),
        *("Mitarbeiter: Zoho expects a whole number here.", CHANGE),
    ),
    (
        *("INVALID_DATA", INVALID, on("Email", expected_data_type="email")),
        *("E-Mail: Zoho expects an e-mail address here.", CHANGE),
    ),
    (
        *("INVALID_DATA", INVALID, on("Company", maximum_length=100)),
        *("Firma: Too long for Zoho: at most 100 characters.", "Shorten it and send again."),
    ),
    (
        *("INVALID_DATA", INVALID, on("No_of_Employees", maximum_length=9, expected_data_type="integer")),
        *("Mitarbeiter: Too long for Zoho: at most 9 digits.", "Shorten it and send again."),
    ),
    (
        "INVALID_DATA",
        INVALID,
        on("Lead_Status", supported_values=["Not Contacted", "Junk Lead", "Gone"]),
        "Status: Zoho does not offer this value. It offers: Neu, Unbrauchbar, Gone.",
        "Choose one of them and send again.",
    ),
    (
        "INVALID_DATA",
        INVALID,
        on("Lead_Status", supported_values=["Junk Lead", *(f"v{n}" for n in range(1, 30))]),
        "Status: Zoho does not offer this value. It offers: Unbrauchbar, v1, v2, v3, v4, v5, v6, v7, v8, v9,"
        " v10, v11, ….",
        "Choose one of them and send again.",
    ),
    (
        *("INVALID_DATA", INVALID, on("Mobile", regex="[0-9+]*")),
        *("Handy: Zoho expects a value of another form ([0-9+]*).", CHANGE),
    ),
    (
        *("INVALID_DATA", "The field value given for Company is invalid", on("Company")),
        *("Firma: Zoho does not accept this value.", CHANGE),
    ),
    (
        *("INVALID_DATA", "the field api name given seems to be invalid", on("Last_Name")),
        *("Nachname: Zoho does not accept this value: the field api name given seems to be invalid.", CHANGE),
    ),
    (
        *("DUPLICATE_DATA", "duplicate data", on("Email", duplicate_record=OURS, more_records=False)),
        *("E-Mail: Zoho already has a record with this value (owner: B. Roe).", LOOK),
    ),
    (
        *("DUPLICATE_DATA", "duplicate data", on("Email", duplicate_record=HIDDEN)),
        *("E-Mail: Zoho already has a record with this value.", LOOK),
    ),
    (
        *("DUPLICATE_DATA", "duplicate data", on("Email", id="42")),
        *("E-Mail: Zoho already has a record with this value.", LOOK),
    ),
    (
        "DEPENDENT_FIELD_MISSING",
        "The field 'Billing_State' is required when 'Country' is provided",
        on("Billing_State", dependee=on("Country")),
        "Region: This needs a value in “Land” as well.",
        "Fill in both and send again.",
    ),
    (
        "DEPENDENT_MISMATCH",
        INVALID,
        on("Country", dependee=on("Billing_State")),
        "Land: This does not go with the value of “Region”.",
        "Change one of the two and send again.",
    ),
    (
        "DEPENDENT_MISMATCH",
        "Billing_State must be one of Country.",
        on("Billing_State", dependee=on("Country")),
        "Region: This does not go with the value of “Land”: Region must be one of Country.",
        "Change one of the two and send again.",
    ),
    (
        "MAPPING_MISMATCH",
        "invalid value",
        on("Billing_State", mapped_field=on("Country")),
        "Region: This does not go with the value of “Land”.",
        "Change one of the two and send again.",
    ),
    (
        *("DEPENDENT_SERVICE_ERROR", "x", {"dependency_error": "NO_PERMISSION"}),
        *("Another Zoho service that this needs gives you no permission.", ADMIN),
    ),
    (
        *("DEPENDENT_SERVICE_ERROR", "x", {"dependency_error": "LIMIT_EXCEEDED"}),
        *("Another Zoho service that this needs has reached its limit.", ADMIN),
    ),
    (
        *("DEPENDENT_SERVICE_ERROR", "x", {"dependency_error": "PROCESSING_ERROR"}),
        *("Another Zoho service that this needs has failed.", "Send again in a while."),
    ),
    (
        *("DEPENDENT_SERVICE_ERROR", "x", {"dependency_error": "CANNOT_PROCESS"}),
        *("Another Zoho service that this needs refused it.", ADMIN),
    ),
    *(
        (code, "x", on("Company"), f"Firma: {what}", step)
        for code, what, step in (
            ("NOT_ALLOWED", "Zoho does not allow this.", ADMIN),
            ("NOT_APPROVED", "The record waits for an approval in Zoho.", "Ask who approves it."),
            ("NOT_REVIEWED", "The record waits for a review in Zoho.", "Ask who reviews it."),
            ("RECORD_LOCKED", "The record is locked in Zoho.", "Ask its owner to unlock it."),
        )
    ),
    ("NOT_ALLOWED", "x", {}, "Zoho does not allow this.", ADMIN),
    ("LICENSE_LIMIT_EXCEEDED", "x", {}, "Your org's Zoho licence allows no more records.", ADMIN),
    ("LIMIT_EXCEEDED", "x", {"limit": 100}, "This is over a limit of 100 that Zoho has.", ADMIN),
    ("ALREADY_MODIFIED", "x", {}, "Somebody changed the record meanwhile.", "Look at it again, then decide."),
    (
        *("NO_PERMISSION", "Permission denied", {"permissions": ["Crm_Implied_Create_Leads"]}),
        *("Your Zoho profile lacks a permission: Crm_Implied_Create_Leads.", GRANT),
    ),
    ("INTERNAL_ERROR", "Internal Server Error", {}, "Zoho has trouble of its own.", "Send again in a while."),
    (
        *("VALIDATION_FAILED", "Billing_State must be in Europe.", on("Billing_State")),
        *("Region: Zoho refused it: Region must be in Europe.", CHANGE),
    ),
    ("BRAND_NEW_CODE", "Cannot do this", {}, "Zoho refused it: Cannot do this.", ADMIN),
    ("BRAND_NEW_CODE", "", {}, "Zoho refused it: BRAND_NEW_CODE.", ADMIN),
    (
        "INVALID_DATA",
        "Only customers in Europe",
        on("Country", validation_rule={"id": "8", "name": "Europe"}),
        "Land: The validation rule “Europe” does not allow this: Only customers in Europe.",
        CHANGE,
    ),
    (
        *("INVALID_DATA", "", {"validation_rule": {"name": "Europe"}}),
        *("The validation rule “Europe” does not allow this.", CHANGE),
    ),
]


def rejection(*rows: dict[str, Any], status: int = 400) -> RecordRejected:
    (result,) = read_created(Answer(status, {"data": list(rows)}), 1)
    assert isinstance(result, RecordRejected), result
    return result


@pytest.mark.parametrize(("code", "message", "details", "said", "next_step"), TABLE)
def test_what_the_rep_reads(
    code: str, message: str, details: dict[str, Any], said: str, next_step: str
) -> None:
    (fault,) = rejection(error(code, message, details)).faults
    assert fault.code == code
    assert fault.field == details.get("api_name")
    assert fault_line(fault, FORM) == said
    assert fault.next_step == next_step
    assert list(fault_lines([fault], FORM)) == [f"{said} {next_step}"]


def test_several_reasons_are_each_told_on_their_field() -> None:
    errors = [
        error("DUPLICATE_DATA", "duplicate data", on("Email", duplicate_record=OURS)),
        error("DUPLICATE_DATA", "duplicate data", on("Mobile", duplicate_record=OURS)),
        error("MANDATORY_NOT_FOUND", "required field not found", on("Company")),
    ]
    row = error("MULTIPLE_OR_MULTI_ERRORS", "Multiple errors in the request", {"errors": errors})
    faults = rejection(row).faults
    assert [fault.field for fault in faults] == ["Email", "Mobile", "Company"]
    assert list(fault_lines(faults, FORM)) == [
        f"E-Mail: Zoho already has a record with this value (owner: B. Roe). {LOOK}",
        f"Handy: Zoho already has a record with this value (owner: B. Roe). {LOOK}",
        f"Firma: Zoho requires a value here. {FILL_IN}",
    ]


# status, code, details -> what is at fault is no record's: the error, its words, its next step
REQUESTS: list[tuple[int, str, dict[str, Any], type[ZohoError], str, str]] = [
    (
        *(400, "INVALID_DATA", {"param_name": "trigger"}, RequestRejected),
        *("Zoho does not accept the parameter “trigger” of the request.", REPORT),
    ),
    (
        *(400, "INVALID_DATA", {"resource_path_index": 0}, RequestRejected),
        *("Zoho does not know the address that was asked.", REPORT),
    ),
    (
        *(400, "INVALID_MODULE", {"resource_path_index": 0}, RequestRejected),
        *("Zoho does not offer the Leads module to you.", ADMIN),
    ),
    (
        *(400, "INVALID_REQUEST_METHOD", {"resource_path_index": 0}, RequestRejected),
        *("Zoho does not take this kind of request.", REPORT),
    ),
    (
        *(400, "REQUIRED_PARAM_MISSING", {"param_name": "ids"}, RequestRejected),
        *("The request lacks what Zoho needs: ids.", REPORT),
    ),
    (
        *(400, "EXPECTED_PARAM_MISSING", {"param_names": ["a", "b"]}, RequestRejected),
        *("The request lacks what Zoho needs: a, b.", REPORT),
    ),
    (
        *(404, "INVALID_URL_PATTERN", {}, RequestRejected),
        *("Zoho does not know the address that was asked.", REPORT),
    ),
    (
        *(400, "API_NOT_SUPPORTED", {"supported_version": 9}, RequestRejected),
        *("Zoho no longer takes this version of its API.", REPORT),
    ),
    (
        *(400, "AUTHORIZATION_FAILED", {"resource_path_index": 0}, PermissionMissing),
        *("Your Zoho profile lacks a permission.", GRANT),
    ),
    (
        *(403, "NO_PERMISSION", {"permissions": ["Crm_Implied_View_Leads"]}, PermissionMissing),
        *("Your Zoho profile lacks a permission: Crm_Implied_View_Leads.", GRANT),
    ),
]


@pytest.mark.parametrize(("status", "code", "details", "kind", "said", "next_step"), REQUESTS)
def test_what_no_lead_can_cure(
    status: int, code: str, details: dict[str, Any], kind: type[ZohoError], said: str, next_step: str
) -> None:
    failed = error_of(Answer(status, error(code, INVALID, details)))
    assert type(failed) is kind
    assert failed.what == said
    assert failed.field is None
    assert failed.next_step == next_step


def test_the_words_of_an_earlier_session_are_left_as_they_are() -> None:
    (fault,) = rejection(error("INVALID_DATA", INVALID, on("Lead_Status", supported_values=["a"]))).faults
    old = type(fault)("DEPENDENT_MISMATCH", "Not with Country.", CHANGE, "Country", dict(fault.details))
    assert fault_line(old, FORM) == "Land: Not with Country."
    assert fault_line(fault, LeadForm(None, ())) == (
        "Lead_Status: Zoho does not offer this value. It offers: a."
    ), "without the form, as Zoho calls it"
