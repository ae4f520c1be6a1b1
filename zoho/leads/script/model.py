"""What a qualification script is, once it has been read: questions and answers, ratings, reasons to stop.

Nothing heavy: the form draws the questions in the first frame. Points are `Decimal`: sums are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from zoho.leads.fields import OURS

QUESTION = OURS
"""What the name of a question begins with where it stands among the fields of a form: ``?budget``."""

DISQUALIFY = "disqualify"
"""The key of the question that every script with `Script.disqualify` has besides its own."""

DIGITS = "123456789"
"""The key that each answer is picked by, in their order."""

RATING_FIELD, STATUS_FIELD = "Rating", "Lead_Status"
STATUS_VALUES = ("Not Qualified", "Junk Lead")
"""What a disqualified lead's status becomes, the first of these that the org's picklist has.

Newer orgs have both: of a real person who will not buy, *junk* says more than a rep knows.
"""

ENOUGH = Decimal("0.6")
"""Share of all points that must have been asked about before a rating is suggested: three of four."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what it is worth, and what the mapped field is told: the label, where no ``value`` is."""

    label: str
    points: Decimal
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the rep asks.

    ``label`` (at most 18 cells) names it in a form, ``prompt`` (at most 60) is what to say, ``help`` how to
    judge what is heard. ``weight`` is what the best answer can be worth. ``field`` is the API name of the
    field of Leads that the answer also goes to; empty, none.
    """

    key: str
    label: str
    prompt: str
    help: str
    answers: tuple[Answer, ...]
    weight: Decimal
    field: str = ""

    def picked(self, digit: str | None) -> Answer | None:
        """Return the answer of that digit key; None for anything else."""
        place = DIGITS.find(digit) if digit and len(digit) == 1 else -1
        return self.answers[place] if 0 <= place < len(self.answers) else None


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating from that ``share`` (0 to 1) of the points on.

    The org's picklist is given the first of ``values`` that it has; ``mapped`` says that the script named
    them, so that it is a fault where it has none.
    """

    label: str
    share: Decimal
    values: tuple[str, ...]
    mapped: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A script: its questions in the order in which they are asked, its ratings from the best one down.

    ``disqualify`` has the reasons why a caller is no lead at all, each picked by its digit. ``enough`` is the
    share of all points that must have been asked about before a rating is suggested.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    ratings: tuple[Rating, ...] = ()
    disqualify: tuple[str, ...] = ()
    enough: Decimal = ENOUGH
    rating_field: str = RATING_FIELD
    status_field: str = STATUS_FIELD
    status_values: tuple[str, ...] = STATUS_VALUES
    mapped: frozenset[str] = frozenset()
    """Which of ``rating_field``, ``status_field`` and ``status_value`` the script itself names."""

    @property
    def possible(self) -> Decimal:
        """What all the best answers together are worth."""
        return sum((question.weight for question in self.questions), Decimal(0))

    def question(self, key: str) -> Question | None:
        """Return the question of that key."""
        return next((question for question in self.questions if question.key == key), None)

    def reason(self, digit: str | None) -> str | None:
        """Return the reason to disqualify of that digit key; None for anything else."""
        place = DIGITS.find(digit) if digit and len(digit) == 1 else -1
        return self.disqualify[place] if 0 <= place < len(self.disqualify) else None


def answers_of(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the answers by key, of what was *typed* into a form: those whose names begin with `QUESTION`."""
    return {
        name.removeprefix(QUESTION): text.strip() for name, text in typed.items() if name.startswith(QUESTION)
    }
