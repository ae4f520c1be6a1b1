"""The page ``/device``: where a person types the code of a device, and approves or denies.

Plain HTML: it works without JavaScript, and loads nothing from anywhere.
"""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from zoho.sandbox.accounts import parameters
from zoho.sandbox.world import World

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 30rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
.tag { border: 1px solid; border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; opacity: .75; }
label { display: block; margin: 1.5rem 0 .3rem; }
input { font: 1.5rem ui-monospace, monospace; letter-spacing: .15em; width: 100%; padding: .4rem; }
input, button { box-sizing: border-box; }
button { font: inherit; padding: .5rem 1.2rem; margin: 1.2rem .6rem 0 0; }
li { overflow-wrap: anywhere; }
"""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


async def ask(request: Request) -> Response:
    """``GET /device``: the form, with the code of the address filled in; and what is asked for."""
    world: World = request.app.state.world
    typed = request.query_params.get("user_code", "")
    code = world.device.find(typed) if typed else None
    wanted = ""
    if code is not None:
        rows = "".join(f"<li>{escape(one)}</li>" for one in code.scope.replace(",", " ").split())
        wanted = f"<p>The device asks for:</p><ul>{rows}</ul>"
    return _page(
        "Sign in a device",
        f"""{wanted}<form method="post" action="/device">
<label for="user_code">The code that the device shows</label>
<input id="user_code" name="user_code" value="{escape(typed[:40])}" autocomplete="off" autofocus required>
<button name="action" value="approve">Approve</button><button name="action" value="deny">Deny</button>
</form>""",
    )


async def decide(request: Request) -> Response:
    """``POST /device``: the person's word."""
    world: World = request.app.state.world
    sent = await parameters(request)
    said, typed = sent.get("action"), sent.get("user_code", "")
    if said not in ("approve", "deny"):
        return _page("Say yes or no", _AGAIN, 400)
    known = world.device.approve(typed) if said == "approve" else world.device.deny(typed)
    if not known:
        return _page("No device waits for this code", _AGAIN, 404)
    told = "Approved" if said == "approve" else "Denied"
    return _page(told, "<p>Go back to the device. This page can be closed.</p>")


_AGAIN = '<p>It may be too old, used, or mistyped. <a href="/device">Try again</a></p>'


def _page(title: str, content: str, status: int = 200) -> Response:
    text = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
<h1>{escape(title)}</h1>
<p class="tag">a stand-in, not Zoho</p>
{content}
</html>
"""
    # A lone surrogate cannot be written as UTF-8.
    return HTMLResponse(text.encode("utf-8", "replace"), status, HEADERS)


routes = [
    Route(path, handler, methods=[method])
    for path in ("/device", "/oauth/v3/device")
    for method, handler in (("GET", ask), ("POST", decide))
]
