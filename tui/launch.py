"""Starting the app: on the real Zoho, or as a demo against the stand-in in the same process."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui.crash import guarded, say
from tui.terminal import driver_class, terminal_problem
from zoho.commands.place import Place, environment

if TYPE_CHECKING:
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
    from zoho.commands.demo import demo_environ, stand_in

    with tempfile.TemporaryDirectory(prefix="zoho-leads-demo-") as folder:
        environ, place = demo_environ(Path(folder)), Place()
        run(Launch(place, place.paths(environ), environ, transport=stand_in, banner="DEMO"))


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
