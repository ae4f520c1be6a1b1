"""Zoho's error objects, read into the rep's words.

Source of the codes and shapes: the v8 OpenAPI description of Insert Records
(``RecordsPostErrorResponse``) and its official examples. The words name no field: whoever shows them puts the
label of the field in front.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from zoho.wire.clean import clean_line
from zoho.wire.errors import DuplicateRecord, FieldFault
from zoho.wire.shapes import as_list, as_object

Details = Mapping[str, Any]

MULTIPLE = "MULTIPLE_OR_MULTI_ERRORS"
DUPLICATE = "DUPLICATE_DATA"

_CHANGE = "Change it and send again."
_FILL_IN = "Fill it in and send again."
_ASK_ADMIN = "Ask your Zoho administrator."

_TYPES = {
    "integer": "a whole number",
    "long": "a whole number",
    "bigint": "a whole number",
    "double": "a number",
    "decimal": "a number",
    "currency": "an amount",
    "boolean": "yes or no",
    "date": "a date such as 2026-01-31",
    "datetime": "a date and time",
    "email": "an e-mail address",
    "jsonarray": "a list of values",
    "jsonobject": "a reference to another record",
    "text": "text",
    "string": "text",
}


def read_faults(error: Mapping[str, Any], *, fallback_field: str | None = None) -> tuple[FieldFault, ...]:
    """Return every reason that an error object names, nested ones (``details.errors[]``) included.

    Args:
        error: an object with ``code``, ``message`` and ``details``.
        fallback_field: field of the surrounding error, for nested reasons that name none.
    """
    details = as_object(error.get("details"))
    field = _field(details) or fallback_field
    nested = [as_object(item) for item in as_list(details.get("errors"))]
    if nested:
        return tuple(fault for item in nested for fault in read_faults(item, fallback_field=field))
    code = str(error.get("code") or "UNKNOWN")
    what, next_step = _words(code, str(error.get("message") or ""), details)
    return (FieldFault(code, what, next_step, field, dict(details), _duplicate(code, details, field)),)


def is_about_the_request(error: Mapping[str, Any]) -> bool:
    """Say whether a per-record *error* is in truth about the whole request (its URL, method or switches)."""
    details = as_object(error.get("details"))
    if "resource_path_index" in details:
        return True
    path = str(details.get("json_path") or "")
    return path.startswith("$.") and not path.startswith("$.data")


def names_a_field(error: Mapping[str, Any]) -> bool:
    """Say whether *error* is about a field of a record, and not about the request."""
    return not is_about_the_request(error) and any(fault.field for fault in read_faults(error))


def _field(details: Details) -> str | None:
    """Return the API name of the field at fault: ``api_name``, else the end of ``json_path``."""
    name = details.get("api_name")
    if isinstance(name, str) and name:
        return name
    found = re.fullmatch(r"\$\.data\[\d+\]\.([A-Za-z]\w*).*", str(details.get("json_path") or ""))
    return found[1] if found else None


def _duplicate(code: str, details: Details, field: str | None) -> DuplicateRecord | None:
    if code != DUPLICATE:
        return None
    record = as_object(details.get("duplicate_record"))
    identity = record.get("id") or details.get("id")  # older versions of the API give the bare id only
    if not identity:
        return None
    owner = as_object(record.get("Owner")).get("name")
    module = as_object(record.get("module")).get("api_name")
    return DuplicateRecord(
        str(identity), field, str(module) if module else None, clean_line(str(owner)) if owner else None
    )


def _words(code: str, message: str, details: Details) -> tuple[str, str]:
    writer = _WRITERS.get(code)
    if writer is not None:
        return writer(details)
    said = clean_line(message) or code
    return f"Zoho refused it: {said}.", _ASK_ADMIN


def _mandatory(details: Details) -> tuple[str, str]:
    rule = as_object(details.get("layout_rule")).get("name")
    if rule:
        return f"The layout rule “{clean_line(str(rule))}” requires a value here.", _FILL_IN
    return "Zoho requires a value here.", _FILL_IN


def _invalid(details: Details) -> tuple[str, str]:
    limit = details.get("maximum_length")
    if limit is not None:
        return f"Too long for Zoho: at most {limit} characters.", "Shorten it and send again."
    values = [clean_line(str(value)) for value in as_list(details.get("supported_values"))]
    if values:
        shown = ", ".join(values[:12]) + (", …" if len(values) > 12 else "")
        return f"Zoho does not offer this value. It offers: {shown}.", "Choose one of them and send again."
    expected = str(details.get("expected_data_type") or "")
    if expected:
        return f"Zoho expects {_TYPES.get(expected.lower(), clean_line(expected))} here.", _CHANGE
    return "Zoho does not accept this value.", _CHANGE


def _duplicate_words(details: Details) -> tuple[str, str]:
    owner = as_object(as_object(details.get("duplicate_record")).get("Owner")).get("name")
    whose = f" (owner: {clean_line(str(owner))})" if owner else ""
    return (
        f"Zoho already has a record with this value{whose}.",
        "Look at that record; then change the value, or discard this lead.",
    )


def _dependee(details: Details) -> str:
    return clean_line(str(as_object(details.get("dependee")).get("api_name") or "another field"))


def _fixed(what: str, next_step: str) -> Callable[[Details], tuple[str, str]]:
    def words(details: Details) -> tuple[str, str]:
        del details  # these codes say all there is to say
        return what, next_step

    return words


_WRITERS: Mapping[str, Callable[[Details], tuple[str, str]]] = {
    "MANDATORY_NOT_FOUND": _mandatory,
    "INVALID_DATA": _invalid,
    DUPLICATE: _duplicate_words,
    "DEPENDENT_FIELD_MISSING": lambda details: (
        f"This needs a value in {_dependee(details)} as well.",
        "Fill in both and send again.",
    ),
    "DEPENDENT_MISMATCH": lambda details: (
        f"This does not go with the value of {_dependee(details)}.",
        "Change one of the two and send again.",
    ),
    "DEPENDENT_SERVICE_ERROR": _fixed("Another Zoho service that this needs refused it.", _ASK_ADMIN),
    "NOT_ALLOWED": _fixed("Zoho does not allow this.", _ASK_ADMIN),
    "NOT_APPROVED": _fixed("The record waits for an approval in Zoho.", "Ask who approves it."),
    "NOT_REVIEWED": _fixed("The record waits for a review in Zoho.", "Ask who reviews it."),
    "RECORD_LOCKED": _fixed("The record is locked in Zoho.", "Ask its owner to unlock it."),
    "LICENSE_LIMIT_EXCEEDED": _fixed("Your org's Zoho licence allows no more records.", _ASK_ADMIN),
    "ALREADY_MODIFIED": _fixed("Somebody changed the record meanwhile.", "Look at it again, then decide."),
    "INVALID_MODULE": _fixed("Zoho does not offer the Leads module to you.", _ASK_ADMIN),
}
