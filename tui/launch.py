"""Starting the app: on the real Zoho, or as a demo against the stand-in in the same process."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui.crash import guarded, say
from tui.terminal import driver_class, terminal_problem
from zoho.commands.place import Place, environment

if TYPE_CHECKING:
    import httpx

    from tui.app import ZohoLeadsApp
    from tui.desk import Launch

_DEBUGGING = (
    *("TEXTUAL", "TEXTUAL_DEBUG", "TEXTUAL_LOG", "TEXTUAL_DEVTOOLS_HOST", "TEXTUAL_DEVTOOLS_PORT"),
    *("TEXTUAL_SCREENSHOT", "TEXTUAL_SCREENSHOT_LOCATION", "TEXTUAL_SCREENSHOT_FILENAME"),
    *("TEXTUAL_PRESS", "TEXTUAL_SHOW_RETURN", "PYTHONASYNCIODEBUG", "SSLKEYLOGFILE"),
)
"""Variables that would write keys, messages, screens or TLS keys to files or the terminal, or press keys."""


def open_app(place: Place) -> None:
    """Open the app for this user; leave with a status that is not 0 if it cannot be, or fails."""
    _check_terminal()
    from tui.desk import Launch

    environ = environment()
    run(Launch(place, place.paths(environ), environ))


def open_demo() -> None:
    """Open the app against a stand-in in this process; nothing of it is kept."""
    _check_terminal()
    from tui.desk import Launch

    with tempfile.TemporaryDirectory(prefix="zoho-leads-demo-") as folder:
        environ, place = demo_environ(Path(folder)), Place()
        run(Launch(place, place.paths(environ), environ, transport=stand_in, banner="DEMO"))


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
    """Return the way to a stand-in Zoho in this process; the same one each time, so that its leads stay.

    ``ZOHO_DEMO_ORG`` names another of its orgs (`zoho.sandbox.orgs`).
    """
    import httpx

    from zoho.sandbox import World, create_app
    from zoho.sandbox.orgs import ORGS

    org = os.environ.get("ZOHO_DEMO_ORG") or "stock"
    world = World(
        submission_key="Submission_Key",
        base_url="https://www.zohoapis.eu",
        org=org if org in ORGS else "stock",
    )
    return httpx.ASGITransport(create_app(world))


def _check_terminal() -> None:
    problem = terminal_problem(os.environ, sys.stdin, sys.stdout)
    if problem is not None:
        sys.stderr.write(f"{problem}\n")
        raise SystemExit(2)


def drop_debugging(environ: MutableMapping[str, str]) -> None:
    """Take the variables out of *environ* that write what is typed or shown to files, or press keys.

    It must be done before Textual is imported: it reads them then.
    """
    for name in _DEBUGGING:
        environ.pop(name, None)


def run(launch: Launch, make: Callable[..., ZohoLeadsApp] | None = None) -> None:
    """Run the app to its end; leave with its status.

    Args:
        launch: what it is started with.
        make: makes the app, given *launch* and ``driver_class``; None, `ZohoLeadsApp`.
    """
    drop_debugging(os.environ)
    apps: list[ZohoLeadsApp] = []

    def give_back() -> None:
        for app in apps:
            if app._driver is not None:
                app._driver.stop_application_mode()

    with guarded(launch.paths, give_back) as failed:
        from tui.app import ZohoLeadsApp

        app = (make or ZohoLeadsApp)(launch, driver_class=driver_class(launch.stray_output))
        apps.append(app)
        failed.thread = app.thread_failed
        app.run()
        if app.crashed:
            say(app.crashed)
        sys.exit(app.return_code or (1 if app.crashed else 0))
