"""The data folder and what lies in it: the outbox, who sends from it, the log. Nothing is made or mended."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zoho.account import Paths
from zoho.account.config_file import shown_path
from zoho.account.file_systems import MOUNTS, file_system_of, refuse_network_folder
from zoho.account.files import private_folder
from zoho.account.paths import is_standard_folder
from zoho.commands.examination.report import Entry, failed, mend, told, well
from zoho.outbox.follow_ups import FOLLOW_UP_UNSENT, FollowUpState
from zoho.outbox.sender_lock import SenderLock
from zoho.outbox.sqlite_errors import is_damage
from zoho.outbox.sqlite_look import OutboxLook, is_cut_off
from zoho.outbox.sqlite_rescue import damaged_beside
from zoho.outbox.states import NEEDS_REP, UNSENT, State
from zoho.wire.errors import StorageError

_LITTLE = 20 * 1024 * 1024
_TOO_LITTLE = 1024 * 1024
_OPEN_TO_OTHERS = 0o077


def look_at_data(paths: Paths, log_file: Path, *, mounts: Path = MOUNTS) -> list[Entry]:
    """Return what is known of the folder and the outbox in it.

    Args:
        paths: this user's folders.
        log_file: where the log is written.
        mounts: the kernel's list of mounts.
    """
    found = folder(paths.data_dir, mounts=mounts)
    if not any(entry.blocks for entry in found):
        found += outbox(paths.outbox)
        found.append(_log(log_file))
    return found


# The folder


def folder(data_dir: Path, *, mounts: Path = MOUNTS) -> list[Entry]:
    """Return whether *data_dir* can be used, and how much room is left."""
    shown, there = shown_path(data_dir), _nearest(data_dir)
    try:
        _refuse(data_dir, there)
        refuse_network_folder(there, mounts=mounts)
        free = shutil.disk_usage(there).free
    except StorageError as error:
        return [failed("data_folder", error)]
    except OSError:
        return [failed("data_folder", _not_usable(data_dir))]
    kind = file_system_of(there, mounts=mounts)
    facts: dict[str, Any] = {"path": shown, "exists": there == data_dir, "file_system": kind}
    on = f" It lies on {kind}." if kind else ""
    if there != data_dir:
        entry = told("data_folder", f"{shown} is made at the first start.{on}", **facts)
    elif _is_closed_later(data_dir):
        entry = told("data_folder", f"{shown} is open to others; the next start closes it.{on}", **facts)
    else:
        entry = well("data_folder", f"{shown} is yours alone, and can be written.{on}", **facts)
    return [entry, _room(free)]


def _refuse(data_dir: Path, there: Path) -> None:
    """Refuse a folder that cannot be used; raises StorageError or OSError."""
    if there == data_dir and not _is_closed_later(data_dir):
        private_folder(data_dir)
    if not there.is_dir() or not _may_write(there, os.W_OK | os.X_OK):
        raise _not_usable(there)


def _is_closed_later(path: Path) -> bool:
    """Say whether `private_folder` would change the permissions of *path*, instead of refusing it."""
    if path.is_symlink() or not path.is_dir() or os.name != "posix":
        return False
    seen = path.stat()
    if seen.st_uid != os.geteuid() or not seen.st_mode & _OPEN_TO_OTHERS:
        return False
    return is_standard_folder(path) or not any(path.iterdir())


def _not_usable(path: Path) -> StorageError:
    return StorageError(
        f"This user cannot write into {shown_path(path)}.",
        next_step="Ask for access to it, or choose another folder (--data-dir).",
        code="not_permitted",
    )


def _room(free: int) -> Entry:
    shown = f"{free / 1024**3:.1f} GiB" if free >= 1024**3 else f"{free / 1024**2:.0f} MiB"
    if free >= _LITTLE:
        return well("free_space", f"{shown} are free.", bytes=free)
    blocks = free < _TOO_LITTLE
    return mend("free_space", f"Only {shown} are free.", "Free some space.", blocks=blocks, bytes=free)


# The outbox


def outbox(path: Path) -> list[Entry]:
    """Return what is in the outbox, whether some process sends from it, and what was set aside."""
    sender = _sender(path.with_suffix(".lock"))
    found = [_leads(path, in_use=bool(sender.facts.get("running"))), sender]
    if aside := damaged_beside(path):
        names = [shown_path(file) for file in aside]
        what = f"Damaged outboxes that were set aside: {len(aside)}, the last is {shown_path(aside[-1])}."
        found.append(told("damaged", what, "Delete them once you need them no more.", files=names))
    return found


def _leads(path: Path, *, in_use: bool) -> Entry:
    if not os.path.lexists(path):
        return told("outbox", "No outbox yet: it is made at the first start.", exists=False)
    try:
        look = OutboxLook(path)
        counts, follow_ups = look.counts(), look.follow_ups()
    except StorageError as error:
        return _trouble(error, in_use=in_use)
    if not _may_write(path, os.W_OK):
        return failed("outbox", _not_usable(path))

    def number(states: frozenset[State]) -> int:
        return sum(counts.get(state, 0) for state in states)

    waiting, asking, drafts = number(UNSENT), number(NEEDS_REP), counts.get(State.DRAFT, 0)
    facts = {"exists": True, "waiting": waiting, "need_you": asking, "drafts": drafts}
    what = f"The outbox is in order. Leads that wait: {waiting}; that need you: {asking}; drafts: {drafts}."
    waits, refused = _beside(follow_ups)
    facts |= {"follow_ups_waiting": waits, "follow_ups_refused": refused}
    if waits or refused:
        what += f" Notes and call-backs that wait: {waits}; that Zoho refused: {refused}."
    if asking or refused:
        return told("outbox", what, "Look at the Log.", **facts)
    return well("outbox", what, **facts)


def _beside(counts: Mapping[FollowUpState, int]) -> tuple[int, int]:
    """Return how many notes and tasks wait, for their lead or for Zoho, and how many were refused."""
    waits = sum(counts.get(state, 0) for state in FOLLOW_UP_UNSENT)
    return waits, counts.get(FollowUpState.REFUSED, 0)


def _trouble(error: StorageError, *, in_use: bool) -> Entry:
    if is_cut_off(error.code):
        return told("outbox", "A write into the outbox was cut off: the next start sets that right.")
    if not is_damage(error):
        return failed("outbox", error)
    if in_use:
        step = "End the other zoho-leads, then start it again: the damaged file is set aside then."
    else:
        step = "Start zoho-leads: it sets the file aside, and takes over what can still be read."
    return mend("outbox", error.what, step, blocks=in_use, code=error.code)


def _sender(path: Path) -> Entry:
    if not path.exists():  # who looked would make it
        return told("sender", "No other zoho-leads is sending.", running=False)
    lock = SenderLock(path)
    try:
        mine = lock.acquire()
    except StorageError as error:
        return failed("sender", error)
    lock.release()
    if mine:
        return told("sender", "No other zoho-leads is sending.", running=False)
    return told("sender", "Another zoho-leads of yours is sending; it sends yours too.", running=True)


# The log


def _log(path: Path) -> Entry:
    there = _nearest(path)
    exists = there == path
    shown = shown_path(path)
    usable = os.path.isfile(path) if exists else os.path.isdir(there)
    if usable and _may_write(there, os.W_OK if exists else os.W_OK | os.X_OK):
        words = f"The log is {shown}." if exists else f"The log will be {shown}."
        return told("log_file", words, path=shown, exists=exists)
    step = "Name another file with --log-file, or another folder with --data-dir."
    return mend("log_file", f"The log {shown} cannot be written.", step, blocks=True, path=shown)


def _nearest(path: Path) -> Path:
    """Return *path*, or what of it is there."""
    while not os.path.lexists(path) and path.parent != path:
        path = path.parent
    return path


def _may_write(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)
