"""Finding a lead that may have arrived: the COQL query, and the exact comparison of what it finds.

COQL is Zoho's own advice for reading without the lag of the search index (v8 Search Records). Text areas
cannot stand in its ``where`` (COQL limitations), so the comparison there is by name, company, e-mail, phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zoho.api.models import Record

COMPARED = ("Last_Name", "First_Name", "Company", "Email", "Phone")


def quoted(text: str) -> str:
    """Return *text* as a COQL string literal. Backslash escapes are what integrators use; Zoho shows none."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def created_since(values: Mapping[str, Any], *, user_id: str, since: datetime, key_field: str | None) -> str:
    """Return a query for the leads like *values* that this user created since then, converted ones too.

    Args:
        values: what was sent; empty, whatever it was.
        user_id: Zoho's id of the current user.
        since: a time by Zoho's own clock; fractions of a second are dropped.
        key_field: API name of our key's field, if there is one, to be read along.
    """
    moment = since.replace(microsecond=0).isoformat()
    conditions = [f"Created_By = {quoted(user_id)}", f"Created_Time >= {quoted(moment)}"]
    strongest = next((name for name in COMPARED if values.get(name)), None)
    if strongest is not None:
        conditions.append(f"{strongest} = {quoted(str(values[strongest]))}")
    selected = ", ".join(("id", *COMPARED, *((key_field,) if key_field else ())))
    # COQL wants more than two conditions grouped in pairs.
    where = conditions[0]
    for condition in conditions[1:]:
        where = f"({where} and {condition})"
    return f"select {selected} from Leads where {where} limit 200"  # noqa: S608 - COQL, each literal quoted


def same_lead(values: Mapping[str, Any], found: Sequence[Record]) -> list[Record]:
    """Return the records whose name, company, e-mail and phone are exactly those that were sent."""

    def text(value: Any) -> str:
        return str(value or "").strip().casefold()

    return [
        record
        for record in found
        if all(text(record.get(name)) == text(values.get(name)) for name in COMPARED)
    ]
