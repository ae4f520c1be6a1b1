"""The only door through which foreign text reaches a widget.

Whatever a stranger may have written (a lead, a label of the org, an answer of Zoho, a file, a paste) is shown
through `plain` or `line`: no control characters, no markup, no clickable parts. The signs that stand beside
words are here too, since a terminal without UTF-8 needs other ones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from zoho.wire.clean import clean, clean_line

if TYPE_CHECKING:
    from textual.content import Content

_WORDS = re.compile(r"\S+\s*|\s+")

LONGEST = 40_000
"""The most characters of one foreign text that are shown; more than any field of Zoho's holds. A megabyte in
a label would cost a second at each drawing.
"""
LONGEST_LINE = 2_000
_MARKS = 16
"""Characters that one cell of a cut text may take: letters with their marks, and no more of them."""


def plain(text: str, style: str = "") -> Content:
    """Return *text*, cleaned, as content for any widget; brackets in it are brackets.

    Args:
        text: Foreign text; several lines stay several lines.
        style: A style of ours for the whole of it, never a foreign one.
    """
    from textual.content import Content

    text = clean(spelled(_at_most(text, LONGEST)))
    return Content.styled(text, style) if style else Content(text)


def note(text: str, width: int = 300) -> str:
    """Return *text* cleaned and cut to *width* characters, its lines kept: for a toast, which is small."""
    return clean(spelled(_at_most(text, width)))


def _at_most(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}{signs().more}"


def block(text: str) -> str:
    """Return *text* cleaned, its lines kept, and every tab as four spaces."""
    return clean(text).replace("\t", "    ")


def line(text: str, width: int | None = None, *, more: str = "…") -> str:
    """Return *text* cleaned, on one line, cut to *width* terminal cells with the sign *more* at the cut."""
    if len(text) > LONGEST_LINE:
        text = text[:LONGEST_LINE] + more
    text = clean_line(spelled(text))
    return text if width is None else cut(text, width, more=more)


def cut(text: str, width: int, *, more: str = "…") -> str:
    """Return *text*, which is clean already, cut to *width* terminal cells with *more* at the cut."""
    if len(text) > (longest := _MARKS * (max(width, 0) + 1)):
        text = text[:longest] + more
    if cell_len(text) <= width:
        return text
    room = width - cell_len(more)
    if room < 0:
        return ""
    return text[: fitting(text, room)] + more


def fitting(text: str, width: int) -> int:
    """Return how many characters of *text* fit into *width* cells; what combines stays with its letter."""
    if text.isascii():
        return max(0, min(width, len(text)))
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if cell_len(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def wrap(text: str, width: int, most: int | None = None, *, more: str = "…") -> list[str]:
    """Return the lines of *text*, which is clean already, broken at words to at most *width* cells each.

    A word counts with the spaces behind it, as in Textual's text area: a text is drawn as it was edited.

    Args:
        text: What is to be broken.
        width: Of a line, in cells.
        most: The most lines; what is behind them is not looked at, and the last one ends in *more*.
        more: The sign for what is left out.
    """
    width = max(1, width)
    rows: list[str] = []
    longest = len(text) if most is None else (most + 1) * _MARKS * width
    whole = len(text) <= longest
    for paragraph in text[:longest].split("\n"):
        rows.extend(_wrap_paragraph(paragraph, width))
    if most is not None and (len(rows) > most or not whole):
        del rows[most:]
        rows[-1] = f"{rows[-1].rstrip()} {more}"
    return rows


def _wrap_paragraph(text: str, width: int) -> list[str]:
    rows = [""]
    for word in _WORDS.findall(text):
        if cell_len(rows[-1]) + cell_len(word) <= width:
            rows[-1] += word
            continue
        if rows[-1]:
            rows.append("")
        while cell_len(word) > width:
            # A line takes no more than that of a word: looking at the rest of a long one each time is slow.
            end = max(1, fitting(word[: _MARKS * (width + 1)], width))
            rows[-1:] = [word[:end], ""]
            word = word[end:]  # noqa: PLW2901 - what is left of it
        rows[-1] = word
    return rows


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs that stand beside words, each one cell wide; a sign never stands alone."""

    required: str = "*"
    created: str = "✓"
    waiting: str = "…"
    unclear: str = "?"
    attention: str = "!"
    known: str = "≈"
    chosen: str = "•"
    folded: str = "▸"
    unfolded: str = "▾"
    pointer: str = "▸"
    more: str = "…"
    mask: str = "•"
    dot: str = "·"
    online: str = "●"
    offline: str = "○"
    between: str = "·"
    rule: str = "─"
    bar: str = "│"
    corner: str = "└"


ASCII_SIGNS = Signs(
    created="+",
    waiting="~",
    known="=",
    chosen="*",
    folded=">",
    unfolded="v",
    pointer=">",
    more="~",
    mask="*",
    dot="*",
    online="+",
    offline="-",
    between="|",
    rule="-",
    bar="|",
    corner="`",
)
UNICODE_SIGNS = Signs()


def signs(environ: Mapping[str, str] | None = None) -> Signs:
    """Return the signs for the locale that *environ* (the process's own if None) names.

    ASCII where it says C, POSIX or a character set that is not UTF-8; where it says nothing, UTF-8 is assumed
    as Textual does (ssh often forwards no locale, and terminals speak UTF-8).
    """
    environ = os.environ if environ is None else environ
    names = [environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if _coerced(names):
        return ASCII_SIGNS
    locale = next(filter(None, names), "")
    charset = locale.upper().replace("-", "")
    return UNICODE_SIGNS if not locale or "UTF8" in charset else ASCII_SIGNS


_PLAIN_SPELLING = str.maketrans(
    {"…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "·": "|", "●": "+", "•": "*"}
)


def spelled(text: str) -> str:
    """Return *text* as it is to be read where signs are ASCII: its quotation marks and dashes are too.

    For what is shown, never for a value that is kept. Letters stay: there is no other spelling of a name.
    """
    return text if text.isascii() or signs() is not ASCII_SIGNS else text.translate(_PLAIN_SPELLING)


def _coerced(names: list[str]) -> bool:
    """Whether Python itself put a UTF-8 locale into the environment because the rep's was C (PEP 538)."""
    everything, character_type, language = names
    return not everything and language in ("C", "POSIX") and character_type in ("C.UTF-8", "C.utf8", "UTF-8")
