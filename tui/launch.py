"""Starting the app: on the real Zoho, or as a demo against the stand-in in the same process."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui.terminal import driver_class, terminal_problem
from zoho.commands.place import Place

if TYPE_CHECKING:
    import httpx

    from tui.desk import Launch

_DEBUGGING = ("TEXTUAL", "TEXTUAL_DEBUG", "TEXTUAL_LOG", "TEXTUAL_SCREENSHOT", "SSLKEYLOGFILE")
"""Variables that would write keys, messages, screens or TLS keys to files."""


def open_app(place: Place) -> None:
    """Open the app for this user; leave with a status that is not 0 if it cannot be, or fails."""
    _check_terminal()
    from tui.desk import Launch

    _run(Launch(place, place.paths(os.environ), os.environ))


def open_demo() -> None:
    """Open the app against a stand-in in this process; nothing of it is kept."""
    _check_terminal()
    from tui.desk import Launch

    with tempfile.TemporaryDirectory(prefix="zoho-leads-demo-") as folder:
        environ, place = demo_environ(Path(folder)), Place()
        _run(Launch(place, place.paths(environ), environ, transport=stand_in, banner="DEMO"))


def demo_environ(folder: Path) -> Mapping[str, str]:
    """Return the environment of a demo: the stand-in's credentials, and folders that all lie in *folder*."""
    from zoho.sandbox.credentials import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN

    return {
        "ZOHO_CLIENT_ID": CLIENT_ID,
        "ZOHO_CLIENT_SECRET": CLIENT_SECRET,
        "ZOHO_REFRESH_TOKEN": REFRESH_TOKEN,
        "ZOHO_DATA_CENTER": "eu",
        "ZOHO_DATA_DIR": str(folder),
        "ZOHO_CONFIG": str(folder / "zoho_config.json"),
    }


@functools.cache
def stand_in() -> httpx.AsyncBaseTransport:
    """Return the way to a stand-in Zoho in this process; the same one each time, so that its leads stay."""
    import httpx

    from zoho.sandbox import World, create_app

    world = World(submission_key="Submission_Key", base_url="https://www.zohoapis.eu")
    return httpx.ASGITransport(create_app(world))


def _check_terminal() -> None:
    problem = terminal_problem(os.environ, sys.stdin, sys.stdout)
    if problem is not None:
        sys.stderr.write(f"{problem}\n")
        raise SystemExit(2)


def _run(launch: Launch) -> None:
    for name in _DEBUGGING:
        os.environ.pop(name, None)
    from tui.app import ZohoLeadsApp

    app = ZohoLeadsApp(launch, driver_class=driver_class(launch.stray_output))
    app.run()
    sys.exit(app.return_code or 0)
