"""Marks: the values of a lead by which somebody may be known already. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from zoho.leads.fields import LeadField
from zoho.leads.look_up.companies import core_of, domain_of
from zoho.leads.look_up.phones import FEWEST_DIGITS, digits_of


class Kind(StrEnum):
    """What a mark is."""

    EMAIL = "email"
    PHONE = "phone"
    COMPANY = "company"
    DOMAIN = "domain"


STRONG = frozenset({Kind.EMAIL, Kind.PHONE})
"""Marks that say who it is, not only where it is from."""

_FEWEST_LETTERS = 3
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_WRITTEN_AS_PHONE = frozenset({"Fax", "Home_Fax"})
"""Fields of Zoho's type phone at whose other end nobody speaks."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A complete value; ``key`` is what it is compared by, and the same for every way of writing it."""

    kind: Kind
    text: str
    key: str


def kind_of(field: LeadField) -> Kind | None:
    """Return what the value of a field is as a mark; None where it is none."""
    if field.api_name == "Company":
        return Kind.COMPANY
    if field.data_type == "phone" and field.api_name not in _WRITTEN_AS_PHONE:
        return Kind.PHONE
    return {"email": Kind.EMAIL, "website": Kind.DOMAIN}.get(field.data_type)


def marks_of(fields: Iterable[LeadField], typed: Mapping[str, str]) -> tuple[Mark, ...]:
    """Return the marks of what was typed: e-mail addresses, numbers, the company and its domains."""
    found: dict[tuple[Kind, str], Mark] = {}
    for field in fields:
        kind, text = kind_of(field), typed.get(field.api_name, "").strip()
        if kind is not None and text:
            for mark in _marks(kind, text):
                found.setdefault((mark.kind, mark.key), mark)
    return tuple(found.values())


def _marks(kind: Kind, text: str) -> Iterator[Mark]:
    match kind:
        case Kind.EMAIL:
            if _EMAIL.fullmatch(text):
                yield Mark(kind, text, text.casefold())
                yield from _domain(text)
        case Kind.DOMAIN:
            yield from _domain(text)
        case Kind.PHONE:
            digits = digits_of(text)
            if len(digits) >= FEWEST_DIGITS:
                yield Mark(kind, text, f"+{digits}" if text.startswith("+") else digits)
        case Kind.COMPANY:
            core = core_of(text)
            if len(core) >= _FEWEST_LETTERS:
                yield Mark(kind, text, core)


def _domain(text: str) -> Iterator[Mark]:
    domain = domain_of(text)
    if domain is not None:
        yield Mark(Kind.DOMAIN, domain, domain)
