"""What a form is made of: sections of fields. Plain data, made by the host, without a screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is entered into a field, and so how it is edited."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    CHOICE = "choice"
    CHECKBOX = "checkbox"
    LONG_TEXT = "long_text"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    BUTTON = "button"
    STATIC = "static"

    @property
    def is_line(self) -> bool:
        """Whether the value is one line of typed text."""
        return self in _LINES

    @property
    def holds_value(self) -> bool:
        """Whether a field of this kind has a value at all."""
        return self not in (Kind.BUTTON, Kind.STATIC)


_LINES = frozenset(
    {Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.SECRET}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a picklist: the value that is stored, and the label that a person reads."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; label, help, note and choices may be foreign text.

    Args:
        name: Its name in `Form.values`, unique in the form.
        label: What a person reads before it (a button: on it; a static field: instead of a value, its note).
        kind: What is entered.
        required: Whether sending without it is refused.
        max_length: The most characters that it may have; more may be typed and is then named as a fault.
        choices: The entries of a picklist, in their order.
        help: What to enter here and what becomes of it, for the host to show.
        placeholder: Dim text where the value is empty.
        read_only: Shown, but passed over.
        note: Dim text behind the value, such as "environment".
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    max_length: int | None = None
    choices: tuple[Choice, ...] = ()
    help: str = ""
    placeholder: str = ""
    read_only: bool = False
    note: str = ""

    @property
    def can_be_current(self) -> bool:
        """Whether the rep can go to it."""
        return self.kind is not Kind.STATIC and not self.read_only

    def label_of(self, value: str) -> str:
        """Return what a person reads for *value*: the label of a choice, or the value itself."""
        return next((choice.label for choice in self.choices if choice.value == value), value)


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one title; an empty title draws none."""

    title: str
    fields: tuple[Field, ...]
