"""What the tests of several senders see: every create that reached Zoho, every change of a row."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from outbox_office import KEY_FIELD, paths_in
from soak_history import Change, Create, History, Row, Standing

from zoho.outbox.sqlite_store import SqliteStore
from zoho.sandbox import World
from zoho.sandbox.world import Exchange

WATCH = """
CREATE TABLE witnessed (number INTEGER PRIMARY KEY, key TEXT, before TEXT, after TEXT, mode TEXT);
CREATE TRIGGER witness AFTER UPDATE OF state ON leads WHEN OLD.state IS NOT NEW.state BEGIN
    INSERT INTO witnessed (key, before, after, mode) VALUES (NEW.key, OLD.state, NEW.state, NEW.mode);
END;
CREATE TABLE witnessed_follow_ups (number INTEGER PRIMARY KEY, id TEXT, before TEXT, after TEXT);
CREATE TRIGGER witness_follow_ups AFTER UPDATE OF state ON follow_ups WHEN OLD.state IS NOT NEW.state BEGIN
    INSERT INTO witnessed_follow_ups (id, before, after) VALUES (NEW.id, OLD.state, NEW.state);
END;
"""
"""Written by SQLite within the transaction that makes the change: no kill can part the two."""


def named(key: str) -> dict[str, Any]:
    """Return the values of the lead of that key; its name tells the key, for an org that keeps no keys."""
    return {"Last_Name": key, "Company": "Analytical Engines"}


class WitnessWorld(World):
    """A stand-in that remembers every create, however many there are."""

    def __init__(self, *, keyed: bool = True, **more: Any) -> None:
        super().__init__(seed=False, submission_key=KEY_FIELD if keyed else None, **more)
        self.creates: list[Exchange] = []

    def remember(self, exchange: Exchange) -> None:
        super().remember(exchange)
        if (exchange.method, exchange.path) == ("POST", "/crm/v8/Leads"):
            self.creates.append(exchange)

    def ids_of(self, key: str) -> list[str]:
        """Zoho's ids of the lead of that key."""
        return [record.id for record in self.living("Leads") if record.values["Last_Name"] == key]


def watch(folder: Path) -> None:
    """Make the outbox in *folder*, and have every change of a row's state written down from now on."""
    path = paths_in(folder).outbox
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.executescript(WATCH)


def history_of(folder: Path, world: WitnessWorld, saved: Mapping[str, float]) -> History:
    """Return what has happened so far in the outbox of *folder* (see `watch`) and in *world*."""
    with closing(sqlite3.connect(paths_in(folder).outbox)) as db:
        changes = db.execute("SELECT key, before, after, mode FROM witnessed ORDER BY number").fetchall()
        rows = db.execute("SELECT key, state, zoho_id FROM leads ORDER BY seq").fetchall()
    return History(
        saved=dict(saved),
        creates=[
            Create(
                tuple(record["Last_Name"] for record in one.body["data"]),
                one.handled,
                one.status,
                tuple(one.faults),
            )
            for one in world.creates
        ],
        changes=[Change(*change) for change in changes],
        rows=[Row(*row) for row in rows],
        standing=[Standing(record.values["Last_Name"], record.id) for record in world.living("Leads")],
    )
