"""The page of keys is what the table of actions gives."""

from __future__ import annotations

import runpy
from pathlib import Path

from tui.actions import ACTIONS

DOCS = Path(__file__).parents[2] / "docs"


def test_page_is_what_the_actions_give():
    made = runpy.run_path(str(DOCS / "make_keys.py"))["page"]()
    assert (DOCS / "keys.md").read_text(encoding="utf-8") == made, "renew it: make keys"


def test_every_action_stands_once_on_the_page():
    page = (DOCS / "keys.md").read_text(encoding="utf-8").splitlines()
    for action in ACTIONS:
        assert page.count(f"| {', '.join(action.shown_keys)} | {action.label} | {action.help} |") == 1
