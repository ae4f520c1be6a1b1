"""A real process, killed in the middle of undoing a lead over TCP; another one finds out."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from outbox_office import KEY_FIELD, new_key, paths_in
from pydantic import SecretStr
from rep_process import environment
from sandbox_server import serve

from zoho.account.config import Config
from zoho.api import ZohoClient
from zoho.leads.org import read_org
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.undo import LATEST, Undo
from zoho.sandbox import World

PROCESS = """
import asyncio, json, os, signal, sys, time
from pathlib import Path
from pydantic import SecretStr
from outbox_office import KEY_FIELD, paths_in
from zoho.account.config import Config
from zoho.api import ZohoClient
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.leads.org import read_org
from zoho.outbox import Courier, SenderLock, SqliteStore, keep_call
from zoho.outbox.undo import Undo

class Killed:
    def __init__(self, client, when):
        self.client, self.when = client, when

    def __getattr__(self, name):
        return getattr(self.client, name)

    async def delete_lead(self, lead_id, **more):
        if self.when == "after":
            await self.client.delete_lead(lead_id, **more)
        os.kill(os.getpid(), signal.SIGKILL)

async def main(told):
    paths = paths_in(Path(told["folder"]))
    config = Config(
        client_id=told["id"], client_secret=SecretStr(told["secret"]), refresh_token=SecretStr(told["token"]),
        data_center="us", api_domain=told["url"], accounts_url=told["url"], allow_loopback=True,
    )
    store = SqliteStore(paths.outbox)
    async with ZohoClient.from_config(config, paths=paths, on_call=keep_call) as client:
        org = await read_org(client, data_center="us", key_field=KEY_FIELD)
        note = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers", "Note_Content": "Budget"})
        lead = {"Last_Name": "Roe", "Company": "Acme"}
        store.add(told["key"], lead, org=org.key, lane=0, at=time.time(), follow_ups=[note])
        lock = SenderLock(paths.outbox.with_suffix(".lock"))
        await Courier(store=store, lock=lock, zoho=client, org=org).step()
        await Undo(store=store, zoho=Killed(client, told["when"]), org=org).undo(told["key"])

asyncio.run(main(json.loads(sys.argv[1])))
"""


@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_around_its_deletion_a_lead_is_looked_for_and_deleted_once(
    tmp_path: Path, when: str
) -> None:
    world, key = World(seed=False, submission_key=KEY_FIELD), new_key()
    with serve(world) as url:
        told = {
            "folder": str(tmp_path),
            "url": str(url),
            "id": world.client_id,
            "secret": world.client_secret,
            "token": world.refresh_token,
            "key": key,
            "when": when,
        }
        command = [sys.executable, "-c", PROCESS, json.dumps(told)]
        ended = await asyncio.to_thread(subprocess.run, command, env=environment(), timeout=60, check=False)
        assert ended.returncode == -signal.SIGKILL
        paths = paths_in(tmp_path)
        config = Config(
            client_id=world.client_id,
            client_secret=SecretStr(world.client_secret),
            refresh_token=SecretStr(world.refresh_token),
            data_center="us",
            api_domain=str(url),
            accounts_url=str(url),
            allow_loopback=True,
        )
        store = SqliteStore(paths.outbox)
        async with ZohoClient.from_config(config, paths=paths) as client:
            org = await read_org(client, data_center="us", key_field=KEY_FIELD)
            row = store.get(key)
            assert row is not None
            assert row.being_undone
            assert store.follow_ups.due(org.key, now=time.time(), limit=9) == []
            # A minute later: the clock of this test is ahead.
            undo = Undo(store=store, zoho=client, org=org, clock=lambda: time.time() + LATEST + 60)
            (found,) = await undo.settle()
        assert (found.undone, found.in_zoho) == (when == "after", when == "before")
        waits = store.follow_ups.due(org.key, now=time.time(), limit=9)
        store.close()
    assert len(waits) == int(when == "before")
    assert [one.method for one in world.requests].count("DELETE") == int(when == "after")
    assert (len(world.records()), len(world.binned())) == ((1, 0) if when == "before" else (0, 1))
