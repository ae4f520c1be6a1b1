"""Who of those that were found is really meant: Zoho's search is fuzzy, this is exact. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from zoho.leads.look_up.companies import SIMILAR, company_score, domain_of
from zoho.leads.look_up.known import ACCOUNTS, LEADS, OUTBOX, Entered, Match, Reason
from zoho.leads.look_up.marks import Kind, Mark
from zoho.leads.look_up.phones import E164, same_number
from zoho.wire.clean import clean_line
from zoho.wire.shapes import as_object

EMAILS = ("Email", "Secondary_Email")
PHONES = ("Phone", "Mobile", "Home_Phone", "Other_Phone")
ACCOUNT, ACCOUNT_NAME = "Account_Name", "Account_Name.Account_Name"
OWNER_NAMES = ("Owner.first_name", "Owner.last_name")

Values = Mapping[str, Any]


def judged(
    found: Iterable[tuple[str, str, Values]],
    entered: Iterable[Entered],
    marks: Sequence[Mark],
    *,
    e164: E164,
) -> tuple[Match, ...]:
    """Return who is known by *marks*, the most certain first, each record once.

    Args:
        found: module, id and values of records that Zoho told.
        entered: leads of this rep's own outbox.
        marks: what stands in the form.
        e164: makes numbers comparable.
    """
    matches: dict[tuple[str, str], Match] = {}
    for module, identity, values in found:
        for match in _of_zoho(module, identity, values, marks, e164):
            matches.setdefault((match.module, match.id), match)
    for one in entered:
        # What arrived is told as what stands in Zoho, if Zoho told it too.
        if one.zoho_id is None or (LEADS, one.zoho_id) not in matches:
            match = _of_outbox(one, marks, e164)
            if match is not None:
                matches[OUTBOX, one.key] = match
    return tuple(sorted(matches.values(), key=_rank))


def _rank(match: Match) -> tuple[int, int, bool, float]:
    strength = sum(reason.names_the_person for reason in match.reasons)
    score = max(reason.score for reason in match.reasons)
    return -strength, -score, match.converted, -(match.since or 0.0)


def reasons_of(values: Values, marks: Iterable[Mark], e164: E164) -> tuple[Reason, ...]:
    """Return why a record with these values is meant by *marks*; none, it is not."""
    found = {reason.kind: reason for mark in marks for reason in _reason(values, mark, e164)}
    return tuple(found[kind] for kind in Kind if kind in found)


def _reason(values: Values, mark: Mark, e164: E164) -> Iterator[Reason]:
    match mark.kind:
        case Kind.EMAIL:
            if any(text.casefold() == mark.key for text in _texts(values, EMAILS)):
                yield Reason(mark.kind)
        case Kind.PHONE:
            if any(same_number(text, mark.text, e164) for text in _texts(values, PHONES)):
                yield Reason(mark.kind)
        case Kind.COMPANY:
            score = max((company_score(name, mark.text) for name in _companies(values)), default=0)
            if score >= SIMILAR:
                yield Reason(mark.kind, score)
        case Kind.DOMAIN:
            if any(domain_of(text) == mark.key for text in _texts(values, (*EMAILS, "Website"))):
                yield Reason(mark.kind)


def _texts(values: Values, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        text = str(values.get(name) or "").strip()
        if text:
            yield text


def _companies(values: Values) -> list[str]:
    account = values.get(ACCOUNT)
    named = account if isinstance(account, str) else str(as_object(account).get("name") or "")
    return [*_texts(values, ("Company", ACCOUNT_NAME)), *([named] if named else [])]


def _of_zoho(
    module: str, identity: str, values: Values, marks: Sequence[Mark], e164: E164
) -> Iterator[Match]:
    reasons = reasons_of(values, marks, e164)
    if not reasons:
        return
    names = _companies(values)
    company = clean_line(names[0]) if names else ""
    account = as_object(values.get(ACCOUNT)).get("id")
    if module != LEADS and account and [reason.kind for reason in reasons] == [Kind.COMPANY]:
        # The company alone is known: not a person there, of whom there may be hundreds.
        yield Match(ACCOUNTS, str(account), company, reasons, company)
        return
    yield as_match(module, identity, values, reasons)


def as_match(module: str, identity: str, values: Values, reasons: tuple[Reason, ...]) -> Match:
    """Return a record of Zoho as somebody who is known, for these reasons."""
    names = _companies(values)
    company = clean_line(names[0]) if names else ""
    person = " ".join(_texts(values, ("First_Name", "Last_Name")))
    return Match(
        module,
        identity,
        clean_line(person) or company,
        reasons,
        company,
        owner=_owner(values),
        status=clean_line(str(values.get("Lead_Status") or "")),
        since=_moment(values.get("Created_Time")),
        converted=bool(values.get("Converted__s") or values.get("$converted")),
        values=values,
    )


def _of_outbox(one: Entered, marks: Sequence[Mark], e164: E164) -> Match | None:
    reasons = reasons_of(one.values, marks, e164)
    if not reasons:
        return None
    person = " ".join(_texts(one.values, ("First_Name", "Last_Name")))
    company = clean_line(str(one.values.get("Company") or ""))
    return Match(
        OUTBOX,
        one.key,
        clean_line(person) or company,
        reasons,
        company,
        status=one.state,
        since=one.at,
        values=one.values,
    )


def _owner(values: Values) -> str:
    parts = " ".join(_texts(values, OWNER_NAMES))
    return clean_line(parts or str(as_object(values.get("Owner")).get("name") or ""))


def _moment(text: Any) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return None
