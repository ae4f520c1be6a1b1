"""``zoho-leads forget``: erase from the outbox what names one person's e-mail address."""

from __future__ import annotations

import time

import click

from zoho.commands.place import Place, with_place
from zoho.commands.results import Exit, agreed, tells_failures, whoever_reads


@click.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_place
@tells_failures
def forget(place: Place, email: str, yes: bool) -> None:
    """Erase the values of every lead that names EMAIL; what still waits is discarded, and never sent.

    Key, Zoho id and times stay. Zoho's own record is not touched. Leads that are under way to Zoho are left.

    Exit status: 0 nothing in the outbox names it any more, 2 nothing was changed, 3 run it again later.
    """
    from zoho.commands.session import open_session
    from zoho.outbox.sqlite_rescue import damaged_beside
    from zoho.wire.clean import clean_line

    who = clean_line(email.strip())
    if "@" not in who.strip("@"):
        raise click.BadParameter(f"{who!r} is no e-mail address.", param_hint="EMAIL")
    with open_session(place) as session:
        history = session.store.history
        found = history.naming(email)
        if found.ended or found.waiting:
            told = (
                f"Leads that name {who}: {sum(found)}. Of these {found.waiting} still wait, and are given up."
            )
            if not agreed(told, "Erase their values for good?", yes=yes):
                raise SystemExit(Exit.BAD_INPUT)
        aside = damaged_beside(session.paths.outbox)
        done = history.forget(email, at=time.time())
    with whoever_reads():
        click.echo(f"Leads erased: {done.erased}. What Zoho has of {who} is not touched: delete it there.")
    for file in aside:
        click.echo(f"{clean_line(str(file))} was set aside once, and may still name it: delete it.", err=True)
    if done.under_way:
        left = f"Leads under way to Zoho: {done.under_way}. Run it again when they are through."
        click.echo(left, err=True)
        raise SystemExit(Exit.SAVED)
