"""The questions of a script, and the outcome of a call, as fields of the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui.form import Choice, Field, Kind, Section
from zoho.leads.call_back import CALL_BACK, CALL_BACK_ABOUT
from zoho.leads.fields import OURS
from zoho.wire.shapes import as_list, as_object

DISQUALIFIED = f"{OURS}disqualify"
SCORE = f"{OURS}score"
"""The name of the field that shows what the answers are worth; nothing can be typed into it."""
OUTCOME = "Outcome"

_ABOUT = Field(CALL_BACK_ABOUT, "About", help="What the call-back is about; it stands in the task.")
_CALL_BACK = Field(
    CALL_BACK,
    "Call back",
    placeholder="14:30, tomorrow 9:30, mon 14, in 2 h",
    help='When to call back, by the caller\'s clock; it becomes a task in Zoho. Say "here" for your own.',
)


def with_questions(sections: Sequence[Section], seen: Mapping[str, Any]) -> list[Section]:
    """Return the sections of a lead with the questions behind the first one and the outcome at the end.

    Args:
        sections: the org's.
        seen: the script, as `zoho.leads.script.drawn.drawn` returns it; empty, the form is the org's alone.
    """
    if not seen:
        return list(sections)
    questions = tuple(_questions(seen))
    score = Field(SCORE, "Score", Kind.STATIC)
    asked = [Section(f"Qualification: {seen.get('title', '')}", (score, *questions))] if questions else []
    outcome = Section(OUTCOME, (*_disqualified(seen), _CALL_BACK, _ABOUT))
    return [*sections[:1], *asked, *sections[1:], outcome]


def ours_in(sections: Sequence[Section]) -> frozenset[str]:
    """Return the names of the fields that are ours and take a value."""
    fields = (field for section in sections for field in section.fields)
    return frozenset(each.name for each in fields if each.name.startswith(OURS) and each.kind.holds_value)


def _questions(seen: Mapping[str, Any]) -> Iterator[Field]:
    for question in map(as_object, as_list(seen.get("questions"))):
        yield Field(
            f"{OURS}{question.get('key', '')}",
            str(question.get("label", "")),
            Kind.ANSWER,
            choices=_numbered(question.get("answers")),
            help=str(question.get("prompt", "")),
        )


def _disqualified(seen: Mapping[str, Any]) -> Iterator[Field]:
    reasons = _numbered(seen.get("disqualify"))
    if reasons:
        about = "Why this is no lead at all: it is saved all the same, with that status and a note."
        yield Field(DISQUALIFIED, "Disqualify", Kind.CHOICE, choices=reasons, help=about)


def _numbered(labels: Any) -> tuple[Choice, ...]:
    return tuple(Choice(str(number), str(label)) for number, label in enumerate(as_list(labels), 1))
