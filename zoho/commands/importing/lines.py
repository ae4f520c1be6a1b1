"""What a file of leads is, whatever its kind: its columns, and its lines one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TextIO


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file that may be a lead.

    Args:
        number: of the line that it begins in, from 1.
        given: as it stands there, for the report.
        said: the names of its columns and what it says for them, cleaned.
        fault: why it is no lead whatever its columns are; empty, it may be one.
    """

    number: int
    given: Any
    said: Mapping[str, str]
    fault: str = ""


class LeadFile(Protocol):
    """A file of leads. It is read from its beginning each time, and never held in memory."""

    @property
    def suffix(self) -> str:
        """What the name of a file of this kind ends with."""
        ...

    @property
    def columns(self) -> Sequence[str]:
        """The names of its columns; empty where one has none."""
        ...

    @property
    def whole(self) -> bool:
        """Whether every line has every column."""
        ...

    @property
    def encoding(self) -> str:
        """What a report on it is written in."""
        ...

    def lines(self) -> Iterator[Line]:
        """Yield its lines that are not empty; raises `ZohoError` where it cannot be read any further."""
        ...

    def reporter(self, out: TextIO) -> Callable[[Line, str], None]:
        """Begin a report, a file of the same shape; return what writes a line and its fault there."""
        ...
