"""Why a lead was refused, in the words of the rep's own form: labels where Zoho has API names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from zoho.leads.fields import LeadForm
from zoho.wire.clean import clean_line
from zoho.wire.errors import FieldFault
from zoho.wire.shapes import as_list, as_object

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+")
"""API names that no word of a sentence looks like; those of one word are sought where the details say so."""


def in_words(fault: FieldFault, form: LeadForm) -> FieldFault:
    """Return *fault* with labels for the API names and the picklist values in what it says.

    Args:
        fault: as `zoho.api.faults` made it, of this session or from the outbox.
        form: what it does not know is left as Zoho calls it.
    """
    what = _NAME.sub(lambda found: form.label(found[0]), fault.what)
    for name in _named(fault):
        # Quotes mark the names in the words of `zoho.api.faults`.
        what = what.replace(f"“{name}”", f"“{form.label(name)}”")
    return replace(fault, what=_with_labels(what, fault, form))


def fault_line(fault: FieldFault, form: LeadForm) -> str:
    """Return what is wrong, with the label of the field in front."""
    told = in_words(fault, form)
    return f"{form.label(told.field)}: {told.what}" if told.field else told.what


def fault_lines(faults: Iterable[FieldFault], form: LeadForm) -> Iterator[str]:
    """Yield a line for each of *faults*: the field, what is wrong, the next step."""
    for fault in faults:
        yield f"{fault_line(fault, form)} {fault.next_step}"


def _named(fault: FieldFault) -> Iterator[str]:
    for key in ("dependee", "mapped_field"):
        name = as_object(fault.details.get(key)).get("api_name")
        if name:
            yield clean_line(str(name))


def _with_labels(what: str, fault: FieldFault, form: LeadForm) -> str:
    """Put the labels of a picklist in the place of its values, where *what* lists these."""
    from zoho.api.faults import offered

    field = form.field(fault.field) if fault.field else None
    values = [clean_line(str(value)) for value in as_list(fault.details.get("supported_values"))]
    if field is None or not values:
        return what
    labels = {option.value: option.label for option in field.options}
    return what.replace(offered(values), offered([labels.get(value, value) for value in values]))
