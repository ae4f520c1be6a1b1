"""Phone numbers in a text, each with what its label says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from zoho.leads.pasted.labels import FAX, MOBILE, OTHER, PHONE, contact_label
from zoho.leads.pasted.page import Page, Piece
from zoho.leads.values.phones import read_phone

_KINDS: Final = (PHONE, MOBILE, FAX)
_DIGITS: Final = re.compile(r"\d")
_LABEL_BEHIND: Final = re.compile(r"\s*[(\[]?([^\W\d_]{1,12})[)\]]?(?=\s|$|[,;/])")
_EXTENSION: Final = re.compile(
    r"[\s,;]*(?:ext\.?|extn\.?|x|доб\.?|int\.?|dw|durchwahl|вн\.?|#)\s*\.?\s*:?\s*(\d{1,7})\b", re.IGNORECASE
)
_BRAZILIAN_CODE: Final = re.compile(r"\d{5}-\d{3}")
"""A CEP; in Turkish the same word is a mobile phone."""
_MOST: Final = 12
"""Numbers that are looked at: a signature with more of them is a list of numbers."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands: which field, how certain, and why."""

    kind: str
    value: str
    confidence: float
    because: str
    piece: Piece


def take_numbers(page: Page, region: str) -> list[Number]:
    """Take the numbers with their labels out of a page; those of a register or a tax office stay."""
    numbers: list[Number] = []
    for piece in list(page.open()):
        if len(_DIGITS.findall(piece.text)) >= 6 and len(numbers) < _MOST:
            numbers.extend(_in_piece(page, piece, region))
    return numbers


def _in_piece(page: Page, piece: Piece, region: str) -> list[Number]:
    from phonenumbers import Leniency, PhoneNumberMatcher

    text, found, done = piece.text, list[Number](), 0
    spans: list[tuple[int, int]] = []
    for match in PhoneNumberMatcher(text, region.upper() or None, leniency=Leniency.POSSIBLE, max_tries=100):
        before = text[done : match.start]
        start, label, kind = _label_before(before)
        start, end = done + start, match.end
        if not before.strip() and not done:
            kind, label = _label_alone_before(page, piece) or (kind, label)
        raw = re.sub(r"\(0\)", "", match.raw_string).strip()
        end, extension = _extension(text, end, raw)
        behind = _LABEL_BEHIND.match(text, end) if kind is None else None
        if behind and contact_label(behind[1]) in _KINDS:
            kind, label, end = contact_label(behind[1]), behind[1], behind.end()
        number = _number(piece, raw + extension, region, kind, label.strip(" :：.,-|("))
        if number:
            found.append(number)
            spans.append((start, end))
        done = end
    for start, end in reversed(spans):
        piece.take(start, end)
    return found


def _number(piece: Piece, raw: str, region: str, kind: str | None, label: str) -> Number | None:
    if _BRAZILIAN_CODE.fullmatch(raw):
        return None
    phone = read_phone(raw, region)
    if kind not in (None, *_KINDS) or (kind is None and (phone is None or not phone.known)):
        return None
    digits = len(_DIGITS.findall(raw))
    value = phone.text if phone else raw
    if kind not in _KINDS and not _phone_like(raw):
        return None
    if phone is None and not 6 <= digits <= 17:
        return None
    sure = 0.96 if phone and phone.known else 0.8
    if kind == PHONE and phone and _is_mobile(phone.e164):
        return Number(MOBILE, value, sure - 0.08, f"a mobile number, labelled {label}", piece)
    if kind in _KINDS:
        return Number(kind, value, sure, f"labelled {label}", piece)
    if phone and _is_mobile(phone.e164):
        return Number(MOBILE, value, 0.85, "a mobile number by its digits", piece)
    return Number(PHONE, value, 0.8, "a phone number by its form", piece)


def field_of(value: str, region: str, kind: str) -> str:
    """Return the field for a number of that labelled *kind*: a mobile number is one, whatever its label."""
    phone = read_phone(value, region)
    return MOBILE if kind == PHONE and phone is not None and _is_mobile(phone.e164) else kind


def _phone_like(raw: str) -> bool:
    """Say whether digits without any label are written as numbers of phones are, and not as one figure."""
    return raw.startswith(("+", "00", "(", "0")) or len(re.findall(r"\d+", raw)) > 1


def _is_mobile(e164: str) -> bool:
    import phonenumbers

    return phonenumbers.number_type(phonenumbers.parse(e164)) == phonenumbers.PhoneNumberType.MOBILE


def _extension(text: str, end: int, raw: str) -> tuple[int, str]:
    found = _EXTENSION.match(text, end)
    if found and not re.search(r"(?:ext|x|#)", raw, re.IGNORECASE):
        return found.end(), f" ext. {found[1]}"
    return end, ""


def _label_before(before: str) -> tuple[int, str, str | None]:
    """Return where the label at the end of *before* begins, the label, and its kind."""
    words = list(re.finditer(r"\S+", before))
    for count in (3, 2, 1):
        if len(words) >= count:
            start = words[-count].start()
            kind = contact_label(before[start:])
            if kind:
                return start, before[start:], kind
    return len(before), "", None


def _label_alone_before(page: Page, piece: Piece) -> tuple[str, str] | None:
    """Return kind and label where the piece before, in its line or the one above, is a label and no more."""
    before = page.before(piece)
    if before is None or piece.line - before.line > 1 or len(before.text) > 24:
        return None
    kind = contact_label(before.text)
    if kind not in _KINDS and kind != OTHER:
        return None
    label = before.text
    if kind in _KINDS:
        before.clear()
    return kind, label
