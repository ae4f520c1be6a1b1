"""Reads bombs in a process of its own, and tells what that cost: ``python bomb_reader.py DOOR FOLDER URLS``.

It prints JSON: for each kind the name of the error, and by how many bytes the most memory that the process
ever had grew since a small answer had been read from the same door.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from bomb_server import JSON
from outbox_office import paths_in
from pydantic import SecretStr

from zoho.account.config import Config
from zoho.api import ZohoClient
from zoho.api.sign_in_host import HttpAccountsHost
from zoho.wire.http import Deadlines, build_http_client

LEAD = {"Last_Name": "Roe", "Company": "Acme"}


def client(url: str, folder: Path, *, token: bool) -> ZohoClient:
    """Return a client of the stand-in at *url*, with an access token or only the means to get one."""
    config = Config(
        client_id="1000.C",
        client_secret=SecretStr("s"),
        refresh_token=SecretStr("1000.r"),
        access_token=SecretStr("1000.a") if token else None,
        api_domain=url,
        accounts_url=url,
        allow_loopback=True,
    )
    return ZohoClient.from_config(config, paths=paths_in(folder), deadlines=Deadlines(overall=20.0))


async def create(url: str, folder: Path) -> None:
    """Create a lead."""
    async with client(url, folder, token=True) as zoho:
        await zoho.create_lead(LEAD)


async def refresh(url: str, folder: Path) -> None:
    """Ask for an access token."""
    async with client(url, folder, token=False) as zoho:
        await zoho.create_lead(LEAD)


async def read_layouts(url: str, folder: Path) -> None:
    """Read the layouts, whose answer may be larger than any other."""
    async with client(url, folder, token=True) as zoho:
        await zoho.layouts()


async def begin_device(url: str, folder: Path) -> None:
    """Ask for a device code."""
    async with build_http_client() as http:
        await HttpAccountsHost(http).post(url, "/oauth/v3/device/code", {"client_id": "1000.C"})


DOORS: dict[str, Callable[[str, Path], Awaitable[None]]] = {
    "API": create,
    "layouts": read_layouts,
    "token": refresh,
    "device": begin_device,
}


async def read(door: str, url: str, folder: Path) -> str:
    """Read what stands at *url* through *door*; return the name of the error, of ours or httpx's."""
    try:
        await DOORS[door](url, folder)
    except Exception as error:
        return getattr(error, "code", "") or type(error).__name__
    return ""


def most_memory() -> int:
    """Return the most bytes that this process has had in memory."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss there counts what the parent had when it started this process
        (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Read every kind and print what came of it."""
    door, folder, urls = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    for number in range(2):
        asyncio.run(read(door, urls[JSON], folder / f"warm{number}"))
    before = most_memory()
    told: dict[str, tuple[str, int]] = {}
    for number, (kind, url) in enumerate((kind, url) for kind, url in urls.items() if kind != JSON):
        told[kind] = asyncio.run(read(door, url, folder / str(number))), most_memory() - before
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
