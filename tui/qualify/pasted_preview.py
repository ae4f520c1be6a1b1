"""What was read in a pasted text, before any of it is put into the form: each value is ticked or left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from tui.text import cut, line, signs, wrap
from zoho.wire.clean import clean

if TYPE_CHECKING:
    from zoho.leads.pasted import Found, Pasted

_STYLES = {"": Style.null(), "bold": Style(bold=True), "dim": Style(dim=True)}
_LABEL, _STATE = 18, 16
_HEAD, _FOOT = 2, 8
"""Lines above the list (title, a blank one) and below it (a blank one, what is told, two of keys)."""
_TOLD = 3
"""Lines of a value that are shown below the list."""
_KINDS = {
    "signature": "a signature",
    "mail": "a mail",
    "vcard": "a vCard",
    "form": "a form's notice",
    "address": "an e-mail address",
}
_NOTHING = "Nothing in it could be read as a value of a lead. Esc goes back; what is typed stays."


@dataclass(frozen=True, slots=True)
class Offer:
    """One value that was read, beside what the form says.

    Args:
        name: of the field, its API name.
        label: of the field.
        value: cleaned; in several lines, where it has them.
        certainty: ``sure``, ``likely`` or ``guess``.
        because: why it is thought to be that.
        typed: what stands in the form, or an empty text.
        asked: whether the form has the field.
    """

    name: str
    label: str
    value: str
    certainty: str
    because: str
    typed: str
    asked: bool

    @property
    def same(self) -> bool:
        """Whether it stands in the form already."""
        return self.typed == self.value.strip()

    @property
    def replaces(self) -> bool:
        """Whether it contradicts what was typed."""
        return self.asked and bool(self.typed) and not self.same

    @property
    def state(self) -> str:
        """What a rep is told of it, in a few words."""
        if not self.asked:
            return "not in this form"
        if self.same:
            return "typed already"
        return f"{self.certainty}, replaces" if self.replaces else self.certainty


def offers(found: tuple[Found, ...], labels: Mapping[str, str], typed: Mapping[str, str]) -> list[Offer]:
    """Return what can be taken, in the order of the form's fields as they were read; the rest comes last."""
    every = [
        Offer(
            one.api_name,
            labels.get(one.api_name) or one.api_name.replace("_", " "),
            clean(one.value),
            one.certainty,
            one.because,
            typed.get(one.api_name, "").strip(),
            one.api_name in labels,
        )
        for one in found
    ]
    return sorted(every, key=lambda one: not one.asked)


Taken = dict[str, str] | Literal["text"] | None
"""What a rep takes: field names and texts; ``"text"``, the pasted text as it is; or nothing."""


class PastedPreview(ModalScreen[Taken]):
    """The values that were read; gives what is taken.

    Args:
        pasted: what was read.
        labels: API name and label of each field that the form has.
        typed: API name and text of what stands in the form; a field without text may be missing.
        long_text: label of the field that the pasted text could be put into as it is; empty, there is none.
    """

    BINDINGS: ClassVar = [
        Binding("escape", "dismiss", "Back", show=False),
        Binding("enter", "take", "Take", show=False),
        Binding("a", "take_all", "Take all", show=False),
        Binding("space", "tick", "Tick", show=False),
        Binding("t", "as_text", "As text", show=False),
        Binding("down,j", "mark(1)", show=False),
        Binding("up,k", "mark(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "mark(-1000)", show=False),
        Binding("end", "mark(1000)", show=False),
    ]

    def __init__(
        self, pasted: Pasted, *, labels: Mapping[str, str], typed: Mapping[str, str], long_text: str = ""
    ) -> None:
        super().__init__()
        self._long_text = long_text
        self._offers = offers(pasted.found, labels, typed)
        missed = sum(bool(row.strip()) for row in pasted.rest.split("\n"))
        self._page = _Page(self._offers, _title(pasted.kind, missed), long_text)

    def compose(self) -> ComposeResult:
        """Make the page."""
        yield self._page

    def action_mark(self, step: int) -> None:
        """Mark another one."""
        self._page.mark(step)

    def action_page(self, step: int) -> None:
        """Mark one that is a page away."""
        self._page.mark(step * self._page.room)

    def action_tick(self) -> None:
        """Tick the marked one, or leave it."""
        self._page.tick()

    def action_take(self) -> None:
        """End with what is ticked."""
        self._end([one for one in self._offers if one.name in self._page.ticked])

    def action_take_all(self) -> None:
        """End with all that the form has, whatever was typed."""
        self._end([one for one in self._offers if one.asked])

    def action_as_text(self) -> None:
        """End with the text as it is, for the long text of the form."""
        if self._long_text:
            self.dismiss("text")

    def _end(self, taken: list[Offer]) -> None:
        # What stands there already changes nothing: it is no news for the form.
        self.dismiss({one.name: one.value for one in taken if not one.same} or None)


def _title(kind: str, missed: int) -> str:
    lines = "1 line" if missed == 1 else f"{missed} lines"
    rest = f", {lines} of it not understood" if missed else ""
    return f"Read in what was pasted: {_KINDS.get(kind, 'a text')}{rest}"


class _Page(Widget):
    """Draws the values; a key draws the lines anew that it changes."""

    DEFAULT_CSS = """
    _Page { width: 100%; height: 100%; }
    """
    ALLOW_SELECT = False

    def __init__(self, every: list[Offer], title: str, long_text: str) -> None:
        super().__init__()
        self._offers = every
        self._as_text = f"T puts the text into {line(long_text, _LABEL)} · " if long_text else ""
        self._title = title
        self._index = self._first = 0
        self._signs = signs()
        self.ticked = {one.name for one in every if one.asked and not one.replaces}

    @property
    def room(self) -> int:
        """How many values are seen at once."""
        return max(1, self.size.height - _HEAD - _FOOT)

    # Keys

    def mark(self, step: int) -> None:
        """Mark the value *step* lines away, or the one at the end."""
        before = self._shown()
        self._index = max(0, min(len(self._offers) - 1, self._index + step))
        self._draw(before)

    def tick(self) -> None:
        """Tick the marked value, or leave it; one that the form has not cannot be ticked."""
        before = self._shown()
        if self._offers and self._offers[self._index].asked:
            self.ticked ^= {self._offers[self._index].name}
        self._draw(before)

    def _draw(self, before: list[tuple[str, str]]) -> None:
        for y, (was, now) in enumerate(zip(before, self._shown(), strict=True)):
            if was != now:
                self.refresh(Region(0, y, self.size.width, 1))

    # What is seen

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width, base = self.size.width, self.rich_style
        style, text = self._line(y)
        segments = [Segment(" ", base), Segment(text, base + _STYLES[style])]
        return Strip(segments).adjust_cell_length(width, base)

    def _shown(self) -> list[tuple[str, str]]:
        return [self._line(y) for y in range(self.size.height)]

    def _line(self, y: int) -> tuple[str, str]:
        style, text = self._line_of(y)
        return style, line(text, max(1, self.size.width - 2), more=self._signs.more)

    def _line_of(self, y: int) -> tuple[str, str]:
        if y == 0:
            return "bold", self._title
        if y >= self.size.height - len(self._keys):
            return "dim", self._keys[y - self.size.height]
        if not self._offers:
            told = wrap(_NOTHING, self.size.width - 2)
            return "", told[y - _HEAD] if 0 <= y - _HEAD < len(told) else ""
        self._first = min(max(self._first, self._index - self.room + 1), self._index)
        rows = min(self.room, len(self._offers) - self._first)
        if 0 <= y - _HEAD < rows:
            return self._row(self._first + y - _HEAD)
        told = self._told(self._offers[self._index])
        at = y - (self.size.height - _FOOT) - 1
        return told[at] if 0 <= at < len(told) else ("", "")

    def _row(self, number: int) -> tuple[str, str]:
        one, marked = self._offers[number], number == self._index
        tick = "   " if not one.asked else "[x]" if one.name in self.ticked else "[ ]"
        pointer = self._signs.pointer if marked else " "
        label = _padded(line(one.label, _LABEL, more=self._signs.more), _LABEL)
        # The value is last: where it runs from right to left, it disturbs nothing behind it.
        text = f"{pointer} {tick} {label} {one.state:{_STATE}} {line(one.value)}"
        return "bold" if marked else "" if one.asked else "dim", text

    def _told(self, one: Offer) -> list[tuple[str, str]]:
        """Return what is told of the marked value: the whole of it, why, and what it would replace."""
        width = max(1, self.size.width - 2)
        whole = wrap(line(one.value), width, _TOLD, more=self._signs.more)
        why = f"{one.certainty}: {one.because}"
        last = f"{self._signs.attention} typed is: {one.typed}" if one.replaces else ""
        told = [*(("", row) for row in whole), ("dim", why), ("", last)]
        return [row for row in told if row[1]][: _FOOT - 3]

    @property
    def _keys(self) -> list[str]:
        """Return the two last lines: what is taken, and what else can be done."""
        others = f"{self._as_text}Esc goes back"
        asked = sum(one.asked for one in self._offers)
        if not asked:
            return ["This form asks for none of it" if self._offers else "", others]
        some = f"Enter takes {len(self.ticked)}" if self.ticked else "Enter takes none"
        return [f"{some} of {asked} · A takes all · Space ticks", others]


def _padded(text: str, width: int) -> str:
    """Return a text filled up with blanks to *width* cells."""
    return cut(text, width) + " " * max(0, width - cell_len(text))
