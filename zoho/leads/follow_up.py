"""What shall stand in Zoho beside a lead: a note with the answers, a task to call back.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FollowUpKind(StrEnum):
    """Zoho's module of it: Notes or Tasks."""

    NOTE = "note"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A note or a task that goes with a lead, and is created after it.

    ``values`` are Zoho's: of a note ``Note_Title`` (at most 120 characters) and ``Note_Content`` (at most
    65,535), of a task ``Subject`` (at most 300), ``Due_Date`` (``2026-11-26``), ``Description``, ``Status``,
    ``Remind_At``. The record that it belongs to is named when it is sent.
    """

    kind: FollowUpKind
    values: Mapping[str, Any]
