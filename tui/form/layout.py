"""Where everything of a form stands: values, errors and notes as a list of lines. No screen needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rich.cells import cell_len

from tui.form.fields import Field, Kind, Section
from tui.text import UNICODE_SIGNS, Signs, block, line, spelled, wrap

LABEL_X = 4
"""Cells before the labels: a margin of two, the pointer, a space."""
LONGEST_LABEL = 24
LONG_TEXT_ROWS = 4
"""The most rows of a long text that are shown, being edited or not."""
MOST_BELOW = 6
"""The most rows that are said about one field: the fields must stay in sight."""
FIRST_PAGE = 18
"""Lines that are seen at 80x24 without scrolling; sections behind them begin folded in a long form."""
LONG_FORM = 40
"""More fields than this make a form long."""
_BEHIND_LABEL = 5
"""Cells between label and value: the required sign with two spaces on both sides."""
_RIGHT_MARGIN = 2


class Role(StrEnum):
    """What a line of the form shows."""

    BLANK = "blank"
    TITLE = "title"
    FIELD = "field"
    VALUE = "value"
    ERROR = "error"
    NOTE = "note"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form.

    The text of a one-line value is not in it: it is looked up when the line is drawn, so that typing
    changes no line of the plan.
    """

    role: Role
    name: str = ""
    text: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Columns:
    """Where labels and values stand, in cells from the left edge."""

    width: int
    label_width: int

    @classmethod
    def of(cls, sections: Iterable[Section], width: int) -> Columns:
        """Return the columns for the labels of *sections* in a form of *width* cells."""
        labels = (f.label for s in sections for f in s.fields if f.kind not in (Kind.BUTTON, Kind.FOLD))
        longest = max((cell_len(line(label)) for label in labels), default=0)
        return cls(width, min(longest, LONGEST_LABEL, max(8, width // 3)))

    @property
    def required_x(self) -> int:
        """Where the sign of required fields stands."""
        return LABEL_X + self.label_width + 2

    @property
    def value_x(self) -> int:
        """Where values begin."""
        return LABEL_X + self.label_width + _BEHIND_LABEL

    @property
    def value_width(self) -> int:
        """How many cells a value may take."""
        return max(4, self.width - self.value_x - _RIGHT_MARGIN)


@dataclass(frozen=True, slots=True)
class State:
    """What decides the lines of a form beside its sections; of the field ``asked`` the answers are shown."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    asked: str = ""


class Layout:
    """The lines of a form, and which of them belong to which field.

    Args:
        sections: The fields.
        state: Values, errors and notes.
        width: Of the form, in cells.
        signs: For errors, and for what is not shown.
        columns: Where values begin, if not as the labels of *sections* have it.
    """

    def __init__(
        self,
        sections: Sequence[Section],
        state: State,
        width: int,
        signs: Signs = UNICODE_SIGNS,
        columns: Columns | None = None,
    ) -> None:
        self.columns = columns or Columns.of(sections, width)
        self.lines: list[Line] = []
        self.first: dict[str, int] = {}
        self.rows: dict[str, int] = {}
        self.last: dict[str, int] = {}
        self._state = state
        self._attention = signs.attention
        self._more = signs.more
        before: Section | None = None
        for section in sections:
            # Folded ones that show nothing but their titles stand together: they are many in a long form.
            self._add_section(section, apart=not (before and _is_bare(before) and _is_fold(section)))
            before = section

    def _add_section(self, section: Section, *, apart: bool) -> None:
        if self.lines and apart:
            self.lines.append(Line(Role.BLANK))
        if section.title:
            self.lines.append(Line(Role.TITLE, text=line(section.title)))
        for each in section.fields:
            self.first[each.name] = len(self.lines)
            self._add_field(each)
            self.last[each.name] = len(self.lines) - 1

    def _add_field(self, each: Field) -> None:
        rows = self._value_rows(each)
        self.rows[each.name] = len(rows)
        self.lines.append(Line(Role.FIELD, each.name, rows[0]))
        self.lines.extend(Line(Role.VALUE, each.name, text, row) for row, text in enumerate(rows[1:], 1))
        if each.name == self._state.asked:
            offers = offer_rows(each, self.columns.value_width, more=self._more)
            self.lines.extend(Line(Role.OFFER, each.name, text, row) for row, text in enumerate(offers))
        if error := self._state.errors.get(each.name):
            self._add_below(Role.ERROR, each.name, error, self._attention)
        if note := self._state.notes.get(each.name):
            self._add_below(Role.NOTE, each.name, note, "")

    def _value_rows(self, each: Field) -> list[str]:
        if each.kind is Kind.FOLD:
            return [each.label]  # the number in it changes
        if each.kind not in (Kind.LONG_TEXT, Kind.STATIC):
            return [""]
        most = LONG_TEXT_ROWS if each.kind is Kind.LONG_TEXT else None
        text = self._state.values.get(each.name, "")
        return wrap(text, self._width_of(each), most, more=self._more)

    def _width_of(self, each: Field) -> int:
        if each.kind is Kind.STATIC and not each.label:
            return self.columns.width - LABEL_X - _RIGHT_MARGIN
        return self.columns.value_width - 1

    def _add_below(self, role: Role, name: str, text: str, sign: str) -> None:
        indent = cell_len(sign) + 1 if sign else 0
        rows = wrap(block(spelled(text)), self.columns.value_width - indent, MOST_BELOW, more=self._more)
        for row, part in enumerate(rows):
            lead = f"{sign} " if sign and row == 0 else " " * indent
            self.lines.append(Line(role, name, lead + part, row))

    def name_at(self, y: int) -> str:
        """Return the name of the field to which line *y* belongs, or an empty string."""
        return self.lines[y].name if 0 <= y < len(self.lines) else ""

    def differing(self, other: Layout) -> list[int]:
        """Return the numbers of the lines that are not as in *other*."""
        if self.columns != other.columns:
            return list(range(max(len(self.lines), len(other.lines))))
        longest = max(len(self.lines), len(other.lines))
        return [y for y in range(longest) if self.lines[y : y + 1] != other.lines[y : y + 1]]


def offer_rows(asked: Field, width: int, *, more: str = UNICODE_SIGNS.more) -> list[str]:
    """Return the numbered answers of a field, as many to a row of *width* cells as fit whole."""
    rows: list[str] = []
    for choice in asked.choices:
        offer = line(f"{choice.value} {choice.label}", width, more=more)
        if rows and cell_len(rows[-1]) + cell_len(offer) + 3 <= width:
            rows[-1] += f"   {offer}"
        else:
            rows.append(offer)
    return rows


def _is_fold(section: Section) -> bool:
    return bool(section.fields) and section.fields[0].kind is Kind.FOLD


def _is_bare(section: Section) -> bool:
    return _is_fold(section) and len(section.fields) == 1


def scrolled(top: int, first: int, last: int, height: int, total: int) -> int:
    """Return the new first visible line so that lines *first* to *last* are seen in *height* lines.

    Nothing moves while they are visible; else the form goes on by the better part of a page, so that a slow
    connection does not redraw everything at each field.
    """
    furthest = max(0, total - height)
    if first < top:
        top = last - 2 * height // 3
    elif last >= top + height:
        top = first - height // 3
    top = min(top, first)
    if last - first < height:
        top = max(top, last - height + 1)
    return max(0, min(top, furthest))
