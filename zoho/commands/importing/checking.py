"""From what a line says to the values of a lead, or to what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from zoho.leads.fields import SOURCE_FIELD, LeadForm
from zoho.leads.lead import read_lead
from zoho.leads.values.choices import shortened
from zoho.wire.errors import FieldFault, RecordRejected

_MEND = "Correct it in this file, then import it."


def lead_of(form: LeadForm, texts: Mapping[str, str], *, zone: tzinfo | None = None) -> dict[str, Any]:
    """Return the values of the lead that a line is.

    Args:
        form: the fields that there are.
        texts: API names and what the line says; an own ``Lead_Source`` may be among them.
        zone: of times that are written without one; None, the machine's.

    Raises:
        RecordRejected: something is wrong; one fault for each field.
    """
    source = texts.get(SOURCE_FIELD, "").strip()
    own = {name: text for name, text in texts.items() if name != SOURCE_FIELD or form.field(SOURCE_FIELD)}
    faults: tuple[FieldFault, ...] = ()
    values: dict[str, Any] = {}
    try:
        values = read_lead(form, own, zone=zone)
    except RecordRejected as refused:
        faults = tuple(replace(fault, next_step=_MEND) for fault in refused.faults)
    if source and form.sources and source not in form.sources:
        offered = f"“{source}” is not in the list: {shortened(form.sources)}."
        faults += (FieldFault("invalid", offered, _MEND, SOURCE_FIELD),)
    if faults:
        raise RecordRejected(faults)
    return {SOURCE_FIELD: source, **values} if source else values


def wrong_shape(what: str) -> RecordRejected:
    """Return the error for a line that is no lead at all."""
    return RecordRejected((FieldFault("shape", what, _MEND),))
