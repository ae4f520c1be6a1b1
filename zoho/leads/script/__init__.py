"""The qualification script: what a rep asks, what the answers are worth, and what of it goes to Zoho."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.leads.script.checking import ScriptFault as ScriptFault, check as check
    from zoho.leads.script.handing import Handed as Handed, to_zoho as to_zoho
    from zoho.leads.script.loading import (
        BUILT_IN as BUILT_IN,
        load_script as load_script,
        script_text as script_text,
    )
    from zoho.leads.script.model import (
        DISQUALIFY as DISQUALIFY,
        QUESTION as QUESTION,
        Answer as Answer,
        Question as Question,
        Rating as Rating,
        Script as Script,
        answers_of as answers_of,
    )
    from zoho.leads.script.scoring import (
        Reason as Reason,
        Score as Score,
        line_of as line_of,
        reason_words as reason_words,
        score as score,
        words_of as words_of,
    )

_MODEL = ("DISQUALIFY", "QUESTION", "Answer", "Question", "Rating", "Script", "answers_of")
_SCORING = ("Reason", "Score", "line_of", "reason_words", "score", "words_of")

__getattr__ = lazy_names(
    __name__,
    {
        "BUILT_IN": "zoho.leads.script.loading",
        "Handed": "zoho.leads.script.handing",
        "ScriptFault": "zoho.leads.script.checking",
        "check": "zoho.leads.script.checking",
        "load_script": "zoho.leads.script.loading",
        "script_text": "zoho.leads.script.loading",
        "to_zoho": "zoho.leads.script.handing",
    }
    | dict.fromkeys(_MODEL, "zoho.leads.script.model")
    | dict.fromkeys(_SCORING, "zoho.leads.script.scoring"),
)
