"""What a tab tells the shell."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class Say(Message):
    """Something is to be said in a toast; *failed* says it longer, and as an error."""

    text: str
    title: str = ""
    failed: bool = False


@dataclass
class Notice(Message):
    """Something is to be noticed until it is taken away, which an empty text does."""

    text: str
