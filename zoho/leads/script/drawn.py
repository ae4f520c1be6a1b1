"""What of a script is drawn in a form, as JSON: kept for the next first frame, which reads no script."""

from __future__ import annotations

from typing import Any

from zoho.leads.script.model import Answer, Question, Script
from zoho.leads.script.scoring import number_words


def drawn(script: Script | None) -> dict[str, Any]:
    """Return ``{"title", "questions", "disqualify"}``, or nothing without a script.

    Each question is ``{"key", "label", "prompt", "answers"}``; answers, and reasons to disqualify, are
    labels. Those of answers tell their points, which are the reasons for the score. The prompt is followed by
    how to judge what is heard.
    """
    if script is None:
        return {}
    questions = [
        {
            "key": question.key,
            "label": question.label,
            "prompt": f"{question.prompt} {question.help}".strip(),
            "answers": [_shown(answer, question) for answer in question.answers],
        }
        for question in script.questions
    ]
    return {"title": script.title, "questions": questions, "disqualify": list(script.disqualify)}


def _shown(answer: Answer, question: Question) -> str:
    if not question.weight:
        return answer.label
    return f"{answer.label} ({'+' if answer.points else ''}{number_words(answer.points)})"
