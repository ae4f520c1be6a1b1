"""The COQL queries by which marks are looked up: one for a module, each wider than what is meant.

`zoho.leads.look_up.judge` decides who is meant. Sources: v8 Query API Overview and COQL Limitations (at most
25 criteria, grouped in pairs; a LIMIT of up to 200 costs one credit), v8 JOINs in COQL Queries (a contact's
account is reached with a dot).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from zoho.leads.look_up.judge import ACCOUNT, ACCOUNT_NAME, OWNER_NAMES
from zoho.leads.look_up.known import ACCOUNTS, CONTACTS, LEADS
from zoho.leads.look_up.marks import STRONG, Kind, Mark
from zoho.leads.look_up.phones import endings
from zoho.leads.lookup import quoted

LIMIT = 200
MOST_CRITERIA = 25

_PERSON = ("First_Name", "Last_Name", "Email", "Phone", "Mobile", "Created_Time", *OWNER_NAMES)
COLUMNS = {
    LEADS: (*_PERSON, "Company", "Website", "Lead_Status", "Converted__s"),
    CONTACTS: (*_PERSON, ACCOUNT, ACCOUNT_NAME),
    ACCOUNTS: (ACCOUNT, "Phone", "Website", "Created_Time", *OWNER_NAMES),
}

_TESTS = {
    Kind.EMAIL: ("Email", "Secondary_Email"),
    Kind.PHONE: ("Phone", "Mobile"),
    Kind.COMPANY: ("Company", ACCOUNT_NAME),
    Kind.DOMAIN: ("Email", "Website"),
}
_TESTED = {
    LEADS: frozenset({"Email", "Secondary_Email", "Phone", "Mobile", "Company", "Website"}),
    CONTACTS: frozenset({"Email", "Secondary_Email", "Phone", "Mobile", ACCOUNT_NAME}),
    ACCOUNTS: frozenset({"Phone", ACCOUNT, "Website"}),
}


class Question(NamedTuple):
    """A query, and the marks that it asks for."""

    text: str
    marks: tuple[Mark, ...]


def kinds_of(module: str) -> frozenset[Kind]:
    """Return by what kinds of marks a module is looked through."""
    return frozenset(Kind) - {Kind.EMAIL} if module == ACCOUNTS else frozenset(Kind)


def question(module: str, marks: Sequence[Mark], *, without: Collection[str] = ()) -> Question | None:
    """Return the query for *marks* in *module*; None if it can be asked for none of them.

    The marks that name a person go first; what does not fit into one query is left out.

    Args:
        module: API name.
        marks: what to look for.
        without: columns that the org or the user's profile does not have.
    """
    columns = _TESTED[module] - set(without)
    criteria: list[str] = []
    asked: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.kind not in STRONG):
        more = list(_criteria(mark, module, columns))
        if more and len(criteria) + len(more) <= MOST_CRITERIA:
            criteria += more
            asked.append(mark)
    if not asked:
        return None
    named = [*COLUMNS[module], *(["Secondary_Email"] if "Secondary_Email" in columns else [])]
    selected = ", ".join(("id", *(name for name in named if name not in without)))
    # No order is asked for: Zoho's own, by id, costs it least.
    text = f"select {selected} from {module} where {_grouped(criteria)} limit {LIMIT}"  # noqa: S608 - each literal quoted
    return Question(text, tuple(asked))


def _criteria(mark: Mark, module: str, columns: Collection[str]) -> Iterator[str]:
    names = (
        ((ACCOUNT,) if module == ACCOUNTS else ("Company", ACCOUNT_NAME))
        if (mark.kind is Kind.COMPANY)
        else _TESTS[mark.kind]
    )
    for name in names:
        if name in columns:
            yield from (f"{name} like {quoted(pattern)}" for pattern in _PATTERNS[mark.kind](mark, name))


def _emails(mark: Mark, name: str) -> list[str]:
    del name
    # Whatever it goes on with: who pauses at ada@example.co, and types the m, is answered already.
    return [f"{mark.key}%"]


def _phones(mark: Mark, name: str) -> list[str]:
    del name
    return [f"%{ending}%" for ending in endings(mark.text)]


def _companies(mark: Mark, name: str) -> list[str]:
    del name
    # As it is written: the name that is compared by has no accents and no signs, Zoho's has.
    words = mark.text.split()
    if words[0].casefold() == "the" and len(words) > 1:
        words = words[1:]
    begin = " ".join(words)[: max(4, round(len(mark.key) * 0.7))]
    return [f"{begin}%", f"the {begin}%"]


def _domains(mark: Mark, name: str) -> list[str]:
    return [f"%{mark.key}%"] if name == "Website" else [f"%@{mark.key}"]


_PATTERNS: dict[Kind, Callable[[Mark, str], list[str]]] = {
    Kind.EMAIL: _emails,
    Kind.PHONE: _phones,
    Kind.COMPANY: _companies,
    Kind.DOMAIN: _domains,
}


def _grouped(criteria: Sequence[str]) -> str:
    """Return the criteria joined by *or*, in pairs of brackets as COQL wants more than two."""
    if len(criteria) == 1:
        return criteria[0]
    middle = len(criteria) // 2
    return f"({_grouped(criteria[:middle])} or {_grouped(criteria[middle:])})"
