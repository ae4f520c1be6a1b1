"""The task in Zoho that a call-back becomes.

What Zoho says of a task, and how sure it is (no live org has been asked):

* ``Due_Date`` is a date alone; ``Status`` and ``Priority`` are picklists, whose values an org may have
  changed; ``What_Id`` with ``$se_module`` names the lead, and is added when it is sent. [Kaizen 36]
* ``Remind_At`` is ``{"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-11-26T14:30:00+00:00"}``. NONE
  is one reminder, and makes the trigger mandatory; the action is EMAIL, POPUP or EMAILANDPOPUP. [Kaizen 36,
  of v2; the samples of Zoho's own SDKs write the same.] No page of v8 was found that describes it. A list of
  ``unit`` and ``period`` is the reminder of an appointment or a meeting, not known of a task.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from zoho.leads.call_back.shown import day_shown, place
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.wire.clean import clean, clean_line
from zoho.wire.shapes import as_object

LONGEST_SUBJECT = 300
LONGEST_DESCRIPTION = 32_000
"""Characters that Zoho's Tasks take in their standard layout."""

STATUS = "Not Started"
PRIORITY = "High"
"""Somebody waits by the phone: of High, Highest, Low, Lowest, Normal."""

_TRIGGER = "TRIGGER=DATE-TIME:"


def task_of(
    moment: datetime,
    zone: tzinfo | None,
    *,
    title: str,
    about: str,
    phone: str,
    here: tzinfo | None = None,
) -> FollowUp:
    """Return the task: the same arguments give the same bytes.

    The reminder has the caller's offset. The due date is the rep's date, since it stands in the rep's list of
    today: 09:00 on Friday in Sydney is due on Thursday in London.

    Args:
        moment: aware.
        zone: the caller's; None, it is not known.
        title: who: ``Ada Lovelace, Analytical Engines``. Empty, the number stands for it.
        about: what about, perhaps of several lines; may be empty.
        phone: the number to call; may be empty.
        here: the rep's zone; None, it is not known, and the caller's date is the due one.
    """
    there = moment.astimezone(zone or here or UTC)
    mine = moment.astimezone(here or zone or UTC)
    phone = clean_line(phone).strip()
    subject = _subject(clean_line(title).strip() or phone, there)
    lines = [subject, "", f"When: {_in_full(there)}"]
    if zone is None:
        lines.append("The caller's time zone is not known.")
    elif mine.utcoffset() != there.utcoffset():
        lines.append(f"That is: {_in_full(mine)}")
    if phone:
        lines.append(f"Phone: {phone}")
    if said := clean(about).strip():
        lines.append(f"About: {said}")
    return FollowUp(
        FollowUpKind.TASK,
        {
            "Subject": subject,
            "Due_Date": mine.date().isoformat(),
            "Remind_At": {"ALARM": f"FREQ=NONE;ACTION=POPUP;{_TRIGGER}{there.isoformat(timespec='seconds')}"},
            "Status": STATUS,
            "Priority": PRIORITY,
            "Description": _shortened("\n".join(lines), LONGEST_DESCRIPTION),
        },
    )


def reminder_of(values: Mapping[str, Any]) -> datetime | None:
    """Return the moment that a task of `task_of` reminds of, with the caller's offset; None, it has none."""
    alarm = str(as_object(values.get("Remind_At")).get("ALARM") or "")
    try:
        moment = datetime.fromisoformat(alarm.partition(_TRIGGER)[2])
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _subject(who: str, there: datetime) -> str:
    """Return ``Call back WHO, 14:30 in London``; of a long name the beginning, never without the time."""
    when = f", {there:%H:%M} {place(there.tzinfo)}"
    return _shortened(f"Call back {who}".rstrip(), LONGEST_SUBJECT - len(when)) + when


def _in_full(moment: datetime) -> str:
    shown = f"{day_shown(moment)} {moment.year}, {moment:%H:%M} {place(moment.tzinfo)}"
    offset = f"UTC{moment:%z}"
    return shown if "UTC" in shown else f"{shown} ({offset[:6]}:{offset[6:8]})"


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3].rstrip()}..."
