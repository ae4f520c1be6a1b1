"""``zoho-leads send``: send what waits, without a screen; for cron or a timer."""

from __future__ import annotations

import click

from zoho.commands.place import SECONDS, Place, with_place
from zoho.commands.results import Exit, tells_failures


@click.command()
@click.option("--wait", type=SECONDS, default=300.0, show_default=True, metavar="S")
@click.option("--confirm-org", is_flag=True, help="Also send leads saved before any sign-in, to this org.")
@with_place
@tells_failures
def send(place: Place, wait: float, confirm_org: bool) -> None:
    """Send every lead that waits for the org that is signed in to.

    It returns when nothing is left, when it cannot go on, or after --wait seconds. If another process is
    sending already, it waits for that one.

    Exit status: 0 nothing is left, 3 something still waits, 2 it could not start.
    """
    import asyncio

    from zoho.commands.session import Session, open_session
    from zoho.outbox.states import NEEDS_REP, UNSENT

    async def drain(session: Session) -> None:
        async with session.courier() as (courier, org):
            if confirm_org:
                session.store.bind(org.key)
            await courier.drain(limit=wait)

    with open_session(place) as session:
        counts = session.store.counts(since=0)
        if counts.of(UNSENT):
            asyncio.run(drain(session))
            counts = session.store.counts(since=0)
        waiting, asking = counts.of(UNSENT), counts.of(NEEDS_REP)
        orgless = len(session.store.unbound())
        session.purge()
    if asking:
        click.echo(f"Leads that need you: {asking}. Start zoho-leads and open the Log.", err=True)
    if waiting:
        click.echo(f"Leads that still wait: {waiting}. They are safe in the outbox.", err=True)
        if orgless:
            told = f"Saved without a sign-in: {orgless}. Give --confirm-org to send them to this org."
            click.echo(told, err=True)
        raise SystemExit(Exit.SAVED)
