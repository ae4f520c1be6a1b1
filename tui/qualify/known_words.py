"""Who is known already, in words: for the line under a field, the panel and the screen. Pure functions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from tui.text import Signs
from zoho.leads.look_up.known import ACCOUNTS, CONTACTS, LEADS, OUTBOX, Known, Match, Reason
from zoho.leads.look_up.marks import Kind

_MODULES: Mapping[str, str] = {LEADS: "lead", CONTACTS: "contact", ACCOUNTS: "account"}
_SAME: Mapping[Kind, str] = {
    Kind.EMAIL: "same e-mail",
    Kind.PHONE: "same number",
    Kind.COMPANY: "same company",
    Kind.DOMAIN: "same domain",
}
_STATES: Mapping[str, str] = {
    "draft": "half typed",
    "queued": "waiting",
    "unknown": "unclear",
    "ask": "asks you",
    "sent": "created",
    "rejected": "refused",
}
_AGES = ((365 * 86_400.0, "year"), (30 * 86_400.0, "month"), (86_400.0, "day"), (3600.0, "hour"))


def module_word(match: Match) -> str:
    """Return what a match is: a lead, a contact, an account."""
    word = _MODULES.get(match.module, match.module)
    return f"{word}, converted" if match.converted else word


def reason_word(reason: Reason) -> str:
    """Return why somebody is known."""
    return _SAME[reason.kind] if reason.score == 100 else "similar company"


def reasons_words(match: Match) -> str:
    """Return why somebody is known, without what goes without saying: the domain of the same address."""
    kinds = {reason.kind for reason in match.reasons}
    told = [reason for reason in match.reasons if reason.kind is not Kind.DOMAIN or Kind.EMAIL not in kinds]
    return ", ".join(map(reason_word, told))


def age_word(since: float, now: float) -> str:
    """Return how old something is, roughly: 3 days, 5 months."""
    for seconds, unit in _AGES:
        number = int((now - since) / seconds)
        if number >= 1:
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "just now"


def entered_words(match: Match) -> str:
    """Return when this rep entered a lead, and where it stands."""
    when = time.strftime("%d %b %H:%M", time.localtime(match.since or 0))
    return f"you entered this on {when}, {_STATES.get(match.status, match.status)}"


def short_words(match: Match, signs: Signs) -> str:
    """Return who is known, as it fits under a field."""
    dot = f" {signs.between} "
    if match.module == OUTBOX:
        return f"{match.name}{dot}{entered_words(match)}"
    owner = [f"owner {match.owner}"] if match.owner else []
    return dot.join([match.name, module_word(match), *owner])


def note_words(known: Known, key: str, signs: Signs) -> str:
    """Return the line under a field; an empty string, nobody is known."""
    if not known.matches:
        return ""
    first = known.matches[0]
    why = "known" if first.is_certain else reason_word(first.reasons[0])
    number = f" ({len(known.matches)})" if len(known.matches) > 1 else ""
    return f"{signs.known} {why}{number}: {short_words(first, signs)} {signs.between} {key} look"


def full_words(match: Match, signs: Signs, now: float) -> Iterator[str]:
    """Return everything about a match, a line each; the name first."""
    dot = f" {signs.between} "
    yield match.name or "(no name)"
    if match.module == OUTBOX:
        yield entered_words(match)
    else:
        status = [match.status] if match.status else []
        yield dot.join([module_word(match), *status])
    if match.company and match.company != match.name:
        yield match.company
    if match.owner:
        yield f"owner {match.owner}"
    if match.since is not None and match.module != OUTBOX:
        yield f"known for {age_word(match.since, now)}" if now - match.since >= 3600 else "just created"
    if words := reasons_words(match):
        yield words


def unasked_words(known: Known) -> str:
    """Say what was not looked up; an empty string, all was."""
    if known.unasked:
        names = {Kind.EMAIL: "the e-mail address", Kind.PHONE: "the number"}
        return f"{' and '.join(names[kind] for kind in sorted(known.unasked))} was not looked up any more"
    return "there are more like it than were looked at" if known.partial else ""
