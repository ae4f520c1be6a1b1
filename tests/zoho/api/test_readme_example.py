"""The README's example of the library works as it is printed there."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from sandbox_server import serve

from zoho.sandbox import World

README = Path(__file__).parents[3] / "README.md"


def example() -> str:
    text = README.read_text("utf-8")
    if not text.strip():
        pytest.skip("the README is not written yet")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    (found,) = [block for block in blocks if "from_config()" in block]
    return found


async def run(source: str) -> None:
    """Run *source* as ``python -m asyncio`` would: ``await`` may stand at its top level."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(source, str(README), "exec", flags=flags)
    names: dict[str, Any] = {"__name__": "__main__"}
    result = eval(code, names)
    if inspect.iscoroutine(result):
        await result


def test_the_example_creates_a_lead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = example()
    world = World()
    before = {one["id"] for one in world.records()}
    monkeypatch.setenv("HOME", str(tmp_path))
    with serve(world) as url:
        given = {
            "ALLOW_LOOPBACK": "1",
            "CONFIG": tmp_path / "zoho_config.json",
            "DATA_DIR": tmp_path / "data",
            "API_DOMAIN": url,
            "ACCOUNTS_URL": url,
            "CLIENT_ID": world.client_id,
            "CLIENT_SECRET": world.client_secret,
            "REFRESH_TOKEN": world.refresh_token,
        }
        for name, value in given.items():
            monkeypatch.setenv(f"ZOHO_{name}", str(value))
        if "asyncio.run(" in source:
            exec(compile(source, str(README), "exec"), {"__name__": "__main__"})
        else:
            asyncio.run(run(source))
    created = [one for one in world.records() if one["id"] not in before]
    assert [(one["Last_Name"], one["Company"], one["Lead_Source"]) for one in created] == [
        ("Roe", "Acme", "Qualification Inbound")
    ]
