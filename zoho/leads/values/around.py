"""What a value depends on beside its own field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from zoho.leads.fields import LeadField, LeadForm, Option


@dataclass(frozen=True, slots=True)
class Around:
    """What a value depends on beside its own field.

    Args:
        region: country (``GB``) of phone numbers without a country code; empty, it is not known.
        controlling: what is chosen in the picklist that controls the field.
        zone: of times that are typed without one; None, the machine's.
    """

    region: str = ""
    controlling: Option | None = None
    zone: tzinfo | None = None

    @classmethod
    def of(
        cls, form: LeadForm, field: LeadField, typed: Mapping[str, str], zone: tzinfo | None = None
    ) -> Around:
        """Return what is around *field* where the form holds *typed* (texts by API name)."""
        return cls(form.region, _controlling(form, field, typed), zone)


NOWHERE = Around()


def _controlling(form: LeadForm, field: LeadField, typed: Mapping[str, str]) -> Option | None:
    text = typed.get(field.controlled_by, "").strip() if field.controlled_by else ""
    controller = form.field(field.controlled_by) if text else None
    options = controller.options if controller else ()
    return next((option for option in options if text in (option.value, option.label)), None)
