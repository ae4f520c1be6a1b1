"""A real process, killed in the middle of its POST over TCP; another one goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from outbox_office import KEY_FIELD, lead, new_key, paths_in
from sandbox_server import serve

from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import State
from zoho.outbox.store import FRESH
from zoho.sandbox import World

SENDER = """
import asyncio, json, sys
from pathlib import Path
from pydantic import SecretStr
from outbox_office import KEY_FIELD, paths_in
from zoho.account.config import Config
from zoho.api import ZohoClient
from zoho.leads.org import read_org
from zoho.outbox import Courier, SenderLock, SqliteStore, Waits, keep_call
from zoho.outbox.rest import Rest

async def main(told):
    paths = paths_in(Path(told["folder"]))
    config = Config(
        client_id=told["id"], client_secret=SecretStr(told["secret"]), refresh_token=SecretStr(told["token"]),
        data_center="us", api_domain=told["url"], accounts_url=told["url"], allow_loopback=True,
    )
    store = SqliteStore(paths.outbox)
    async with ZohoClient.from_config(config, paths=paths, on_call=keep_call) as client:
        org = await read_org(client, data_center="us", key_field=KEY_FIELD)
        store.bind(org.key)
        lock = SenderLock(paths.outbox.with_suffix(".lock"))
        rest = Rest(Waits(deadline=0.8, margin=0.2, first_retry=0.05))
        await Courier(store=store, lock=lock, zoho=client, org=org, rest=rest).drain(limit=20)
    store.close()

asyncio.run(main(json.loads(sys.argv[1])))
"""


@contextmanager
def sender(folder: Path, world: World, url: str) -> Iterator[subprocess.Popen[bytes]]:
    told = {
        "folder": str(folder),
        "url": url,
        "id": world.client_id,
        "secret": world.client_secret,
        "token": world.refresh_token,
    }
    here = Path(__file__).parents[2] / "support"
    process = subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path.append({str(here)!r})\n{SENDER}", json.dumps(told)]
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def wait_for_post(world: World, name: str) -> None:
    end = time.monotonic() + 15
    while not any(one.faults and one.body["data"][0]["Last_Name"] == name for one in world.requests):
        assert time.monotonic() < end, "no POST came"
        time.sleep(0.005)


CASES = [
    (KEY_FIELD, "hang-before", {}, State.SENT),
    (KEY_FIELD, "hang-after", {}, State.SENT),
    (KEY_FIELD, "latency", {"ms": 500}, State.SENT),
    (None, "hang-after", {}, State.SENT),
]


@pytest.mark.parametrize(("key_field", "kind", "params", "expected"), CASES)
def test_killed_in_the_middle_of_the_post(
    tmp_path: Path, key_field: str | None, kind: str, params: dict[str, Any], expected: State
) -> None:
    world = World(seed=False, submission_key=key_field)
    store = SqliteStore(paths_in(tmp_path).outbox)
    first, second, third = new_key(), new_key(), new_key()

    def save(key: str, name: str) -> None:
        store.add(key, lead(name), org=None, lane=FRESH, at=time.time())

    def state(key: str) -> State:
        row = store.get(key)
        assert row is not None
        return row.state

    with serve(world) as url:
        save(first, "First")
        with sender(tmp_path, world, url) as process:
            assert process.wait(20) == 0
        world.faults.order(kind, path="/crm/v8/Leads", method="POST", **params)
        save(second, "Second")
        save(third, "Third")
        with sender(tmp_path, world, url) as process:
            wait_for_post(world, "Second")
            process.kill()
            process.wait(10)
        assert [state(key) for key in (first, second, third)] == [State.SENT, State.SENDING, State.QUEUED]
        with sender(tmp_path, world, url) as process:
            assert process.wait(30) == 0
    assert [state(key) for key in (first, second, third)] == [State.SENT, expected, State.SENT]
    names = sorted(record["Last_Name"] for record in world.records())
    assert names == ["First", *(["Second"] if expected is State.SENT else []), "Third"]
    store.close()
