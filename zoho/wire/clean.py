"""Foreign text is data: make every character of it harmless before anything else sees it.

The text of a CRM is written by strangers (web forms, mails, other systems). A control character in it could
act on the rep's terminal, and a bidirectional override could make it read as something else. Such characters
are replaced by a visible form; letters of every script, combining marks and the joiners of Persian, Indic
names and emoji (ZWJ, ZWNJ) stay as they are. Characters are allowed or replaced one by one: nothing here
tries to recognise escape *sequences*, since whoever strips those by pattern misses the next kind.
"""

from __future__ import annotations

import re
from typing import Any, cast

_HARMFUL = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f"  # C0 but tab and newline, and DEL
    "\x80-\x9f"  # C1: on many terminals the same as ESC and a letter
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls, zero-width space
    "\u2028\u2029\ufeff"  # line and paragraph separator, byte-order mark
    "\u180e\u2060-\u2065\u206a-\u206f\ufff9-\ufffb"  # invisible: joiners, shaping, annotations
    "\u115f\u1160\u3164\uffa0"  # letters of Hangul that are blank: a name that nobody sees
    "\U0001d173-\U0001d17a"  # beams and slurs of music that nobody sees
    "\U000e0000-\U000e007f"  # tag characters: text that nobody sees
    "\ud800-\udfff"  # lone surrogates: cannot be encoded at all
    "]"
)


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code < 0x20:
        return "^" + chr(code + 0x40)
    if code == 0x7F:
        return "^?"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def clean(text: str) -> str:
    """Return *text* with every harmful character in its visible form (``^[`` for ESC).

    Newline and tab stay. The result can be encoded as UTF-8 and written to any terminal.
    """
    return _HARMFUL.sub(_visible, text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_line(text: str) -> str:
    """Return *text* cleaned and on one line: newlines and tabs become single spaces."""
    return " ".join(clean(text).split("\n")).replace("\t", " ")


def clean_json(value: Any) -> Any:
    """Return a decoded JSON *value* with every string in it, keys included, cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [clean_json(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {clean(key): clean_json(item) for key, item in cast("dict[str, Any]", value).items()}
    return value
