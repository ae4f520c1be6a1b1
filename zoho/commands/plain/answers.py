"""From what was typed at a question to the text that stands in its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from zoho.commands.plain.asked import DISQUALIFIED, Asked, Kind
from zoho.commands.plain.choosing import labels_of, matches, parts_of, yes_or_no
from zoho.commands.plain.words import call_back_lines, offered
from zoho.leads.call_back import CALL_BACK, fixed_text
from zoho.leads.entry import read_call_back
from zoho.leads.fields import LeadForm, Option
from zoho.leads.values import Around, hint, problem, understood
from zoho.leads.values.choices import record_text
from zoho.leads.values.wrong import WrongValueError

Find = Callable[[str, str], list[tuple[str, str]]]
"""Finds the records of a module by a word of their name: id and name of each; may raise `ZohoError`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an answer.

    Args:
        changes: what fields hold from now on, by name; nothing, it was wrong or not enough.
        said: lines to be told.
        options: what a number means in the next answer to the same question.
        wrong: whether it was no answer at all.
    """

    changes: Mapping[str, str] = field(default_factory=dict[str, str])
    said: Sequence[str] = ()
    options: tuple[Option, ...] = ()
    wrong: bool = False


def read_answer(
    one: Asked,
    text: str,
    *,
    form: LeadForm,
    typed: Mapping[str, str],
    now: datetime,
    find: Find,
    options: tuple[Option, ...] = (),
) -> Answer:
    """Return what comes of *text*, the answer to *one*.

    Args:
        one: the question.
        text: not empty.
        form: the fields that there are.
        typed: what stands in every field.
        now: aware, in the rep's zone.
        find: finds records.
        options: what an earlier answer to the same question has found.
    """
    if one.kind in (Kind.CHOICE, Kind.CHOICES):
        return _choice(one, text, one.options_now(typed))
    if one.kind is Kind.YES_NO:
        value = yes_or_no(text)
        return Answer({one.name: value}) if value else Answer(said=["Yes or no."], wrong=True)
    if one.kind is Kind.RECORD:
        return _record(one, text, options, find)
    if one.kind is Kind.MOMENT:
        return _moment(text, form, typed, now)
    return _text(one, text, form, typed, now)


def _choice(one: Asked, text: str, options: Sequence[Option]) -> Answer:
    if one.name == DISQUALIFIED and yes_or_no(text) == "false":
        return Answer({one.name: ""})
    chosen: list[Option] = []
    for part in parts_of(text) if one.kind is Kind.CHOICES else [text]:
        found = matches(labels_of(options), part)
        if not found:
            return Answer(said=[f"Nothing in the list is “{part}”."], wrong=True)
        if len(found) > 1:
            return Answer(said=offered(options, found))
        chosen.append(options[found[0]])
    values = dict.fromkeys(option.value for option in chosen)
    labels = "; ".join(dict.fromkeys(option.label for option in chosen))
    return Answer({one.name: ";".join(values)}, [f"{one.label}: {labels}."])


def _record(one: Asked, text: str, options: tuple[Option, ...], find: Find) -> Answer:
    found = matches(labels_of(options), text) if options else []
    if len(found) == 1:
        chosen = options[found[0]]
        return Answer({one.name: chosen.value}, [f"{one.label}: {chosen.label}."])
    module = one.field.lookup_module if one.field is not None else ""
    options = tuple(Option(record_text(number, name), name) for number, name in find(module, text))
    if not options:
        return Answer(said=[f"None is found by “{text}”. Type two letters or more of its name."], wrong=True)
    if len(options) == 1:
        return Answer({one.name: options[0].value}, [f"{one.label}: {options[0].label}."])
    return Answer(said=offered(options, range(len(options))), options=options)


def _moment(text: str, form: LeadForm, typed: Mapping[str, str], now: datetime) -> Answer:
    try:
        found = read_call_back(form, {**typed, CALL_BACK: text}, now=now)
    except WrongValueError as wrong:
        return Answer(said=[str(wrong)], wrong=True)
    assert found is not None
    # Not as it was typed: tomorrow, "tomorrow" would be another day.
    return Answer({CALL_BACK: fixed_text(found.moment)}, call_back_lines(found, now.tzinfo or UTC))


def _text(one: Asked, text: str, form: LeadForm, typed: Mapping[str, str], now: datetime) -> Answer:
    if one.field is None:
        return Answer({one.name: text})
    around = Around.of(form, one.field, typed, now.tzinfo)
    wrong = problem(one.field, text, around)
    if wrong:
        return Answer(said=[wrong], wrong=True)
    changes = {one.name: text, **understood(form, one.name, text, typed)}
    said = [
        f"{form.label(name)}: {value}."
        for name, value in changes.items()
        if (name, value) != (one.name, text)
    ]
    doubtful = hint(one.field, changes[one.name], around)
    return Answer(changes, [*said, *([doubtful] if doubtful else [])])
