"""A rep's process: it saves leads, says so on its standard output, and sends what waits.

Run as a program, with one JSON object as its argument (see `Rep`), it is what the fault tests kill. Imported,
it starts such programs. Its waits are short, since they are arguments of what it is made of; nothing else of
it differs from the app: real files, real TCP, the same outbox, courier and client.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SUPPORT = Path(__file__).parent
ROOT = SUPPORT.parents[1]


@dataclass
class Rep:
    """What such a process is told.

    Args:
        folder: the data folder (see `outbox_office.paths_in`).
        url: where the stand-in listens.
        client_id, client_secret, refresh_token: its credentials.
        leads: (submission key, values) of what to save, in order; after each COMMIT ``saved KEY`` is printed.
        follow_ups: whether each lead has a note and a task, which tell its last name.
        lane: 0, typed in a running session; 1, the backlog.
        send: whether to send as well; then ``done`` is printed once nothing is left or *limit* is over.
        together: send while saving, as a session does, instead of afterwards.
        hold: once ``ready`` is printed, wait for a line on standard input (give ``stdin=PIPE`` to `start`).
        tell: print each change of a lead too, as ``sending KEY``, once it is on the disk.
        limit: seconds to send for.
        gap: seconds between two leads.
        deadline, margin, first_retry, longest_retry: as in `zoho.outbox.Waits`.
        read: seconds that an answer is waited for.
        key_field: API name of the field for the submission key.
        gate: say ``ready THREAD`` and wait for a byte on standard input before the outbox is first touched.
            Its pool then has that one thread (a native id), so that it is always the same thread that makes
            a system call.
    """

    folder: str
    url: str
    client_id: str
    client_secret: str
    refresh_token: str
    leads: Sequence[tuple[str, dict[str, Any]]] = field(default_factory=list)
    follow_ups: bool = False
    lane: int = 0
    send: bool = True
    together: bool = False
    hold: bool = False
    tell: bool = False
    limit: float = 20.0
    gap: float = 0.0
    deadline: float = 1.0
    margin: float = 0.2
    first_retry: float = 0.05
    longest_retry: float = 0.4
    read: float = 0.5
    key_field: str = "Submission_Key"
    gate: bool = False

    def __post_init__(self) -> None:
        self.folder, self.url = str(self.folder), str(self.url)

    @property
    def command(self) -> list[str]:
        """The command that runs it."""
        return [sys.executable, str(SUPPORT / "rep_process.py"), json.dumps(asdict(self))]

    def start(self, *before: str, root: Path = ROOT, **popen: Any) -> subprocess.Popen[bytes]:
        """Start it, with *before* (such as strace and its options) in front; its output is a pipe.

        Args:
            root: the repository whose ``zoho`` it runs.
            popen: more for `subprocess.Popen`.
        """
        given = {"env": environment(root), "stdout": subprocess.PIPE, "stdin": subprocess.DEVNULL, **popen}
        return subprocess.Popen([*before, *self.command], **given)


def environment(root: Path = ROOT) -> dict[str, str]:
    """Return what such a process finds in its environment."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": f"{root}:{SUPPORT}", "LANG": "C.UTF-8"}


def follow_ups_of(name: str) -> list[Any]:
    """Return a note and a task of the lead with that last name."""
    from zoho.leads.follow_up import FollowUp, FollowUpKind

    note = {"Note_Title": "Answers", "Note_Content": f"{name} & Co:\nbudget 10 k"}
    return [FollowUp(FollowUpKind.NOTE, note), FollowUp(FollowUpKind.TASK, {"Subject": f"Call {name}"})]


def say(line: str) -> None:
    """Write *line* at once: what was said must be true even if the next thing is a SIGKILL."""
    os.write(1, f"{line}\n".encode())


async def work(rep: Rep) -> None:
    """Be that process."""
    from outbox_office import paths_in
    from pydantic import SecretStr

    from zoho.account.config import Config
    from zoho.api import ZohoClient
    from zoho.leads.org import read_org
    from zoho.leads.org_cache import load_org, save_org
    from zoho.outbox import Courier, SenderLock, SqliteStore, Waits, keep_call
    from zoho.outbox.listeners import Listeners
    from zoho.outbox.rest import Rest
    from zoho.wire.errors import ZohoError
    from zoho.wire.http import Deadlines

    paths = paths_in(Path(rep.folder))
    config = Config(
        client_id=rep.client_id,
        client_secret=SecretStr(rep.client_secret),
        refresh_token=SecretStr(rep.refresh_token),
        data_center="us",
        api_domain=rep.url,
        accounts_url=rep.url,
        allow_loopback=True,
    )
    deadlines = Deadlines(connect=0.5, read=rep.read, write=0.5, pool=0.5, overall=rep.deadline)
    async with ZohoClient.from_config(config, paths=paths, deadlines=deadlines, on_call=keep_call) as client:
        org = load_org(paths.snapshot, config)
        while org is None:
            try:
                org = await read_org(client, data_center="us", key_field=rep.key_field)
                paths.cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
                save_org(paths.snapshot, config, org)
            except ZohoError:
                await asyncio.sleep(rep.first_retry)
        if rep.gate:
            await _wait_at_the_gate()
        else:
            say("ready")
        if rep.hold:
            await asyncio.to_thread(sys.stdin.readline)
        store = SqliteStore(paths.outbox)
        lock = SenderLock(paths.outbox.with_suffix(".lock"))
        waits = Waits(
            deadline=rep.deadline,
            margin=rep.margin,
            first_retry=rep.first_retry,
            longest_retry=rep.longest_retry,
            poll=0.02,
        )
        told = (lambda row: say(f"{row.state} {row.key}")) if rep.tell else None
        courier = Courier(
            store=store,
            lock=lock,
            zoho=client,
            org=org,
            rest=Rest(waits),
            listeners=Listeners(on_change=told),
        )
        sending = asyncio.create_task(courier.run()) if rep.together else None
        for key, values in rep.leads:
            # In this thread: what is killed at its n-th system call is killed at the same one each time.
            more = follow_ups_of(values["Last_Name"]) if rep.follow_ups else ()
            store.add(key, values, org=org.key, lane=rep.lane, at=time.time(), follow_ups=more)
            say(f"saved {key}")
            courier.wake()
            await asyncio.sleep(rep.gap)
        if sending is not None:
            courier.stop()
            await sending
        if rep.send:
            await courier.drain(limit=rep.limit)
            say("done")
        lock.release()
        store.close()


async def _wait_at_the_gate() -> None:
    pool = ThreadPoolExecutor(max_workers=1)
    asyncio.get_running_loop().set_default_executor(pool)
    say(f"ready {await asyncio.to_thread(threading.get_native_id)}")
    os.read(0, 1)


def main(rep: Rep) -> int:
    """Be that process; return its exit status. Trouble with its files is told in one line."""
    from zoho.wire.errors import StorageError

    try:
        asyncio.run(work(rep))
    except StorageError as error:
        say(f"trouble {error.code}: {error.what} {error.next_step}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Rep(**json.loads(sys.argv[1]))))
