"""A JSONL file of leads: one JSON object a line, whose names are API names or labels."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn, TextIO, cast

from zoho.commands.importing.encoded_file import EncodedFile, numbered
from zoho.commands.importing.lines import Line
from zoho.leads.shown import typed_text
from zoho.wire.clean import clean, clean_line
from zoho.wire.shapes import as_list, as_object

ERROR_NAME = "_error"
"""What a report adds to each object; a file that has it is taken in without it."""
LINE_NAME = "_line"
"""What a report has of a line that is no JSON object."""


class JsonLinesFile:
    """A JSONL file.

    Args:
        file: it.
    """

    suffix = ".jsonl"
    whole = False

    def __init__(self, file: EncodedFile) -> None:
        self._file = file
        # A mark at the beginning would be an error to those who read JSON.
        self.encoding = "utf-8"
        self.columns: Sequence[str] = list(dict.fromkeys(name for line in self.lines() for name in line.said))

    def lines(self) -> Iterator[Line]:
        """Yield its lines that are not empty; raises `ZohoError` where it cannot be read any further."""
        with self._file.text(newline="\n") as text:
            for number, line in numbered(text):
                if line.strip():
                    yield _line(number, line.strip())

    def reporter(self, out: TextIO) -> Callable[[Line, str], None]:
        """Begin a report on *out*; return what writes a line and its fault there."""

        def write(line: Line, fault: str) -> None:
            given = {LINE_NAME: line.given} if isinstance(line.given, str) else as_object(line.given)
            out.write(json.dumps({**given, ERROR_NAME: fault}, ensure_ascii=False) + "\n")

        return write


def _line(number: int, text: str) -> Line:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return Line(number, clean(text), {}, "This line is no JSON.")
    if not isinstance(value, dict):
        return Line(number, clean(text), {}, "This line is no JSON object with fields.")
    given = {name: one for name, one in cast("dict[str, Any]", value).items() if name != ERROR_NAME}
    if LINE_NAME in given:
        return Line(
            number, given, {}, "This line was no JSON object. Mend it, and put it in the place of this."
        )
    if not given:
        return Line(number, given, {}, "This line has no fields.")
    return _with_texts(number, given)


def _with_texts(number: int, given: Mapping[str, Any]) -> Line:
    said: dict[str, str] = {}
    faults: list[str] = []
    for name, value in given.items():
        column = clean_line(name).strip()
        said[column] = ""
        try:
            said[column] = clean(_text(value)).strip()
        except TypeError:
            faults.append(f"{column} has no value that a field could have.")
    return Line(number, given, said, " ".join(faults))


def _text(value: Any) -> str:
    """Return what a person would type for a JSON value; raises TypeError where nobody could."""
    if value is None:
        return ""
    if isinstance(value, list):
        if any(isinstance(one, list | dict) for one in as_list(value)):
            raise TypeError
        return ";".join(_text(one) for one in as_list(value))
    if isinstance(value, dict) and "id" not in value:
        raise TypeError
    return typed_text(value)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
