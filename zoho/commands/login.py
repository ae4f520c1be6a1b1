"""``zoho-leads login``: sign in to Zoho from a terminal, with a browser anywhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zoho.commands.place import Place, environment, with_place
from zoho.commands.results import tells_failures

if TYPE_CHECKING:
    from pydantic import SecretStr

    from zoho.account import Config, Paths
    from zoho.commands.code_screen import CodeScreen
    from zoho.commands.sign_in_file import SignInFile
    from zoho.commands.sign_in_run import Done, SignInRun, Step, Way
    from zoho.leads.check_up import Finding

_SIGNED_IN, _FAILED = 0, 1


@click.command()
@click.option(
    "--code", "with_code", is_flag=True, help="Exchange a Self Client's grant code; it is asked for."
)
@click.option(
    "--refresh-token", "with_refresh_token", is_flag=True, help="Take a refresh token; it is asked for."
)
@click.option(
    "--from",
    "from_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take client, refresh token and data centre out of another zoho_config.json.",
)
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII alone.")
@with_place
@tells_failures
def login(
    place: Place, with_code: bool, with_refresh_token: bool, from_file: Path | None, ascii_only: bool
) -> None:
    """Sign in to Zoho: it shows an address and a code, and you approve in any browser, on a phone too.

    The data centre (--data-center) is the one where the client was registered. Client ID, client secret,
    grant code and refresh token are asked for where they are needed, or read from standard input, one a
    line, where that is no terminal; none can be an option. What --from takes out of FILE is tried before it
    is kept; FILE itself is not changed. An earlier sign-in of the same client is revoked.

    Exit status: 0 signed in, 1 not signed in, or not able to work with it, 2 it could not start.
    """
    from zoho.account.unlock import unlock, unlock_here
    from zoho.commands.code_screen import CodeScreen
    from zoho.commands.session import open_session
    from zoho.commands.sign_in_file import read_sign_in_file
    from zoho.commands.sign_in_run import SignInRun, later

    if with_code + with_refresh_token + (from_file is not None) > 1:
        raise click.UsageError("--code, --refresh-token and --from are three ways: give one of them.")
    environ = environment()
    with open_session(place) as session:
        file = read_sign_in_file(from_file, session.config) if from_file is not None else None
        center = file.data_center if file is not None and place.data_center is None else None
        run = LoginRun(
            SignInRun.prepared(place, environ, center=center, ask=unlock_here),
            session.paths,
            lambda: unlock(later(place).config(environ), environ),
            CodeScreen.of_process(ascii_only=ascii_only),
        )
        if file is not None:
            run.take(file)
        else:
            run.ask(code=with_code, refresh_token=with_refresh_token)
        raise SystemExit(run.run())


class LoginRun:
    """One sign-in as the terminal shows it: ask what is missing, tell each step, and say who and where.

    Args:
        sign_in: what is done.
        paths: this user's folders.
        later: gives the configuration as later runs will read it.
        screen: where the code is shown.
    """

    def __init__(
        self, sign_in: SignInRun, paths: Paths, later: Callable[[], Config], screen: CodeScreen
    ) -> None:
        from zoho.commands.sign_in_run import ByDevice

        self._sign_in = sign_in
        self._paths = paths
        self._later = later
        self._screen = screen
        self._typed: dict[str, str | SecretStr] = {}
        self._way: Way = ByDevice()
        self._kept = False

    def ask(self, *, code: bool, refresh_token: bool) -> None:
        """Ask for what is missing; raises `ConfigError` where nobody answers."""
        from zoho.commands.asking import ask
        from zoho.commands.sign_in_run import GrantCode, PastedToken

        config = self._sign_in.config
        kind = "Self Client" if code or refresh_token else "Non-browser Application"
        if config.client_id is None or config.client_secret is None:
            click.echo(f"From Zoho's API console, the client of the kind {kind}:", err=True)
        if config.client_id is None:
            self._typed["client_id"] = ask("client ID", hidden=False).get_secret_value()
        if config.client_secret is None:
            self._typed["client_secret"] = ask("client secret")
        if code:
            self._way = GrantCode(ask("grant code"))
        if refresh_token:
            self._way = PastedToken(ask("refresh token"))

    def take(self, file: SignInFile) -> None:
        """Use what another file has, and say what of it is left alone."""
        from zoho.commands.sign_in_run import PastedToken

        self._typed |= {"client_id": file.client_id, "client_secret": file.client_secret}
        self._way = PastedToken(file.refresh_token)
        for sentence in file.told:
            click.echo(sentence)

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
        return await self._say_who(await self._sign_in.run(self._way, self._typed, self._hear))

    def _hear(self, step: Step) -> None:
        from zoho.api.sign_in import CodeReady, GoingOn, Waiting
        from zoho.commands.sign_in_run import Kept

        match step:
            case CodeReady():
                self._screen.show(step)
            case Waiting():
                self._screen.count(step)
            case GoingOn():
                self._screen.end_count()
                click.echo(f"Approved. Your account is at the data centre {step.center.code}.")
            case Kept():
                self._screen.end_count()
                self._kept = True

    async def _say_who(self, done: Done) -> int:
        """Say who, which org, which data centre, and what stands between here and a created lead."""
        from zoho.api import ZohoClient
        from zoho.commands.session import org_of, remember_org
        from zoho.commands.sign_in_run import findings_of
        from zoho.wire.errors import ZohoError

        config = self._later()
        async with ZohoClient.from_config(config, paths=self._paths) as client:
            try:
                read = await org_of(client, config)
                remember_org(self._paths, config, read)
            except ZohoError as error:
                read = error
            found = await findings_of(client, read=read, source=config.source, scope=done.got.scope)
        for finding in (*found, *done.findings):
            _tell(finding)
        return _FAILED if isinstance(read, ZohoError) else _SIGNED_IN


def _tell(finding: Finding) -> None:
    if finding.well:
        click.echo(finding.what)
    else:
        click.echo(f"! {finding.what} {finding.next_step}", err=True)
