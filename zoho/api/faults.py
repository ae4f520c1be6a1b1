"""Zoho's error objects, read into the rep's words.

Source of the codes and shapes: the v8 OpenAPI description of Insert Records
(``RecordsPostErrorResponse``) and its official examples. How a failed validation rule looks is told nowhere:
its message is shown, and its name where the details have one as they have that of a layout rule. The words do
not name the field itself: whoever shows them puts its label in front (`zoho.leads.fault_words`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zoho.wire.clean import clean_line
from zoho.wire.errors import DuplicateRecord, FieldFault
from zoho.wire.shapes import as_list, as_object

Details = Mapping[str, Any]
_Writer = Callable[[Details, str], tuple[str, str]]
"""Details, and what Zoho says, to what is wrong and the next step."""

MULTIPLE = "MULTIPLE_OR_MULTI_ERRORS"
DUPLICATE = "DUPLICATE_DATA"

_CHANGE = "Change it and send again."
_FILL_IN = "Fill it in and send again."
_ASK_ADMIN = "Ask your Zoho administrator."
_GRANT = "Ask an administrator to grant it: Setup > Security Control > Profiles."
_TELL_WHO_MADE_IT = "Nothing that was typed is at fault: report it, with the lead's details from the Log."

_EMPTY_WORDS = re.compile(
    r"invalid (data|value)|(the )?(field )?value (given )?(for \S+ )?(is|seems to be) invalid", re.IGNORECASE
)
"""What Zoho says where it says nothing: ``invalid data``, ``The field value given for X is invalid``."""

_NUMBERS = frozenset({"integer", "long", "bigint", "double", "decimal", "currency", "percent"})

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
    what, next_step = _words(code, str(error.get("message") or ""), details, field is not None)
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


def offered(values: Sequence[str], shown: int = 12) -> str:
    """Return the values that a picklist offers, in words, cut after *shown*."""
    return ", ".join(values[:shown]) + (", …" if len(values) > shown else "")


def _words(code: str, message: str, details: Details, on_field: bool) -> tuple[str, str]:
    said = clean_line(message).strip().rstrip(".")
    rule = _name(details, "validation_rule")
    if rule:
        return f"The validation rule “{rule}” does not allow this{f': {said}' if said else ''}.", _CHANGE
    writer = _WRITERS.get(code)
    if writer is not None:
        return writer(details, said)
    return f"Zoho refused it: {said or code}.", _CHANGE if on_field else _ASK_ADMIN


def _name(details: Details, key: str) -> str:
    """Return the name of what *details* refer to: a rule, or a field."""
    other = as_object(details.get(key))
    return clean_line(str(other.get("name") or other.get("api_name") or ""))


def _mandatory(details: Details, _: str) -> tuple[str, str]:
    rule = _name(details, "layout_rule")
    if rule:
        return f"The layout rule “{rule}” requires a value here.", _FILL_IN
    return "Zoho requires a value here.", _FILL_IN


def _invalid(details: Details, said: str) -> tuple[str, str]:
    for key, writer in _INVALID.items():
        if details.get(key) not in (None, ""):
            return writer(details, said)
    if said and not _EMPTY_WORDS.fullmatch(said):
        return f"Zoho does not accept this value: {said}.", _CHANGE
    return "Zoho does not accept this value.", _CHANGE


def _too_long(details: Details, _: str) -> tuple[str, str]:
    kind = str(details.get("expected_data_type") or "").lower()
    counted = "digits" if kind in _NUMBERS else "characters"
    return f"Too long for Zoho: at most {details['maximum_length']} {counted}.", "Shorten it and send again."


def _not_offered(details: Details, _: str) -> tuple[str, str]:
    values = [clean_line(str(value)) for value in as_list(details["supported_values"])]
    if not values:
        return "Zoho does not offer this value.", "Choose another one and send again."
    what = f"Zoho does not offer this value. It offers: {offered(values)}."
    return what, "Choose one of them and send again."


def _wrong_type(details: Details, _: str) -> tuple[str, str]:
    expected = clean_line(str(details["expected_data_type"]))
    return f"Zoho expects {_TYPES.get(expected.lower(), expected)} here.", _CHANGE


def _wrong_form(details: Details, _: str) -> tuple[str, str]:
    return f"Zoho expects a value of another form ({clean_line(str(details['regex']))}).", _CHANGE


def _parameters(details: Details) -> str:
    names = as_list(details.get("param_names")) or [details.get("param_name") or "unnamed"]
    return ", ".join(clean_line(str(name)) for name in names)


_INVALID: Mapping[str, _Writer] = {
    "maximum_length": _too_long,
    "supported_values": _not_offered,
    "regex": _wrong_form,
    "param_name": lambda details, _: (
        f"Zoho does not accept the parameter “{_parameters(details)}” of the request.",
        _TELL_WHO_MADE_IT,
    ),
    "resource_path_index": lambda _, __: (
        "Zoho does not know the address that was asked.",
        _TELL_WHO_MADE_IT,
    ),
    "expected_data_type": _wrong_type,
}
"""The kinds of ``INVALID_DATA``, by what its details have; the first that fits speaks."""


def _duplicate_words(details: Details, _: str) -> tuple[str, str]:
    owner = as_object(as_object(details.get("duplicate_record")).get("Owner")).get("name")
    whose = f" (owner: {clean_line(str(owner))})" if owner else ""
    return (
        f"Zoho already has a record with this value{whose}.",
        "Look at that record; then change the value, or discard this lead.",
    )


def _other_field(details: Details) -> str:
    name = _name(details, "dependee") or _name(details, "mapped_field")
    return f"“{name}”" if name else "another field"


def _mismatch(details: Details, said: str) -> tuple[str, str]:
    why = f": {said}" if said and not _EMPTY_WORDS.fullmatch(said) else ""
    return (
        f"This does not go with the value of {_other_field(details)}{why}.",
        "Change one of the two and send again.",
    )


def _service(details: Details, _: str) -> tuple[str, str]:
    return _SERVICE.get(str(details.get("dependency_error")), _SERVICE["CANNOT_PROCESS"])


_SERVICE = {
    "NO_PERMISSION": ("Another Zoho service that this needs gives you no permission.", _ASK_ADMIN),
    "LIMIT_EXCEEDED": ("Another Zoho service that this needs has reached its limit.", _ASK_ADMIN),
    "PROCESSING_ERROR": ("Another Zoho service that this needs has failed.", "Send again in a while."),
    "CANNOT_PROCESS": ("Another Zoho service that this needs refused it.", _ASK_ADMIN),
}


def _no_permission(details: Details, _: str) -> tuple[str, str]:
    names = ", ".join(clean_line(str(name)) for name in as_list(details.get("permissions")))
    return f"Your Zoho profile lacks a permission{f': {names}' if names else ''}.", _GRANT


def _limit(details: Details, _: str) -> tuple[str, str]:
    limit = details.get("limit")
    most = f" of {clean_line(str(limit))}" if limit is not None else ""
    return f"This is over a limit{most} that Zoho has.", _ASK_ADMIN


def _fixed(what: str, next_step: str) -> _Writer:
    def words(details: Details, said: str) -> tuple[str, str]:
        del details, said  # these codes say all there is to say
        return what, next_step

    return words


def _absent(details: Details, _: str) -> tuple[str, str]:
    return f"The request lacks what Zoho needs: {_parameters(details)}.", _TELL_WHO_MADE_IT


_WRITERS: Mapping[str, _Writer] = {
    "MANDATORY_NOT_FOUND": _mandatory,
    "INVALID_DATA": _invalid,
    DUPLICATE: _duplicate_words,
    "DEPENDENT_FIELD_MISSING": lambda details, _: (
        f"This needs a value in {_other_field(details)} as well.",
        "Fill in both and send again.",
    ),
    "DEPENDENT_MISMATCH": _mismatch,
    "MAPPING_MISMATCH": _mismatch,
    "DEPENDENT_SERVICE_ERROR": _service,
    "NOT_ALLOWED": _fixed("Zoho does not allow this.", _ASK_ADMIN),
    "NOT_APPROVED": _fixed("The record waits for an approval in Zoho.", "Ask who approves it."),
    "NOT_REVIEWED": _fixed("The record waits for a review in Zoho.", "Ask who reviews it."),
    "RECORD_LOCKED": _fixed("The record is locked in Zoho.", "Ask its owner to unlock it."),
    "LICENSE_LIMIT_EXCEEDED": _fixed("Your org's Zoho licence allows no more records.", _ASK_ADMIN),
    "LIMIT_EXCEEDED": _limit,
    "NO_PERMISSION": _no_permission,
    "AUTHORIZATION_FAILED": _no_permission,
    "ALREADY_MODIFIED": _fixed("Somebody changed the record meanwhile.", "Look at it again, then decide."),
    "INVALID_MODULE": _fixed("Zoho does not offer the Leads module to you.", _ASK_ADMIN),
    "INVALID_REQUEST_METHOD": _fixed("Zoho does not take this kind of request.", _TELL_WHO_MADE_IT),
    "INVALID_URL_PATTERN": _fixed("Zoho does not know the address that was asked.", _TELL_WHO_MADE_IT),
    "API_NOT_SUPPORTED": _fixed("Zoho no longer takes this version of its API.", _TELL_WHO_MADE_IT),
    "REQUIRED_PARAM_MISSING": _absent,
    "EXPECTED_PARAM_MISSING": _absent,
    "INTERNAL_ERROR": _fixed("Zoho has trouble of its own.", "Send again in a while."),
}
