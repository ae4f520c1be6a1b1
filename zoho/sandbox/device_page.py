"""The page ``/device``: where a person types the code of a device, sees what it asks for, approves or denies.

Plain HTML: it works without JavaScript, by keyboard and on a phone, and loads nothing from anywhere.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from zoho.sandbox.accounts import parameters
from zoho.sandbox.device_codes import DeviceCode
from zoho.sandbox.world import World

STYLE = """
:root { color-scheme: light dark; --page: #eef1f5; --card: #fff; --text: #1b1f24; --quiet: #4b5563;
  --line: #6b7280; --strong: #1d5fd0; --on-strong: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --page: #111418; --card: #1d2228; --text: #e8eaed; --quiet: #b3bac3;
    --line: #8b94a0; --strong: #8ab4f8; --on-strong: #0b1a33; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 27rem; margin: 0 auto; padding: 1.5rem; background: var(--card); border-radius: .8rem; }
@media (min-width: 40rem) { body { padding-top: 4rem; } main { padding: 2.5rem; } }
.tag { margin: 0 0 1rem; color: var(--quiet); font-size: .875rem; }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
label { display: block; font-weight: 600; }
.hint { margin: 0 0 .5rem; color: var(--quiet); }
.code, input { font: 600 1.5rem/1.5 ui-monospace, monospace; letter-spacing: .12em;
  text-transform: uppercase; }
.code { margin: 0 0 1rem; padding: .4rem; border: 1px dashed var(--line); border-radius: .5rem;
  text-align: center; overflow-wrap: anywhere; }
input { width: 100%; padding: .4rem .6rem; color: inherit; background: var(--card);
  border: 1px solid var(--line); border-radius: .5rem; }
button { width: 100%; min-height: 3rem; margin-top: .75rem; padding: .5rem 1rem; border-radius: .5rem;
  border: 1px solid var(--line); color: var(--text); background: var(--card); font: inherit;
  font-weight: 600; cursor: pointer; }
button.strong { border-color: var(--strong); color: var(--on-strong); background: var(--strong); }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
ul { margin: 0 0 1rem; padding: 0; list-style: none; color: var(--quiet); font-size: .875rem; }
li { overflow-wrap: anywhere; }
"""

FORM = """<form action="/device">
<label for="user_code">The code on the device</label>
<p class="hint" id="hint">Eight letters; small ones will do.</p>
<input id="user_code" name="user_code" aria-describedby="hint" required autofocus autocomplete="off"
 autocapitalize="characters" spellcheck="false">
<button class="strong">Continue</button>
</form>"""

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


async def ask(request: Request) -> Response:
    """``GET /device``: asks for the code; once the address has it, for the person's word."""
    world: World = request.app.state.world
    typed = request.query_params.get("user_code", "")
    if not typed.strip():
        return _page("Sign in a device", FORM)
    code = world.device.find(typed)
    return _unknown(typed) if code is None else _page("Sign in this device?", _question(world, code))


async def decide(request: Request) -> Response:
    """``POST /device``: the person's word."""
    world: World = request.app.state.world
    sent = await parameters(request)
    said, typed = sent.get("action"), sent.get("user_code", "")
    if said not in ("approve", "deny"):
        return _page("Say yes or no", '<p><a href="/device">Type the code again</a></p>', 400)
    known = world.device.approve(typed) if said == "approve" else world.device.deny(typed)
    if not known:
        return _unknown(typed)
    if said == "deny":
        return _page("✗ Denied", "<p>The device was given nothing. This page can be closed.</p>")
    return _page(
        "✓ Approved",
        "<p>Go back to the device: within some seconds it says that you are signed in. "
        "This page can be closed.</p>",
    )


def _question(world: World, code: DeviceCode) -> str:
    person, company = world.person(world.users[0]["id"])["name"], world.org["company_name"]
    wanted = "".join(f"<li>{escape(one)}</li>" for one in code.scope.replace(",", " ").split())
    shown = escape(code.user_code)
    return f"""<p>Approve only if the device in front of you shows this code:</p>
<p class="code">{shown}</p>
<p>It will work as <strong>{escape(person)}</strong> of <strong>{escape(company)}</strong>, and asks for:</p>
<ul>{wanted}</ul>
<form method="post" action="/device">
<input type="hidden" name="user_code" value="{shown}">
<button class="strong" name="action" value="approve">Approve</button>
<button name="action" value="deny">Deny</button>
</form>"""


def _unknown(typed: str) -> Response:
    text = f"""<p class="code">{escape(typed[:40])}</p>
<p>Look whether it is what the device shows. A code is good for five minutes, and for one answer: if this one
is older or was answered, begin again on the device.</p>"""
    return _page("No device waits for this code", text + FORM, 404)


def _page(title: str, content: str, status: int = 200) -> Response:
    text = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
<main>
<p class="tag">a stand-in, not Zoho</p>
<h1>{escape(title)}</h1>
{content}
</main>
</html>
"""
    # A lone surrogate cannot be written as UTF-8.
    return HTMLResponse(text.encode("utf-8", "replace"), status, HEADERS)


routes = [
    Route(path, handler, methods=[method])
    for path in ("/device", "/oauth/v3/device")
    for method, handler in (("GET", ask), ("POST", decide))
]
