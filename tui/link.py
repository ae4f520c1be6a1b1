"""The link to Zoho: client, org and courier, made anew as often as the configuration changes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tui import events
from zoho.wire.errors import ConfigError, Resend, SecretLocked, ZohoError

if TYPE_CHECKING:
    from tui.desk import Launch
    from zoho.account import Config
    from zoho.api import ZohoClient
    from zoho.leads.org import OrgProfile
    from zoho.outbox import Courier, SenderLock, Store

_log = logging.getLogger("zoho.app")

_FIRST_RETRY = 2.0
_LONGEST_RETRY = 60.0


class Link:
    """Signs in and sends, until it is closed.

    Args:
        launch: what the app is started with.
        store: the outbox.
        lock: the right to send from it.
        tell: is told every event, from any thread.
    """

    def __init__(
        self, launch: Launch, *, store: Store, lock: SenderLock, tell: Callable[[events.Event], None]
    ) -> None:
        self._launch = launch
        self._store = store
        self._lock = lock
        self._tell = tell
        self.config: Config | None = None
        """The configuration in use; None while it cannot be read."""
        self.org: OrgProfile | None = None
        """The org that is signed in to, as far as it is known."""
        self._client: ZohoClient | None = None
        self._courier: Courier | None = None
        self._anew = asyncio.Event()
        self._connected = asyncio.Event()
        self.locked: ConfigError | None = None
        """Why the secrets that are kept elsewhere could not be read."""
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._closing = False
        self._configurations = 0
        """How many were given: what was asked with an earlier one says nothing of the one in use."""
        self._just_read = False
        """The org was read a moment ago: nothing has changed in it since, and what did has just been told."""

    # Its life

    def use(self, config: Config | None, org: OrgProfile | None) -> None:
        """Begin anew with *config*, and *org* as it was seen last; what is being sent is finished first."""
        self._configurations += 1
        self.config, self.org, self._just_read = config, org, False
        self._begin_anew()

    async def run(self) -> None:
        """Be signed in and send, until closed; failures are told, and end nothing."""
        while not self._closing:
            self._anew.clear()
            try:
                await self._begin()
            except ZohoError as error:
                self._fail(error)
            await self._anew.wait()

    async def _begin(self) -> None:
        if self.config is None:
            return
        if self.config.missing:
            self._tell(events.SignedOut(tuple(self.config.missing)))
        elif not self.config.awaited or await self._unlocked(self.config):
            await self._serve(self.config)

    async def _unlocked(self, config: Config) -> bool:
        """Ask for the secrets that are kept elsewhere; False if they are not to be had, or not any more."""
        from zoho.account.unlock import unlock

        if self.org is not None:
            self._tell(events.OrgSeen(self.org, live=False))  # leads can be typed and saved meanwhile
        stopped = threading.Event()
        asking = asyncio.ensure_future(
            asyncio.to_thread(unlock, config, self._launch.environ, stopped=stopped)
        )
        begun_anew = asyncio.ensure_future(self._anew.wait())
        try:
            await asyncio.wait((asking, begun_anew), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            asking.cancel()  # nobody hears any more what becomes of it
            raise
        finally:
            stopped.set()
            begun_anew.cancel()
        try:
            opened = await asking
        except ConfigError as error:
            if not self._anew.is_set():
                self._lock_out(error)
            return False
        if self._anew.is_set():
            return False
        self.config, self.org = opened, await asyncio.to_thread(self._seen_with, opened)
        return True

    def _seen_with(self, config: Config) -> OrgProfile | None:
        from zoho.leads.org_cache import load_org

        paths = self._launch.paths
        return load_org(paths.snapshot, config, layouts=paths.metadata_cache)

    def _lock_out(self, error: ConfigError) -> None:
        self.locked = error
        self._connected.set()
        if isinstance(error, SecretLocked):
            _log.warning("%s (%s)", error, error.code)
            self._tell(events.Locked(error))
        else:
            self._fail(error)

    async def close(self, *, patience: float) -> None:
        """Stop, waiting at most *patience* seconds for what is being sent."""
        self._closing = True
        self._begin_anew()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._at_rest.wait(), patience)

    def suspend(self) -> None:
        """Give the sender's lock back, at once: another session may send while this one is stopped."""
        self._lock.release()

    def wake(self) -> None:
        """New work is there."""
        if self._courier is not None:
            self._courier.wake()

    def retry(self) -> None:
        """Try again now, whatever it rests for."""
        if self._courier is not None:
            self._courier.retry()
        else:
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._connected.clear()
        self.locked = None
        self._anew.set()
        if self._courier is not None:
            self._courier.stop()

    # One configuration's time

    async def _serve(self, config: Config) -> None:
        async with self._client_for(config):
            cached = self.org
            if cached is not None:
                await self._bind_ahead(cached)
                self._tell(events.OrgSeen(cached, live=False))
            org = cached or await self._first_org()
            if org is None:
                return
            stale = cached is not None and not self._just_read
            self._just_read = False
            refreshing = asyncio.create_task(self._refresh_org()) if stale else None
            try:
                await self._send_to(org)
            finally:
                if refreshing is not None:
                    refreshing.cancel()

    @asynccontextmanager
    async def _client_for(self, config: Config) -> AsyncGenerator[None]:
        from zoho.api import ZohoClient
        from zoho.outbox import keep_call

        transport = self._launch.transport() if self._launch.transport else None
        paths = self._launch.paths
        async with ZohoClient.from_config(
            config, paths=paths, transport=transport, on_call=keep_call
        ) as client:
            self._client = client
            self._connected.set()
            try:
                yield
            finally:
                self._client = None
                self._connected.clear()

    async def _send_to(self, org: OrgProfile) -> None:
        from zoho.outbox import Courier
        from zoho.outbox.listeners import Listeners
        from zoho.outbox.rest import Rest

        self._courier = Courier(
            store=self._store,
            lock=self._lock,
            zoho=self.client,
            org=org,
            rest=Rest(self._launch.waits),
            listeners=Listeners(
                on_change=lambda row: self._tell(events.RowChanged(row)),
                on_pause=lambda pause: self._tell(events.SenderRests(pause)),
                on_finding=lambda finding: self._tell(events.Found(finding)),
                on_follow_up=lambda row: self._tell(events.FollowUpChanged(row)),
            ),
        )
        self._at_rest.clear()
        try:
            if not self._anew.is_set():
                await self._courier.run()
        finally:
            self._courier = None
            self._lock.release()
            self._at_rest.set()

    async def _first_org(self) -> OrgProfile | None:
        """Ask for the org until it is known; None if this configuration's time ends before."""
        wait = _FIRST_RETRY
        while not self._anew.is_set():
            try:
                return await self.read_org()
            except ZohoError as error:
                if self._anew.is_set():
                    return None  # what it ends with is no news any more
                self._fail(error)
                # What only somebody can mend is not asked again and again: each asking may cost a token.
                patience = wait if error.resend is not Resend.NO else None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._anew.wait(), patience)
            wait = min(_LONGEST_RETRY, wait * 2)
        return None

    async def _refresh_org(self) -> None:
        """Look whether the org has changed since the last run; what is cached serves until then."""
        try:
            await self.read_org()
        except ZohoError as error:
            _log.warning("The org could not be looked at: %s", error)

    # The org

    @property
    def client(self) -> ZohoClient:
        """The client; raises `ZohoError` where there is none."""
        if self._client is None:
            raise ZohoError("Not connected to Zoho yet.", next_step="Wait a moment.", code="no_client")
        return self._client

    @property
    def client_now(self) -> ZohoClient | None:
        """The client, if there is one."""
        return self._client

    async def connected(self) -> ZohoClient:
        """Return the client once the configuration that was given last is in use; there must be one.

        Raises:
            SignInError: there is nothing to sign in with.
            ConfigError: there is, but it cannot be read now.
        """
        from zoho.commands.session import not_signed_in

        assert self.config is not None
        if self.config.missing:
            raise not_signed_in(self.config)
        await self._connected.wait()
        if self.locked is not None:
            raise self.locked
        return self.client

    async def claim(self, key: str) -> None:
        """Let a lead that was saved with this sign-in go to its org, as soon as Zoho has said which that is.

        Without anything to sign in with, it belongs to nobody, and the rep will be asked.
        """
        from zoho.outbox.ahead import save_ahead

        if self.config is not None:
            await asyncio.to_thread(save_ahead, self._store, key, self.config)
            if self.org is not None:  # just now
                await self._bind_ahead(self.org)

    async def _bind_ahead(self, org: OrgProfile) -> None:
        from zoho.outbox.ahead import bind_ahead

        if self.config is not None:
            await asyncio.to_thread(bind_ahead, self._store, self.config, org)

    async def read_org(self) -> OrgProfile:
        """Ask Zoho for the org, keep it for the next start, and tell it.

        Raises:
            ZohoError: it cannot be read.
        """
        from zoho.commands.session import org_of, remember_org
        from zoho.leads.layout_changes import news_of

        assert self.config is not None
        config, before, asked_with = self.config, self.org, self._configurations
        org = await org_of(self.client, config, paths=self._launch.paths)
        if asked_with != self._configurations:
            raise ZohoError(
                "The settings were changed while Zoho was asked.", next_step="Ask again.", code="outdated"
            )
        self.org = org
        await asyncio.to_thread(remember_org, self._launch.paths, config, org)
        if asked_with != self._configurations:
            return org  # the one in use now asks for itself
        await self._bind_ahead(org)
        self._tell(events.OrgSeen(org, live=True))
        form = before.form if before is not None and before.key == org.key else None
        news = news_of(form, org.form, config.source)
        if news is not None:
            self._tell(events.Found(news))
        if before is not None and org != before:
            self._just_read = True
            self._begin_anew()  # the courier sends by the form that it was made with
        return org

    def _fail(self, error: ZohoError) -> None:
        _log.warning("%s (%s)", error, error.code)
        self._tell(events.Failed(error))
