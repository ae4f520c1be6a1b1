"""``zoho-leads login``: sign in to Zoho from a terminal, with a browser anywhere else."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from zoho.commands.place import Place, with_place
from zoho.commands.results import tells_failures

if TYPE_CHECKING:
    from pydantic import SecretStr

    from zoho.account import Config
    from zoho.account.sign_in_place import SignInPlace
    from zoho.api.sign_in_end import SignedIn
    from zoho.api.sign_in_host import HttpAccountsHost, OAuthClient, SignInHosts
    from zoho.commands.code_screen import CodeScreen
    from zoho.commands.session import Session

_SIGNED_IN, _FAILED = 0, 1


@click.command()
@click.option(
    "--code", "with_code", is_flag=True, help="Exchange a Self Client's grant code; it is asked for."
)
@click.option(
    "--refresh-token", "with_refresh_token", is_flag=True, help="Take a refresh token; it is asked for."
)
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII alone.")
@with_place
@tells_failures
def login(place: Place, with_code: bool, with_refresh_token: bool, ascii_only: bool) -> None:
    """Sign in to Zoho: it shows an address and a code, and you approve in any browser, on a phone too.

    The data centre (--data-center) is the one where the client was registered. Client ID, client secret,
    grant code and refresh token are asked for where they are needed, or read from standard input, one a
    line, where that is no terminal; none can be an option. An earlier sign-in of the same client is revoked.

    Exit status: 0 signed in, 1 not signed in, or not able to work with it, 2 it could not start.
    """
    from zoho.account.sign_in_place import SignInPlace
    from zoho.commands.code_screen import CodeScreen
    from zoho.commands.session import open_session

    if with_code and with_refresh_token:
        raise click.UsageError("--code and --refresh-token are two ways: give one of them.")
    with open_session(place) as session:
        # What this command line says of the data centre is for now; later runs will not have it.
        later = replace(place, data_center=None, source=None)
        kept_in = SignInPlace(later.config(os.environ), session.paths.token_cache)
        kept_in.probe()
        kept_in.check(session.config.center)
        screen = CodeScreen.of_process(ascii_only=ascii_only)
        run = LoginRun(session, lambda: later.config(os.environ), kept_in, screen)
        run.ask(code=with_code, refresh_token=with_refresh_token)
        raise SystemExit(run.run())


class LoginRun:
    """One sign-in: ask what is missing, fetch, keep, revoke what it replaces, and say who and where.

    Args:
        session: this run's configuration and folders.
        later: gives the configuration as later runs will read it.
        kept_in: where the sign-in is kept.
        screen: where the code is shown.
        hosts: where it begins and may go on; by default the configured data centre, and Zoho's others.
    """

    def __init__(
        self,
        session: Session,
        later: Callable[[], Config],
        kept_in: SignInPlace,
        screen: CodeScreen,
        *,
        hosts: SignInHosts | None = None,
    ) -> None:
        self._session = session
        self._later = later
        self._place = kept_in
        self._screen = screen
        self._given_hosts = hosts
        self._typed: dict[str, str | SecretStr] = {}
        self._code: SecretStr | None = None
        self._refresh_token: SecretStr | None = None
        self._kept = False

    def ask(self, *, code: bool, refresh_token: bool) -> None:
        """Ask for what is missing; raises `ConfigError` where nobody answers."""
        from zoho.commands.asking import ask

        config = self._session.config
        kind = "Self Client" if code or refresh_token else "Non-browser Application"
        if config.client_id is None or config.client_secret is None:
            click.echo(f"From Zoho's API console, the client of the kind {kind}:", err=True)
        if config.client_id is None:
            self._typed["client_id"] = ask("client ID", hidden=False).get_secret_value()
        if config.client_secret is None:
            self._typed["client_secret"] = ask("client secret")
        if code:
            self._code = ask("grant code")
        if refresh_token:
            self._refresh_token = ask("refresh token")

    def run(self) -> int:
        """Sign in and return the exit status."""
        from zoho.wire.errors import ZohoError

        try:
            return asyncio.run(self._run())
        except ZohoError as error:
            self._screen.end_count()
            click.echo(f"zoho-leads: {error}", err=True)
        except KeyboardInterrupt:
            self._screen.end_count()
            click.echo("Stopped: nothing was changed." if not self._kept else "Stopped: you are signed in.")
        return _FAILED

    async def _run(self) -> int:
        from zoho.api.sign_in_host import HttpAccountsHost
        from zoho.wire.http import build_http_client

        async with build_http_client() as http:
            host = HttpAccountsHost(http)
            got = await self._sign_in(host)
            self._screen.end_count()
            await self._keep(host, got)
        return await self._say_who(got)

    async def _sign_in(self, host: HttpAccountsHost) -> SignedIn:
        from zoho.api.sign_in_pasted import exchange_grant_code, try_refresh_token

        client, hosts = self._client, self._hosts
        if self._code is not None:
            return await exchange_grant_code(host, client, hosts, self._code)
        if self._refresh_token is not None:
            return await try_refresh_token(host, client, hosts, self._refresh_token)
        return await self._by_device(host)

    async def _by_device(self, host: HttpAccountsHost) -> SignedIn:
        from zoho.api.sign_in import CodeReady, DeviceSignIn, GoingOn, Waiting
        from zoho.api.sign_in_end import SignedIn

        service = DeviceSignIn(host=host, client=self._client, hosts=self._hosts, may_go_on=self._place.check)
        async for event in service.events():
            match event:
                case CodeReady():
                    self._screen.show(event)
                case Waiting():
                    self._screen.count(event)
                case GoingOn():
                    self._screen.end_count()
                    click.echo(f"Approved. Your account is at the data centre {event.center.code}.")
                case SignedIn():
                    return event
        raise AssertionError("a sign-in ends with its tokens or an error")

    async def _keep(self, host: HttpAccountsHost, got: SignedIn) -> None:
        from zoho.api.sign_in_answers import CONNECTED_APPS
        from zoho.api.sign_in_end import Revoked
        from zoho.api.sign_in_keep import keep_sign_in
        from zoho.wire.errors import ZohoError

        said = await keep_sign_in(
            host,
            self._place,
            got,
            client_id=self._client.client_id,
            at=time.time(),
            typed=self._typed,
            fetched=self._refresh_token is None,
            on_kept=self._is_kept,
        )
        if isinstance(said, ZohoError):
            click.echo(
                f"zoho-leads: The earlier sign-in could not be revoked. {said.what} It stays good until you "
                f"remove it in Zoho: {CONNECTED_APPS}.",
                err=True,
            )
        elif said is Revoked.DONE:
            click.echo("The earlier sign-in was revoked. A zoho-leads that is still open needs a new start.")

    def _is_kept(self) -> None:
        self._kept = True

    async def _say_who(self, got: SignedIn) -> int:
        """Say who, which org, which data centre, and what stands between here and a created lead."""
        from zoho.api import ZohoClient
        from zoho.commands.session import org_of, remember_org
        from zoho.leads.check_up import check_up
        from zoho.leads.sign_in_check import sign_in_findings
        from zoho.wire.errors import ZohoError

        config = self._later()
        async with ZohoClient.from_config(config, paths=self._session.paths) as client:
            try:
                read = await org_of(client, config)
                remember_org(self._session.paths, config, read)
            except ZohoError as error:
                read = error
            found = await check_up(client, read=read, source=config.source)
            found += sign_in_findings(scope=got.scope, clock_offset=client.clock_offset)
        for finding in found:
            if finding.well:
                click.echo(finding.what)
            else:
                click.echo(f"! {finding.what} {finding.next_step}", err=True)
        click.echo(f"Data centre: {got.center.code}. The sign-in is kept in {config.config_file}.")
        return _FAILED if isinstance(read, ZohoError) else _SIGNED_IN

    @property
    def _client(self) -> OAuthClient:
        from pydantic import SecretStr

        from zoho.api.sign_in_host import OAuthClient

        config, typed = self._session.config, self._typed
        secret = config.client_secret or typed.get("client_secret")
        return OAuthClient(
            str(config.client_id or typed.get("client_id")),
            secret if isinstance(secret, SecretStr) else SecretStr(""),
        )

    @property
    def _hosts(self) -> SignInHosts:
        from zoho.api.sign_in_host import SignInHosts

        if self._given_hosts is not None:
            return self._given_hosts
        config = self._session.config
        return SignInHosts(config.center, config.accounts_base, allow_loopback=config.allow_loopback)
