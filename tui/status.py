"""The words of the tab bar's right end and of the status line. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.actions import key_of
from tui.text import Signs, line
from zoho.outbox.states import NEEDS_REP

if TYPE_CHECKING:
    from zoho.leads.org import OrgProfile
    from zoho.outbox.store import Counts


def where_words(
    org: OrgProfile | None, *, online: bool | None, stopped: bool, signed_out: bool, signs: Signs
) -> str:
    """Return whose org it is, where, and how the line to Zoho is.

    Args:
        org: the org that is signed in to.
        online: whether Zoho answers; None before that is known.
        stopped: nothing is sent until somebody acts.
        signed_out: there is nothing to sign in with; before that is known, nothing is said of it.
        signs: the signs to use.
    """
    state = f"{signs.online} online" if online else f"{signs.offline} offline"
    if stopped:
        state = f"{signs.attention} stopped"
    if org is None:
        if online is None and not stopped:
            return "not signed in" if signed_out else ""
        return state
    name = line(org.org_name, 30, more=signs.more)
    return f" {signs.between} ".join((name, org.data_center, state))


def count_words(counts: Counts | None, signs: Signs) -> str:
    """Return how many need the rep and wait (leads, notes and tasks), are parked, and were created today.

    How long one of today took stands there too, where enough of them tell it.
    """
    if counts is None:
        return ""
    waiting, asking = counts.unsent, counts.of(NEEDS_REP) + counts.follow_ups_refused
    parts = [f"{signs.attention} {asking} need{'s' if asking == 1 else ''} you"] if asking else []
    parts += [f"{counts.parked} parked"] if counts.parked else []
    parts += [f"{waiting} waiting"] if waiting else []
    # What is to be done comes first, and takes the room.
    median = counts.median_span if counts.today and not (asking or counts.parked) else None
    more = [f"median {minutes_words(median)}"] if median is not None else []
    return f" {signs.between} ".join([*parts, f"{counts.today} today", *more])


def minutes_words(seconds: float) -> str:
    """Return a span as minutes and seconds: ``1:40``."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def lead_words(filled: tuple[int, int], source: str, signs: Signs) -> str:
    """Return how many of the required fields are filled, and what the source will be."""
    done, needed = filled
    return f"{done} of {needed} required {signs.between} {source}"


def signed_out_words(missing: Sequence[str]) -> str:
    """Say what is to be done where nobody is signed in; *missing* names what there is to sign in with."""
    client = [name.replace("_", " ") for name in missing if name != "refresh_token"]
    settings, sign_in = key_of("tab.settings"), key_of("settings.sign_in")
    first = f"press {settings}, then {sign_in}"
    if client:
        first = f"fill in {' and '.join(client)} in Settings ({settings}), then press {sign_in}"
    return f"Not signed in: {first}. Leads are kept until then."
