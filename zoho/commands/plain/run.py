"""``zoho-leads --plain``: opening what plain mode works with, and the two ends of the conversation."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

import click

from zoho.commands.place import Place
from zoho.commands.results import INTERRUPTED, tells_failures

if TYPE_CHECKING:
    from zoho.commands.plain.talk import Talk
    from zoho.commands.session import Transport


@tells_failures
def open_plain(
    place: Place, *, environ: Mapping[str, str] | None = None, transport: Transport | None = None
) -> None:
    """Ask for leads until nobody answers any more; leave with a status as ``zoho-leads add`` has it.

    *environ* and *transport* are as of `zoho.commands.session.open_session`.
    """
    from zoho.commands.plain.conversation import Conversation
    from zoho.commands.plain.desk import PlainDesk
    from zoho.commands.session import open_session
    from zoho.outbox.session_slot import SessionSlot

    with open_session(place, environ=environ, transport=transport) as session:
        talk = _talk(os.environ)
        desk = PlainDesk(session, SessionSlot(session.paths.data_dir / "sessions"))
        try:
            status = int(Conversation(talk, desk).run())
        except KeyboardInterrupt:
            talk.end_line()
            status = INTERRUPTED
        finally:
            desk.close()
    raise SystemExit(status)


def open_plain_demo() -> None:
    """Ask for leads on a stand-in in this process; nothing of it is kept."""
    from zoho.commands.demo import demo_environ, stand_in

    with tempfile.TemporaryDirectory(prefix="zoho-leads-demo-") as folder:
        click.echo("Demo: a stand-in for Zoho, and nothing is kept.")
        open_plain(Place(), environ=demo_environ(Path(folder)), transport=stand_in)


def _talk(environ: Mapping[str, str]) -> Talk:
    from zoho.commands.code_screen import speaks_ascii
    from zoho.commands.plain.talk import Talk

    source: TextIO = sys.stdin
    out: TextIO = sys.stdout
    for end, errors in ((source, "surrogateescape"), (out, "backslashreplace")):
        if isinstance(end, TextIOWrapper):
            cast("TextIOWrapper", end).reconfigure(errors=errors)
    return Talk(source, out, terminal=source.isatty(), utf8=not speaks_ascii(environ))
