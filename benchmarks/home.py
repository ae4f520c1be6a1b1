"""Folders of a rep who has worked before: leads in the outbox, the org's form and a token cached."""

from __future__ import annotations

import random
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.terminal import Terminal
from zoho.account import default_paths
from zoho.commands.place import Place
from zoho.leads.org_cache import load_org
from zoho.outbox import SqliteStore
from zoho.outbox.sqlite_rows import insert_row
from zoho.outbox.states import State
from zoho.outbox.store import BACKLOG, Row
from zoho.wire.errors import FieldFault

_FIRST = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Ken", "Dennis", "Zoë", "Margaret"]
_LAST = [
    "Lovelace",
    "Hopper",
    "Turing",
    "Dijkstra",
    "Liskov",
    "Knuth",
    "Thompson",
    "Ritchie",
    "Brontë",
    "Hamilton",
]
_COMPANIES = [
    "Analytical Engines",
    "Difference Co",
    "Bletchley Ltd",
    "Nordlys AS",
    "株式会社サンプル",
    "Acme",
]
_REFUSED = FieldFault("INVALID_DATA", "is no valid phone number", "Mend it.", "Phone")
_DAYS = 3.0
"""Leads lie as far back as this at most: older ones would be purged."""


class Home:
    """A rep's folders.

    Args:
        folder: an empty folder.
        env: what signs in.
    """

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.folder = folder
        self._signs_in = env

    @property
    def env(self) -> dict[str, str]:
        """The environment, for a program of ours."""
        return {
            **self._signs_in,
            "HOME": str(self.folder),
            "PATH": "/usr/bin:/bin",
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "ZOHO_DATA_DIR": str(self.folder / "data"),
            "ZOHO_CONFIG": str(self.folder / "zoho_config.json"),
        }

    @property
    def outbox(self) -> Path:
        """The outbox's file."""
        return self.folder / "data" / "outbox.db"

    def org(self) -> str:
        """Return the key of the org that was signed in to."""
        org = load_org(default_paths(self.env).snapshot, Place().config(self.env))
        assert org is not None, "nobody has signed in here"
        return org.key

    def sign_in(self, command: str) -> None:
        """Open the app once, until Zoho has told its form."""
        with Terminal([command], env=self.env) as terminal:
            terminal.wait_for("online")
            terminal.press("ctrl+q")
            terminal.wait_exit()

    def write(self, rows: Iterator[Row]) -> None:
        """Put leads into the outbox, in one transaction."""
        store = SqliteStore(self.outbox)
        try:
            with store._file.writing() as database:
                for row in rows:
                    insert_row(database, row)
        finally:
            store.close()

    def copy(self, folder: Path) -> Home:
        """Return a copy, so that each run finds the same."""
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(self.folder, folder)
        return Home(folder, self._signs_in)


def ended(count: int) -> Iterator[Row]:
    """Yield leads that were created, one in fifty refused; the same ones each time."""
    chance, now = random.Random(count), time.time()
    for number in range(count):
        at = now - (count - number) * _DAYS * 86400 / count
        refused = number % 50 == 7
        yield Row(
            str(uuid.UUID(int=chance.getrandbits(128))),
            State.REJECTED if refused else State.SENT,
            values(number, chance),
            "org",
            at,
            at,
            attempt=1,
            zoho_id=None if refused else str(10**17 + number),
            faults=(_REFUSED,) if refused else (),
        )


def waiting(count: int, org: str) -> Iterator[Row]:
    """Yield leads that wait for *org*."""
    chance, now = random.Random(count), time.time()
    for number in range(count):
        yield Row(str(uuid.uuid4()), State.QUEUED, values(number, chance), org, now, now, lane=BACKLOG)


def values(number: int, chance: random.Random) -> dict[str, str]:
    """Return the ten values of a lead."""
    return {
        "First_Name": chance.choice(_FIRST),
        "Last_Name": f"{chance.choice(_LAST)}-{number}",
        "Company": f"{chance.choice(_COMPANIES)} {number % 977}",
        "Email": f"person.{number}@example.com",
        "Phone": f"+44 20 7946 {number % 10000:04}",
        "Lead_Source": "Qualification Inbound",
        "Website": f"https://{number}.example.com",
        "City": "London",
        "Country": "United Kingdom",
        "Description": "Calls back on Monday, wants 12 seats.",
    }
