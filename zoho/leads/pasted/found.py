"""What was found in a pasted text, how certain it is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

PastedKind = Literal["signature", "mail", "vcard", "form", "address"]

SURE: Final = 0.9
"""From this confidence on, a value needs no second look."""
LIKELY: Final = 0.7
"""From this one on it is more than a guess."""


@dataclass(frozen=True, slots=True)
class Found:
    """One value for one field of a lead.

    Args:
        api_name: of the field, as Zoho's stock Leads module has it.
        value: as a rep would type it.
        confidence: 0 to 1; see `SURE` and `LIKELY`.
        because: why it is thought to be that, in a few words: ``labelled Mobil``.
    """

    api_name: str
    value: str
    confidence: float
    because: str

    @property
    def certainty(self) -> Literal["sure", "likely", "guess"]:
        """Return the confidence in a word."""
        return "sure" if self.confidence >= SURE else "likely" if self.confidence >= LIKELY else "guess"


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text that was read: what kind of text it is, what was found, at most once for each field.

    Args:
        kind: of the text as a whole.
        found: in the order in which a form asks for it.
        rest: every word that nobody understood, in its lines.
    """

    kind: PastedKind
    found: tuple[Found, ...]
    rest: str

    def value(self, api_name: str) -> str:
        """Return the value for a field, or an empty text."""
        return next((one.value for one in self.found if one.api_name == api_name), "")
