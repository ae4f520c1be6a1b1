"""Everything that is wrong with a script, line by line; with the org's form also what the org cannot take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zoho.leads.fields import LeadField, LeadForm
from zoho.leads.script.lines import line_at, lines_of
from zoho.leads.script.loading import NONE, script_text
from zoho.leads.script.model import RATING_FIELD, STATUS_FIELD, Question, Script
from zoho.leads.script.org_values import takes, unfit
from zoho.leads.script.reading import read_script
from zoho.leads.script.taking import Flaw, Path, did_you_mean, short
from zoho.wire.clean import clean_line


@dataclass(frozen=True, slots=True)
class ScriptFault:
    """Something that is wrong: in which ``line`` (from 1), at which ``key``, what it is, and what to do.

    The key is written ``question 2, answers 3, points``; it is empty where the fault is of no key.
    """

    line: int
    key: str
    what: str
    next_step: str

    @property
    def at(self) -> str:
        """The key, to follow the line in a sentence."""
        return f", {self.key}" if self.key else ""


def check(path_or_name: str, form: LeadForm | None) -> list[ScriptFault]:
    """Return everything that is wrong with a script, by line; nothing, it can be used.

    Args:
        path_or_name: as `load_script` takes it.
        form: the fields that the org has; None, it is not known, and no field is checked.

    Raises:
        ConfigError: there is no such file, or it cannot be a script at all.
    """
    if path_or_name.strip().lower() == NONE:
        return []
    text = script_text(path_or_name)
    script, flaws = read_script(path_or_name, text)
    if script is not None and form is not None:
        flaws = list(_of_the_org(script, form))
    return faults_in(text, flaws)


def faults_in(text: str, flaws: Iterable[Flaw]) -> list[ScriptFault]:
    """Return *flaws* with the lines of *text* that they are in, from above down."""
    found = list(flaws)
    lines = lines_of(text) if any(flaw.line is None for flaw in found) else {}
    faults = [
        ScriptFault(flaw.line or line_at(lines, flaw.path), _words(flaw.path), flaw.what, flaw.next_step)
        for flaw in found
    ]
    return sorted(faults, key=lambda fault: fault.line)


def _words(path: Path) -> str:
    words = ""
    for part in path:
        words += f" {part + 1}" if isinstance(part, int) else f"{', ' if words else ''}{short(part)}"
    return words


def _of_the_org(script: Script, form: LeadForm) -> Iterator[Flaw]:
    for place, question in enumerate(script.questions):
        if question.field:
            yield from _of_question(question, ("question", place), form)
    yield from _of_rating(script, form)
    yield from _of_status(script, form)


def _of_question(question: Question, path: Path, form: LeadForm) -> Iterator[Flaw]:
    field, where = form.field(question.field), (*path, "field")
    if field is None:
        yield _no_field(question.field, where, form)
        return
    if reason := unfit(field):
        yield Flaw(where, reason, "Name another field, or none: the answer then goes to the note.")
        return
    for place, answer in enumerate(question.answers):
        if not takes(form, field, answer.value):
            yield _no_value(field, (answer.value,), (*path, "answers", place, "value"))


def _of_rating(script: Script, form: LeadForm) -> Iterator[Flaw]:
    field = form.field(script.rating_field)
    if field is None:
        if "rating_field" in script.mapped and script.rating_field != RATING_FIELD:
            yield _no_field(script.rating_field, ("rating_field",), form)
        return
    if reason := unfit(field):
        yield Flaw(("rating_field",), reason, "Name another field.")
        return
    for place, rating in enumerate(script.ratings):
        if rating.mapped and not any(takes(form, field, value) for value in rating.values):
            yield _no_value(field, rating.values, ("rating", place, "value"))


def _of_status(script: Script, form: LeadForm) -> Iterator[Flaw]:
    field = form.field(script.status_field)
    if field is None:
        if "status_field" in script.mapped and script.status_field != STATUS_FIELD:
            yield _no_field(script.status_field, ("status_field",), form)
        return
    if reason := unfit(field):
        yield Flaw(("status_field",), reason, "Name another field.")
        return
    told = bool(script.disqualify) and "status_value" in script.mapped
    if told and not any(takes(form, field, value) for value in script.status_values):
        yield _no_value(field, script.status_values, ("status_value",))


def _no_field(name: str, path: Path, form: LeadForm) -> Flaw:
    names = {field.label.lower(): field.api_name for field in form.fields}
    labelled = clean_line(names.get(name.lower(), ""))
    near = f"Did you mean {labelled}?" if labelled else did_you_mean(name, names.values())
    layout = f" (layout {clean_line(form.layout_name)})" if form.layout_name else ""
    what = f"The org's form of leads{layout} has no field {short(name)}."
    return Flaw(path, what, near or "Take the API name that Zoho shows under Setup > APIs, or leave it out.")


def _no_value(field: LeadField, values: Sequence[str], path: Path) -> Flaw:
    told = " or ".join(f"“{short(value)}”" for value in values)
    if not field.options:
        return Flaw(path, f"{field.label} ({field.data_type}) cannot take {told}.", "Give another value.")
    near = did_you_mean(values[0], [option.value for option in field.options])
    from zoho.leads.values.choices import shortened

    offered = f"The list has: {shortened(clean_line(option.value) for option in field.options)}."
    return Flaw(path, f"The list of {field.label} has no {told}.", near or offered)
