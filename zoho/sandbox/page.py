"""The page at ``/``: the leads as a CRM shows them, newest first. All values are escaped; nothing runs."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from zoho.sandbox.shape import Json
from zoho.sandbox.world import World

COLUMNS = (
    ("Full_Name", "Lead"),
    ("Company", "Company"),
    ("Email", "E-mail"),
    ("Phone", "Phone"),
    ("Lead_Status", "Status"),
    ("Lead_Source", "Source"),
)
MOST_ROWS = 200

STYLE = """
:root { color-scheme: light dark; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 84rem; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; }
h1 { font-size: 1.3rem; margin: 0; }
.tag { border: 1px solid; border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; opacity: .75; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin-top: 1rem; }
th, td { text-align: left; padding: .45rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
th { font-size: .8rem; font-weight: 600; opacity: .7; }
td { overflow-wrap: anywhere; }
details { font-size: .85rem; }
summary { cursor: pointer; font-variant-numeric: tabular-nums; opacity: .75; white-space: nowrap; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .8rem; margin: .4rem 0; }
dt { opacity: .7; } dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
"""


async def page(request: Request) -> Response:
    """``GET /``."""
    world: World = request.app.state.world
    leads = world.records("Leads")[::-1]
    rows = "\n".join(_row(lead) for lead in leads[:MOST_ROWS])
    heads = "".join(f"<th scope=col>{escape(title)}</th>" for _, title in (*COLUMNS, ("", "Created")))
    company = escape(world.org["company_name"])
    text = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>{len(leads)} leads · {company}</title>
<style>{STYLE}</style>
<header><h1>{company}</h1><span>{len(leads)} leads, newest first</span>
<span class="tag">a stand-in, not Zoho</span></header>
<div class="wide"><table><thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody></table></div>
</html>
"""
    headers = {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    # A lone surrogate cannot be written as UTF-8.
    return HTMLResponse(text.encode("utf-8", "replace"), headers=headers)


def _row(lead: Json) -> str:
    cells = "".join(f"<td>{_text(lead.get(name))}</td>" for name, _ in COLUMNS)
    known = {name for name, _ in COLUMNS}
    shown = {
        k: v
        for k, v in lead.items()
        if isinstance(v, str | int | float) and v is not False and k not in known
    }
    rest = "".join(
        f"<dt>{_text(k)}</dt><dd>{_text(v)}</dd>" for k, v in shown.items() if not k.startswith("$")
    )
    when = _text(lead["Created_Time"][:19].replace("T", " "))
    return f"<tr>{cells}<td><details><summary>{when}</summary><dl>{rest}</dl></details></td></tr>"


def _text(value: object) -> str:
    return "" if value is None else escape(str(value))


routes = [Route("/", page)]
