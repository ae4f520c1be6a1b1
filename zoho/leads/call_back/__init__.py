"""A call-back: when the caller wants to be called again, in words, and the task in Zoho that comes of it.

`read_when` reads what was typed, in the caller's time zone (`zones_of` their number); `shown_when` and
`warning_of` say it back while it can still be changed; `fixed_text` is what a half-typed lead keeps, since
"tomorrow" means another day tomorrow; `task_of` makes the task.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.leads.call_back.shown import shown_when as shown_when, warning_of as warning_of
    from zoho.leads.call_back.task import task_of as task_of
    from zoho.leads.call_back.when import fixed_text as fixed_text, read_when as read_when
    from zoho.leads.call_back.zones import zone_here as zone_here, zones_of as zones_of

CALL_BACK = "?call_back"
"""Name of the form's field for the time. No field of Zoho's begins with a question mark."""

CALL_BACK_ABOUT = "?call_back_about"
"""Name of the form's field for what it is about."""

__getattr__ = lazy_names(
    __name__,
    {
        "fixed_text": "zoho.leads.call_back.when",
        "read_when": "zoho.leads.call_back.when",
        "shown_when": "zoho.leads.call_back.shown",
        "task_of": "zoho.leads.call_back.task",
        "warning_of": "zoho.leads.call_back.shown",
        "zone_here": "zoho.leads.call_back.zones",
        "zones_of": "zoho.leads.call_back.zones",
    },
)
