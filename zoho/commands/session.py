"""What a verb works with: the configuration, the outbox and, once signed in, the client and the org."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from zoho.account import Config, Paths
from zoho.account.unlock import unlock_here
from zoho.api import ZohoClient
from zoho.commands.place import Place, environment
from zoho.leads.layout_cache import save_layouts
from zoho.leads.org import OrgProfile, read_org
from zoho.leads.org_cache import load_org, save_org
from zoho.outbox import Courier, SenderLock, Store, keep_call
from zoho.outbox.ahead import bind_ahead
from zoho.outbox.retention import Retention
from zoho.outbox.sqlite_rescue import open_outbox
from zoho.outbox.undo import Undo
from zoho.wire.errors import SignInError, StorageError
from zoho.wire.log_file import log_to

if TYPE_CHECKING:
    import httpx

Transport = Callable[[], "httpx.AsyncBaseTransport"]


class Sending(NamedTuple):
    """What sends the leads of one org, notes and tasks with them, and what undoes and restores leads."""

    courier: Courier
    org: OrgProfile
    undo: Undo


@dataclass(slots=True)
class Session:
    """One run of a verb."""

    config: Config
    """What helper commands and the keyring give is in it from `unlock` on."""
    paths: Paths
    store: Store
    environ: Mapping[str, str] = field(repr=False)
    transport: Transport | None = None
    """The way to Zoho, where it is not the network."""

    def client(self) -> ZohoClient:
        """Sign in, and return the client; raises as `unlock`."""
        transport = self.transport() if self.transport else None
        return ZohoClient.from_config(self.unlock(), paths=self.paths, on_call=keep_call, transport=transport)

    def unlock(self) -> Config:
        """Return the configuration with every secret that is needed to sign in; who is here may be asked.

        Raises:
            SignInError: there is nothing to sign in with.
            ConfigError: there is, but it cannot be read now.
        """
        if self.config.missing:
            raise not_signed_in(self.config)
        self.config = unlock_here(self.config, self.environ)
        if self.config.missing:  # the keyring had nothing
            raise not_signed_in(self.config)
        return self.config

    def known_org(self) -> OrgProfile | None:
        """Return the org of this sign-in as it was seen last, without a call."""
        return load_org(self.paths.snapshot, self.config, layouts=self.paths.metadata_cache)

    def purge(self) -> None:
        """Take out what need not be kept any longer; where that fails, the log says so."""
        Retention(self.store).keep_to(self.config.keep_days)

    @asynccontextmanager
    async def sending(self) -> AsyncGenerator[Sending]:
        """Sign in and give what sends.

        Raises:
            ZohoError: there is nothing to sign in with, or Zoho does not answer.
        """
        async with self.client() as client:
            org = self.known_org() or await self._ask_org(client)
            await asyncio.to_thread(bind_ahead, self.store, self.config, org)
            lock = SenderLock(self.paths.outbox.with_suffix(".lock"))
            try:
                courier = Courier(store=self.store, lock=lock, zoho=client, org=org)
                yield Sending(courier, org, Undo(store=self.store, zoho=client, org=org))
            finally:
                lock.release()

    async def _ask_org(self, client: ZohoClient) -> OrgProfile:
        org = await org_of(client, self.config, paths=self.paths)
        await asyncio.to_thread(remember_org, self.paths, self.config, org)
        return org


async def org_of(client: ZohoClient, config: Config, *, paths: Paths | None = None) -> OrgProfile:
    """Ask Zoho for the org, with the configuration's wishes; raises `ZohoError`.

    Where *paths* are given, its layouts are kept there.
    """

    def keep(org_key: str, layouts: list[Any]) -> None:
        if paths is not None:
            with suppress(StorageError):
                save_layouts(paths.metadata_cache, org_key, layouts)

    return await read_org(
        client,
        data_center=config.data_center,
        key_field=config.submission_key_field,
        layout_id=config.layout_id,
        pinned=config.pinned_fields,
        source=config.source,
        keep=keep,
    )


def remember_org(paths: Paths, config: Config, org: OrgProfile) -> None:
    """Keep the org for the next start; where that cannot be written, it is asked again then."""
    with suppress(StorageError):
        save_org(paths.snapshot, config, org)


@contextmanager
def open_session(
    place: Place, *, environ: Mapping[str, str] | None = None, transport: Transport | None = None
) -> Generator[Session]:
    """Open configuration, log and outbox of this run of the command.

    Args:
        place: what the command line says.
        environ: the environment; by default that of this run.
        transport: makes the way to Zoho; by default it is the network.

    Raises:
        ConfigError: the configuration cannot work.
        StorageError: the outbox cannot be opened.
    """
    environ = environment() if environ is None else environ
    config, paths = place.config(environ), place.paths(environ)
    for warning in config.warnings:
        click.echo(f"zoho-leads: {warning}", err=True)
    # First the outbox: it makes the folder that is for the user alone, and the log may lie below it.
    store, told = open_outbox(paths.outbox)
    for warning in told:
        click.echo(f"zoho-leads: {warning}", err=True)
    try:
        log_to(place.log_file or paths.log_file)
        yield Session(config, paths, store, environ, transport)
    finally:
        store.close()


def not_signed_in(config: Config) -> SignInError:
    """Return the error for a configuration that no token can be had with."""
    names = ", ".join(name.replace("_", " ") for name in config.missing)
    return SignInError(
        f"Not signed in to Zoho: {names} missing.",
        next_step="Run zoho-leads login, or set the ZOHO_ variables (README).",
        code="not_signed_in",
    )
