"""When the app itself fails: one line on the terminal, the rest in a file, and no values of anybody's in it.

Textual's own crash screen prints the local variables of every frame: client secret, refresh token and lead.
Python's prints the text of the exception, in which such values may stand too; so no way out of the app may
end in either.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoho.wire.clean import clean_line
from zoho.wire.errors import StorageError
from zoho.wire.traces import trace_of

if TYPE_CHECKING:
    import asyncio

    from zoho.account import Paths

_log = logging.getLogger("zoho.app")


def write_report(error: BaseException, folder: Path) -> Path | None:
    """Write where *error* happened to a new file, 0600; None if that cannot be."""
    from zoho.account.files import private_folder

    # Two sessions may fail in the same second.
    path = folder / time.strftime(f"crash-%Y%m%d-%H%M%S-{os.getpid()}.txt")
    try:
        private_folder(folder)
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(clean_line(line) + "\n" for line in trace_of(error))
    except (OSError, StorageError):
        return None
    return path


def crash_line(report: Path | None, unsent: int | None = None) -> str:
    """Return the one line for the terminal; *unsent* is how many leads wait, None if nobody could tell."""
    safe = {None: "what was saved is safe", 1: "your 1 unsent lead is safe"}.get(
        unsent or None, f"your {unsent} unsent leads are safe"
    )
    where = f" The report is in {clean_line(str(report))}" if report else ""
    return f"zoho-leads met an error of its own and had to end; {safe}.{where}"


def unsent_leads(outbox: Path) -> int | None:
    """Return how many leads of *outbox* wait to be sent, whatever state the app is in; None if it is
    unreadable.
    """
    if not outbox.exists():
        return None  # and none is made here
    try:
        from zoho.outbox import SqliteStore
        from zoho.outbox.states import UNSENT

        store = SqliteStore(outbox)
        try:
            return store.counts(since=0).of(UNSENT)
        finally:
            store.close()
    except Exception:  # nothing may stand in the way of the one line
        return None


def tell(error: BaseException, paths: Paths) -> str:
    """Write the report about *error*; return the one line for the terminal."""
    report = write_report(error, paths.log_dir)
    return crash_line(report, unsent_leads(paths.outbox))


@dataclass
class Listeners:
    """Who else is told; ``thread`` hears what a thread died of."""

    thread: Callable[[BaseException], object] = lambda _: None


@contextmanager
def guarded(paths: Paths, give_back: Callable[[], object] = lambda: None) -> Iterator[Listeners]:
    """Let nothing that fails in the block end in a traceback on the terminal.

    It leaves with status 1, or 130 after an interrupt (Ctrl+C before the app has the keyboard, or a signal).

    Args:
        paths: where report and outbox are.
        give_back: gives the terminal back, if that has not been done.
    """
    listeners = Listeners()
    with _quiet_hooks(listeners):
        try:
            yield listeners
        except SystemExit:
            raise
        except BaseException as error:
            with suppress(Exception):
                give_back()
            interrupted = isinstance(error, KeyboardInterrupt)
            waiting = unsent_leads(paths.outbox) if interrupted else None
            if not interrupted:
                say(tell(error, paths))
            elif waiting:
                say(f"{waiting} unsent, safe. Start zoho-leads again, or run: zoho-leads send")
            raise SystemExit(130 if interrupted else 1) from None


def say(line: str) -> None:
    """Write one line to the terminal, which is the shell's again."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


@contextmanager
def _quiet_hooks(listeners: Listeners) -> Iterator[None]:
    """What Python would print with the text of the exception goes to the log without it."""

    def thread_failed(told: threading.ExceptHookArgs) -> None:
        _log_trace("A thread failed", told.exc_value)
        if told.exc_value is not None:
            listeners.thread(told.exc_value)

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook = thread_failed
    sys.unraisablehook = _unraisable
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before


def _unraisable(told: sys.UnraisableHookArgs) -> None:
    _log_trace("An object failed in its end", told.exc_value)


def loop_failed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handler of an event loop for what nobody awaited; asyncio's own prints the text of the exception."""
    _log_trace("A task or a callback failed", context.get("exception"))


def _log_trace(what: str, error: BaseException | None) -> None:
    _log.error("%s: %s", what, "; ".join(trace_of(error)) if error is not None else "nothing more is known")
