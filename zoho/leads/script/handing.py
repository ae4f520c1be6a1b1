"""What of a qualification goes to Zoho: values of fields that the org has, and one note with all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from zoho.leads.fields import LeadForm
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.leads.script.model import Script
from zoho.leads.script.org_values import value_for
from zoho.leads.script.scoring import Score, number_words, rating_of, score

_TITLE, _CONTENT = 120, 65_535
"""Characters of a note's title and content (v8 Create Notes)."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What goes to Zoho: ``values`` for the lead, by API name, and the ``note`` beside it.

    What the rep typed into a field comes first: whoever saves the lead takes ``{**values, **typed}``.
    """

    values: Mapping[str, Any]
    note: FollowUp | None


def to_zoho(
    script: Script, answers: Mapping[str, str], form: LeadForm, *, at: float, zone: tzinfo | None
) -> Handed:
    """Return what of the *answers* goes to Zoho; the same ones always give the same.

    The note has every answer with its points, also those that went to a field: so it tells the whole score,
    and nothing is lost where the rep typed something else into that field. Where nothing was answered there
    is none.

    Args:
        script: the questions.
        answers: as `score` takes them.
        form: the fields that the org has: no other one gets a value, and none a value that it does not take.
        at: when it was asked, in seconds since 1970.
        zone: of the time in the note; None, the machine's.
    """
    told = score(script, answers)
    if not told.answered and not told.disqualified:
        return Handed({}, None)
    when = datetime.fromtimestamp(at, zone).astimezone(zone).strftime("%Y-%m-%d %H:%M (UTC%z)")
    content = "\n".join(_content(script, answers, told, when))
    note = {"Note_Title": _title(told)[:_TITLE], "Note_Content": content[:_CONTENT]}
    return Handed(dict(_values(script, answers, told, form)), FollowUp(FollowUpKind.NOTE, note))


def _values(
    script: Script, answers: Mapping[str, str], told: Score, form: LeadForm
) -> Iterator[tuple[str, Any]]:
    wanted: dict[str, tuple[str, ...]] = {}
    for question in script.questions:
        answer = question.picked(answers.get(question.key))
        if question.field and answer is not None:
            wanted[question.field] = (answer.value,)
    rating = rating_of(script, told.points, told.possible)
    if told.disqualified:
        wanted[script.status_field] = script.status_values
    elif rating is not None:
        wanted[script.rating_field] = rating.values
    for name, candidates in wanted.items():
        value = value_for(form, form.field(name), candidates)
        if value is not None:
            yield name, value


def _title(told: Score) -> str:
    worth = f"{told.title} {_worth(told)}" if told.answered else told.title
    if told.disqualified:
        return f"Disqualified: {told.disqualified} ({worth})"
    return f"Qualification: {', '.join(filter(None, (worth, told.rating)))}"


def _worth(told: Score) -> str:
    return f"{number_words(told.points)} of {number_words(told.possible)}"


def _content(script: Script, answers: Mapping[str, str], told: Score, when: str) -> Iterator[str]:
    if told.disqualified:
        yield from (f"Disqualified: {told.disqualified}", "")
    if told.answered:
        worth = f"{script.title}: {_worth(told)} points"
        rating = f", {told.rating}" if told.rating else ""
        yield f"{worth}{rating}. {told.answered} of {told.asked} questions were answered."
    yield f"Asked on {when}."
    for question in script.questions:
        answer = question.picked(answers.get(question.key))
        if answer is not None:
            points = f" ({number_words(answer.points)} of {number_words(question.weight)})"
            yield from (
                "",
                question.prompt,
                f"{question.label}: {answer.label}{points if question.weight else ''}",
            )
    left = [one.label for one in script.questions if one.picked(answers.get(one.key)) is None]
    if left and told.answered:
        yield from ("", f"Not answered: {', '.join(left)}")
