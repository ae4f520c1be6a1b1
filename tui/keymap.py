"""The keys that a rep wants instead of the built-in ones, as ``keymap`` of the configuration has them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from tui.actions import ACTIONS, LOG, Action, spoken_key
from zoho.wire.clean import clean_line

NEEDED: Final = ("app.palette", "app.quit", "app.help")
"""The actions that keep a key whatever is wished: they find every other one, and nobody is shut in."""

KEPT: Final[Mapping[str, str]] = {
    "enter": "goes to the next field",
    "tab": "goes to the next field",
    "up": "goes to the field before",
    "down": "goes to the next field",
    "left": "moves in a text",
    "right": "moves in a text",
    "home": "moves in a text",
    "end": "moves in a text",
    "pageup": "moves by a page",
    "pagedown": "moves by a page",
    "escape": "gives back what a field held",
    "space": "is typed, or sets a checkbox",
    "backspace": "deletes in a text",
    "delete": "deletes in a text",
    "ctrl+a": "goes to the beginning of a text",
    "ctrl+c": "copies",
    "ctrl+d": "deletes in a text",
    "ctrl+e": "goes to the end of a text",
    "ctrl+h": "is Backspace to a terminal",
    "ctrl+i": "is Tab to a terminal",
    "ctrl+j": "begins a new line in a long text",
    "ctrl+k": "deletes to the end of a text",
    "ctrl+m": "is Enter to a terminal",
    "ctrl+u": "deletes to the beginning of a text",
    "ctrl+v": "pastes",
    "ctrl+w": "deletes a word",
    "ctrl+x": "cuts",
    "ctrl+z": "goes back to the shell",
    "alt+b": "is what some terminals send for a word back",
    "alt+f": "is what some terminals send for a word on",
}
"""What a key means to every form or to the terminal itself; only an action built on it may have it."""

_OF_DIALOGS: Final[Mapping[str, str]] = {
    "ctrl+g": "has a meaning in the list of all fields",
    "ctrl+o": "leaves the list of drafts",
}
"""What a key means in a dialog, where no action of a tab works, but one that works everywhere would."""

_OF_LISTS: Final[Mapping[str, str]] = {"j": "marks the next lead", "k": "marks the lead before"}
_POSSIBLE: Final = re.compile(r"f([1-9]|1[0-2])|(ctrl|alt)\+[a-z]")
_SIGN: Final = re.compile(r"[a-z]|slash")
_NAMES: Final = {"/": "slash", "esc": "escape"}
_WIDTH: Final = 40


class Fault(NamedTuple):
    """A wish that cannot be granted, and what to do."""

    what: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Keymap:
    """The table of actions with the keys of one rep.

    Args:
        actions: every action, with the keys that it has now.
        faults: what could not be granted.
    """

    actions: tuple[Action, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """The keys by the id of the action."""
        return {action.id: action.keys for action in self.actions}


def read_keymap(wishes: Mapping[str, str], actions: Sequence[Action] = ACTIONS) -> Keymap:
    """Return *actions* with the keys that are wished, as far as they can be had.

    An action that gets none of its keys keeps the built-in ones that are free. No key does two things in one
    tab, and `NEEDED` have at least one each, as long as that is so in *actions*.

    Args:
        wishes: by the id of an action, names of keys with commas between; none, the palette alone has it.
        actions: the table, with the built-in keys.
    """
    known = {action.id: action for action in actions}
    wished, faults = _possible(wishes, known)
    settled, clashes = _settled(known, wished)
    # What must have a key may find its own taken by a wish before it: then that is not granted either.
    while shut_out := [name for name in NEEDED if name in wished and not settled[name]]:
        for name in shut_out:
            faults += clashes[name]
            del wished[name]
        settled, clashes = _settled(known, wished)
    for refused in clashes.values():
        faults += refused
    menu = next(iter(settled.get("app.palette") or ("ctrl+p",)))
    moved = tuple(replace(action, keys=settled[action.id], menu=menu) for action in actions)
    return Keymap(moved, tuple(dict.fromkeys(faults)))


def keymap_faults(wishes: Mapping[str, str]) -> Sequence[Fault]:
    """Return what of the keys that are wished cannot be granted, for ``zoho-leads doctor``."""
    return read_keymap(wishes).faults


def _possible(
    wishes: Mapping[str, str], known: Mapping[str, Action]
) -> tuple[dict[str, tuple[str, ...]], list[Fault]]:
    """Return the keys that each action may have for itself, and why not the others."""
    wished: dict[str, tuple[str, ...]] = {}
    faults: list[Fault] = []
    for name, text in wishes.items():
        if name not in known:
            faults.append(_unknown_action(name, known))
            continue
        asked = _asked(text)
        granted, refused = _granted(known[name], asked)
        faults += refused
        if not asked and name in NEEDED:
            faults.append(_needs_a_key(known[name]))
        elif granted or not asked:
            wished[name] = granted
    return wished, faults


def _asked(text: str) -> tuple[str, ...]:
    """Return the names of keys in *text*, as Textual has them, each once."""
    names = (part.strip().lower() for part in text.split(","))
    return tuple(dict.fromkeys(_NAMES.get(name, name) for name in names if name))


def _granted(action: Action, asked: Sequence[str]) -> tuple[tuple[str, ...], list[Fault]]:
    """Return those of the keys that *action* may have, and why not the others."""
    faults = {key: fault for key in asked if (fault := _why_not(key, action)) is not None}
    return tuple(key for key in asked if key not in faults), list(faults.values())


def _why_not(key: str, action: Action) -> Fault | None:
    in_log = action.tab == LOG
    if key in action.keys or (in_log and key == "enter"):  # no field is gone through there
        return None
    meant = KEPT.get(key) or (_OF_LISTS if in_log else {} if action.tab else _OF_DIALOGS).get(key)
    if meant:
        return Fault(
            f"keymap: {spoken_key(key)} {meant}; {action.id} cannot have it.",
            f"Choose another key for {action.id}.",
        )
    if _POSSIBLE.fullmatch(key) or (in_log and _SIGN.fullmatch(key)):
        return None
    if _SIGN.fullmatch(key):
        return Fault(
            f"keymap: {spoken_key(key)} would be typed into the form; {action.id} cannot have it.",
            "Letters are for the actions of the Log: choose Ctrl or Alt with a letter, or F1 to F12.",
        )
    return Fault(
        f'keymap: there is no key "{_short(key)}" for {action.id}.',
        "Keys are f1 to f12, ctrl+ or alt+ and a letter, and in the Log letters; commas stand between.",
    )


def _settled(
    known: Mapping[str, Action], wished: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], dict[str, list[Fault]]]:
    """Give each action its keys, first those that nobody moves, then each wish in its turn.

    Returns:
        The keys by action, and what was refused since another action has the key.
    """
    placed = {name: action.keys for name, action in known.items() if name not in wished}
    clashes: dict[str, list[Fault]] = {}
    for name, keys in wished.items():
        action = known[name]
        holders = {key: _holder(key, action, placed, known) for key in (*keys, *action.keys)}
        free = tuple(key for key in keys if holders[key] is None)
        if keys and not free:
            free = tuple(key for key in action.keys if holders[key] is None)
        placed[name] = free
        clashes[name] = [
            _clash(key, action, holder, free) for key in keys if (holder := holders[key]) is not None
        ]
    return placed, clashes


def _holder(
    key: str, action: Action, placed: Mapping[str, tuple[str, ...]], known: Mapping[str, Action]
) -> Action | None:
    """Return the action that has *key* where *action* works too."""
    holders = (known[name] for name, keys in placed.items() if key in keys)
    return next((one for one in holders if not one.tab or not action.tab or one.tab == action.tab), None)


# In words


def _unknown_action(name: str, known: Mapping[str, Action]) -> Fault:
    from difflib import get_close_matches

    nearest = get_close_matches(name.lower(), known, n=1, cutoff=0.0)
    return Fault(f'keymap: there is no action "{_short(name)}".', f"The nearest is {' '.join(nearest)}.")


def _needs_a_key(action: Action) -> Fault:
    return Fault(
        f"keymap: {action.id} cannot be without a key; it keeps {_spoken(action.keys)}.",
        f"Name at least one key for {action.id}.",
    )


def _clash(key: str, action: Action, holder: Action, left: Sequence[str]) -> Fault:
    where = "" if holder.tab else " everywhere"
    return Fault(
        f"keymap: {spoken_key(key)} is wished for {action.id}, but is the key of {holder.id}{where}; "
        f"{action.id} has {_spoken(left)}.",
        f"Choose another key for one of {action.id} and {holder.id}.",
    )


def _spoken(keys: Sequence[str]) -> str:
    return " and ".join(map(spoken_key, keys)) or "none"


def _short(name: str) -> str:
    text = clean_line(name)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
