"""``zoho-leads add``: one lead from a script, saved before it is sent, and never twice for one key."""

from __future__ import annotations

import json
import re
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

import click

from zoho.commands.place import SECONDS, Place, with_place
from zoho.commands.results import Exit, exit_of, print_json, row_json, tells_failures, whoever_reads

_API_NAME = re.compile(r"[A-Za-z$][A-Za-z0-9_$]*")


@click.command()
@click.option("--key", help="A UUID for this lead; the same key is never a second lead.")
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE", help="Instead of standard input.")
@click.option("--wait", type=SECONDS, default=60.0, show_default=True, metavar="S")
@with_place
@tells_failures
def add(place: Place, key: str | None, fields: tuple[str, ...], wait: float) -> None:
    """Save one lead, send it, and print what became of it as JSON.

    The lead is a JSON object of field API names and values on standard input, or given by --field. It is
    saved first; then it is sent here, or by the process that is sending already.

    Exit status: 0 created, 1 rejected, 2 bad input, 3 saved and not yet sent, 4 unclear.
    """
    values = _from_fields(fields) if fields else _from_json(sys.stdin.buffer.read())
    shown, status = _add(place, _checked_key(key), values, wait)
    with whoever_reads():
        print_json(shown)
    raise SystemExit(status)


def _add(place: Place, key: str, values: dict[str, Any], wait: float) -> tuple[dict[str, Any], Exit]:
    import asyncio

    from zoho.commands.session import Session, open_session
    from zoho.leads.lead import with_source
    from zoho.outbox.ahead import save_ahead
    from zoho.outbox.names import name_of
    from zoho.outbox.states import UNSENT, State
    from zoho.outbox.store import FRESH
    from zoho.wire.errors import ZohoError

    async def send(session: Session) -> None:
        try:
            async with session.sending() as (courier, _, _):
                await courier.drain(limit=wait, key=key)
        except ZohoError as error:
            click.echo(f"zoho-leads: The lead is saved. {error}", err=True)

    def try_to_send(session: Session) -> None:
        try:
            asyncio.run(send(session))
        except KeyboardInterrupt:  # what was under way has been written down as unclear
            click.echo("zoho-leads: The lead is saved. Not waited for.", err=True)

    with open_session(place) as session:
        org = session.known_org()
        checked = with_source(_read(values, org.form if org else None), session.config.source)
        if org is None:
            # Before it is there: killed in between, nobody would know whose it is.
            save_ahead(session.store, key, session.config)
        row = session.store.add(key, checked, org=org.key if org else None, lane=FRESH, at=time.time())
        if row.values != checked:
            told = f"This key is the lead {name_of(row)} already; what was given now is not used."
            click.echo(f"zoho-leads: {told}", err=True)
        if org is not None and row.org is None and row.state is State.QUEUED:
            save_ahead(session.store, key, session.config)
        if row.state in UNSENT:
            try_to_send(session)
        after = session.store.get(key) or row
        calls, follow_ups = session.store.calls(key), session.store.follow_ups.of(key)
        ended = row_json(after, calls, follow_ups), exit_of(after)
        session.purge()
        return ended


def _read(values: Mapping[str, Any], form: Any) -> dict[str, Any]:
    """Check what was given against the form, as far as it is known; the rest is Zoho's to refuse."""
    from zoho.leads.fields import SOURCE_FIELD
    from zoho.leads.values import Around, WrongValueError, parse

    checked: dict[str, Any] = {}
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    for name, value in values.items():
        if not _API_NAME.fullmatch(name):
            raise _bad(f"{name!r} is no field API name.", "Use names such as Last_Name.")
        field = form.field(name) if form is not None else None
        if form is not None and field is None and name != SOURCE_FIELD:
            # It may be of a type that the form cannot show; a name that nobody knows, Zoho drops silently.
            click.echo(f"zoho-leads: {name} is not in the org's form; Zoho may drop it.", err=True)
        try:
            if form is not None and field is not None and isinstance(value, str):
                checked[name] = parse(field, value, Around.of(form, field, texts))
            else:
                checked[name] = value
        except WrongValueError as wrong:
            raise _bad(
                f"{name}: {wrong}", "Correct it and run this again; nothing was saved.", name
            ) from None
    return {name: value for name, value in checked.items() if value is not None}


def _from_json(data: bytes) -> dict[str, Any]:
    from zoho.wire.clean import clean_json

    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        where = f": {error.msg} at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise _bad(f"Standard input is not JSON{where}.", "Give one lead as a JSON object.") from None
    if not isinstance(value, dict) or not value:
        raise _bad("Standard input is not a JSON object with fields.", 'Give {"Last_Name": ...}.')
    return cast("dict[str, Any]", clean_json(value))


def _from_fields(fields: Sequence[str]) -> dict[str, Any]:
    from zoho.wire.clean import clean

    values: dict[str, Any] = {}
    for given in fields:
        name, separator, value = given.partition("=")
        if not separator or not name:
            raise _bad(f"--field {given!r} has no value.", "Write --field Last_Name=Roe.")
        values[name] = clean(value)
    return values


def _checked_key(key: str | None) -> str:
    if key is None:
        return str(uuid.uuid4())
    try:
        return str(uuid.UUID(key))
    except ValueError:
        raise _bad(f"--key {key!r} is no UUID.", "Leave it out, and one is made.") from None


def _bad(what: str, next_step: str, field: str | None = None) -> Exception:
    from zoho.wire.errors import ZohoError

    return ZohoError(what, next_step=next_step, field=field, code="bad_input")
