"""The command `zoho-leads` as a process, in a home of its own, against a stand-in over TCP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

from zoho.sandbox import World

COMMAND = (sys.executable, "-m", "tui.cli")
ROOT = Path(__file__).parents[2]


def credentials(world: World, url: str) -> dict[str, str]:
    """Return the variables that connect to *world* where it is served at *url*."""
    return {
        "ZOHO_ALLOW_LOOPBACK": "1",
        "ZOHO_ACCOUNTS_URL": url,
        "ZOHO_API_DOMAIN": url,
        "ZOHO_DATA_CENTER": "eu",
        "ZOHO_CLIENT_ID": world.client_id,
        "ZOHO_CLIENT_SECRET": world.client_secret,
        "ZOHO_REFRESH_TOKEN": world.refresh_token,
    }


class Home:
    """A user's home folder and environment; nothing of the developer's shows through.

    Args:
        folder: an empty folder.
        more: variables besides those that name the home's own folders.
    """

    def __init__(self, folder: Path, more: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.config_file = folder / "zoho_config.json"
        self.env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "ZOHO_DATA_DIR": str(self.data),
            "ZOHO_CONFIG": str(self.config_file),
            "ZOHO_SCRIPT": "none",
            **(more or {}),
        }

    def environ(self, changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
        """Return the environment with *changes*; None takes a variable out."""
        merged = {**self.env, **(changes or {})}
        return {name: value for name, value in merged.items() if value is not None}

    def run(
        self,
        *arguments: str,
        given: str | bytes | Mapping[str, Any] = b"",
        env: Mapping[str, str | None] | None = None,
        timeout: float = 60,
    ) -> Ended:
        """Run the command to its end; *given* is its standard input, a mapping as JSON."""
        data = json.dumps(given) if isinstance(given, Mapping) else given
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=data.encode() if isinstance(data, str) else data,
            capture_output=True,
            env=self.environ(env),
            cwd=self.folder,
            timeout=timeout,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def call(self, *arguments: str, given: bytes = b"") -> Ended:
        """Run the command in this process, which is quicker; only where it ends before it opens anything."""
        from click.testing import CliRunner

        from tui.verbs import zoho_leads

        kept = {name: None for name in os.environ if name.startswith("ZOHO_")}
        done = CliRunner(env=kept | self.env).invoke(zoho_leads, arguments, input=given)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Ended(done.exit_code, done.stdout, done.stderr)

    def start(self, *arguments: str, env: Mapping[str, str | None] | None = None) -> subprocess.Popen[bytes]:
        """Start the command with an empty standard input; the caller ends it."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environ(env),
            cwd=self.folder,
        )

    def rows(self, columns: str = "key, state, zoho_id") -> list[tuple[Any, ...]]:
        """Return the leads of the outbox, oldest first; none if there is no outbox."""
        outbox = self.data / "outbox.db"
        if not outbox.exists():
            return []
        with closing(connect(outbox)) as database:
            # The columns are written in a test.
            return database.execute(f"SELECT {columns} FROM leads ORDER BY created_at").fetchall()

    def everything_kept(self) -> dict[str, bytes]:
        """Return the content of every file below the home, by its place in it."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in files}


class Ended:
    """How a run of the command ended."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status = status
        self.out = out
        self.err = err

    @property
    def json(self) -> Any:
        """What it printed."""
        return json.loads(self.out)

    def __repr__(self) -> str:
        return f"status {self.status}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def posts(world: World) -> list[Any]:
    """Return the requests that would create leads."""
    return [one for one in world.requests if (one.method, one.path) == ("POST", "/crm/v8/Leads")]


def tried(world: World) -> Sequence[tuple[str, str, int | None]]:
    """Return method, path and status of every request."""
    return [(one.method, one.path, one.status) for one in world.requests]
