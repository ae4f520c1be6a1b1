"""What a rep typed, checked and turned into what Zoho takes: pure functions, a file for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.leads.values.around import Around as Around
    from zoho.leads.values.hints import hint as hint
    from zoho.leads.values.parsing import parse as parse, problem as problem
    from zoho.leads.values.phones import e164 as e164
    from zoho.leads.values.understanding import named_at_last as named_at_last, understood as understood
    from zoho.leads.values.wrong import WrongValueError as WrongValueError

__getattr__ = lazy_names(
    __name__,
    {
        "Around": "zoho.leads.values.around",
        "WrongValueError": "zoho.leads.values.wrong",
        "e164": "zoho.leads.values.phones",
        "hint": "zoho.leads.values.hints",
        "named_at_last": "zoho.leads.values.understanding",
        "parse": "zoho.leads.values.parsing",
        "problem": "zoho.leads.values.parsing",
        "understood": "zoho.leads.values.understanding",
    },
)
