"""``zoho-leads export``: the Log as a file, for a spreadsheet or a program."""

from __future__ import annotations

import io
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from zoho.commands.place import Place, with_place
from zoho.commands.results import Exit, print_no_more, tells_failures

if TYPE_CHECKING:
    from zoho.outbox.states import Standing

_KINDS = ("csv", "json", "jsonl")


def _moment(_: click.Context, __: click.Parameter, given: str | None) -> float:
    try:
        return datetime.fromisoformat(given).timestamp() if given else 0.0
    except (ValueError, OverflowError, OSError):
        raise click.BadParameter("a date such as 2026-01-31, or with a time: 2026-01-31T14:30.") from None


def _states(_: click.Context, __: click.Parameter, given: Sequence[str]) -> frozenset[Standing]:
    from zoho.commands.exporting import STATE_WORDS

    wanted = {one.strip().casefold() for one in given}
    found = {state for state, word in STATE_WORDS.items() if wanted & {state.value, word}}
    unknown = wanted - {name for state in found for name in (state.value, STATE_WORDS[state])}
    if unknown:
        raise click.BadParameter(f"one of: {', '.join(STATE_WORDS.values())}.")
    return frozenset(found or STATE_WORDS)


@click.command()
@click.argument("target", metavar="[FILE|-]", default="-", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--format", "kind", type=click.Choice(_KINDS), help="Else as FILE is called; else csv.")
@click.option("--since", callback=_moment, metavar="DATE", help="Only leads saved then or later.")
@click.option("--state", "states", multiple=True, callback=_states, metavar="STATE", help="Only these.")
@click.option("--values", is_flag=True, help="Also what the leads hold: personal data.")
@with_place
@tells_failures
def export(
    place: Place, target: str, kind: str | None, since: float, states: frozenset[Standing], values: bool
) -> None:
    """Write one record for each lead of the Log, newest first, to FILE or standard output.

    A record has key, state (as on the screen and as in the outbox), name, company, Zoho id, times, org,
    attempts, what is wrong, and reason. FILE is readable by you alone. In CSV, an apostrophe stands before
    what a spreadsheet would take for a formula.

    Exit status: 0 written, 2 it could not be.
    """
    from zoho.commands.exporting import Chosen, Kind, export as write
    from zoho.commands.session import open_session
    from zoho.leads.stock import STOCK_FORM

    suffix = Path(target).suffix.casefold().lstrip(".")
    chosen_kind = Kind(kind or (suffix if suffix in _KINDS else "csv"))
    with open_session(place) as session:
        org = session.known_org()
        with _opened(target, mark=chosen_kind is Kind.CSV) as out:
            number = write(
                session.store,
                out,
                kind=chosen_kind,
                form=org.form if org else STOCK_FORM,
                chosen=Chosen(since, states),
                values=values,
            )
    if target != "-":
        click.echo(f"Leads written: {number:,}.", err=True)


@contextmanager
def _opened(target: str, *, mark: bool) -> Generator[TextIO]:
    """Give what is written to; *mark* a file as UTF-8, which spreadsheets look for."""
    from zoho.commands.streamed_file import streamed_file
    from zoho.wire.errors import StorageError

    if target != "-":
        with streamed_file(Path(target), encoding="utf-8-sig" if mark else "utf-8") as file:
            yield file
        return
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
    try:
        yield out
        out.flush()
    except BrokenPipeError:
        print_no_more()
        raise SystemExit(Exit.BAD_INPUT) from None
    except OSError as error:
        print_no_more()
        what = f"Standard output cannot be written: {error.strerror}."
        raise StorageError(what, next_step="See where it goes.", code="not_written") from None
    finally:
        out.detach()
