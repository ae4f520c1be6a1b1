"""The form widget: every field drawn line by line, and one editor laid over the current one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message

from tui.form.canvas import Canvas
from tui.form.checking import Check
from tui.form.contents import Contents
from tui.form.editors import Editors, place
from tui.form.fields import Choice, Field, Kind, Section, join_choices
from tui.form.keys import handed_on, in_order
from tui.form.line_editor import lines_of, one_line
from tui.text import clean

if TYPE_CHECKING:
    from tui.form.pastes import Pastes

_LONG_TEXT_HELP = "Enter goes on; Ctrl+J or Alt+Enter begins a new line."


class Form(Canvas, can_focus=True, inherit_bindings=False):
    """Fields under titles, entered one after the other.

    It is one widget however many fields there are: going to another field moves the editor and redraws two
    lines.
    Enter, Tab and Down go on, Shift+Tab and Up go back, Esc gives back what the field held before.

    Args:
        sections: The fields, drawn in this order.
        check: The host's rule: (field name, value) to what is wrong in words, or None. It is asked on leaving
            a field and by `validate`; while a field is in error also at each letter, so that the error goes
            away as soon as it is right.
        id: As of every widget.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", "Next field", show=False, id="form.accept"),
        Binding("tab", "step(1, True)", "Next field", show=False, id="form.next"),
        Binding("shift+tab", "step(-1, True)", "Field before", show=False, id="form.previous"),
        Binding("down", "step(1)", "Next field", show=False),
        Binding("up", "step(-1)", "Field before", show=False),
        Binding("ctrl+home", "edge(False)", "First field", show=False, id="form.first"),
        Binding("ctrl+end", "edge(True)", "Last field", show=False, id="form.last"),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("escape", "give_back", "Give back", show=False, id="form.give_back"),
        Binding("space", "space", "Toggle", show=False),
        Binding("delete,backspace", "empty", "Empty", show=False),
    ]

    @dataclass
    class _About(Message):
        form: Form
        name: str

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    @dataclass
    class Changed(_About):
        """A value was changed by the rep (not by the host)."""

        value: str

    @dataclass
    class Left(_About):
        """A field was left for another; its value has been checked."""

        value: str

    @dataclass
    class Pressed(_About):
        """A button was pressed."""

    @dataclass
    class Moved(_About):
        """Another field is the current one."""

    @dataclass
    class Kept(_About):
        """Several lines were pasted into a field for one; the others, ``lines`` of them, wait."""

        lines: int

    @dataclass
    class Sought(_About):
        """What fits ``word`` is wanted for a look-up; the host answers with `set_found`."""

        word: str

    @dataclass
    class Ended(Message):
        """Enter was pressed on the last field."""

        form: Form

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    def __init__(
        self,
        sections: Sequence[Section],
        *,
        check: Check | None = None,
        id: str | None = None,  # noqa: A002 - as in Textual
    ) -> None:
        super().__init__(Contents(sections, check), id=id)
        self._held = ""
        self._pastes: Pastes | None = None
        """Those of which lines wait."""
        self._upwards = False
        self._editors: Editors | None = None

    # What the host asks and says

    @property
    def values(self) -> dict[str, str]:
        """Every field that is not empty, in the order of the form."""
        return self._contents.held

    @property
    def current_help(self) -> str:
        """The help of the current field, cleaned."""
        if not self._current:
            return ""
        field = self._contents.fields[self._current]
        parts = [clean(field.help), _LONG_TEXT_HELP if field.kind is Kind.LONG_TEXT else ""]
        return " ".join(part for part in parts if part)

    @property
    def dirty(self) -> bool:
        """Whether the rep has changed anything since the host set it."""
        return self._contents.values.dirty

    @property
    def required_filled(self) -> tuple[int, int]:
        """How many required fields are filled, and how many there are."""
        return self._contents.required_filled

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by field, as shown."""
        return dict(self._contents.errors)

    @property
    def places(self) -> list[tuple[str, Field]]:
        """Every field that can be gone to, with the title of its section, as the host has ordered them."""
        sections = self._contents.sections
        return [(each.title, field) for each in sections for field in each.fields if field.can_be_current]

    def set_sections(self, sections: Sequence[Section]) -> None:
        """Show other fields; values, errors and the current field stay where their names do."""
        self.close_choices()
        self._contents.take_sections(sections)
        self._replan(everything=True)
        if self._current in self._contents.order:
            self._reveal()
            self._take_editor()
        else:
            self._enter(next(iter(self._contents.order), ""))

    def set_values(self, values: Mapping[str, str]) -> None:
        """Set several values, as `set_value` does; without any, nothing is drawn anew."""
        if not values:
            return
        before = self.value(self._current) if self._current else ""
        for name, value in values.items():
            self._contents.put(name, value)
        self._replan(everything=True)
        if self._current and self.value(self._current) != before:
            self._held = self.value(self._current)
            self._take_editor()

    def set_value(self, name: str, value: str) -> None:
        """Set a value; it does not count as typed, and no message is sent."""
        self.set_values({name: value})

    def clear(self) -> None:
        """Empty every field that can be edited, remembering it for `restore`, and go to the first one."""
        self._contents.clear()
        self._begin_anew()

    def restore(self) -> bool:
        """Bring back what was cleared last; what was typed since is remembered in its stead.

        Returns:
            Whether there was anything to bring back.
        """
        if not self._contents.restore():
            return False
        self._begin_anew()
        return True

    def validate(self, *, focus: bool = False) -> list[tuple[str, str]]:
        """Check every field as for sending, and show what is wrong under each.

        Args:
            focus: Whether to go to the first fault.

        Returns:
            (field name, what is wrong) of all faults, in the order of the form.
        """
        faults = self._contents.check_all()
        self._replan()
        if focus and faults:
            self.go_to(faults[0][0])
            self.focus()
        return faults

    def set_error(self, name: str, message: str) -> None:
        """Show that the value of a field is wrong, until it is changed."""
        if name in self._contents.fields and self._contents.errors.get(name) != message:
            self._contents.errors[name] = message
            self._replan()

    def clear_errors(self) -> None:
        """Show no errors."""
        self._contents.errors.clear()
        self._replan()

    def set_found(self, name: str, word: str, choices: Sequence[Choice], problem: str = "") -> None:
        """Offer what was found for *word* in a look-up; if it is no longer what is searched, nothing happens.

        Args:
            name: Of the field.
            word: As in `Sought`.
            choices: Values as `lookup_text` makes them, and what a person reads.
            problem: Why nothing could be looked for, in a few words.
        """
        opened = self._editors.open_choices if self._editors is not None else None
        if opened is not None and name == self._current:
            opened.show_found(word, choices, problem)

    def note_of(self, name: str) -> str:
        """Return the dim line under a field, or an empty string."""
        return self._contents.notes.get(name, "")

    def set_note(self, name: str, text: str) -> None:
        """Show a dim line under a field; an empty text takes it away."""
        if name not in self._contents.fields or self._contents.notes.get(name, "") == text:
            return
        self._contents.note(name, text)
        self._replan()

    def go_to(self, name: str) -> None:
        """Make a field the current one, if the rep may edit it; the focus follows if the form has it.

        A section that hides it is unfolded.
        """
        field = self._contents.fields.get(name)
        if field is None or not field.can_be_current:
            return
        if name not in self._contents.order:
            self._contents.unfold(name)
        if name != self._current:
            self._leave()
            self._enter(name)
        else:
            self._reveal()

    def jump_to(self, name: str) -> None:
        """Go to a field from afar: all of its section is shown."""
        if self._contents.unfold(name):
            self._replan(everything=True)
        self.go_to(name)

    def go_to_needed(self) -> bool:
        """Go to the next field that is wrong, or required and empty; return whether there is one."""
        name = self._contents.needed_after(self._current)
        if name:
            self.go_to(name)
        return bool(name)

    def fold(self) -> bool:
        """Fold the section of the current field, or unfold it; return whether it can be."""
        folding = self._contents.folding
        fold = folding.fold_of(self._current)
        if fold and folding.is_folded(fold):
            self._unfold(fold)
        elif fold:
            self._leave()
            folding.set_folded(fold, True)
            self._replan(everything=True)
            self._enter(fold)
        return bool(fold)

    def _unfold(self, fold: str) -> None:
        folding = self._contents.folding
        folding.set_folded(fold, False)
        name = self._current
        if name == fold:
            self._contents.show("")
            inside = [each for each in self._contents.order if folding.fold_of(each) == fold]
            name = next(iter(inside), next(iter(self._contents.order), ""))
        self._replan(everything=True)
        self._enter(name)

    # Fields and values

    def _begin_anew(self) -> None:
        self.close_choices()
        self._pastes = None
        self._contents.show("")
        first = next(iter(self._contents.order), "")
        self._replan(everything=True)
        self._enter(first)

    def edited(self, value: str) -> None:
        """Take the text of the current field, as the rep changes it."""
        name = self._current
        if not name or not self._contents.values.enter(name, value):
            return
        noted = len(self._contents.notes)
        emptied = list(self._contents.settle(name))
        lines = self._contents.recheck(name) or self._contents.fields[name].kind is Kind.LONG_TEXT
        if lines or emptied or noted != len(self._contents.notes):
            self._replan()
        self._reveal()
        for each in emptied:
            self._redraw(each)
        for each in (name, *emptied):
            self.post_message(self.Changed(self, each, self._contents.values[each]))

    # Pastes of several lines

    def pasted(self, text: str) -> str:
        """Take a paste into the current field: its first line, if another field can take the others.

        Without such a field, and in a secret, the field takes all of them as one: no word is lost.
        """
        target, lines = self._contents.long_text, lines_of(text)
        if len(lines) < 2 or target is None or self._kind is Kind.SECRET:
            return " ".join(lines)
        if self._pastes is None:
            from tui.form.pastes import Pastes

            self._pastes = Pastes()
        self._pastes.add(self._current, text, lines)
        self.post_message(self.Kept(self, self._pastes.of, len(self._pastes.waiting)))
        return lines[0]

    @property
    def kept_text(self) -> str:
        """All that was pasted of which lines wait, as it was; an empty text, if none do."""
        return self._pastes.text if self._pastes else ""

    @property
    def without_kept(self) -> dict[str, str]:
        """The values, without the first lines of the pastes of which lines wait."""
        values = self.values
        return values | (self._pastes.taken_out(values) if self._pastes else {})

    def put_kept(self) -> int:
        """Put the lines that wait behind what the long text holds; return how many they were."""
        lines = self._pastes.waiting if self._pastes else []
        self.put_text("\n".join(lines))
        self.forget_kept()
        return len(lines)

    def forget_kept(self) -> None:
        """Let no line of a paste wait any more."""
        if self._pastes is not None:
            self.set_note(self._pastes.of, "")
            self._pastes = None

    @property
    def long_text(self) -> str:
        """The label of the field that takes text of several lines, or an empty text."""
        target = self._contents.long_text
        return target.label if target is not None else ""

    def put_text(self, text: str) -> None:
        """Put *text* behind what the form's long text holds, if it has one, as if it were typed."""
        target = self._contents.long_text
        if target is not None and text:
            held = self._contents.values[target.name]
            self.take({target.name: f"{held}\n{text}" if held else text})

    def take(self, values: Mapping[str, str]) -> None:
        """Put several values into fields as if the rep had typed them and gone on; they are checked."""
        changed = [name for item in values.items() for name in self._contents.take(*item)]
        self._replan(everything=True)
        if self._current in changed:
            self._held = self.value(self._current)
            self._take_editor()
        for name in dict.fromkeys(changed):
            self.post_message(self.Changed(self, name, self.value(name)))

    # Going from field to field

    def _leave(self) -> None:
        self.close_choices()
        name = self._current
        if not name:
            return
        if self._contents.check(name):
            self._replan()
        self._redraw(name)
        if self._kind is not Kind.FOLD:  # of which the host knows nothing
            self.post_message(self.Left(self, name, self._contents.values[name]))

    def _enter(self, name: str) -> None:
        moved = name != self._current
        self._current = name
        self._held = self._contents.values[name]
        if self._contents.show(name):
            self._replan()
        self._take_editor()
        if name:
            self._redraw(name)
            self._reveal()
            self._place()
        if moved and name:
            self.post_message(self.Moved(self, name))

    def _beside(self, step: int, around: bool) -> str | None:
        if not self._contents.order:
            return None
        index = self._contents.order.index(self._current) + step
        if around:
            index %= len(self._contents.order)
        return self._contents.order[index] if 0 <= index < len(self._contents.order) else None

    def action_step(self, step: int, around: bool = False) -> None:
        """Go *step* fields on; *around* goes from one end to the other."""
        if (name := self._beside(step, around)) is not None:
            self.go_to(name)

    def action_edge(self, last: bool) -> None:
        """Go to the first or the last field."""
        if self._contents.order:
            self.go_to(self._contents.order[-1 if last else 0])

    def action_page(self, step: int) -> None:
        """Go about a page up or down."""
        if not self._contents.order:
            return
        wanted = self._plan.first[self._current] + step * max(1, self._height - 2)
        self.go_to(min(self._contents.order, key=lambda name: abs(self._plan.first[name] - wanted)))

    def go_on(self) -> None:
        """Go to the next field; behind the last, say that the form has ended."""
        if (name := self._beside(1, around=False)) is not None:
            self.go_to(name)
            return
        if self._current:
            self._contents.check(self._current)
            self._replan()
            self.post_message(self.Ended(self))

    def go_out(self, step: int) -> None:
        """Go to the field above or below."""
        self.action_step(step)

    # Keys of fields without an editor

    @property
    def _kind(self) -> Kind | None:
        field = self._contents.fields.get(self._current)
        return field.kind if field is not None else None

    def action_accept(self) -> None:
        """Enter: open the choices, unfold the section, press the button, or go on."""
        if self._kind is not None and self._kind.is_chosen:
            self._open_choices("")
        elif self._kind is Kind.FOLD:
            self._unfold(self._current)
        elif self._kind is Kind.BUTTON:
            self.post_message(self.Pressed(self, self._current))
        else:
            self.go_on()

    def action_space(self) -> None:
        """Space: toggle the checkbox, open the choices, press the button, take the next answer."""
        if self._kind is Kind.CHECKBOX:
            self._toggle()
        elif self._kind is Kind.ANSWER:
            self._answer_next("")
        else:
            self.action_accept()

    def action_empty(self) -> None:
        """Delete: a picklist holds nothing, a question is not answered."""
        if self._kind is None or not (self._kind.is_chosen or self._kind is Kind.ANSWER):
            raise SkipAction
        self._take_value("")

    def action_give_back(self) -> None:
        """Esc: give back what the field held when it became the current one."""
        if not self._current or self._contents.values[self._current] == self._held:
            raise SkipAction
        self._take_value(self._held)
        self._take_editor()

    def _toggle(self) -> None:
        self._take_value("false" if self._contents.values[self._current] == "true" else "true")

    def _take_value(self, value: str) -> None:
        self.edited(value)
        self._redraw(self._current)

    def _answer(self, character: str) -> None:
        """Take the answer of a digit and go on; a letter takes the next answer that begins with it."""
        if any(choice.value == character for choice in self._contents.fields[self._current].choices):
            self._take_value(character)
            self.go_on()
        elif character.isalpha():
            self._answer_next(character)

    def _answer_next(self, initial: str) -> None:
        choices = self._contents.fields[self._current].choices
        fitting = [one.value for one in choices if one.label.casefold().startswith(initial.casefold())]
        held = self._contents.values[self._current]
        behind = [value for value in fitting if value > held]
        if fitting:
            self._take_value((behind or fitting)[0])

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """A letter on a picklist belongs to its search, and on a question to its answers."""
        letter = character is not None and character.isprintable()
        kind = self._kind
        chosen = kind is not None and (kind.is_chosen or kind is Kind.ANSWER)
        return letter and chosen and (key != "space" or self.searching is not None)

    async def on_key(self, event: events.Key) -> None:
        """A key belongs to the open choices; a letter on a picklist opens them."""
        if self.app.focused is self and self._pressed_in_choices(event):
            event.stop()
            event.prevent_default()
        elif not await in_order(self, event) and self.check_consume_key(event.key, event.character):
            event.stop()
            event.prevent_default()
            if self._kind is Kind.ANSWER:
                self._answer(event.character or "")
            else:
                self._open_choices(event.character or "")

    def _pressed_in_choices(self, event: events.Key) -> bool:
        opened = self._editors.open_choices if self._editors is not None else None
        return opened is not None and opened.press(event.key, event.character)

    def on_paste(self, event: events.Paste) -> None:
        """A paste on a picklist is searched in it."""
        if handed_on(self, event, events.Paste(event.text)):
            return
        if self._kind is None or not self._kind.is_chosen:
            return
        event.stop()
        self._open_choices((self.searching or "") + one_line(event.text))

    # Choices

    @property
    def searching(self) -> str | None:
        """What is being searched in the choices, or None while they are closed."""
        opened = self._editors.open_choices if self._editors is not None else None
        return opened.search if opened is not None else None

    def _open_choices(self, search: str) -> None:
        if self._editors is None or not self._height:
            return
        from tui.form.choice_list import Mode

        modes = {Kind.CHOICES: Mode.SEVERAL, Kind.LOOKUP: Mode.FOUND}
        choices = self._editors.choices
        field = self._contents.fitted(self._current)
        chosen = field.values_in(self._contents.values[field.name])
        why = self._contents.why_no_choice(self._current)
        choices.load(field.choices, chosen, search, modes.get(field.kind, Mode.ONE), problem=why)
        y = self._plan.first[field.name] - self.scroll_offset.y
        below = self._height - y - 1
        self._upwards = below < choices.wanted.height and y > below
        self.search_changed()

    def search_changed(self) -> None:
        """Draw what is being searched, and give the list the room that it needs now."""
        if self._editors is None or not self._current:
            return
        choices, columns = self._editors.choices, self._plan.columns
        y = self._plan.first[self._current] - self.scroll_offset.y
        room = y if self._upwards else self._height - y - 1
        width = min(choices.wanted.width, columns.value_width + 1)
        height = max(1, min(choices.wanted.height, room))
        place(choices, columns.value_x - 1, y - height if self._upwards else y + 1, width, height)
        choices.place_pointer()
        self._redraw(self._current)
        self._set_caret()

    def chosen(self, value: str) -> None:
        """Take a choice and go on."""
        self.close_choices()
        self._take_value(value)
        self.go_on()

    def toggled(self, value: str) -> list[str]:
        """Take one of several choices, or take it back; the values stand in the order of the picklist."""
        field = self._contents.fields[self._current]
        chosen = set(field.values_in(self._contents.values[field.name])) ^ {value}
        known = [choice.value for choice in field.choices if choice.value in chosen]
        values = [*known, *sorted(chosen.difference(known))]
        self._take_value(join_choices(values))
        return values

    def sought(self, word: str) -> None:
        """Ask the host for what fits *word* in the current look-up."""
        self.post_message(self.Sought(self, self._current, word))

    def close_choices(self) -> None:
        """Put the list of choices away; the field is as it was."""
        opened = self._editors.open_choices if self._editors is not None else None
        if opened is None:
            return
        opened.display = False
        opened.stop_asking()
        self._redraw(self._current)
        self._set_caret()

    # The editor

    def _take_editor(self) -> None:
        """Put the right editor on the current field, with the focus if the form has it."""
        if self._editors is None:
            return
        inside = self._focus_inside
        field = self._contents.fields.get(self._current)
        self._editors.take(field, self._contents.values[self._current])
        self._place()
        target = self._editors.active or self
        if inside and self.screen.focused is not target:
            self.screen.set_focus(target, scroll_visible=False)
        self._set_caret()

    def _place(self) -> None:
        if self._editors is None or self._editors.active is None or self._current not in self._plan.first:
            return
        columns = self._plan.columns
        y = self._plan.first[self._current] - self.scroll_offset.y
        place(self._editors.active, columns.value_x, y, columns.value_width, self._plan.rows[self._current])
        self._set_caret()

    @property
    def _focus_inside(self) -> bool:
        focused = self.screen.focused
        return focused is self or (self._editors is not None and self._editors.has(focused))

    def focus(self, scroll_visible: bool = True) -> Form:
        """Give the focus to the current field."""
        if self._editors is not None and self._editors.active is not None:
            self._editors.active.focus(scroll_visible)
        else:
            super().focus(scroll_visible)
        return self

    def _on_focus(self, event: events.Focus) -> None:
        # Instead of Widget's, which draws the whole form anew.
        event.prevent_default()
        self.has_focus = True
        if self.parent is not None:
            self.parent.post_message(events.DescendantFocus(self))
        if self._editors is not None and self._editors.active is not None:
            self.screen.set_focus(self._editors.active, scroll_visible=False)
        self._set_caret()

    def _on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self.has_focus = False
        if self.parent is not None:
            self.parent.post_message(events.DescendantBlur(self))
        self.close_choices()

    # The caret

    @property
    def shows_terminal_cursor(self) -> bool:
        """Whether the terminal's cursor belongs at the current value while the form has the focus."""
        return bool(self._current)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the caret stands on the screen: in the editor, or at the value, behind what is searched."""
        active = self._editors.active if self._editors is not None else None
        if active is not None:
            return active.cursor_screen_offset
        return self.value_origin() + Offset(cell_len(self.searching or ""), 0)

    def _set_caret(self) -> None:
        if self._focus_inside and self.screen.is_current:
            self.app.cursor_position = self.cursor_screen_offset

    # The widget

    def lines_moved(self) -> None:
        """Move the editor with the lines, and the choices with their field as long as it is in sight."""
        if self.searching is not None:
            y = self._plan.first.get(self._current, -1) - self.scroll_offset.y
            if 0 <= y < self._height:
                self.search_changed()
            else:
                self.close_choices()
        self._place()

    def on_mount(self) -> None:
        """Make the first editor."""
        self._editors = Editors(self, self.mount, self._signs, draws_caret=self.draws_caret)
        self._take_editor()

    def on_resize(self, event: events.Resize) -> None:
        """Find the place of everything anew."""
        self._replan(everything=True)
        self._reveal()
        self._set_caret()

    def on_click(self, event: events.Click) -> None:
        """Go to the field that is clicked; a click on the value of a field without editor acts on it."""
        name = self._plan.name_at(event.y + self.scroll_offset.y)
        if name not in self._contents.order:
            return
        self.go_to(name)
        acts = self._kind in (Kind.CHECKBOX, Kind.BUTTON, Kind.ANSWER) or (
            self._kind is not None and self._kind.is_chosen
        )
        if self._kind is Kind.FOLD or (acts and event.x >= self._plan.columns.value_x):
            self.action_space()
