"""Write docs/keys.md from the table of actions (`make keys`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tui.actions import ACTIONS, TABS, Action

PAGE = Path(__file__).with_name("keys.md")

HEAD = """\
# Keys

Made from `tui/actions.py` by `make keys`. `^S` is Ctrl+S. F8 shows the keys of the tab you are in; ^P finds
an action by its name."""

TAIL = """\
## In a form

| keys | what |
|---|---|
| Enter | Next field; open a list of choices, unfold a section, press a button. |
| Tab, Down | Next field. |
| Shift+Tab, Up | Field before. |
| PageDown, PageUp | A page on, a page back. |
| ^Home, ^End | First field, last field. |
| Space | Set or clear a checkbox; mark one of several choices (Enter does too, Tab goes on). |
| a letter | Search in a list of choices, or for a record that the field refers to. |
| Delete, Backspace | Choose nothing in a list of choices. |
| ^J, Alt+Enter, Shift+Enter | A new line in a long text. |
| ^_, ^/ | Undo in a field. |
| Esc | Give back what the field held. |

## In the list of all fields

| keys | what |
|---|---|
| a letter | Search. |
| Enter | Go to the field; a folded section is unfolded. |
| ^G | Pin, hide and order instead of searching, and back. |
| P | Pin the field to the top, or no longer. |
| H | Hide the field while it is empty, or show it. |
| U, D | Move a pinned field up, down. |
| Esc | Go back. |

## In the list of the Log

| keys | what |
|---|---|
| Down, J, Up, K | Mark the next lead, the lead before. |
| PageDown, PageUp | A page on, a page back. |
| Home, End | The newest lead, the oldest. |
| Enter | Go to the leads that were found. |
| Esc | Show all leads again; leave the details. |
| Q | Leave the details. |

Some terminals and desktops keep a key for themselves, F1 and F10 often: use the second key of an action, or
the palette."""


def page() -> str:
    """Return the page of keys."""
    groups = [("Everywhere", ""), *((label, name) for name, label in TABS)]
    return "\n\n".join([HEAD, *(_table(label, tab) for label, tab in groups), TAIL]) + "\n"


def _table(label: str, tab: str) -> str:
    return "\n".join([f"## {label}", "", "| keys | action | what |", "|---|---|---|", *_rows(tab)])


def _rows(tab: str) -> Iterator[str]:
    for action in ACTIONS:
        if action.tab == tab:
            yield _row(action)


def _row(action: Action) -> str:
    return f"| {', '.join(action.shown_keys)} | {action.label} | {action.help} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
