"""Answers made to fill the memory, over TCP and at every door: refused, within 10 MB."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import bomb_reader
import pytest
from bomb_server import ENCODINGS, KINDS, serve_bombs

ROOT = Path(__file__).parents[2]
MOST = 10_000_000
LAYOUTS = 32 * 1024 * 1024


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    with serve_bombs() as served:
        yield served


@pytest.mark.parametrize("door", bomb_reader.DOORS)
def test_no_answer_fills_the_memory(door: str, urls: dict[str, str], tmp_path: Path) -> None:
    paths = f"{ROOT}:{Path(bomb_reader.__file__).parent}"
    command = [sys.executable, bomb_reader.__file__, door, str(tmp_path), json.dumps(urls)]
    # An environment of its own: no proxy stands between.
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": paths})
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {kind: error for kind, (error, _) in told.items()} == dict.fromkeys(KINDS, "BodyTooLarge")
    # Layouts may be large, so what is not packed may be as well; it is read after what is.
    most = {kind: MOST if door != "layouts" or kind in ENCODINGS else LAYOUTS for kind in KINDS}
    assert {kind: grown for kind, (_, grown) in told.items() if grown > most[kind]} == {}
