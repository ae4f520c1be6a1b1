"""What a field of the org can be told by a script. The values of each kind are known once the form is up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zoho.leads.fields import LeadField, LeadForm

_OTHERS = frozenset({"lookup", "ownerlookup", "userlookup"})


def unfit(field: LeadField) -> str:
    """Return why no answer may go into *field*, a sentence; empty, it may."""
    if field.data_type in _OTHERS:
        return f"{field.label} holds another record, which no answer names."
    if field.controlled_by:
        # Its value could be refused for what the rep chose there, and the lead with it.
        return f"What {field.label} may hold depends on {field.controlled_by}."
    if field.unique:
        return f"{field.label} must be different in every lead."
    return ""


def value_for(form: LeadForm, field: LeadField | None, candidates: Iterable[str]) -> Any:
    """Return the first of *candidates* that *field* takes, as Zoho takes it; None, there is none."""
    from zoho.leads.values.around import Around
    from zoho.leads.values.parsing import parse
    from zoho.leads.values.wrong import WrongValueError

    if field is None or unfit(field):
        return None
    for text in candidates:
        try:
            return parse(field, text, Around(form.region))
        except WrongValueError:
            continue
    return None


def takes(form: LeadForm, field: LeadField, text: str) -> bool:
    """Say whether *field* takes *text*."""
    return value_for(form, field, (text,)) is not None
