"""The one way to the clipboard of the rep's own terminal: OSC 52, as `App.copy_to_clipboard` writes it."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from typing import Final

LARGEST: Final = 74_994
"""Base64 characters that every terminal in use takes in one OSC 52 (the limit of hterm, and of k9s's
default).
"""

_COPY: Final = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/]*={0,2})\x07")


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
