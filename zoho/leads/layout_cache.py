"""The layouts of the orgs that were seen last, as Zoho gave them: a form of another layout needs no call."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zoho.account.files import private_folder, read_private, write_atomically
from zoho.api.models import Layout
from zoho.wire.errors import StorageError
from zoho.wire.shapes import as_list, as_object

_log = logging.getLogger("zoho.leads")

_KEPT = 3
"""Orgs that are kept: a rep works in one, perhaps with a sandbox beside it, and a layout may be large."""


def save_layouts(path: Path, org_key: str, layouts: Sequence[Any]) -> None:
    """Keep *layouts*, as Zoho gave them to the user and org *org_key* (`OrgProfile.key`), in *path*.

    Raises:
        StorageError: the file cannot be written.
    """
    known = {key: value for key, value in _read(path).items() if key != org_key}
    newest = dict([*known.items(), (org_key, list(layouts))][-_KEPT:])
    private_folder(path.parent)
    write_atomically(path, json.dumps(newest, separators=(",", ":")).encode())


def load_layouts(path: Path, org_key: str) -> list[Layout]:
    """Return the layouts that were kept for *org_key*; none on any fault."""
    try:
        return [Layout.model_validate(one) for one in as_list(_read(path).get(org_key))]
    except ValidationError:
        _log.warning("The layouts in %s are not readable", path)
        return []


def _read(path: Path) -> dict[str, Any]:
    try:
        data = read_private(path)
        return dict(as_object(json.loads(data))) if data is not None else {}
    except (StorageError, ValueError, RecursionError) as error:
        # The type alone: the text of a decoding error holds the document.
        _log.warning("The layouts in %s are not readable (%s)", path, type(error).__name__)
        return {}
