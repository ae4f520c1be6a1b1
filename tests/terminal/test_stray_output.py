"""Descriptors 1 and 2 belong to the log while the app runs, and to the terminal before and after."""

from __future__ import annotations

import sys
from pathlib import Path

from pty_session import PtySession

ROOT = Path(__file__).resolve().parents[2]
DEMO = Path(__file__).with_name("demo_app.py")
AROUND = """
import os, runpy, sys
os.write(1, b"BEFORE 1\\n"); os.write(2, b"BEFORE 2\\n")
try:
    runpy.run_path(sys.argv[1], run_name="__main__")
finally:
    os.write(1, b"AFTER 1\\n"); os.write(2, b"AFTER 2\\n")
    os.system("echo AFTER child >&2")
"""


def test_what_others_write_goes_to_the_log_only_while_the_app_runs(tmp_path: Path) -> None:
    log = tmp_path / "stray.log"
    env = {"PYTHONPATH": str(ROOT), "DEMO_LOG": str(log)}
    with PtySession([sys.executable, "-c", AROUND, str(DEMO)], env=env) as session:
        session.wait_for("ready")
        session.press("f6")
        session.wait_for("strayed")
        session.press("f8")
        session.wait_for("CHILD ON SCREEN")
        session.send("\n")
        session.wait_for("back")
        session.press("f6")
        session.wait_for("strayed")
        session.press("ctrl+q")
        assert session.wait_exit() == 0
        assert b"STRAY" not in session.raw
        for word in (b"BEFORE 1", b"BEFORE 2", b"AFTER 1", b"AFTER 2", b"AFTER child"):
            assert session.raw.count(word) == 1
    told = log.read_text()
    assert "BEFORE" not in told
    assert "AFTER" not in told
    assert "CHILD" not in told
    for source in ("descriptor 1", "descriptor 2", "child"):
        assert told.count(f"STRAY {source}") == 2
