"""``zoho-leads send``: send what waits, without a screen; for cron or a timer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from zoho.commands.place import SECONDS, Place, with_place
from zoho.commands.results import Exit, tells_failures

if TYPE_CHECKING:
    from zoho.commands.session import Session
    from zoho.outbox.store import Counts

_SAFE = "They are safe in the outbox."
_OPEN_LOG = "Start zoho-leads and open the Log."


@click.command()
@click.option("--wait", type=SECONDS, default=300.0, show_default=True, metavar="S")
@click.option("--confirm-org", is_flag=True, help="Also send leads saved before any sign-in, to this org.")
@with_place
@tells_failures
def send(place: Place, wait: float, confirm_org: bool) -> None:
    """Send every lead that waits for the org that is signed in to, and the notes and tasks of leads.

    It returns when nothing is left, when it cannot go on, or after --wait seconds. If another process is
    sending already, it waits for that one. Where an undo was cut off, it looks whether the lead is gone.

    Exit status: 0 nothing is left, 3 something still waits, 2 it could not start.
    """
    import asyncio
    from contextlib import suppress

    from zoho.commands.session import open_session

    with open_session(place) as session:
        counts, undos = session.store.counts(since=0), _open_undos(session)
        if counts.unsent or undos:
            with suppress(KeyboardInterrupt):  # what was under way has been written down as unclear
                asyncio.run(_drain(session, wait=wait, confirm_org=confirm_org))
            counts, undos = session.store.counts(since=0), _open_undos(session)
        orgless = len(session.store.unbound())
        session.purge()
    for line in (*_need_you(counts), *_wait(counts, undos, orgless)):
        click.echo(line, err=True)
    if counts.unsent or undos:
        raise SystemExit(Exit.SAVED)


async def _drain(session: Session, *, wait: float, confirm_org: bool) -> None:
    from contextlib import suppress

    from zoho.wire.errors import ZohoError

    async with session.sending() as (courier, org, undo):
        if confirm_org:
            session.store.bind(org.key)
        # First, since no note is sent of a lead that may be undone.
        with suppress(ZohoError):  # out of reach: the courier waits for it
            await undo.settle()
        await courier.drain(limit=wait)


def _open_undos(session: Session) -> int:
    org = session.known_org()
    return len(session.store.undos.open(org.key)) if org else 0


def _need_you(counts: Counts) -> Iterator[str]:
    from zoho.outbox.states import NEEDS_REP

    if asking := counts.of(NEEDS_REP):
        yield f"Leads that need you: {asking}. {_OPEN_LOG}"
    if refused := counts.follow_ups_refused:
        yield f"Notes and call-backs that Zoho refused: {refused}. {_OPEN_LOG}"


def _wait(counts: Counts, undos: int, orgless: int) -> Iterator[str]:
    from zoho.outbox.states import UNSENT

    if waiting := counts.of(UNSENT):
        yield f"Leads that still wait: {waiting}. {_SAFE}"
        if orgless:
            yield f"Saved without a sign-in: {orgless}. Give --confirm-org to send them to this org."
    if beside := counts.follow_ups_waiting:
        yield f"Notes and call-backs that still wait: {beside}. {_SAFE}"
    if undos:
        yield f"Leads that may be undone: {undos}. Zoho is asked again by the next send."
