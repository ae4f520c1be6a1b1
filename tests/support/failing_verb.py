"""The command with a failure in it that nobody foresaw: ``python failing_verb.py PLACE VERB ...``.

What fails carries secrets in its text and in its local variables, as a real failure may: the form of a token
request, wherever it is put together.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections.abc import Callable
from typing import Any

from tui.cli import main
from zoho.api.tokens import TokenSource

PLACES = ("here", "thread", "lost task", "end of an object")

_form = TokenSource._form
_lost: list[Any] = []


def fail(form: dict[str, str]) -> Any:
    """Fail with everything in the text."""
    raise RuntimeError(f"failed with {form}")


async def _fail_later(form: dict[str, str]) -> None:
    fail(form)


async def _lose(form: dict[str, str]) -> None:
    _lost.append(asyncio.create_task(_fail_later(form)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    _lost.clear()
    gc.collect()


class _Falls:
    def __init__(self, form: dict[str, str]) -> None:
        self._form = form

    def __del__(self) -> None:
        fail(self._form)


def _in_thread(form: dict[str, str]) -> None:
    thread = threading.Thread(target=fail, args=(form,))
    thread.start()
    thread.join()


_ACTS: dict[str, Callable[[dict[str, str]], object]] = {
    "here": fail,
    "thread": _in_thread,
    "lost task": lambda form: _lost.append(asyncio.get_running_loop().create_task(_lose(form))),
    "end of an object": _Falls,
}


if __name__ == "__main__":
    place = sys.argv.pop(1)

    def form_of(self: TokenSource) -> dict[str, str]:
        """Return the form, after the failure."""
        form = _form(self)
        _ACTS[place](form)
        return form

    TokenSource._form = form_of
    main()
