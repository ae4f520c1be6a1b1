"""Which tab the app opens on: told before anything heavy is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from app_stage import Stage


@pytest.mark.parametrize(
    ("environ", "config", "tab"),
    [
        ({}, None, "settings"),
        ({}, {"client_id": "1000.ID", "client_secret": "s"}, "settings"),
        ({"ZOHO_REFRESH_TOKEN": ""}, None, "settings"),
        ({"ZOHO_REFRESH_TOKEN": "1000.r"}, None, "qualify"),
        ({"ZOHO_ACCESS_TOKEN": "1000.a"}, None, "qualify"),
        ({}, {"client_id": "1000.ID", "refresh_token": "1000.r"}, "qualify"),
    ],
)
async def test_the_first_tab_is_settings_until_there_is_a_token(
    tmp_path: Path, environ: dict[str, str], config: dict[str, Any] | None, tab: str
) -> None:
    stage = Stage(tmp_path, signed_in=False, environ=environ, config=config)
    async with stage.open():
        assert stage.app.tab == tab
        assert stage.focus_in_form


async def test_who_was_signed_in_before_is_told_on_the_form_that_the_sign_in_is_gone(
    tmp_path: Path, stage: Stage
) -> None:
    async with stage.open():
        await stage.online()
    async with Stage(tmp_path, signed_in=False).open() as gone:
        assert gone.app.tab == "qualify"
        await gone.until("Not signed in: fill in")
