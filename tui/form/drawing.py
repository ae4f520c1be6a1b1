"""What stands in a line of the form: pieces of text, each with its ink. No screen needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rich.cells import cell_len

from tui.form.fields import Field, Kind
from tui.form.layout import LABEL_X, Columns, Line, Role
from tui.text import Signs, cut, line


class Ink(StrEnum):
    """How a piece of text looks; few on purpose, and never the only sign."""

    PLAIN = "plain"
    BOLD = "bold"
    DIM = "dim"
    ERROR = "error"
    CARET = "caret"


Piece = tuple[str, Ink]


class Source(Protocol):
    """What a line needs to know to be drawn."""

    @property
    def current(self) -> str:
        """The name of the current field."""
        ...

    @property
    def searching(self) -> str | None:
        """What is being searched in the choices of the current field, or None."""
        ...

    @property
    def draws_caret(self) -> bool:
        """Whether the caret has to be drawn, since the terminal's own cursor is not there."""
        ...

    def field(self, name: str) -> Field:
        """Return a field by its name."""
        ...

    def value(self, name: str) -> str:
        """Return what a field holds, clean."""
        ...


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws lines from a source, for certain columns and signs."""

    source: Source
    columns: Columns
    signs: Signs

    def pieces(self, drawn: Line) -> list[Piece]:
        """Return the pieces of a line, from the left edge on."""
        match drawn.role:
            case Role.BLANK:
                return []
            case Role.TITLE:
                return [("  ", Ink.PLAIN), (cut(drawn.text, self.columns.width - 4), Ink.BOLD)]
            case Role.FIELD:
                return list(self._field(drawn, self.source.field(drawn.name)))
            case Role.VALUE:
                indent = self.columns.value_x if self.source.field(drawn.name).label else LABEL_X
                return [(" " * indent, Ink.PLAIN), (drawn.text, Ink.PLAIN)]
            case Role.OFFER:
                return [(" " * self.columns.value_x, Ink.PLAIN), (drawn.text, Ink.PLAIN)]
            case Role.ERROR | Role.NOTE:
                ink = Ink.ERROR if drawn.role is Role.ERROR else Ink.DIM
                return [(" " * self.columns.value_x, Ink.PLAIN), (drawn.text, ink)]

    def _field(self, drawn: Line, field: Field) -> Iterator[Piece]:
        current = self.source.current == field.name
        pointer = self.signs.pointer if current else " "
        if field.kind is Kind.FOLD:
            yield from self._fold(pointer, line(field.label, self.columns.width - 6, more=self.signs.more))
            return
        if field.kind is Kind.STATIC and not field.label:
            yield f"    {drawn.text}", Ink.PLAIN
            return
        label = (
            ""
            if field.kind is Kind.BUTTON
            else line(field.label, self.columns.label_width, more=self.signs.more)
        )
        padding = " " * (self.columns.label_width - cell_len(label))
        yield f"  {pointer} {label}{padding}  ", Ink.PLAIN
        yield f"{self.signs.required if field.required else ' '}  ", Ink.PLAIN
        yield from self._value(drawn, field, current)

    def _fold(self, pointer: str, label: str) -> Iterator[Piece]:
        yield f"{pointer} ", Ink.PLAIN
        caret = 1 if pointer.strip() and self.source.draws_caret else 0
        yield label[:caret], Ink.CARET
        yield label[caret:], Ink.BOLD
        yield f" {self.signs.folded}", Ink.PLAIN

    def _value(self, drawn: Line, field: Field, current: bool) -> Iterator[Piece]:
        room = self.columns.value_width
        shown = drawn.text if field.kind in (Kind.LONG_TEXT, Kind.STATIC) else self._shown(field, current)
        text = cut(shown, room, more=self.signs.more)
        if current and self.source.draws_caret and not (field.kind.is_line or field.kind is Kind.LONG_TEXT):
            yield (text[:1] or " "), Ink.CARET
            yield text[1:], Ink.PLAIN
        else:
            yield text, Ink.PLAIN
        yield from self._behind(field, text, room - cell_len(text))

    def _behind(self, field: Field, text: str, room: int) -> Iterator[Piece]:
        for dim in ("" if text else line(field.placeholder), line(field.note)):
            gap = "  " if text else ""
            if dim and (dim := cut(gap + dim, room, more=self.signs.more)):
                yield dim, Ink.DIM
                text += dim
                room -= cell_len(dim)

    def _shown(self, field: Field, current: bool) -> str:
        value = self.source.value(field.name)
        match field.kind:
            case Kind.CHECKBOX:
                return "[x]" if value == "true" else "[ ]"
            case Kind.BUTTON:
                return f"[ {line(field.label)} ]"
            case Kind.SECRET:
                return self.signs.mask * len(value)
            case Kind.ANSWER:
                return f"{value} {line(field.label_of(value))}" if value else ""
            case Kind.CHOICE | Kind.CHOICES | Kind.LOOKUP:
                return self._chosen(field, value, current)
            case _:
                return value

    def _chosen(self, field: Field, value: str, current: bool) -> str:
        searching = self.source.searching if current else None
        if searching is not None and not (field.kind is Kind.CHOICES and not searching):
            return searching
        labels = [line(field.label_of(one)) for one in field.values_in(value)]
        # How many there are is seen even where not all of them are.
        behind = f" ({len(labels)})" if len(labels) > 1 else ""
        behind += "" if field.read_only else f" {self.signs.unfolded}"
        room = self.columns.value_width - cell_len(behind)
        return f"{cut(', '.join(labels), room, more=self.signs.more)}{behind}".lstrip()
