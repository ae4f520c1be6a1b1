"""What a rep has to know when the org's form is not what it was, in words: what is filled in otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zoho.leads.check_up import Finding, source_finding
from zoho.leads.fields import LeadField, LeadForm

_TOLD = 3
"""Changes that are told one by one: there is one line for them."""


def changes(old: LeadForm, new: LeadForm) -> list[str]:
    """Return what is otherwise in *new*, a sentence each; what is required first."""
    if old.layout_id is None or not old.layout_name:
        return []  # not the org's own, or kept by a version that told less: nothing has to have changed
    if old.layout_id != new.layout_id:
        return [f"The layout is “{new.layout_name}” now."]
    before = {field.api_name: field for field in old.fields}
    after = {field.api_name: field for field in new.fields}
    return [
        *_requirements(before, new),
        *(f"The layout requires {name}, which this form cannot show." for name in _more(old, new)),
        *(f"{field.label} is gone." for name, field in before.items() if name not in after),
        *(f"{field.label} is new." for field in new.fields if _is_added(field, before)),
        *(
            text
            for name, field in after.items()
            if name in before
            for text in _differences(before[name], field)
        ),
    ]


def news_of(old: LeadForm | None, new: LeadForm, source: str) -> Finding | None:
    """Return what is to be told once the form has been read anew; None, nothing is.

    Args:
        old: the form until now, of the same org; None, there was none.
        new: as it was just read.
        source: the value that ``Lead_Source`` gets.
    """
    told = changes(old, new) if old is not None else []
    shown = told[:_TOLD]
    if len(told) > _TOLD:
        shown.append(f"And {len(told) - _TOLD} more.")
    finding = source_finding(new, source)
    if not finding.well:
        return Finding(False, " ".join([finding.what, *shown]), finding.next_step)
    return Finding(True, " ".join(shown)) if shown else None


def _requirements(before: dict[str, LeadField], new: LeadForm) -> Iterator[str]:
    for field in new.fields:
        old = before.get(field.api_name)
        if field.required and old is None:
            yield f"{field.label} is new, and required."
        elif old is not None and field.required != old.required:
            yield f"{field.label} is now required." if field.required else f"{field.label} is now optional."


def _more(old: LeadForm, new: LeadForm) -> list[str]:
    return [name for name in new.missing if name not in old.missing]


def _is_added(field: LeadField, before: dict[str, LeadField]) -> bool:
    return field.api_name not in before and not field.required


def _differences(old: LeadField, new: LeadField) -> Iterator[str]:
    """Return what is otherwise in the same field; whether it is required is told elsewhere."""
    if new.label != old.label:
        yield f"{old.label} is called {new.label} now."
    if new.data_type != old.data_type:
        yield f"{new.label} is filled in in another way now."
        return
    yield from _values(old, new)
    if (new.controlled_by, new.allowed) != (old.controlled_by, old.allowed):
        yield f"{new.label} offers other values for other choices now."
    if new.length is not None and old.length is not None and new.length != old.length:
        yield f"{new.label} may be {'shorter' if new.length < old.length else 'longer'} now: {new.length}."
    if (new.minimum, new.maximum) != (old.minimum, old.maximum):
        yield f"{new.label} has other bounds now."
    if new.unique and not old.unique:
        yield f"No two leads may have the same {new.label} now."


def _values(old: LeadField, new: LeadField) -> Iterator[str]:
    had, has = ([option.value for option in field.options] for field in (old, new))
    labels = {option.value: option.label for option in (*old.options, *new.options)}
    added = [value for value in has if value not in set(had)]
    lost = [value for value in had if value not in set(has)]
    if added:
        yield f"{new.label} has {_counted(added, labels, 'new value')}."
    if lost:
        yield f"{new.label} has lost {_counted(lost, labels, 'value')}."


def _counted(values: Sequence[str], labels: dict[str, str], what: str) -> str:
    if len(values) == 1:
        return f"the {what} “{labels[values[0]]}”"
    return f"{len(values)} {what}s"
