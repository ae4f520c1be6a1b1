"""What a form is made of: sections of fields. Plain data, made by the host, without a screen."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    DATETIME = "datetime"
    CHOICE = "choice"
    CHOICES = "choices"
    LOOKUP = "lookup"
    ANSWER = "answer"
    """One of a few numbered choices, taken by its digit; they stand under the field while it is current."""
    CHECKBOX = "checkbox"
    LONG_TEXT = "long_text"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    BUTTON = "button"
    STATIC = "static"
    FOLD = "fold"
    """The title of a folded section; the form makes these itself."""

    @property
    def is_line(self) -> bool:
        """Whether the value is one line of typed text."""
        return self in _LINES

    @property
    def holds_value(self) -> bool:
        """Whether a field of this kind has a value at all."""
        return self not in (Kind.BUTTON, Kind.STATIC, Kind.FOLD)

    @property
    def is_chosen(self) -> bool:
        """Whether the value is taken from a list that opens over the form."""
        return self in (Kind.CHOICE, Kind.CHOICES, Kind.LOOKUP)


_LINES = frozenset(
    {
        *(Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.INTEGER, Kind.DECIMAL),
        *(Kind.DATE, Kind.DATETIME, Kind.SECRET),
    }
)

_BETWEEN_CHOICES = ";"
_NAME_AND_ID = re.compile(r"(.*?)\s*\{(\w+)\}\s*", re.DOTALL)


def join_choices(values: Iterable[str]) -> str:
    """Return the text of a field that holds several choices; no value of Zoho's has a semicolon in it."""
    return _BETWEEN_CHOICES.join(values)


def split_choices(text: str) -> list[str]:
    """Return the values that `join_choices` joined, each once."""
    parts = (part.strip() for part in text.split(_BETWEEN_CHOICES))
    return list(dict.fromkeys(part for part in parts if part))


def lookup_text(name: str, record_id: str) -> str:
    """Return the text of a field that refers to a record: its name for people, its id for Zoho."""
    return f"{name} {{{record_id}}}"


def name_in_lookup(text: str) -> str:
    """Return the name that `lookup_text` was given; a text without an id is a name."""
    found = _NAME_AND_ID.fullmatch(text)
    return found[1] if found and found[1] else text


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
        hidden: Left out while it is empty, not required, and nothing is said about it.
        controlled_by: The name of the field whose value decides which choices are offered.
        allowed: For a value of that field, the values that go with it; for any other value, all do.
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
    hidden: bool = False
    controlled_by: str = ""
    allowed: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def can_be_current(self) -> bool:
        """Whether the rep can go to it."""
        return self.kind is not Kind.STATIC and not self.read_only

    def label_of(self, value: str) -> str:
        """Return what a person reads for *value*: the label of a choice, or the value itself."""
        if self.kind is Kind.LOOKUP:
            return name_in_lookup(value)
        return next((choice.label for choice in self.choices if choice.value == value), value)

    def values_in(self, text: str) -> list[str]:
        """Return the choices that *text*, the field's, holds."""
        return split_choices(text) if self.kind is Kind.CHOICES else [text] if text else []

    def choices_with(self, controlling: str) -> tuple[Choice, ...]:
        """Return the choices that go with the value *controlling* of the field that controls this one."""
        allowed = dict(self.allowed).get(controlling)
        if allowed is None:
            return self.choices
        return tuple(choice for choice in self.choices if choice.value in allowed)


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one title; an empty title draws none."""

    title: str
    fields: tuple[Field, ...]
