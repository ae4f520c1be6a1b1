"""What a call is worth so far, and why. Pure: the same answers give the same score, whatever their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from zoho.leads.script.model import DISQUALIFY, Rating, Script

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reason:
    """What one answer did to the score: ``points`` of ``possible``, by that ``answer`` to ``label``."""

    question: str
    label: str
    answer: str
    points: Decimal
    possible: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers are worth.

    ``points`` and ``possible`` are exactly the sums of those of ``reasons``: they speak of the questions that
    were answered (``answered`` of ``asked``), so that what was not asked counts neither for the lead nor
    against it. ``rating`` is a label of the script's; None where too little was asked to tell, no rating
    reaches so far down, or the lead is ``disqualified`` (with this reason). ``title`` is the script's.
    """

    points: Decimal
    possible: Decimal
    reasons: tuple[Reason, ...]
    answered: int
    asked: int
    rating: str | None = None
    disqualified: str | None = None
    title: str = ""

    @property
    def open(self) -> int:
        """How many questions were not answered."""
        return self.asked - self.answered


def score(script: Script, answers: Mapping[str, str]) -> Score:
    """Return what *answers* are worth.

    Args:
        script: the questions.
        answers: for the key of each question the digit of its answer, ``"1"`` to ``"9"``, and for
            `DISQUALIFY` that of a reason. Anything else counts as not answered.
    """
    reasons = tuple(
        Reason(question.key, question.label, answer.label, answer.points, question.weight)
        for question in script.questions
        if (answer := question.picked(answers.get(question.key))) is not None
    )
    points = sum((reason.points for reason in reasons), _ZERO)
    possible = sum((reason.possible for reason in reasons), _ZERO)
    disqualified = script.reason(answers.get(DISQUALIFY))
    rating = None if disqualified else rating_of(script, points, possible)
    return Score(
        points,
        possible,
        reasons,
        answered=len(reasons),
        asked=len(script.questions),
        rating=rating.label if rating else None,
        disqualified=disqualified,
        title=script.title,
    )


def rating_of(script: Script, points: Decimal, possible: Decimal) -> Rating | None:
    """Return the rating of that many points; None where too little was asked, or none reaches so far down."""
    if not possible or possible < script.enough * script.possible:
        return None
    return next((rating for rating in script.ratings if points >= rating.share * possible), None)


def words_of(told: Score) -> list[str]:
    """Return the score in short lines: what it is, how much is open, and each reason."""
    lines = [f"Disqualified: {told.disqualified}"] if told.disqualified else []
    if told.answered:
        lines.append(" · ".join(filter(None, (_sum(told, " of "), told.rating))))
    if told.open and told.answered:
        lines.append(f"{told.answered} of {told.asked} answered")
    return lines + [reason_words(reason) for reason in told.reasons]


def line_of(told: Score) -> str:
    """Return the score in one line: ``BANT 14/20 Warm, 1 open``."""
    worth = _sum(told, "/") if told.answered else ""
    if told.disqualified:
        return f"{' '.join(filter(None, (told.title, worth)))}, disqualified: {told.disqualified}"
    still = f"{told.open} open" if told.open else ""
    return ", ".join(filter(None, (" ".join(filter(None, (told.title, worth, told.rating))), still)))


def reason_words(reason: Reason) -> str:
    """Return one reason in a line: ``+5 Budget: Approved``."""
    sign = "+" if reason.points else ""
    worth = f"{sign}{number_words(reason.points)} " if reason.possible else ""
    return f"{worth}{reason.label}: {reason.answer}"


def number_words(number: Decimal) -> str:
    """Return a number of points: no zeros behind the point, no exponent."""
    return f"{number.normalize():f}"


def _sum(told: Score, between: str) -> str:
    return f"{number_words(told.points)}{between}{number_words(told.possible)}"
