"""Who is this? Who Zoho, and this rep's own outbox, know already by what has been typed of a lead so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.leads.look_up.judge import judged as judged
    from zoho.leads.look_up.known import Entered as Entered, Known as Known, Match as Match, Reason as Reason
    from zoho.leads.look_up.marks import Kind as Kind, Mark as Mark, marks_of as marks_of
    from zoho.leads.look_up.service import LookUp as LookUp

__getattr__ = lazy_names(
    __name__,
    {
        "Entered": "zoho.leads.look_up.known",
        "Kind": "zoho.leads.look_up.marks",
        "Known": "zoho.leads.look_up.known",
        "LookUp": "zoho.leads.look_up.service",
        "Mark": "zoho.leads.look_up.marks",
        "Match": "zoho.leads.look_up.known",
        "Reason": "zoho.leads.look_up.known",
        "judged": "zoho.leads.look_up.judge",
        "marks_of": "zoho.leads.look_up.marks",
    },
)
