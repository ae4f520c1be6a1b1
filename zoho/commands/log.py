"""``zoho-leads log``: what happened to every lead."""

from __future__ import annotations

import time

import click

from zoho.commands.place import Place, with_place
from zoho.commands.results import print_json, row_json, tells_failures


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Everything, for a program.")
@with_place
@tells_failures
def log(place: Place, as_json: bool) -> None:
    """List every lead in the outbox, newest first: time, state, name, company, Zoho id, what is wrong."""
    from zoho.commands.exporting import state_word
    from zoho.commands.session import open_session
    from zoho.leads.fault_words import fault_lines
    from zoho.leads.stock import STOCK_FORM
    from zoho.outbox.names import name_of
    from zoho.wire.clean import clean_line

    with open_session(place) as session:
        rows = session.store.rows()
        if as_json:
            print_json([row_json(row, session.store.calls(row.key)) for row in rows])
            return
        org = session.known_org()
        form = org.form if org else STOCK_FORM
        for row in rows:
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(row.updated_at))
            reason = " ".join([*fault_lines(row.faults, form), *filter(None, [row.zoho_id])])
            state = state_word(row) if row.undone or row.being_undone else row.state.value
            told = (when, f"{state:<9}", clean_line(name_of(row)), clean_line(reason))
            click.echo("  ".join(told))
