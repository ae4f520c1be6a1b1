"""``zoho-leads --plain``: opening what plain mode works with, and the two ends of the conversation."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO, cast

from zoho.commands.place import Place
from zoho.commands.results import tells_failures

if TYPE_CHECKING:
    from zoho.commands.plain.talk import Talk

_CTRL_C = 130


@tells_failures
def open_plain(place: Place) -> None:
    """Ask for leads until nobody answers any more; leave with a status as ``zoho-leads add`` has it."""
    from zoho.commands.plain.conversation import Conversation
    from zoho.commands.plain.desk import PlainDesk
    from zoho.commands.session import open_session
    from zoho.outbox.session_slot import SessionSlot

    with open_session(place) as session:
        talk = _talk(session.environ)
        desk = PlainDesk(session, SessionSlot(session.paths.data_dir / "sessions"))
        try:
            status = int(Conversation(talk, desk).run())
        except KeyboardInterrupt:
            talk.end_line()
            status = _CTRL_C
        finally:
            desk.close()
    raise SystemExit(status)


def _talk(environ: Mapping[str, str]) -> Talk:
    from zoho.commands.code_screen import speaks_ascii
    from zoho.commands.plain.talk import Talk

    source: TextIO = sys.stdin
    out: TextIO = sys.stdout
    for end, errors in ((source, "surrogateescape"), (out, "backslashreplace")):
        if isinstance(end, TextIOWrapper):
            cast("TextIOWrapper", end).reconfigure(errors=errors)
    return Talk(source, out, terminal=source.isatty(), utf8=not speaks_ascii(environ))
