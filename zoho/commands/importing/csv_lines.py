"""A CSV file of leads, as RFC 4180 has it and as spreadsheets write it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TextIO

from zoho.commands.exporting import defused
from zoho.commands.importing.encoded_file import EncodedFile
from zoho.commands.importing.lines import Line
from zoho.wire.clean import clean, clean_line
from zoho.wire.errors import ZohoError

if TYPE_CHECKING:
    from _csv import Reader

ERROR_COLUMN = "Error"
"""The last column of a report; a file that has it is taken in without it."""

_DELIMITERS = (",", ";", "\t")
_SAMPLE = 1 << 16
_SAMPLED_LINES = 30
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
"""What Excel writes into the first line, and understands there: ``sep=;``."""

Knows = Callable[[str], bool]
"""Says whether a column of that name is wanted."""


class CsvFile:
    """A CSV file whose first line names the columns.

    Args:
        file: it.
        knows: by this, the delimiter is found, and whether a last column ``Error`` is a report's.
        delimiter: between cells; None, it is found out.

    Raises:
        ZohoError: it is empty, or no CSV.
    """

    suffix = ".csv"
    whole = True

    def __init__(self, file: EncodedFile, *, knows: Knows, delimiter: str | None = None) -> None:
        self._file = file
        self.encoding = file.report_encoding
        with file.text() as text:
            sample = text.read(_SAMPLE)
        told = _SEPARATOR_LINE.match(sample)
        self._skipped = int(told is not None)
        self.delimiter = delimiter or (told[1] if told else _delimiter_of(sample, knows))
        header = next((cells for _, cells in self._records()), None)
        if header is None:
            raise ZohoError(
                f"{clean_line(file.path.name)} is empty.",
                next_step="Its first line names the columns; each further line is a lead.",
                code="no_lines",
            )
        names = [clean_line(cell).strip() for cell in header]
        reported = names[-1] == ERROR_COLUMN and (not knows(ERROR_COLUMN) or ERROR_COLUMN in names[:-1])
        self._header = header[:-1] if reported else header
        self.columns: Sequence[str] = names[: len(self._header)]
        self._reported = reported

    def lines(self) -> Iterator[Line]:
        """Yield its lines that are not empty; raises `ZohoError` where it cannot be read any further."""
        width = len(self.columns)
        for number, cells in islice(self._records(), 1, None):
            own = cells[:width]
            if not any(cell.strip() for cell in (own if self._reported else cells)):
                continue
            # Excel leaves out the last cells of a line where they are empty.
            said = [clean(cell).strip() for cell in own] + [""] * (width - len(own))
            nameless = [text for name, text in zip(self.columns, said, strict=True) if text and not name]
            more = cells[width + int(self._reported) :]
            fault = ""
            if nameless or any(cell.strip() for cell in more):
                fault = f"There is text in a column without a name; the first line names {width}."
            yield Line(
                number,
                own + [""] * (width - len(own)),
                {name: text for name, text in zip(self.columns, said, strict=True) if name},
                fault,
            )

    def reporter(self, out: TextIO) -> Callable[[Line, str], None]:
        """Begin a report on *out*; return what writes a line and its fault there."""
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator="\r\n")
        writer.writerow([*self._header, ERROR_COLUMN])
        return lambda line, fault: writer.writerow([*line.given, defused(fault)])

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number of its first line and the cells of each record, the header among them."""
        with self._file.text() as text:
            for _ in range(self._skipped):
                text.readline()
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            while True:
                begins = self._skipped + reader.line_num + 1
                try:
                    cells = next(reader, None)
                except csv.Error as error:
                    raise self._no_csv(begins, error) from None
                if cells is None:
                    return
                if cells:
                    yield begins, cells

    def _no_csv(self, line: int, error: csv.Error) -> ZohoError:
        reason = str(error)
        if "unexpected end" in reason or "field limit" in reason:
            told = "a quote is opened there and not closed"
        elif "expected after" in reason:
            told = 'text stands behind a closing quote; within quotes, a quote is written twice: "A ""B"""'
        else:
            told = clean_line(reason)
        return ZohoError(
            f"Line {line} of {clean_line(self._file.path.name)} is no CSV: {told}.",
            next_step="Mend it, or give the --delimiter; then run this again.",
            code="no_csv",
        )


def _delimiter_of(sample: str, knows: Knows) -> str:
    """Return the delimiter whose first line has most columns that are known; else the one that fits best."""

    def fit(delimiter: str) -> tuple[int, int, int]:
        records = _first_records(sample, delimiter)
        if not records:
            return 0, 0, 0
        width = len(records[0])
        wanted = sum(knows(clean_line(cell).strip()) for cell in records[0] if cell.strip())
        alike = sum(len(cells) == width for cells in records) if width > 1 else 0
        return wanted, alike, width

    return max(_DELIMITERS, key=fit)


def _first_records(sample: str, delimiter: str) -> list[list[str]]:
    reader: Reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    try:
        for cells in islice(reader, _SAMPLED_LINES):
            records += [cells] if cells else []
    except csv.Error:  # the sample ends within a cell, or this is not the delimiter
        return records
    return records
