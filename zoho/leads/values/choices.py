"""What is chosen and not typed: picklists, several of their values, and other records."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zoho.leads.fields import LeadField, Option
from zoho.leads.values.wrong import WrongValueError

BETWEEN = ";"
"""Between several values: no value of Zoho's has one in it."""

_SHOWN = 8
_RECORD = re.compile(r"(?:(.*?)\s*\{([0-9]{1,19})\}|([0-9]{1,19}))", re.DOTALL)


def chosen(field: LeadField, text: str, controlling: Option | None) -> str:
    """Return the value (``actual_value``) of what was chosen: the value itself, or its label."""
    option = _option(field.options, text)
    if option is None:
        if field.options:
            raise WrongValueError(f"“{text}” is not in the list.")
        return text
    allowed = field.options_for(controlling.value) if controlling else field.options
    if controlling and option not in allowed:
        offered = shortened(item.label for item in allowed) or "nothing"
        raise WrongValueError(f"“{option.label}” does not go with “{controlling.label}”, only: {offered}.")
    return option.value


def several(field: LeadField, text: str, controlling: Option | None) -> list[str] | None:
    """Return the values in *text*, each once; they are separated by semicolons."""
    parts = (part.strip() for part in text.split(BETWEEN))
    values = [chosen(field, part, controlling) for part in parts if part]
    return list(dict.fromkeys(values)) or None


def record(text: str) -> dict[str, str]:
    """Return the other record that ``NAME {ID}`` or a bare id names; Zoho is sent its id alone."""
    found = _RECORD.fullmatch(text)
    if found is None:
        raise WrongValueError("Choose one that is found: a name alone does not say which.")
    name, identity, bare = found.groups()
    return {"id": identity, "name": name} if name else {"id": identity or bare}


def record_text(identity: str, name: str = "") -> str:
    """Return what `record` reads."""
    return f"{name} {{{identity}}}" if name else identity


def shortened(labels: Iterable[str], shown: int = _SHOWN) -> str:
    """Return a list in words, cut after *shown*."""
    every = list(labels)
    return ", ".join(every[:shown]) + (", …" if len(every) > shown else "")


def _option(options: Iterable[Option], text: str) -> Option | None:
    return next((option for option in options if text in (option.value, option.label)), None)
