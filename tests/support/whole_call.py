"""A call from its first key to its last: a lead of ten fields, and how many keys it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SIGNATURE = """\
Kind regards

Ada Lovelace
Head of Purchasing
Analytical Engines Ltd

ada.lovelace@engines.example
T: +44 20 7946 0018
www.engines.example
"""

LEAD = {
    "First_Name": "Ada",
    "Last_Name": "Lovelace",
    "Designation": "Head of Purchasing",
    "Company": "Analytical Engines Ltd",
    "Email": "ada.lovelace@engines.example",
    "Phone": "+44 20 7946 0018",
    "Website": "www.engines.example",
    "Lead_Status": "Contacted",
    "No_of_Employees": 120,
    "Description": "Wants a second engine.",
}
"""The ten fields, as they stand in Zoho after it."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a rep does without a break.

    Args:
        what: it is.
        keys: names of keys, as in Textual, and texts, which are typed letter by letter; ``paste`` is the
            key of the terminal that pastes the signature.
        seen: what the screen says when it is done.
    """

    what: str
    keys: tuple[str, ...]
    seen: str

    @property
    def count(self) -> int:
        """How often a key is pressed: a letter is one, a key with Ctrl or Alt too."""
        return sum(1 if key in NAMED else len(key) for key in self.keys)


NAMED = frozenset({"enter", "tab", "paste", "ctrl+r", "ctrl+g", "ctrl+s", "alt+n", "alt+c"})


def steps(call_back: str) -> Sequence[Step]:
    """Return the call; *call_back* is when to call back, as it is typed."""
    return (
        Step("read the caller's signature", ("ctrl+r", "paste"), "Enter takes 7 of 7"),
        Step("take all of it", ("enter",), "▸ First Name Ada"),
        Step(
            "go to the lead status and choose it",
            ("ctrl+g", "status", "enter", "contacted", "enter"),
            "Contacted ▾",
        ),
        Step("go to the employees, type them", ("ctrl+g", "empl", "enter", "120"), "Employees 120"),
        Step("go to the description, type it", ("ctrl+g", "desc", "enter", LEAD["Description"]), "engine."),
        Step("ask, and answer five questions by digits", ("alt+n", "12312"), "open"),
        Step("agree on a call-back", ("alt+c", call_back, "enter"), "14:30 in London"),
        Step("send", ("ctrl+s",), "created in Zoho"),
    )


def table(of: Sequence[Step]) -> Iterator[str]:
    """Return the rows of the page, and the sum."""
    yield from (f"| {step.what} | {_shown(step.keys)} | {step.count} |" for step in of)
    yield f"| **all of it** | | **{sum(step.count for step in of)}** |"


def _shown(keys: Sequence[str]) -> str:
    names = ("+".join(part.capitalize() for part in key.split("+")) if key in NAMED else key for key in keys)
    return " ".join(f"`{name}`" for name in names)
