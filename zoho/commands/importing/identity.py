"""Which lead a line of a file is: the same line, wherever it stands, is never a second lead.

A line is known by what it says, not by where it stands: a file that was sorted, renamed, given more lines or
saved by another program is still the same leads. Two lines that say the same are two leads, since the first
and the second of them are told apart by their number. The org, the source and the order of columns are no
part of it.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping

_NAMESPACE = uuid.UUID("5d0b2c1e-6f0d-5a52-9b60-2f6f0f3a7c11")
"""Of the keys of imported leads. Another one, and every file that was imported is doubled by its next run."""


class LineKeys:
    """Gives the lines of a file their submission keys, in one go through it from its beginning.

    It remembers the lines that were there, some hundred bytes for each.
    """

    def __init__(self) -> None:
        self._met: dict[bytes, int] = {}

    def key_of(self, texts: Mapping[str, str]) -> str:
        """Return the submission key of the next line.

        Args:
            texts: API names and what the line says for them, cleaned; what is empty does not count.
        """
        said = {name: text for name, text in texts.items() if text}
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()
        number = self._met[digest] = self._met.get(digest, 0) + 1
        return str(uuid.uuid5(_NAMESPACE, f"{digest.hex()} {number}"))
