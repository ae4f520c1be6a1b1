"""A pasted signature, mail, vCard or web-form notice, read into a lead's fields on this machine alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.leads.pasted.found import Found as Found, Pasted as Pasted
    from zoho.leads.pasted.reading import read_pasted as read_pasted

__getattr__ = lazy_names(
    __name__,
    {
        "Found": "zoho.leads.pasted.found",
        "Pasted": "zoho.leads.pasted.found",
        "read_pasted": "zoho.leads.pasted.reading",
    },
)
