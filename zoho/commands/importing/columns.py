"""Which field each column of a file is: by API name, by label, or as the person says."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field as made

from zoho.leads.fields import SOURCE_FIELD, LeadForm
from zoho.wire.clean import clean_line
from zoho.wire.errors import ZohoError

_SOURCE_LABEL = "Lead Source"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person says about columns.

    Args:
        mapped: columns, and the API names or labels of their fields.
        ignored: columns to leave out.
    """

    mapped: Mapping[str, str] = made(default_factory=dict[str, str])
    ignored: Sequence[str] = ()


class Names:
    """The fields that a column can be, whatever the case that they are written in."""

    def __init__(self, form: LeadForm) -> None:
        self._by_name = {one.api_name.casefold(): [one.api_name] for one in form.fields}
        self._by_name.setdefault(SOURCE_FIELD.casefold(), [SOURCE_FIELD])
        self._by_label: dict[str, list[str]] = {}
        for one in form.fields:
            self._by_label.setdefault(one.label.casefold(), []).append(one.api_name)
        self._by_label.setdefault(_SOURCE_LABEL.casefold(), [SOURCE_FIELD])
        self._shown = [SOURCE_FIELD, *(name for one in form.fields for name in (one.api_name, one.label))]

    def called(self, name: str) -> list[str]:
        """Return the API names of the fields that *name* can mean: none, one, or several of one label."""
        wanted = clean_line(name).strip().casefold()
        return self._by_name.get(wanted) or self._by_label.get(wanted, [])

    def nearest(self, name: str) -> str:
        """Return a question that names the nearest field, to go on a sentence; or nothing."""
        return nearest(name, self._shown)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the columns are: ``fields`` has the API name of each that is taken; the others are left out."""

    fields: Mapping[str, str]
    ignored: tuple[str, ...] = ()


def plan_columns(
    columns: Sequence[str], form: LeadForm, wishes: Wishes, *, whole: bool, known: bool = True
) -> Plan:
    """Return which field each of *columns* is.

    Args:
        columns: their names; the empty ones are no columns.
        form: the fields that there are.
        wishes: these go first.
        whole: every line has every column: what the form requires has to be among them, and every wish too.
        known: the form is the org's own.

    Raises:
        ZohoError: a column is no field, or two are the same one, or one is missing; all of it is told.
    """
    names = Names(form)
    given = [column for column in columns if column]
    mapped, ignored = _found(wishes.mapped, given), _found(dict.fromkeys(wishes.ignored, ""), given)
    problems = list(_twice(given))
    if whole:
        absent = [name for name in (*wishes.mapped, *wishes.ignored) if not _found({name: ""}, given)]
        problems += [f"There is no column “{_said(name)}”{nearest(name, given)}" for name in absent]
    problems += [
        f"There is no field “{_said(field)}” for the column “{_said(column)}”{names.nearest(field)}"
        for column, field in wishes.mapped.items()
        if not names.called(field)
    ]
    fields: dict[str, str] = {}
    for column in given:
        if column in ignored or (column in mapped and not names.called(mapped[column])):
            continue
        found = names.called(mapped.get(column, column))
        if len(found) == 1:
            fields[column] = found[0]
        else:
            problems.append(_unclear(column, found, names))
    problems += _same(fields)
    if whole and not problems:
        problems += _missing(form, set(fields.values()))
    if problems:
        raise _refused(problems, known=known)
    return Plan(fields, tuple(column for column in given if column in ignored))


def nearest(name: str, among: Iterable[str]) -> str:
    """Return a question that names what of *among* is nearest to *name*, to go on a sentence; or a stop."""
    folded = {one.casefold(): one for one in among}
    found = difflib.get_close_matches(name.casefold(), folded, n=1)
    return f"; did you mean “{_said(folded[found[0]])}”?" if found else "."


def _found(wished: Mapping[str, str], given: Iterable[str]) -> dict[str, str]:
    """Return the wishes by the columns as the file has them."""
    folded = {column.strip().casefold(): wish for column, wish in wished.items()}
    return {column: folded[column.casefold()] for column in given if column.casefold() in folded}


def _twice(given: Sequence[str]) -> Iterator[str]:
    for column in dict.fromkeys(given):
        if given.count(column) > 1:
            yield f"There are {given.count(column)} columns “{_said(column)}”: give each a name of its own."


def _same(fields: Mapping[str, str]) -> Iterator[str]:
    for field in dict.fromkeys(fields.values()):
        columns = [f"“{_said(column)}”" for column, one in fields.items() if one == field]
        if len(columns) > 1:
            yield f"The columns {' and '.join(columns)} are both {field}: leave one out by --ignore."


def _unclear(column: str, found: Sequence[str], names: Names) -> str:
    if found:
        return f"“{_said(column)}” is the label of {' and '.join(found)}: say by --map which one is meant."
    return f"The column “{_said(column)}” is no field of this org{names.nearest(column)}"


def _missing(form: LeadForm, fields: set[str]) -> Iterator[str]:
    for one in form.fields:
        if one.required and one.api_name not in fields:
            yield f"No column is {one.label} ({one.api_name}), which every lead needs."


def _said(name: str) -> str:
    return clean_line(name)


def _refused(problems: Sequence[str], *, known: bool) -> ZohoError:
    step = "Name the field of a column by --map COLUMN=Field, or leave a column out by --ignore COLUMN."
    if not known:
        step += " The org's own fields are not known here before a sign-in: zoho-leads login."
    return ZohoError("\n".join(problems) + "\nNothing was saved.", next_step=step, code="columns")
