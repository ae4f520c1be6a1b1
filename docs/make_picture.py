"""Draw docs/qualify.svg: the demo as it runs, one lead created and the next half typed (`make picture`)."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from textual.pilot import Pilot

from tui.app import ZohoLeadsApp
from tui.desk import Launch
from tui.form import Form
from zoho.commands.demo import demo_environ, stand_in
from zoho.commands.place import Place

PICTURE = Path(__file__).with_name("qualify.svg")
SIZE = (100, 30)
CREATED = {
    "First_Name": "Grace",
    "Last_Name": "Hopper",
    "Company": "Eckert-Mauchly",
    "Email": "grace@eckert-mauchly.example",
}
TYPED = {
    "First_Name": "Ada",
    "Last_Name": "Lovelace",
    "Company": "Analytical Engines",
    "Email": "ada@analytical.example",
    "Phone": "+44 20 7946",
}
FONTS = 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'


class HeldBack(httpx.AsyncBaseTransport):
    """The way to the stand-in; a lead waits on it until `let_go` is set, while the rep types the next one."""

    def __init__(self) -> None:
        self._inner = stand_in()
        self.let_go = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on."""
        if request.method == "POST" and request.url.path.endswith("/Leads"):
            await self.let_go.wait()
        return await self._inner.handle_async_request(request)


async def draw() -> str:
    """Return the picture of the app, driven as a rep would."""
    line = HeldBack()
    with tempfile.TemporaryDirectory(prefix="zoho-leads-picture-") as folder:
        environ, place = demo_environ(Path(folder)), Place()
        launch = Launch(place, place.paths(environ), environ, transport=lambda: line, banner="DEMO")
        app = ZohoLeadsApp(launch)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await until(pilot, lambda: app.desk.org is not None)
            await type_lead(pilot, app, CREATED)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: not any(app.query_one("#lead", Form).values.values()))
            await type_lead(pilot, app, TYPED)
            line.let_go.set()
            await until(pilot, lambda: any(toast.region for toast in app.screen.query("Toast")))
            await until(pilot, lambda: "1 today" in app.query_one("#status").render_line(0).text)
            picture = app.export_screenshot(title="zoho-leads demo")
            await app.action_leave()
    return self_contained(picture)


async def type_lead(pilot: Pilot[None], app: ZohoLeadsApp, values: dict[str, str]) -> None:
    """Type *values* into the form, key by key, as far as the cursor of the last field."""
    form: Any = app.query_one("#lead")
    for name, text in values.items():
        while form.current != name:
            await pilot.press("enter")
        await pilot.press(*text)


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait until *condition* holds, at most half a minute."""
    async with asyncio.timeout(30):
        while not condition():
            await pilot.pause()


def self_contained(svg: str) -> str:
    """Return *svg* without fonts from elsewhere: it is drawn in the reader's own."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;]*;", f"font-family: {FONTS};", svg)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(asyncio.run(draw()), encoding="utf-8")
    print(PICTURE)
