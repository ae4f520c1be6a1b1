"""``zoho-leads log``: what happened to every lead."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from zoho.commands.place import Place, with_place
from zoho.commands.results import print_json, row_json, tells_failures

if TYPE_CHECKING:
    from zoho.leads.fields import LeadForm
    from zoho.outbox.follow_ups import FollowUpRow


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Everything, for a program.")
@with_place
@tells_failures
def log(place: Place, as_json: bool) -> None:
    """List every lead in the outbox, newest first: time, state, name, company, Zoho id, what is wrong.

    Also what is wrong with the notes and tasks that go with it.
    """
    from zoho.commands.session import open_session
    from zoho.leads.fault_words import fault_lines
    from zoho.leads.stock import STOCK_FORM
    from zoho.outbox.names import name_of
    from zoho.wire.clean import clean_line

    with open_session(place) as session:
        store, rows = session.store, session.store.rows()
        if as_json:
            print_json([row_json(row, store.calls(row.key), store.follow_ups.of(row.key)) for row in rows])
            return
        org = session.known_org()
        form = org.form if org else STOCK_FORM
        any_refused = bool(store.follow_ups.refused())
        for row in rows:
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(row.updated_at))
            reason = " ".join([*fault_lines(row.faults, form), *filter(None, [row.zoho_id])])
            told = (when, f"{row.standing.value:<9}", clean_line(name_of(row)), clean_line(reason))
            beside = refused_lines(store.follow_ups.of(row.key), form) if any_refused and row.in_zoho else ()
            click.echo("  ".join((*told, *map(clean_line, beside))))


def refused_lines(follow_ups: Iterable[FollowUpRow], form: LeadForm) -> Iterator[str]:
    """Yield what is wrong with each of the *follow_ups* that Zoho refused: ``note refused: ...``."""
    from zoho.leads.fault_words import fault_lines
    from zoho.outbox.follow_up_names import KIND_WORDS
    from zoho.outbox.follow_ups import FollowUpState

    for one in follow_ups:
        if one.state is FollowUpState.REFUSED:
            yield f"{KIND_WORDS[one.kind]} refused: {' '.join(fault_lines(one.faults, form))}".rstrip(": ")
