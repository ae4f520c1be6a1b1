"""What a demo stands on: a Zoho in this process, and folders of its own."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


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
