"""A text as lines and pieces of lines. Who understands a part of a piece takes it out; the rest stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from zoho.leads.pasted.labels import contact_label, label_of

LONGEST_LINE: Final = 300
"""Characters of a line in which something is looked for; a longer one is prose, and is kept whole."""
MOST_LINES: Final = 300
"""Lines in which something is looked for."""

_QUOTED: Final = re.compile(r"^(?:[ \t]?>)+[ \t]?")
_PICTURE: Final = re.compile(r"\[(?:image|cid|Bild|photo|logo)[:.][^\]\n]{0,200}\]", re.IGNORECASE)
_TARGET: Final = re.compile(r"\s?<(?:tel|callto|mailto|https?)[:/][^<>\s]{1,300}>", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s*[|│¦•·●▪■◆⋅‖]\s*|\s+(?://|~|—|–|::)\s+|\t+|(?<=\S)(?: {2,}|\u3000+)(?=\S)")
_BLANKS: Final = re.compile(r"\t+|(?: {2,}|\u3000+)")
_LETTER: Final = re.compile(r"[^\W_]")


@dataclass(slots=True, eq=False)
class Piece:
    """What stands between two separators of a line.

    Args:
        line: number of the line, from 0.
        text: what nobody has understood so far.
    """

    line: int
    text: str

    @property
    def words(self) -> list[str]:
        """Return what stands between spaces."""
        return self.text.split()

    def take(self, start: int, end: int) -> None:
        """Take the characters from *start* to *end* out."""
        self.text = f"{self.text[:start].rstrip()} {self.text[end:].lstrip()}".strip()

    def clear(self, *, but: str = "") -> None:
        """Take all of it, but what was not understood."""
        self.text = but.strip()


class Page:
    """The pieces of a text, line by line."""

    def __init__(self, text: str) -> None:
        self.pieces: list[Piece] = []
        self._hidden: set[int] = set()
        self.first_lines: list[str] = []
        for number, line in enumerate(text.split("\n")):
            self.first_lines.append(line)
            for part in _parts(line) if number < MOST_LINES else [line.strip()]:
                self.pieces.append(Piece(number, part))

    def open(self) -> Iterator[Piece]:
        """Return the pieces in which something is still to be found."""
        return (
            one
            for one in self.pieces
            if id(one) not in self._hidden
            and one.line < MOST_LINES
            and len(one.text) <= LONGEST_LINE
            and _LETTER.search(one.text)
        )

    def hide(self, piece: Piece) -> None:
        """Let nothing more be found in a piece; it stays in the rest."""
        self._hidden.add(id(piece))

    def is_hidden(self, piece: Piece) -> bool:
        """Say whether a piece was hidden."""
        return id(piece) in self._hidden

    def split(self, piece: Piece, parts: list[str]) -> list[Piece]:
        """Put several pieces in the place of one."""
        made = [Piece(piece.line, part.strip()) for part in parts if part.strip()]
        place = self.pieces.index(piece)
        self.pieces[place : place + 1] = made
        return made

    def before(self, piece: Piece) -> Piece | None:
        """Return the piece before one, or None."""
        place = self.pieces.index(piece)
        return self.pieces[place - 1] if place else None

    @property
    def rest(self) -> str:
        """Return what nobody understood, in its lines."""
        lines: dict[int, list[str]] = {}
        for piece in self.pieces:
            if _LETTER.search(piece.text):
                lines.setdefault(piece.line, []).append(piece.text.strip(" ,;|\t"))
        return "\n".join(" | ".join(parts) for parts in lines.values())


def unquoted(text: str) -> str:
    """Return a text without the marks of quotations and of formatting around its words."""
    lines = (_QUOTED.sub("", line) for line in text.split("\n"))
    return "\n".join(_plain(line) if len(line) <= LONGEST_LINE else line for line in lines)


def _plain(line: str) -> str:
    line = _without_targets(_PICTURE.sub("", line))
    return re.sub(r"(?<![\w*])\*([^*\n]{1,200})\*(?![\w*])", r"\1", line).strip()


def _without_targets(line: str) -> str:
    """Return a line without link targets that stand behind what they are the target of."""

    def kept(match: re.Match[str]) -> str:
        return "" if match.string[: match.start()].strip() else match[0]

    return _TARGET.sub(kept, line)


def _parts(line: str) -> list[str]:
    if len(line) > LONGEST_LINE:
        return [line.strip()]
    parts: list[str] = []
    start = 0
    for between in _BETWEEN.finditer(line):
        before = line[start : between.start()]
        # "Fon    +49 ..." and "山田　太郎" are one piece: a label and its value, a family and a given name.
        if _BLANKS.fullmatch(between[0]) and (
            _labels(before) or _short_ideographs(before, line[between.end() :])
        ):
            continue
        parts.append(before)
        start = between.end()
    parts.append(line[start:])
    return [part.strip() for part in parts if part.strip()]


def _labels(text: str) -> bool:
    return label_of(text) is not None or contact_label(" ".join(text.split()[-2:])) is not None


_NAME_PART: Final = re.compile(r"[\u3400-\u9fff\u3005]{1,3}")


def _short_ideographs(before: str, after: str) -> bool:
    word = re.match(r"\S+", after)
    return bool(_NAME_PART.fullmatch(before.strip()) and word and _NAME_PART.fullmatch(word[0]))
