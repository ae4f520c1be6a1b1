"""What is kept of several drafts at a time, when the disk is slow."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

from tui.drafts import Draft, Drafts


async def test_a_draft_that_is_put_aside_late_is_kept_whatever_is_kept_of_another() -> None:
    kept: list[str] = []
    free = threading.Event()

    def keep(key: str, typed: object, **more: object) -> bool:
        kept.append(key)
        return True

    store: Any = SimpleNamespace(drafts=SimpleNamespace(keep=keep))
    drafts = Drafts(lambda: store, lambda: SimpleNamespace(name="slot"))  # type: ignore[arg-type, return-value]
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    busy = asyncio.create_task(asyncio.to_thread(free.wait))
    await asyncio.sleep(0)
    aside = asyncio.create_task(drafts.keep(Draft("aside", typed={"Last_Name": "Roe"}), parked=True))
    await asyncio.sleep(0)
    drafts.keep_at_once(Draft("in the form", typed={"Last_Name": "Doe"}))
    free.set()
    await busy
    assert await aside
    assert kept == ["in the form", "aside"]
