"""What we send: the org's layout as form fields, values, validation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.leads.fields import LeadField as LeadField, LeadForm as LeadForm, Option as Option
    from zoho.leads.layout import choose_layout as choose_layout, form_of as form_of
    from zoho.leads.lead import read_lead as read_lead, record_of as record_of, title_of as title_of
    from zoho.leads.stock import STOCK_FORM as STOCK_FORM
    from zoho.leads.values import problem as problem

__getattr__ = lazy_names(
    __name__,
    {
        "LeadField": "zoho.leads.fields",
        "LeadForm": "zoho.leads.fields",
        "Option": "zoho.leads.fields",
        "choose_layout": "zoho.leads.layout",
        "form_of": "zoho.leads.layout",
        "read_lead": "zoho.leads.lead",
        "record_of": "zoho.leads.lead",
        "title_of": "zoho.leads.lead",
        "STOCK_FORM": "zoho.leads.stock",
        "problem": "zoho.leads.values",
    },
)
