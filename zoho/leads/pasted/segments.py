"""Pieces cut where one thing ends and another begins: ``IT Manager, Acme Inc.``, ``購買部 佐藤 美咲``."""

from __future__ import annotations

import re
from typing import Final

from zoho.leads.pasted.companies import agreement, is_only_a_form, is_trade, legal_form
from zoho.leads.pasted.page import Page
from zoho.leads.pasted.people import may_be_a_name
from zoho.leads.pasted.positions import is_position_word, position_words

AGREES: Final = 0.6
"""From this part of a domain's name on, a company that explains it is meant by it."""

_CUT: Final = re.compile(r"\s*[,;]\s+|\s+[-–]\s+|\s+(?:at|bei|chez|@)\s+")
_EASTERN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def sort_of(text: str, stem: str = "") -> str:
    """Return whether a text looks like a company, a name or a position; empty if like none of them.

    Args:
        text: a piece.
        stem: the telling label of the mail address's domain.
    """
    if legal_form(text):
        return "company"
    if stem and agreement(text, stem) >= AGREES and not position_words(text):
        return "name" if may_be_a_name(text) and not is_trade(text) else "company"
    if may_be_a_name(text):
        return "name"
    if position_words(text):
        return "position"
    return "company" if is_trade(text) else ""


def cut_pieces(page: Page, stem: str) -> None:
    """Cut the pieces of a page in which there are several things."""
    for piece in list(page.open()):
        parts = _cut(piece.text.strip(" ,;"), stem)
        if len(parts) > 1:
            page.split(piece, parts)


def _cut(text: str, stem: str) -> list[str]:
    if _EASTERN.search(text):
        return _eastern(text)
    if may_be_a_name(text):
        return [text]
    for between in _CUT.finditer(text):
        head, tail = text[: between.start()].strip(), text[between.end() :].strip()
        first, second = sort_of(head, stem), _sort_of_first(tail, stem)
        if first and second and first != second and not is_only_a_form(tail):
            return [head, *_cut(tail, stem)]
    return [text]


def _sort_of_first(text: str, stem: str) -> str:
    """Return the sort of the first thing in a text that may have several."""
    between = _CUT.search(text)
    head = sort_of(text[: between.start()], stem) if between else ""
    return head or sort_of(text, stem)


def _eastern(text: str) -> list[str]:
    """Cut ideographs and Hangul between what is a rank or department, and what is not."""
    if may_be_a_name(text) or legal_form(text):
        return [text]
    parts: list[str] = []
    was_position: bool | None = None
    for word in text.split():
        position = is_position_word(word)
        if position is was_position:
            parts[-1] += f" {word}"
        else:
            parts.append(word)
        was_position = position
    return parts
