"""What a form contains: fields, what they hold, what is wrong and what is said about it. No screen needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.form.checking import Check, fault
from tui.form.fields import Field, Kind, Section, join_choices
from tui.form.layout import LONG_FORM, State
from tui.form.values import Values
from tui.text import block, line
from zoho.wire.clean import clean_line

if TYPE_CHECKING:
    from tui.form.folding import Folding


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
        self._emptied: set[str] = set()
        """Fields whose note says that their value no longer went with that of another."""
        self._fitted: dict[tuple[str, str], Field] = {}
        self._folding: Folding | None = None
        self.drawn: tuple[Section, ...] = ()
        """What is seen of the sections."""
        self.order: list[str] = []
        """The names of what is seen and can be gone to."""
        self._asked = ""
        self.take_sections(sections)

    def take_sections(self, sections: Sequence[Section]) -> None:
        """Have other fields; values stay, errors and notes where their fields do."""
        self.sections = tuple(sections)
        self.fields = {field.name: field for section in self.sections for field in section.fields}
        self.errors = {name: text for name, text in self.errors.items() if name in self.fields}
        self.notes = {name: text for name, text in self.notes.items() if name in self.fields}
        self._fitted.clear()
        long = sum(1 for field in self.fields.values() if not field.hidden) > LONG_FORM
        if long or self._folding is not None:
            self.folding.take_sections(self.sections, long=long)
        self.show("")

    # What is seen

    @property
    def folding(self) -> Folding:
        """The folds of the sections; made where there are any."""
        if self._folding is None:
            from tui.form.folding import Folding

            self._folding = Folding()
            self._folding.take_sections(self.sections, long=False)
        return self._folding

    def show(self, current: str) -> bool:
        """Find out what is to be seen while *current* is the current field; return whether that changed."""
        field, before = self.fields.get(current), self._asked
        self._asked = current if field is not None and field.kind is Kind.ANSWER else ""
        return self._show_sections(current) or before != self._asked

    def _show_sections(self, current: str) -> bool:
        drawn: list[Section] = []
        for number, section in enumerate(self.sections):
            seen = [field for field in section.fields if self._is_seen(field, current)]
            if len(seen) == len(section.fields) and self._folding is None:
                drawn.append(section)
            elif seen and self._folding is None:
                drawn.append(Section(section.title, tuple(seen)))
            elif seen and self._folding is not None:
                drawn.append(
                    self._folding.drawn(
                        number,
                        section,
                        seen,
                        lambda field: self._must_be_seen(field, current),
                        lambda field: bool(self.values[field.name]),
                    )
                )
        if tuple(drawn) == self.drawn:
            return False
        self.drawn = tuple(drawn)
        shown = [field for section in drawn for field in section.fields]
        self.fields |= {field.name: field for field in shown if field.kind is Kind.FOLD}
        self.order = [field.name for field in shown if field.can_be_current]
        return True

    def _is_seen(self, field: Field, current: str) -> bool:
        return not field.hidden or bool(self.values[field.name]) or self._must_be_seen(field, current)

    def _must_be_seen(self, field: Field, current: str) -> bool:
        """Whether no fold and no wish hides a field: required, wrong, told of, or being edited."""
        name = field.name
        return field.required or name == current or name in self.errors or name in self.notes

    def unfold(self, name: str) -> bool:
        """Unfold the section of a field; return whether it was folded."""
        fold = self._folding.fold_of(name) if self._folding is not None else ""
        if not fold or not self.folding.is_folded(fold):
            return False
        self.folding.set_folded(fold, False)
        return True

    def needed_after(self, current: str) -> str:
        """Return the next field behind *current*, around the form, that is wrong or empty and required."""
        at = self.order.index(current) + 1 if current in self.order else 0
        return next(filter(self._is_needed, self.order[at:] + self.order[:at]), "")

    def _is_needed(self, name: str) -> bool:
        field = self.fields[name]
        empty = field.required and field.kind.holds_value and not self.values[name]
        return empty or name in self.errors

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
        fields = (field for field in self.fields.values() if field.can_be_current)
        return next((field for field in fields if field.kind is Kind.LONG_TEXT), None)

    @property
    def state(self) -> State:
        """What the layout depends on beside the fields."""
        return State(self.values.to_dict(), self.errors, self.notes, self._asked)

    def put(self, name: str, value: str) -> None:
        """Take a value of the host's, cleaned."""
        self.values.put(name, self._cleaned(name, value))
        if name in self.fields:
            self.recheck(name)

    def take(self, name: str, value: str) -> list[str]:
        """Take a value as the rep's, cleaned and checked; return the fields that were changed by it."""
        field, cleaned = self.fields.get(name), self._cleaned(name, value)
        if field is None or not field.can_be_current or not self.values.enter(name, cleaned):
            return []
        changed = [name, *self.settle(name)]
        self.recheck(name)
        self.check(name)
        return changed

    def _cleaned(self, name: str, value: str) -> str:
        field = self.fields.get(name)
        several = field is not None and field.kind in (Kind.LONG_TEXT, Kind.STATIC)
        return block(value) if several else clean_line(value)

    def note(self, name: str, text: str) -> None:
        """Take a note of the host's; an empty text takes away what is noted."""
        self._emptied.discard(name)
        if text:
            self.notes[name] = text
        else:
            self.notes.pop(name, None)

    def fault(self, name: str, *, sending: bool = False) -> str | None:
        """Return what is wrong with a field, or None."""
        return fault(self.fitted(name), self.values[name], self._check, sending=sending)

    # Fields that depend on each other

    def fitted(self, name: str) -> Field:
        """Return a field with the choices that go with the value of the field that controls it."""
        field = self.fields[name]
        if not field.controlled_by:
            return field
        key = name, self.values[field.controlled_by]
        if key not in self._fitted:
            self._fitted[key] = replace(field, choices=field.choices_with(key[1]))
        return self._fitted[key]

    def why_no_choice(self, name: str) -> str:
        """Return what a rep has to do before there is anything to choose in a field, or an empty text."""
        control = self.fields.get(self.fields[name].controlled_by)
        waits = control is not None and not self.values[control.name] and not self.fitted(name).choices
        return f"choose {line(control.label)} first" if control is not None and waits else ""

    def settle(self, name: str) -> Iterator[str]:
        """Empty what no longer goes with the value of *name*, note why, and return the names of those fields.

        What the rep sets is not emptied by anything else: a note that says so goes away with the next value.
        """
        if name in self._emptied:
            self._emptied.discard(name)
            self.notes.pop(name, None)
        for other in [field for field in self.fields.values() if field.controlled_by == name]:
            yield from self._fit(other, name)

    def _fit(self, field: Field, controlling: str) -> Iterator[str]:
        held, fitted = field.values_in(self.values[field.name]), self.fitted(field.name)
        offered = {choice.value for choice in fitted.choices}
        known = {choice.value for choice in field.choices}
        gone = [value for value in held if value in known and value not in offered]
        if not gone:
            return
        self.values.enter(field.name, join_choices(value for value in held if value not in gone))
        yield field.name
        yield from self.settle(field.name)
        self.notes[field.name] = self._why_gone(field, gone, self.fields[controlling])
        self._emptied.add(field.name)
        self.errors.pop(field.name, None)

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

    def _why_gone(self, field: Field, gone: Sequence[str], control: Field) -> str:
        names = ", ".join(line(field.label_of(value)) for value in gone)
        was, do = ("was", "it does") if len(gone) == 1 else ("were", "they do")
        value = line(control.label_of(self.values[control.name]), 40)
        if not value:
            return f"{names} {was} taken out: {line(control.label)} is empty now."
        return f"{names} {was} taken out: {do} not go with {line(control.label)} {value}."

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
        self._emptied.clear()
