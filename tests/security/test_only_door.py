"""`tui.text` is the only door: nothing else may bring a text that is no constant into a widget.

The source of `tui` is read as a tree. What brings text to a screen (`SHOWS`) may be given constants, and what
comes out of the door; whatever else is there has to stand in `KNOWN`, with the reason why it is harmless.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui

ROOT = Path(tui.__file__).parent

DOOR = {"plain", "line", "note", "block", "cut"}
"""What comes out of `tui.text` is clean, and has no markup."""

SHOWS = {
    *(
        "Static",
        "Label",
        "Button",
        "Option",
        "OptionList",
        "_Options",
        "Checkbox",
        "Collapsible",
        "Digits",
        "Markdown",
    ),
    *(
        "DataTable",
        "RichLog",
        "Log",
        "Input",
        "CommandInput",
        "TextArea",
        "Select",
        "Tab",
        "TabPane",
        "Tooltip",
    ),
    *("Content", "styled", "assemble", "Text", "Segment", "DiscoveryHit", "Hit", "SystemCommand"),
    *("notify", "update", "write_line", "add_row", "add_option", "add_column", "set_options", "panic"),
}
NEVER = {"from_markup", "from_rich_text", "render_str", "escape", "print", "action_notify", "Text"}
SHOWING_ATTRIBUTES = {
    *("tooltip", "border_title", "border_subtitle", "title", "sub_title", "placeholder", "label", "prompt"),
}

KNOWN = {
    "app.py: self.query_one(TabBar).update(active=tab)": "a name of ours, and bars clean what they get",
    "app.py: self.query_one(KeyBar).update(bar_keys(tab, self.actions))": "the table of actions",
    "app.py: self.query_one(KeyBar).update(bar_keys(self.tab, self.actions))": "the table of actions",
    "app.py: self.query_one(TabBar).update(right=where)": "bars clean what they get",
    "app.py: self.query_one(StatusLine).update(self._form_words(), count_words(self._counts, self._signs))": (
        "bars clean what they get"
    ),
    "bars.py: Segment(self._signs.rule * width, base + _DIM)": "a sign of ours",
    "bars.py: Segment(part.text, base + part.style)": "parts are made of what `line` gave",
    "bars.py: self.update(keys)": "KeyBar.update cleans",
    "form/inks.py: Segment(text, base + _STYLES[ink])": "pieces are made by the door, in Pen and Layout",
    "log/details.py: Static(Content('\\n').join(self._lines()))": "lines are made by `plain`",
    "log/list.py: Segment(set_cell_size(text, width), base)": "what an empty list says: ours",
    "log/list.py: Segment(head + middle, strong)": "head is of ours, middle by `line`",
    "log/list.py: Segment(tail, base)": "tail by `line`",
    "no_color.py: Segment(text, _plain(style), control)": "a line that has been drawn already",
    "help.py: Static(Content('\\n').join(self._lines()))": "lines are made by `plain`",
    "sign_in/screen.py: code.update(Content('\\n').join(map(_drawn, rows)))": "rows are made by `plain`",
    "settings/report.py: self.update(Content('\\n').join(lines))": "lines are made by `plain`",
    "palette.py: DiscoveryHit(_title(action), partial(self.app.run_action, action.run), help=action.help)": (
        "the table of actions"
    ),
    "palette.py: Hit(score, matcher.highlight(_title(action)), run, help=action.help)": (
        "the table of actions"
    ),
    "qualify/answers.py: self._page.update(Content('\\n').join(self._lines()))": (
        "lines are made by `plain`"
    ),
    "qualify/panel.py: Segment(' ', base)": "a blank",
    "qualify/pasted_preview.py: Segment(' ', base)": "a blank",
    "qualify/pasted_preview.py: Segment(text, base + _STYLES[style])": "values are cleaned at the door",
    "qualify/panel.py: Segment(text, base + _STYLES[style])": "text by `line`",
    "qualify/pick_list.py: Option(plain(text), id=name, disabled=name not in self._free)": "text by `plain`",
    "qualify/pick_list.py: _Options(*options)": "options are made of what `plain` gave",
}


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_safe(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.Call):
        return _name(value) in DOOR and isinstance(value.func, ast.Name)
    if isinstance(value, ast.IfExp):
        return _is_safe(value.body) and _is_safe(value.orelse)
    return False


def _texts(call: ast.Call) -> list[ast.expr]:
    """The arguments of *call* that may be texts."""
    beside = {
        "id",
        "classes",
        "severity",
        "timeout",
        "markup",
        "select_on_focus",
        "compact",
        "validate_on",
        "layout",
    }
    return [*call.args, *(one.value for one in call.keywords if one.arg not in beside)]


def found(source: str) -> Iterator[str]:
    """Return every place of *source* where a text that is no constant reaches a widget beside the door."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = _name(node)
            switched_on = [one for one in node.keywords if one.arg == "markup" and _is_on(one.value)]
            if name in NEVER or switched_on:
                yield f"never: {ast.unparse(node)}"
            elif name == "notify" and not any(one.arg == "markup" for one in node.keywords):
                yield f"markup: {ast.unparse(node)}"
            elif name in SHOWS and not all(map(_is_safe, _texts(node))):
                yield ast.unparse(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            shown = [
                one for one in targets if isinstance(one, ast.Attribute) and one.attr in SHOWING_ATTRIBUTES
            ]
            if shown and not _is_safe(node.value):
                yield ast.unparse(node)


def _is_on(value: ast.expr) -> bool:
    return not (isinstance(value, ast.Constant) and value.value is False)


def everything_found() -> list[str]:
    places: list[str] = []
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if place == "text.py" or place.startswith("terminal/"):
            continue  # the door itself, and what knows no widget
        places += [f"{place}: {one}" for one in found(path.read_text("utf-8"))]
    return places


def test_no_text_reaches_a_widget_beside_the_door() -> None:
    assert [place for place in everything_found() if place not in KNOWN] == []


def test_no_exception_is_out_of_date() -> None:
    places = everything_found()
    unused = [place for place in KNOWN if place not in places]
    assert unused == []


@pytest.mark.parametrize(
    "source",
    [
        "self.notify(text, markup=False)",
        "self.notify('constant')",
        "self.notify(plain(text), markup=True)",
        "self.notify(plain(text), markup=switch)",
        "self.notify(line(text), title=name, markup=False)",
        "Static(text)",
        "Static(f'{name}')",
        "Static(plain(text) + name)",
        "Label(name + 'x')",
        "widget.update(str(error))",
        "Content.from_markup('[b]$x', x=text)",
        "Content.assemble((text, 'bold'))",
        "Text(text)",
        "Text.from_markup('x')",
        "Option(row.title, id=key)",
        "Input(placeholder=field.help)",
        "self.tooltip = field.help",
        "widget.border_title = org.name",
        "screen.title = org.name",
        "Segment(name)",
        "other.plain(text) if x else Static(other.plain(text))",
        "print(text)",
    ],
)
def test_what_goes_round_the_door_is_found(source: str) -> None:
    assert list(found(source))


@pytest.mark.parametrize(
    "source",
    [
        "self.notify(note(text), title=line(title, 40), severity=kind, markup=False)",
        "Static(plain(text, 'bold'), id=name)",
        "Static('constant')",
        "widget.update(plain(text))",
        "Option(plain(text), id=key)",
        "self.tooltip = 'constant'",
    ],
)
def test_what_goes_through_the_door_is_not(source: str) -> None:
    assert list(found(source)) == []
