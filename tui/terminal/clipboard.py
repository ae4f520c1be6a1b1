"""The one way to the clipboard of the rep's own terminal: OSC 52, as `App.copy_to_clipboard` writes it."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Final

LARGEST: Final = 74_994
"""Base64 characters that every terminal in use takes in one OSC 52 (the limit of hterm, and of k9s's
default).
"""

_COPY: Final = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/]*={0,2})\x07")


def can_be_copied(text: str) -> bool:
    """Tell whether *text* is short enough for every terminal; base64 makes four bytes of three."""
    return (len(text.encode("utf-8", "replace")) + 2) // 3 * 4 <= LARGEST


def copy_sequence(data: str) -> str | None:
    """Return the sequence that copies, if *data* is exactly one such of an allowed size, else None.

    Text cannot pass for it: a frame never is an OSC 52 alone, and what stands in the base64 acts on nothing.
    """
    match = _COPY.fullmatch(data)
    if match is None or not 0 < len(match[1]) <= LARGEST:
        return None
    try:
        b64decode(match[1], validate=True)
    except binascii.Error:
        return None
    return match[0]


def as_sent(copy: str, environ: Mapping[str, str]) -> str:
    """Return what to write so that *copy*, one sequence, reaches the terminal's clipboard.

    tmux takes it for itself and hands it on only with ``set-clipboard on``; wrapped, it goes through with
    ``allow-passthrough on``. Neither is on unless the rep has said so, and we cannot ask which is: both are
    sent, and the same text copied twice is copied once. GNU screen hands on what it is given by its own
    rules, and is left alone.
    """
    if not environ.get("TMUX"):
        return copy
    doubled = copy.replace("\x1b", "\x1b\x1b")
    return f"{copy}\x1bPtmux;{doubled}\x1b\\"
