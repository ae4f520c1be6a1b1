"""An app with nothing but a form, and a record of what the form tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.form import Choice, Field, Form, Kind, Section

STATUS = tuple(Choice(name.lower(), name) for name in ("New", "Contacted", "Not Contacted", "Junk [/x]"))

LEAD = (
    Section(
        "Contact",
        (
            Field("First_Name", "First name"),
            Field("Last_Name", "Last name", required=True, max_length=10, help="As on the card."),
            Field("Email", "E-mail", Kind.EMAIL, placeholder="name@example.com"),
            Field("Status", "Status", Kind.CHOICE, choices=STATUS),
            Field("Opt_Out", "Opt out", Kind.CHECKBOX),
        ),
    ),
    Section(
        "More",
        (
            Field("DC", "Data centre", read_only=True, note="environment"),
            Field("Secret", "Client secret", Kind.SECRET, note="stored ····1a2b"),
            Field("Description", "Description", Kind.LONG_TEXT),
            Field("Test", "Test connection", Kind.BUTTON),
            Field("Hint", "", Kind.STATIC),
            Field("Country", "Country"),
        ),
    ),
)


def email_check(name: str, value: str) -> str | None:
    return "An e-mail address has an @ in it." if name == "Email" and "@" not in value else None


class FormApp(App[None]):
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "send")]

    def __init__(self, sections: Sequence[Section], check: Any = email_check) -> None:
        super().__init__()
        self.form = Form(sections, check=check, id="lead")
        self.told: list[tuple[Any, ...]] = []
        self.sent: list[dict[str, str]] = []

    def compose(self) -> ComposeResult:
        yield self.form

    def on_mount(self) -> None:
        self.theme = "ansi-dark"

    def action_send(self) -> None:
        self.sent.append(self.form.values)

    def _tell(self, message: Message, *details: str) -> None:
        self.told.append((type(message).__name__, *details))

    def on_form_changed(self, message: Form.Changed) -> None:
        self._tell(message, message.name, message.value)

    def on_form_left(self, message: Form.Left) -> None:
        self._tell(message, message.name, message.value)

    def on_form_moved(self, message: Form.Moved) -> None:
        self._tell(message, message.name)

    def on_form_pressed(self, message: Form.Pressed) -> None:
        self._tell(message, message.name)

    def on_form_kept(self, message: Form.Kept) -> None:
        self._tell(message, message.name, str(message.lines))

    def on_form_sought(self, message: Form.Sought) -> None:
        self._tell(message, message.name, message.word)

    def on_form_ended(self, message: Form.Ended) -> None:
        self._tell(message)

    def picture(self) -> list[str]:
        """The lines of the screen, without what is empty behind and below them."""
        lines = [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]
        while lines and not lines[-1]:
            lines.pop()
        return lines


@pytest.fixture
def lead_app() -> FormApp:
    return FormApp(LEAD)


@pytest.fixture
def make_app() -> Callable[..., FormApp]:
    return FormApp
