"""From the text of a script to the script, or to everything that is wrong with it.

Standard library only, and what only a wrong script needs (lines, nearest names) is loaded for that alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from zoho.leads.script.model import (
    DISQUALIFY,
    ENOUGH,
    RATING_FIELD,
    STATUS_FIELD,
    STATUS_VALUES,
    Answer,
    Question,
    Rating,
    Script,
)
from zoho.leads.script.taking import Flaw, Path, Taker, decimal_of, short

TOP = ("title", DISQUALIFY, "status_field", "status_value", "enough", "rating_field", "rating", "question")
RATING = ("label", "from", "value")
QUESTION = ("key", "label", "prompt", "help", "weight", "field", "answers")
ANSWER = ("label", "points", "share", "value")
"""The keys that each part of a script may have."""

LABEL, PROMPT, HELP, ANSWER_LABEL, TITLE, REASON = 18, 60, 300, 40, 24, 60
"""Cells that each text may take. A form of 80x24 shows a label of 18 and a prompt of 60 whole."""

_VALUE = 255
_MOST_QUESTIONS, _MOST_PICKED, _MOST_WORTH = 30, 9, Decimal(1000)
_ONE = Decimal(1)
_MOST_DOTS = 300
"""In a line: for a key of 30,000 parts (``a.a.a...``) `tomllib` takes ten seconds, and four times that for
twice as many. A help text has no more cells than this.
"""
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
_SAID = re.compile(r"(.*?) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


def read_script(name: str, text: str) -> tuple[Script | None, list[Flaw]]:
    """Return the script in *text*, or None and all that is wrong with it.

    Args:
        name: what the script is called by: ``bant``, or the path of its file.
        text: TOML.
    """
    if line := next((n for n, one in enumerate(text.split("\n"), 1) if one.count(".") > _MOST_DOTS), 0):
        return None, [Flaw((), "This line has far too many dots.", "Take them out.", line)]
    try:
        # Decimal: a tenth is a tenth, so that points add up exactly.
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax(str(error), text)]
    except (ValueError, ArithmeticError, RecursionError):
        return None, [Flaw((), "A number in the file is too large, or a list too deep.", "Take it out.", 1)]
    reader = _Reader()
    script = reader.script(name, data)
    return (None, reader.flaws) if reader.flaws else (script, [])


class _Reader(Taker):
    """Reads each part of a script; `flaws` says whether it is one."""

    def script(self, name: str, data: Mapping[str, Any]) -> Script:
        self.known(data, TOP, ())
        script = Script(
            name=name,
            title=self.text(data, "title", (), TITLE, needed=True),
            questions=self._questions(data),
            ratings=self._ratings(data),
            disqualify=self.texts(data, DISQUALIFY, (), REASON),
            enough=self.number(data, "enough", (), _ONE, default=ENOUGH),
            rating_field=self.text(data, "rating_field", (), _VALUE) or RATING_FIELD,
            status_field=self.text(data, "status_field", (), _VALUE) or STATUS_FIELD,
            status_values=self.texts(data, "status_value", (), _VALUE) or STATUS_VALUES,
            mapped=frozenset(data) & {"rating_field", "status_field", "status_value"},
        )
        self.few(DISQUALIFY, script.disqualify, _MOST_PICKED, ())
        self._once((one.key for one in script.questions), "key")
        self._once((one.field for one in script.questions), "field")
        for place, question in enumerate(script.questions):
            if question.field in (script.rating_field, script.status_field):
                told = f"{short(question.field)} is filled in by the script itself already."
                self.add(("question", place, "field"), told, "Name another field, or none.")
        return script

    def _questions(self, data: Mapping[str, Any]) -> tuple[Question, ...]:
        tables = self.tables(data, "question", (), least=1, most=_MOST_QUESTIONS)
        return tuple(self._question(table, ("question", place)) for place, table in tables)

    def _question(self, table: Mapping[str, Any], path: Path) -> Question:
        self.known(table, QUESTION, path, above=TOP)
        answers = list(self.tables(table, "answers", path, least=2, most=_MOST_PICKED))
        weight = self._weight(table, path, [answer for _, answer in answers])
        most = weight if "weight" in table else _MOST_WORTH
        return Question(
            key=self._key(table, path),
            label=self.text(table, "label", path, LABEL, needed=True),
            prompt=self.text(table, "prompt", path, PROMPT, needed=True),
            help=self.text(table, "help", path, HELP),
            answers=tuple(self._answer(one, (*path, "answers", place), most) for place, one in answers),
            weight=weight,
            field=self.text(table, "field", path, _VALUE),
        )

    def _key(self, table: Mapping[str, Any], path: Path) -> str:
        key = self.text(table, "key", path, _VALUE, needed=True)
        if key and not _KEY.fullmatch(key):
            told = "A key is small letters, digits and _, a letter first, 30 at most: budget."
            self.add((*path, "key"), f"“{short(key)}” cannot be a key.", told)
        if key == DISQUALIFY:
            self.add((*path, "key"), f"Every script has “{DISQUALIFY}” already.", "Take another key.")
        return key

    def _weight(self, table: Mapping[str, Any], path: Path, answers: Sequence[Mapping[str, Any]]) -> Decimal:
        """Return the weight that is given, else the most points that an answer has."""
        if "weight" in table:
            return self.number(table, "weight", path, _MOST_WORTH)
        if any("share" in answer for answer in answers):
            self.add((*path, "weight"), "A share of what? The question has no weight.", "Write weight = 5")
        given = (decimal_of(answer.get("points")) for answer in answers)
        return max((one for one in given if one is not None), default=Decimal(0))

    def _answer(self, table: Mapping[str, Any], path: Path, most: Decimal) -> Answer:
        self.known(table, ANSWER, path, above=TOP)
        label = self.text(table, "label", path, ANSWER_LABEL, needed=True)
        value = self.text(table, "value", path, _VALUE) or label
        if "share" not in table:
            return Answer(label, self.number(table, "points", path, most), value)
        if "points" in table:
            told = "An answer has points, or a share of the weight."
            self.add((*path, "share"), told, "Leave one of them.")
        return Answer(label, most * self.number(table, "share", path, _ONE), value)

    def _ratings(self, data: Mapping[str, Any]) -> tuple[Rating, ...]:
        ratings: list[Rating] = []
        for place, table in self.tables(data, "rating", (), least=0, most=_MOST_PICKED):
            path: Path = ("rating", place)
            self.known(table, RATING, path, above=TOP)
            label = self.text(table, "label", path, LABEL, needed=True)
            share = self.number(table, "from", path, _ONE)
            if ratings and "from" in table and share >= ratings[-1].share:
                told = "Put the best rating first, and each below it with a smaller “from”."
                self.add((*path, "from"), f"“{label}” begins no lower than “{ratings[-1].label}”.", told)
            values = self.texts(table, "value", path, _VALUE)
            ratings.append(Rating(label, share, values or (label,), mapped=bool(values)))
        return tuple(ratings)

    def _once(self, names: Iterable[str], key: str) -> None:
        seen: set[str] = set()
        for place, name in enumerate(names):
            if name and name in seen:
                told = f"Two questions have the {key} {short(name)}."
                self.add(("question", place, key), told, "Give each its own.")
            seen.add(name)


def _syntax(said: str, text: str) -> Flaw:
    """Return the flaw that the parser tells of *text*."""
    found = _SAID.fullmatch(said)
    reason, number = found.groups() if found else (said, None)
    lines = text.replace("\r\n", "\n").split("\n")
    line = int(number) if number else len(lines)
    key, equals, _ = lines[line - 1].partition("=") if line <= len(lines) else ("", "", "")
    path: Path = (short(key.strip()),) if equals and key.strip() else ()
    if reason.startswith("Cannot overwrite"):
        return Flaw(path, "This key stands twice.", "Leave one of them.", line)
    if reason.startswith("Cannot declare"):
        told = "Write [[question]] and [[rating]] with two brackets; anything else that has brackets, once."
        return Flaw(path, "This heading stands twice.", told, line)
    what = f"This is not TOML: {short(reason)}."
    return Flaw(path, what, "Look for a missing quote, bracket or comma here, or in the line above.", line)
