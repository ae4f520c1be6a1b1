"""What a line that was typed asks for: an answer, or something else."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from zoho.commands.plain.asked import Asked
from zoho.commands.plain.choosing import matches


class Wish(StrEnum):
    """What is asked for; those with a name of a command are typed as ``/name``."""

    ANSWER = "an answer"
    SKIP = "skip"
    EXPLAIN = "explain"
    GO_TO = "go to"
    BACK = "back"
    SEND = "send"
    PARK = "park"
    DRAFTS = "drafts"
    SHOW = "show"
    SCORE = "score"
    CLEAR = "clear"
    HELP = "help"
    QUIT = "quit"


class Line(NamedTuple):
    """What is asked for, and the answer, or the letters of the field to go to."""

    wish: Wish
    text: str = ""


_ALONE = {"": Wish.SKIP, "?": Wish.EXPLAIN, "<": Wish.BACK, "back": Wish.BACK, ".": Wish.SEND}
_COMMANDS = {
    str(wish): wish
    for wish in (
        *(Wish.BACK, Wish.SEND, Wish.PARK, Wish.DRAFTS, Wish.SHOW),
        *(Wish.SCORE, Wish.CLEAR, Wish.HELP, Wish.QUIT),
    )
}

HELP = (
    "Type an answer and press Enter. Enter alone skips a question, or keeps what stands there.",
    "A question mark alone helps with a question. < or back goes to the one before.",
    "/send or a dot alone sends the lead. /park puts it aside, /drafts takes up what was put aside.",
    "/ and letters of a field go there: /phone. /clear empties a field. /show reads the lead back.",
    "/score tells what it is worth. /quit leaves: what is typed is kept, and asked on at the next start.",
    "A text that begins with / is typed with two of them.",
)


def read_line(text: str) -> Line:
    """Return what *text* asks for."""
    said = text.strip()
    if said in _ALONE:
        return Line(_ALONE[said])
    if not said.startswith("/"):
        return Line(Wish.ANSWER, said)
    rest = said[1:]
    if rest.startswith("/"):
        return Line(Wish.ANSWER, rest)
    word = rest.strip().casefold()
    return Line(_COMMANDS[word]) if word in _COMMANDS else Line(Wish.GO_TO, rest.strip())


def meant(asked: Sequence[Asked], letters: str) -> list[Asked]:
    """Return the questions that *letters* may mean, by their label or API name; one alone is meant."""
    if not letters:
        return []
    exact = [one for one in asked if letters.casefold() == one.name.casefold().lstrip("?")]
    found = exact or [asked[place] for place in matches([one.label for one in asked], letters)]
    # Call back, and Call back about: whoever means the longer one has to say so.
    return found[:1] if all(one.label.startswith(found[0].label) for one in found) else found
