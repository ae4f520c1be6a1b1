"""What is asked, and in which order: the fields of the org, the questions of the script, the call-back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zoho.leads.call_back import CALL_BACK, CALL_BACK_ABOUT
from zoho.leads.fields import LeadField, LeadForm, Option, in_order
from zoho.leads.script import DISQUALIFY, QUESTION, Script

DISQUALIFIED = QUESTION + DISQUALIFY
"""The name of the question why a caller is no lead."""

LISTED = 12
"""So many choices are read out with the question; of more, some letters are asked for."""


class Kind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    LONG_TEXT = "long text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes or no"
    RECORD = "record"
    MOMENT = "moment"
    """When to call back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    Args:
        name: of the field, ours or Zoho's.
        label: what a person calls it.
        kind: how it is answered.
        section: the title that it stands under.
        required: whether the lead cannot be sent without.
        how: what an answer looks like, a few words.
        prompt: what the rep says to the caller; empty, that is the rep's own affair.
        help: what to enter here.
        options: the choices, where there are any.
        field: the field of Zoho's; None, it is one of ours.
        hidden: whether it is only asked where it holds something, or is gone to.
    """

    name: str
    label: str
    kind: Kind
    section: str = ""
    required: bool = False
    how: str = ""
    prompt: str = ""
    help: str = ""
    options: tuple[Option, ...] = ()
    field: LeadField | None = None
    hidden: bool = False

    def options_now(self, typed: Mapping[str, str]) -> tuple[Option, ...]:
        """Return the choices that go with what is *typed* into the field that controls this one."""
        if self.field is None or not self.field.controlled_by:
            return self.options
        return self.field.options_for(typed.get(self.field.controlled_by, ""))

    def shown(self, text: str) -> str:
        """Return *text*, which stands in the field, as a person reads it."""
        if self.kind is Kind.RECORD:
            return text.partition(" {")[0]
        if self.kind is Kind.YES_NO:
            return {"true": "yes", "false": "no"}.get(text, text)
        labels = {option.value: option.label for option in self.options}
        if self.kind is Kind.CHOICES:
            return "; ".join(labels.get(one, one) for one in text.split(";"))
        return labels.get(text, text)


def all_asked(
    form: LeadForm,
    script: Script | None,
    *,
    pinned: Sequence[str] = (),
    hidden: Collection[str] = (),
) -> list[Asked]:
    """Return every question, in the order of the screen.

    That is what a caller says first, the script, the rest of the fields, and what comes of the call.

    Args:
        form: the fields of the org.
        script: its questions, and the outcome of the call; None, the form is the org's alone.
        pinned: API names of the fields that come first.
        hidden: API names of fields that are left out while they are empty.
    """
    sections = in_order(form, pinned, pinned)
    by_section = [[_of_field(field, title, hidden) for field in fields] for title, fields in sections]
    first, rest = by_section[:1], by_section[1:]
    questions = _questions(script) if script is not None else ()
    outcome = (*_disqualified(script), *_CALL_BACK) if script is not None else ()
    return [one for group in (*first, questions, *rest, outcome) for one in group]


_TYPES: Mapping[str, tuple[Kind, str]] = {
    "email": (Kind.TEXT, "e-mail address"),
    "phone": (Kind.TEXT, "phone number"),
    "website": (Kind.TEXT, "web address"),
    **dict.fromkeys(("integer", "bigint"), (Kind.TEXT, "whole number")),
    **dict.fromkeys(("double", "decimal", "currency", "percent"), (Kind.TEXT, "number")),
    "date": (Kind.TEXT, "date, year-month-day"),
    "datetime": (Kind.TEXT, "time, year-month-day hour:minute"),
    "boolean": (Kind.YES_NO, "yes or no"),
    "textarea": (Kind.LONG_TEXT, "text of several lines, an empty line ends it"),
    **dict.fromkeys(("lookup", "ownerlookup", "userlookup"), (Kind.RECORD, "letters of its name")),
}
_LISTS: Mapping[str, Kind] = {"picklist": Kind.CHOICE, "multiselectpicklist": Kind.CHOICES}

_COUNTED: Mapping[str, str] = {
    **dict.fromkeys(("text", "phone number"), "characters"),
    "whole number": "digits",
}
_SHORT = 40
"""Of what may have no more than that, it is told; longer texts are seldom too long."""

_OUTCOME = "Outcome"
_ABOUT = "Call back about"
_CALL_BACK = (
    Asked(
        CALL_BACK,
        "Call back",
        Kind.MOMENT,
        section=_OUTCOME,
        how="when, such as tomorrow 9:30, mon 14, in 2 h",
        help="The clock is the caller's, by the phone number. Add here for yours, or a place: 9 in London.",
    ),
    Asked(CALL_BACK_ABOUT, _ABOUT, Kind.TEXT, section=_OUTCOME, how="text"),
)


def _of_field(field: LeadField, section: str, hidden: Collection[str]) -> Asked:
    kind, how = _TYPES.get(field.data_type, (Kind.TEXT, "text"))
    if field.options and field.data_type in _LISTS:
        kind = _LISTS[field.data_type]
        how = "one of a list" if kind is Kind.CHOICE else "some of a list, with ; between"
    if kind is Kind.TEXT and how in _COUNTED and field.length is not None and field.length <= _SHORT:
        how = f"{how}, at most {field.length} {_COUNTED[how]}"
    return Asked(
        field.api_name,
        field.label,
        kind,
        section=section,
        required=field.required,
        how=how,
        help=field.help,
        options=field.options,
        field=field,
        hidden=field.api_name in hidden and not field.required,
    )


def _questions(script: Script) -> Iterator[Asked]:
    for question in script.questions:
        yield Asked(
            QUESTION + question.key,
            question.label,
            Kind.CHOICE,
            section=script.title,
            how="one of a list",
            prompt=question.prompt,
            help=question.help,
            options=_numbered(answer.label for answer in question.answers),
        )


def _disqualified(script: Script) -> Iterator[Asked]:
    if script.disqualify:
        yield Asked(
            DISQUALIFIED,
            "Disqualify",
            Kind.CHOICE,
            section=_OUTCOME,
            how="why this is no lead",
            help="Enter alone: it is one. The lead is saved all the same.",
            options=_numbered(script.disqualify),
        )


def _numbered(labels: Iterator[str] | Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(str(place), label) for place, label in enumerate(labels, 1))
