"""``zoho-leads purge``: take the values of leads that came to their end out of the outbox, now."""

from __future__ import annotations

import click

from zoho.commands.place import DAYS, Place, with_place
from zoho.commands.results import Exit, agreed, tells_failures, whoever_reads


@click.command()
@click.option("--older-than", "days", type=DAYS, metavar="DAYS", help="Instead of the configured keep_days.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_place
@tells_failures
def purge(place: Place, days: float | None, yes: bool) -> None:
    """Take the values out of leads that ended some days ago; key, Zoho id and times stay.

    Ended are leads that were created, merged or discarded; nothing that is unsent is touched. It asks only
    where it shall keep less than is configured.

    Exit status: 0 done, 2 it could not start, or was not allowed to.
    """
    from zoho.commands.session import open_session
    from zoho.outbox.retention import Retention

    with open_session(place) as session:
        kept = session.config.keep_days
        days = kept if days is None else days
        told = (
            f"Leads that ended more than {days:g} days ago lose their values; {kept:g} days are configured."
        )
        if days < kept and not agreed(told, "Purge them?", yes=yes):
            raise SystemExit(Exit.BAD_INPUT)
        purged = Retention(session.store).purge(days)
        with whoever_reads():
            click.echo(f"Leads purged: {purged}.")
