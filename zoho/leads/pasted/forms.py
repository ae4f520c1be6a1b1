"""The notice of a web form: a label and its answer a line, or one below the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from zoho.leads.pasted.addresses import checked
from zoho.leads.pasted.found import Found
from zoho.leads.pasted.labels import (
    ADDRESS,
    COMPANY,
    EMAIL,
    FAX,
    FIRST,
    LAST,
    MESSAGE,
    MOBILE,
    NAME,
    OTHER,
    PHONE,
    POSITION,
    SALUTATION,
    contact_label,
    label_of,
    labelled,
)
from zoho.leads.pasted.mails import is_from, is_header
from zoho.leads.pasted.page import LONGEST_LINE, MOST_LINES
from zoho.leads.pasted.people import read_name, salutation_of
from zoho.leads.pasted.phones import field_of
from zoho.leads.values.phones import read_phone

_TELLING: Final = frozenset({FIRST, LAST, NAME, COMPANY, MESSAGE, SALUTATION, POSITION})
"""Labels that hardly stand in a signature: two of them make a form."""
_END: Final = re.compile(r"^\s*(?:--+|__+|==+|\*\*+)\s*$")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a form was answered: the label, what it is, the value."""

    label: str
    kind: str | None
    value: str


def is_form(text: str) -> bool:
    """Say whether a text is a form's notice: two labels of a person, firm or message, each with a value."""
    kinds = {answer.kind for answer in _answers(text)[0] if answer.value}
    return len(kinds & _TELLING) >= 2 or (
        bool(kinds & {NAME, LAST, FIRST}) and len(kinds & {EMAIL, PHONE, MOBILE}) >= 1
    )


def read_form(text: str, region: str) -> tuple[list[Found], str]:
    """Return what the answers say, and the lines that were not understood."""
    answers, rest = _answers(text)
    kinds = {answer.kind for answer in answers}
    found: dict[str, Found] = {}
    for answer in answers:
        made = list(_read(answer, kinds, region, found)) if answer.value else []
        for one in made:
            found.setdefault(one.api_name, one)
        if not made:
            rest.append(f"{answer.label}: {answer.value}")
    return list(found.values()), "\n".join(line for line in rest if line.strip())


def _answers(text: str) -> tuple[list[Answer], list[str]]:
    lines = text.split("\n")
    answers: list[Answer] = []
    rest: list[str] = []
    number = 0
    while number < len(lines):
        answer, used = _answer(lines, number) if number < MOST_LINES else (None, 1)
        if answer is None:
            rest.append(lines[number])
        else:
            answers.append(answer)
        number += used
    return answers, rest


def _answer(lines: list[str], number: int) -> tuple[Answer | None, int]:
    line = lines[number]
    if len(line) > LONGEST_LINE and not (labelled(line) and label_of(line.partition(":")[0]) == MESSAGE):
        return None, 1
    found = labelled(line)
    if found is None:
        kind = _kind(line) if len(line) <= 40 else None
        if kind is None or kind == OTHER or number + 1 >= len(lines) or not lines[number + 1].strip():
            return None, 1
        found = (line.strip(" *"), "")
    label, value = found
    kind = _kind(label)
    if kind is None or (is_header(line) and number < 6 and kind != NAME and _head_around(lines, number)):
        return None, 1
    if kind == MESSAGE:
        return _message(label, value, lines, number)
    if value:
        return Answer(label, kind, value), 1
    below = lines[number + 1].strip() if number + 1 < len(lines) else ""
    below_is_label = labelled(below) is not None and _kind((labelled(below) or ("", ""))[0]) is not None
    if not below or below_is_label or _kind(below) is not None:
        return Answer(label, kind, ""), 1
    return Answer(label, kind, below), 2


def _head_around(lines: list[str], number: int) -> bool:
    return any(is_from(line) for line in lines[max(0, number - 4) : number + 4] if len(line) <= LONGEST_LINE)


def _kind(label: str) -> str | None:
    kind = label_of(label)
    if kind is None and len(label.split()) <= 4:
        kind = contact_label(label, loose=True)
        kind = None if kind in (OTHER, ADDRESS) else kind
    return kind


def _message(label: str, value: str, lines: list[str], number: int) -> tuple[Answer, int]:
    """Return a message with the lines below it, up to the next label or the end of the form."""
    taken = [value] if value else []
    used = 1
    for line in lines[number + 1 :]:
        found = labelled(line[:LONGEST_LINE])
        if _END.match(line[:80]) or (found and len(found[0]) <= 40 and len(found[0].split()) <= 4):
            break
        taken.append(line)
        used += 1
    return Answer(label, MESSAGE, "\n".join(taken).strip()), used


def _read(answer: Answer, kinds: set[str | None], region: str, known: dict[str, Found]) -> Iterator[Found]:
    because = f"labelled {answer.label}"
    value = answer.value
    match answer.kind:
        case "name":
            yield from _name(answer, kinds, because, region)
        case "Email":
            address = checked(re.sub(r"\s*<mailto:.*", "", value).strip("<> "))
            if address:
                yield Found("Email" if EMAIL not in known else "Secondary_Email", address, 0.98, because)
        case "Phone" | "Mobile" | "Fax":
            yield from _number(answer.kind, value, region, because)
        case "Salutation":
            salutation = salutation_of(value)
            if salutation:
                yield Found(SALUTATION, salutation, 0.95, f"{because}, written {value}")
        case "address":
            yield Found("Street", value, 0.8, because)
        case "other" | None:
            return
        case _:
            yield Found(answer.kind, value, 0.97, because)


def _number(kind: str, value: str, region: str, because: str) -> Iterator[Found]:
    if not 5 <= len(re.findall(r"\d", value)) <= 20:
        return
    phone = read_phone(value, region)
    text = phone.text if phone else value
    field = kind if kind in (MOBILE, FAX) else field_of(text, region, PHONE)
    reason = because if field == kind else f"a mobile number, {because}"
    yield Found(field, text, 0.97 if phone and phone.known else 0.85, reason)


def _name(answer: Answer, kinds: set[str | None], because: str, region: str) -> Iterator[Found]:
    """Read ``Name``: the whole name, or the part that no other label has (``Nom`` beside ``Prénom``)."""
    if FIRST in kinds and LAST not in kinds:
        yield Found(LAST, answer.value, 0.95, f"{because}, beside the first name")
    elif LAST in kinds and FIRST not in kinds:
        yield Found(FIRST, answer.value, 0.95, f"{because}, beside the last name")
    elif FIRST not in kinds:
        person = read_name(answer.value, country=region)
        if person:
            parts = {FIRST: person.first, LAST: person.last, SALUTATION: person.salutation}
            for name, value in parts.items():
                if value:
                    yield Found(name, value, 0.93, because)
