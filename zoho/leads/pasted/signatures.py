"""The block of lines under a letter, read in layers: what is certain first, which helps to judge the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from zoho.leads.pasted.addresses import (
    Mailbox,
    labelled_web,
    mailboxes,
    take_labelled,
    take_mailbox,
    websites,
)
from zoho.leads.pasted.closings import is_closing, is_small_print
from zoho.leads.pasted.companies import agreement, is_trade, legal_form, stem_of
from zoho.leads.pasted.found import Found
from zoho.leads.pasted.labels import (
    ADDRESS,
    CITY,
    COMPANY,
    COUNTRY,
    EMAIL,
    NAME,
    OTHER,
    POSITION,
    STATE,
    STREET,
    WEB,
    ZIP,
    label_of,
    labelled,
)
from zoho.leads.pasted.mails import is_prose
from zoho.leads.pasted.page import Page, Piece
from zoho.leads.pasted.people import Person, may_be_a_name, read_name
from zoho.leads.pasted.persons import Around, Named, by_mailbox, take_person
from zoho.leads.pasted.phones import take_numbers
from zoho.leads.pasted.places import take_places
from zoho.leads.pasted.positions import position_words
from zoho.leads.pasted.segments import AGREES, cut_pieces
from zoho.leads.values.emails import split_address

_DIRECT: Final = {
    COMPANY: COMPANY,
    POSITION: POSITION,
    STREET: STREET,
    CITY: CITY,
    STATE: STATE,
    ZIP: ZIP,
    COUNTRY: COUNTRY,
}

_LONG: Final = 60
"""Characters of a line that most likely goes on in the next one."""


def read_signature(text: str, region: str, *, sender: str = "") -> tuple[list[Found], str]:
    """Return what a signature says, and the words that were not understood.

    Args:
        text: the lines of it, without marks of quotation.
        region: country of phone numbers without a code.
        sender: what the head of the mail says of who wrote it.
    """
    page = Page(text)
    _hide_small_print(page)
    found = list(_contacts(page, region, sender))
    values = {one.api_name: one.value for one in found}
    stem = stem_of(values.get(EMAIL, "")) or stem_of(values.get(WEB, ""))
    around = Around(
        tuple(values[name].rpartition("@")[0] for name in (EMAIL, "Secondary_Email") if name in values),
        stem,
        _country(region, values.get(EMAIL, "")),
    )
    found += _labelled(page, around)
    found += [Found(one.api_name, one.value, one.confidence, one.because) for one in take_places(page)]
    cut_pieces(page, stem)
    known = {one.api_name for one in found}
    named = None if "Last_Name" in known else _named(page, around, sender)
    if named:
        found += _as_names(named)
    if COMPANY not in known:
        found += _company(page, stem, named)
    if POSITION not in known:
        found += _position(page, named)
    return found, page.rest


def _hide_small_print(page: Page) -> None:
    """Keep sentences out of sight of the readers that follow, as long lines are."""
    last = -2
    for piece in page.pieces:
        small = is_small_print(piece.text)
        # A disclaimer goes on in the lines below it, up to a blank one.
        small = small or (
            piece.line == last + 1 and len(page.first_lines[last]) >= _LONG and len(piece.words) > 3
        )
        last = piece.line if small else last
        small = small or _of_a_register(piece.text)
        if small or (is_prose(piece.text) and not legal_form(piece.text)):
            page.hide(piece)


def _of_a_register(text: str) -> bool:
    """Say whether a line tells a number of a register or a tax office: ``BTW BE 0456.789.123``."""
    words = text.split()
    first = (" ".join(words[:count]) for count in (3, 2, 1))
    return bool(re.search(r"\d{3}", text)) and any(label_of(one) == OTHER for one in first)


def _country(region: str, address: str) -> str:
    ending = address.rpartition(".")[2].upper()
    return ending if ending in ("HU", "JP", "CN", "ES", "MX", "AR", "CL", "PE") else region.upper()


# Contacts


def _contacts(page: Page, region: str, sender: str) -> Iterator[Found]:
    yield from _mail(page, sender)
    yield from _web(page)
    taken: set[str] = set()
    values: set[str] = set()
    for number in take_numbers(page, region):
        if number.kind in taken or number.value in values:
            if number.value not in values:
                number.piece.text = f"{number.piece.text} {number.value}".strip()
            continue
        taken.add(number.kind)
        values.add(number.value)
        yield Found(number.kind, number.value, number.confidence, number.because)


def mentioned(message: str, region: str, known: set[str]) -> list[Found]:
    """Return the numbers that a message mentions, for fields that are not *known* from the signature."""
    found: dict[str, Found] = {}
    for number in take_numbers(Page(message), region):
        if number.kind not in known:
            found.setdefault(number.kind, Found(number.kind, number.value, 0.65, "mentioned in the message"))
    return list(found.values())


def _mail(page: Page, sender: str) -> Iterator[Found]:
    boxes = mailboxes(page)
    address = split_address(sender)[1] if "@" in sender else ""
    ordered = sorted(
        boxes, key=lambda box: (box.address.casefold() != address.casefold(), box.prose, box.role)
    )
    if address and not any(box.address.casefold() == address.casefold() for box in boxes):
        yield Found(EMAIL, address, 0.97, "the sender of the mail")
        ordered = [box for box in ordered if not box.prose]
        names = ["Secondary_Email"]
    else:
        names = [EMAIL, "Secondary_Email"]
    for name, box in zip(names, (box for box in ordered if not box.prose or len(boxes) == 1), strict=False):
        label = take_mailbox(page, box)
        yield Found(name, box.address, *_why_mail(box, name, address, label))


def _why_mail(box: Mailbox, name: str, sender: str, label: str) -> tuple[float, str]:
    if sender:
        return (
            (0.98, "the sender of the mail, and in the signature")
            if name == EMAIL
            else (0.8, "in the signature")
        )
    if label:
        return (0.97 if name == EMAIL else 0.85), f"labelled {label}"
    if box.prose:
        return 0.6, "the only e-mail address, in a sentence"
    return (0.95, "the e-mail address in it") if name == EMAIL else (0.8, "another e-mail address in it")


def _web(page: Page) -> Iterator[Found]:
    sites = websites(page)
    best = max(
        sites,
        key=lambda one: (labelled_web(one[1], one[2]), one[0].lower().startswith(("www", "http"))),
        default=None,
    )
    if best is None:
        return
    value, piece, start, end = best
    label = take_labelled(piece, start, end, WEB)
    yield Found(WEB, value, 0.93 if label else 0.88, f"labelled {label}" if label else "a web address")


# Labelled lines


def _labelled(page: Page, around: Around) -> list[Found]:
    found: dict[str, Found] = {}
    for piece in list(page.open()):
        pair = labelled(piece.text)
        kind = label_of(pair[0]) if pair else None
        if pair is None or kind is None:
            continue
        label, value = pair
        if kind == OTHER:
            page.hide(piece)
        elif kind == ADDRESS:
            piece.text = value
        elif kind == NAME and value and (person := read_name(value, country=around.country)):
            piece.clear(but=person.left)
            for one in _as_names(Named(person, 0.95, f"labelled {label}")):
                found.setdefault(one.api_name, one)
        elif kind in _DIRECT and value and kind not in found:
            piece.clear()
            found[kind] = Found(_DIRECT[kind], value, 0.95, f"labelled {label}")
    return list(found.values())


# The person


def _named(page: Page, around: Around, sender: str) -> Named | None:
    display = split_address(sender)[0] if sender else ""
    if display and (may_be_a_name(display) or "," in display):
        person = read_name(display, local=around.locals[0] if around.locals else "", country=around.country)
        if person and person.first:
            return Named(_with_title(page, person), 0.97, "the sender of the mail", _mention(page, person))
    named = take_person(page, around)
    if named is None and around.locals:
        return by_mailbox(around.locals[0])
    return named


def _with_title(page: Page, person: Person) -> Person:
    """Return the sender with the title that the signature gives, which heads of mails seldom have."""
    for piece in page.open():
        if person.last in piece.text and may_be_a_name(piece.text):
            full = read_name(piece.text)
            if full and full.last == person.last and full.salutation:
                return Person(person.first, person.last, full.salutation, full.title, person.left)
    return person


def _mention(page: Page, person: Person) -> Piece | None:
    """Take the line of the signature that repeats the sender's name."""
    names = {person.first.casefold(), person.last.casefold()}
    for piece in page.open():
        words = {word.casefold().strip(",.") for word in piece.text.split()}
        if person.last.casefold().split()[-1] in words and may_be_a_name(piece.text):
            said = f"{person.first} {person.last} {person.title}".casefold().split()
            piece.clear(
                but=" ".join(word for word in piece.text.split() if word.casefold().strip(",") not in said)
            )
            return piece
        if piece.text.casefold() in names:
            piece.clear()
            return piece
    return None


def _as_names(named: Named) -> list[Found]:
    person = named.person
    parts = (("Salutation", person.salutation), ("First_Name", person.first), ("Last_Name", person.last))
    because = {"Salutation": f"written {person.title}"}
    return [
        Found(name, value, named.confidence, because.get(name, named.because))
        for name, value in parts
        if value
    ]


# Company and position


def _company(page: Page, stem: str, named: Named | None) -> list[Found]:
    judged = [
        (*_judged_company(piece.text, stem), -number, piece)
        for number, piece in enumerate(page.open())
        if not is_closing(piece.text) and len(piece.text) <= 120
    ]
    best = max(judged, key=lambda one: (one[0], one[2]), default=None)
    if best and best[0] >= 0.5:
        return [_take(best[3], COMPANY, best[0], best[1])]
    guess = _beside(page, named)
    return [_take(guess, COMPANY, 0.5, "the line under name and position")] if guess else []


def _judged_company(text: str, stem: str) -> tuple[float, str]:
    form = legal_form(text)
    agrees = stem and agreement(text, stem) >= AGREES
    position = position_words(text) and not form
    if form and agrees:
        return 0.98, f"its legal form {form}, and the domain agrees"
    if agrees and not position and len(text.split()) <= 8:
        return (
            (0.94, "what companies are called, and the domain agrees")
            if is_trade(text)
            else (0.88, "the domain agrees")
        )
    if form:
        return 0.86, f"its legal form {form}"
    if is_trade(text) and not position and len(text.split()) <= 7:
        return 0.7, "what companies are called"
    return 0.0, ""


def _beside(page: Page, named: Named | None) -> Piece | None:
    """Return the line behind name and position of which nothing else is known."""
    if named is None or named.piece is None:
        return None
    behind = [
        piece for piece in page.open() if 0 <= piece.line - named.piece.line <= 3 and piece is not named.piece
    ]
    plain = [one for one in behind if not position_words(one.text) and not is_closing(one.text)]
    return next(
        (
            one
            for one in plain
            if one.text[0].isalnum() and not one.text[0].islower() and len(one.words) <= 5
            and one.text[-1] not in ".!?:" and any(position_words(other.text) for other in behind)
        ),
        None,
    )  # fmt: skip


def _take(piece: Piece, api_name: str, confidence: float, because: str) -> Found:
    value = piece.text.strip(" ,;|*")
    piece.clear()
    return Found(api_name, value, confidence, because)


def _position(page: Page, named: Named | None) -> list[Found]:
    line = named.piece.line if named and named.piece else None
    judged = [
        (abs(piece.line - line) if line is not None else 9, number, piece)
        for number, piece in enumerate(page.open())
        if position_words(piece.text) and not is_closing(piece.text) and len(piece.text) <= 90
        and not legal_form(piece.text) and len(piece.words) <= 9
    ]  # fmt: skip
    if not judged:
        return []
    distance, _, piece = min(judged, key=lambda one: one[:2])
    if distance <= 3:
        return [_take(piece, POSITION, 0.9, "the words for a position, beside the name")]
    return [_take(piece, POSITION, 0.72, "the words for a position")]
