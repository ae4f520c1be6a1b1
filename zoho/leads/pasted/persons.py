"""Which of the lines is the person's name, and how certain that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zoho.leads.pasted.closings import is_closing
from zoho.leads.pasted.companies import agreement as company_agreement
from zoho.leads.pasted.page import Page, Piece
from zoho.leads.pasted.people import Person, agreement, may_be_a_name, read_name
from zoho.leads.pasted.positions import position_words
from zoho.leads.pasted.spelling import tokens_of

_LEAST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Named:
    """A person, how certain, why, and the piece that says so."""

    person: Person
    confidence: float
    because: str
    piece: Piece | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What a name is judged by: the mailboxes, the company's domain, the country with its order of names."""

    locals: tuple[str, ...]
    stem: str
    country: str


def take_person(page: Page, around: Around) -> Named | None:
    """Take the line that is likeliest to be the person's name out of the page."""
    pieces = list(page.open())
    judged = [
        (confidence, -number, because, local, piece)
        for number, piece in enumerate(pieces)
        if may_be_a_name(piece.text)
        for confidence, because, local in [_judged(pieces, number, page, around)]
    ]
    best = max(judged, key=lambda one: one[:2], default=None)
    if best is None or best[0] < _LEAST:
        return None
    confidence, _, because, local, piece = best
    person = read_name(piece.text, local=local, country=around.country)
    if person is None:
        return None
    piece.clear(but=person.left)
    return Named(person, round(confidence, 2), because, piece)


def _judged(pieces: list[Piece], number: int, page: Page, around: Around) -> tuple[float, str, str]:
    piece = pieces[number]
    agreed = max(
        ((agreement(piece.text, local).strength, local) for local in around.locals), default=(0.0, "")
    )
    strength, local = agreed
    if strength >= 0.7:
        return 0.75 + 0.22 * strength, "agrees with the e-mail address", local
    confidence, because = 0.5, "looks like a name"
    if number == 0:
        confidence, because = confidence + 0.12, "the first line, and looks like a name"
    if _behind_a_closing(page, piece):
        confidence, because = confidence + 0.25, "behind the line that closes the letter"
    if number + 1 < len(pieces) and position_words(pieces[number + 1].text):
        confidence, because = confidence + 0.1, f"{because}, a position beside it"
    if around.stem and company_agreement(piece.text, around.stem) >= 0.6:
        confidence -= 0.3
    return min(confidence + 0.1 * strength, 0.9), because, local if strength else ""


def _behind_a_closing(page: Page, piece: Piece) -> bool:
    before = [line.strip() for line in page.first_lines[max(0, piece.line - 4) : piece.line] if line.strip()]
    return any(is_closing(line) for line in before[-2:])


def by_mailbox(local: str) -> Named | None:
    """Return the name that a mailbox spells (``ada.lovelace``): a guess, since letters may be missing."""
    tokens = tokens_of(local)
    if len(tokens) != 2 or min(map(len, tokens)) < 2 or not "".join(tokens).isalpha() or "." not in local:
        return None
    first, last = (token.capitalize() for token in tokens)
    return Named(Person(first, last), 0.5, "as the e-mail address spells it")
