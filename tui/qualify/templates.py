"""The templates that a form can be filled from, in a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import Binding

from tui.qualify.pick_list import DIGITS, WIDTH, PickList
from tui.text import line

_KEYS = "Enter or its digit fills in what is empty · Esc goes back"
NONE = (
    "No template is written yet. In zoho_config.json: "
    '"templates": {"Trade fair": {"City": "Berlin"}}; the names are API names of fields.'
)


class TemplateList(PickList[str | None]):
    """The templates; gives the name of the one to fill from.

    Args:
        templates: by name, what each fills in: API names and texts.
        labels: API name and label of each field of the form.
    """

    BINDINGS: ClassVar = [Binding("alt+t", "dismiss", "Back", show=False)]

    def __init__(self, templates: Mapping[str, Mapping[str, str]], labels: Mapping[str, str]) -> None:
        self._names = list(templates)
        lines = template_lines(templates, labels)
        ids = [f"template-{number}" for number in range(len(lines))]
        super().__init__("Templates", dict(zip(ids, lines, strict=True)), ids, _KEYS)

    def picked(self, name: str) -> None:
        """End with the template."""
        self.dismiss(self._names[int(name.rpartition("-")[2])])


def template_lines(templates: Mapping[str, Mapping[str, str]], labels: Mapping[str, str]) -> list[str]:
    """Return a line for each template: its digit, its name, and what it fills in.

    Args:
        templates: by name, API names and texts.
        labels: API name and label of each field of the form; without one, the API name stands there.
    """
    lines: list[str] = []
    for number, (name, values) in enumerate(templates.items()):
        digit = DIGITS[number] if number < len(DIGITS) else " "
        told = ", ".join(f"{line(labels.get(each) or each)} {line(text)}" for each, text in values.items())
        fills = f"  ({told})" if told else ""
        lines.append(line(f"{digit}  {line(name, WIDTH // 2)}{fills}", WIDTH))
    return lines
