"""``zoho-leads logout``: revoke the sign-in at Zoho, and forget it here."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from zoho.commands.place import Place, environment, with_place
from zoho.commands.results import tells_failures, whoever_reads

if TYPE_CHECKING:
    from zoho.account import Config
    from zoho.api.sign_in_end import Revoked
    from zoho.wire.errors import ZohoError

_SIGNED_OUT, _NOT_REVOKED = 0, 1


@click.command()
@with_place
@tells_failures
def logout(place: Place) -> None:
    """Revoke the refresh token at Zoho and forget it here, with the access token. It asks nothing.

    Client ID, client secret and settings stay, and so do the leads in the outbox: they go out after the next
    sign-in as the same user of the same org.

    Exit status: 0 signed out, 1 forgotten here but not revoked at Zoho, 2 nothing was changed.
    """
    from zoho.account.sign_in_place import SignInPlace
    from zoho.account.unlock import unlock_here
    from zoho.commands.session import open_session
    from zoho.outbox.states import NEEDS_REP, UNSENT
    from zoho.wire.errors import ZohoError

    with open_session(replace(place, data_center=None)) as session:
        # Without client ID or secret, too, a refresh token can be given back.
        config = unlock_here(session.config, session.environ, names=("refresh_token",))
        kept_in = SignInPlace(config, session.paths.token_cache)
        kept_in.probe()
        # First at Zoho: a token that is forgotten here cannot be revoked from here any more.
        said = asyncio.run(_revoked(config)) if config.refresh_token is not None else None
        forgotten = kept_in.forget()
        counts = session.store.counts(since=0)
        waiting, asking = counts.of(UNSENT), counts.of(NEEDS_REP)
        beside, refused = counts.follow_ups_waiting, counts.follow_ups_refused
    with whoever_reads():
        if not forgotten:
            click.echo("Nobody was signed in here: there was nothing to forget.")
        else:
            _tell(said)
            click.echo(
                "Forgotten here: refresh token and access token, where they were kept and in the cache."
            )
        if "ZOHO_ACCESS_TOKEN" in environment():
            click.echo("ZOHO_ACCESS_TOKEN is still set: take it out of the environment yourself.", err=True)
        click.echo(f"Leads that wait in the outbox: {waiting}; that need you: {asking}. They stay there.")
        if beside or refused:
            click.echo(
                f"Notes and call-backs that wait: {beside}; that Zoho refused: {refused}. They stay, too."
            )
    raise SystemExit(_NOT_REVOKED if isinstance(said, ZohoError) else _SIGNED_OUT)


async def _revoked(config: Config) -> Revoked | ZohoError:
    from zoho.api.sign_in_end import revoke
    from zoho.api.sign_in_host import HttpAccountsHost
    from zoho.wire.http import build_http_client

    assert config.refresh_token is not None
    async with build_http_client() as http:
        return await revoke(HttpAccountsHost(http), config.accounts_base, config.refresh_token)


def _tell(said: Revoked | ZohoError | None) -> None:
    from zoho.api.sign_in_answers import CONNECTED_APPS
    from zoho.api.sign_in_end import Revoked
    from zoho.wire.errors import ZohoError

    if said is Revoked.DONE:
        click.echo("Revoked at Zoho: the refresh token and its access tokens.")
    elif said is Revoked.UNKNOWN:
        click.echo("Zoho did not know the refresh token any more: there was nothing to revoke.")
    elif isinstance(said, ZohoError):
        click.echo(
            f"zoho-leads: Not revoked at Zoho. {said.what} Whoever has a copy can still use it: remove it in "
            f"Zoho, {CONNECTED_APPS}.",
            err=True,
        )
