"""What the Log calls a lead that was taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tui.log.words import row_words
from tui.text import ASCII_SIGNS
from zoho.leads.stock import STOCK_FORM
from zoho.outbox.states import State
from zoho.outbox.store import Row


@pytest.mark.parametrize(
    ("moments", "sign", "word"),
    [
        ({}, ASCII_SIGNS.created, "created"),
        ({"undo_wanted": 1.0}, " ", "undoing"),
        ({"undo_wanted": 1.0, "undone_at": 2.0}, " ", "undone"),
        ({"undo_wanted": 1.0, "undone_at": 2.0, "restored_at": 3.0}, ASCII_SIGNS.created, "created"),
    ],
)
def test_it_has_its_word(moments: dict[str, Any], sign: str, word: str) -> None:
    row = Row("k", State.SENT, {"Last_Name": "Roe"}, "org", 0.0, 0.0, zoho_id="9", **moments)
    words = row_words(row, STOCK_FORM, ASCII_SIGNS, org="org", now=9.0)
    assert (words.sign, words.state, words.result) == (sign, word, "9")
