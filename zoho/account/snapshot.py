"""The start snapshot: what the first frame is drawn from, before anything heavy is imported."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zoho.account.files import private_folder, read_private, write_atomically
from zoho.wire.errors import StorageError
from zoho.wire.shapes import as_object

_log = logging.getLogger("zoho.account")


def load_snapshot(path: Path) -> dict[str, Any]:
    """Return what `save_snapshot` last stored in *path*; an empty dictionary on any fault."""
    try:
        data = read_private(path)
        return dict(as_object(json.loads(data))) if data is not None else {}
    except (StorageError, ValueError, RecursionError) as error:
        # The type alone: the text of a decoding error holds the document.
        _log.warning("start snapshot %s is not readable (%s)", path, type(error).__name__)
        return {}


def save_snapshot(path: Path, snapshot: Mapping[str, Any]) -> None:
    """Store *snapshot*, which is JSON and holds no secret, in *path*.

    Raises:
        StorageError: the file cannot be written.
    """
    private_folder(path.parent)
    write_atomically(path, json.dumps(dict(snapshot), separators=(",", ":")).encode())
