"""What a form contains: fields, what they hold, what is wrong and what is said about it. No screen needed."""

from __future__ import annotations

from collections.abc import Sequence

from tui.form.checking import Check, fault
from tui.form.fields import Field, Kind, Section
from tui.form.layout import State
from tui.form.values import Values
from tui.text import block
from zoho.wire.clean import clean_line


class Contents:
    """The fields of a form with their values, errors and notes.

    Args:
        sections: The fields.
        check: The host's rule: (field name, value) to what is wrong, or None.
    """

    def __init__(self, sections: Sequence[Section], check: Check | None = None) -> None:
        self._check = check
        self.values = Values()
        self.errors: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self.take_sections(sections)

    def take_sections(self, sections: Sequence[Section]) -> None:
        """Have other fields; values stay, errors and notes where their fields do."""
        self.sections = tuple(sections)
        self.fields = {field.name: field for section in self.sections for field in section.fields}
        self.order = [name for name, field in self.fields.items() if field.can_be_current]
        self.errors = {name: text for name, text in self.errors.items() if name in self.fields}
        self.notes = {name: text for name, text in self.notes.items() if name in self.fields}

    @property
    def held(self) -> dict[str, str]:
        """Every value that is not empty, in the order of the fields."""
        pairs = ((name, self.values[name]) for name, field in self.fields.items() if field.kind.holds_value)
        return {name: value for name, value in pairs if value}

    @property
    def required_filled(self) -> tuple[int, int]:
        """How many required fields are filled, and how many there are."""
        required = [field.name for field in self.fields.values() if field.required and field.kind.holds_value]
        return sum(1 for name in required if self.values[name]), len(required)

    @property
    def long_text(self) -> Field | None:
        """The first field that takes lines, if the rep can edit one."""
        fields = (self.fields[name] for name in self.order)
        return next((field for field in fields if field.kind is Kind.LONG_TEXT), None)

    @property
    def state(self) -> State:
        """What the layout depends on beside the fields."""
        return State(self.values.to_dict(), self.errors, self.notes)

    def put(self, name: str, value: str) -> None:
        """Take a value of the host's, cleaned."""
        field = self.fields.get(name)
        several = field is not None and field.kind in (Kind.LONG_TEXT, Kind.STATIC)
        self.values.put(name, block(value) if several else clean_line(value))
        if field is not None:
            self.recheck(name)

    def fault(self, name: str, *, sending: bool = False) -> str | None:
        """Return what is wrong with a field, or None."""
        return fault(self.fields[name], self.values[name], self._check, sending=sending)

    def check(self, name: str) -> bool:
        """Note what is wrong with a field that is left; return whether that changes what is shown.

        What the host has found wrong with the same value stays.
        """
        wrong = self.fault(name)
        if not wrong or self.errors.get(name) == wrong:
            return False
        self.errors[name] = wrong
        return True

    def check_all(self) -> list[tuple[str, str]]:
        """Note what is wrong with every field as for sending, and return it in their order."""
        found = {name: self.fault(name, sending=True) for name in self.fields}
        self.errors = {name: text for name, text in found.items() if text}
        return list(self.errors.items())

    def recheck(self, name: str) -> bool:
        """Check a field that is in error again, since it was changed; return whether its error changed."""
        shown = self.errors.get(name)
        if shown is None:
            return False
        wrong = self.fault(name, sending=shown == self.fault(name, sending=True))
        if wrong:
            self.errors[name] = wrong
        else:
            del self.errors[name]
        return wrong != shown

    def clear(self) -> None:
        """Empty what the rep can edit, and remember it."""
        self.values.clear(keep=self._is_fixed)
        self._forget()

    def restore(self) -> bool:
        """Bring back what was cleared; return whether there was anything."""
        restored = self.values.restore()
        if restored:
            self._forget()
        return restored

    def _is_fixed(self, name: str) -> bool:
        field = self.fields.get(name)
        return field is not None and not field.can_be_current

    def _forget(self) -> None:
        self.errors.clear()
        self.notes.clear()
