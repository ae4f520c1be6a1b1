"""What is wrong with a value, in words. Pure functions over fields."""

from __future__ import annotations

from collections.abc import Callable

from tui.form.fields import Field, Kind
from tui.text import line

Check = Callable[[str, str], "str | None"]
"""The host's own rule: (field name, value as text) -> what is wrong, or None."""


def fault(field: Field, value: str, check: Check | None, *, sending: bool = False) -> str | None:
    """Return what is wrong with *value* in *field*, or None.

    An empty required field is wrong only on *sending*: passing through it is no mistake yet.
    """
    if not field.kind.holds_value or field.read_only:
        return None
    if not value:
        return f"{line(field.label)} is needed." if sending and field.required else None
    return (
        _too_long(field, value) or _no_choice(field, value) or (check(field.name, value) if check else None)
    )


def _too_long(field: Field, value: str) -> str | None:
    if field.max_length is None or (over := len(value) - field.max_length) <= 0:
        return None
    return f"At most {field.max_length} characters: {over} too many."


def _no_choice(field: Field, value: str) -> str | None:
    if field.kind not in (Kind.CHOICE, Kind.CHOICES, Kind.ANSWER) or not (field.choices or field.allowed):
        return None
    offered = {choice.value for choice in field.choices}
    strange = next((one for one in field.values_in(value) if one not in offered), None)
    return f"{line(strange, 40)} is not one of the choices." if strange is not None else None
