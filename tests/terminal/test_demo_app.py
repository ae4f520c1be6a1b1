"""The driver in a real pseudo-terminal: bytes, caret, stray output, suspension, hang-up."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from model_terminal import ModelTerminal
from pty_session import PtySession, keys

ROOT = Path(__file__).resolve().parents[2]
DEMO = Path(__file__).with_name("demo_app.py")

Start = Callable[..., PtySession]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def begin(
            size: tuple[int, int] = (120, 40), *, argv: list[str] | None = None, **env: str
        ) -> PtySession:
            session = PtySession(
                argv or [sys.executable, str(DEMO)],
                size=size,
                env={
                    "PYTHONPATH": str(ROOT),
                    "DEMO_LOG": str(tmp_path / "stray.log"),
                    "DEMO_NOTES": str(tmp_path / "notes"),
                    **env,
                },
            )
            stack.enter_context(session)
            session.wait_for("ready")
            session.wait_quiet()
            return session

        yield begin


def judged(session: PtySession, columns: int = 120, rows: int = 40) -> ModelTerminal:
    """Return the strict model after every byte of the session; it raises on whatever it does not know."""
    model = ModelTerminal(columns, rows)
    model.feed(bytes(session.raw))
    return model


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_a_typed_character_costs_few_bytes(start: Start, size: tuple[int, int]) -> None:
    session = start(size)
    costs = []
    for number, letter in enumerate("hello world", start=1):
        mark = session.mark()
        session.send(letter)
        session.wait_for(lambda s, n=number: s.cursor == (n, 1))
        session.wait_quiet(0.1)
        costs.append(len(session.bytes_since(mark)))
    assert "hello world" in session.lines()[1]
    assert costs[0] <= 40, "the pen takes the field's colours"
    assert costs[1:] == [1] * 10


def test_going_to_the_next_field_costs_few_bytes(start: Start) -> None:
    session = start()
    for row in (2, 1, 2):
        mark = session.mark()
        session.press("tab" if row == 2 else "shift+tab")
        session.wait_for(lambda s, y=row: s.cursor == (0, y))
        session.wait_quiet(0.1)
        assert len(session.bytes_since(mark)) <= 100


def test_the_cursor_stands_at_the_caret_and_is_hidden_elsewhere(start: Start) -> None:
    session = start()
    assert session.cursor_shown
    assert session.cursor == (0, 1)
    session.send("日本x")
    session.wait_for(lambda s: s.cursor == (5, 1))
    session.press("left")
    session.wait_for(lambda s: s.cursor == (4, 1))
    session.press("f7")
    session.wait_for("unfocused")
    session.wait_for(lambda s: not s.cursor_shown)
    session.press("tab")
    session.wait_for(lambda s: s.cursor_shown and s.cursor == (4, 1))


def test_an_idle_app_writes_nothing(start: Start) -> None:
    session = start()
    session.press("x")
    session.wait_for(lambda s: s.cursor == (1, 1))
    session.wait_quiet()
    mark = session.mark()
    with pytest.raises(AssertionError, match="Not within"):
        session.wait_for(lambda s: s.bytes_since(mark), timeout=1.5)


def test_stray_output_never_reaches_the_screen(start: Start, tmp_path: Path) -> None:
    session = start()
    session.press("f6")
    session.wait_for("strayed")
    session.wait_quiet()
    assert b"STRAY" not in session.raw
    log = (tmp_path / "stray.log").read_text()
    for source in ("descriptor 1", "descriptor 2", "child"):
        assert f"STRAY {source}" in log
    assert (tmp_path / "stray.log").stat().st_mode & 0o777 == 0o600


def test_no_foreign_control_byte_passes(start: Start) -> None:
    session = start()
    mark = session.mark()
    session.press("f9")
    session.wait_for("end")
    session.wait_quiet()
    model = judged(session)
    assert model.copied == ["c;Y2hvc2VuIGJ5IHRoZSByZXA="]
    assert b"SGVsbG8=\x07" not in session.bytes_since(mark)
    assert {7, 1049} & model.modes == {1049}
    assert "A^[]52;c;SGVsbG8=B^[[?1049lC^[]0;title" in model.lines()[1]
    assert not re.search(
        rb"[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\xc2[\x80-\x9f]", session.bytes_since(mark)
    )


def test_leaving_gives_the_terminal_back(start: Start) -> None:
    session = start()
    session.press("f5")
    session.wait_for("created in Zoho")
    session.press("ctrl+q")
    assert session.wait_exit() == 0
    model = judged(session)
    assert model.modes == {7, 25}
    assert model.keyboard == []
    assert model.look == (frozenset(), "", "")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_leads_to_an_orderly_exit(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    session = start()
    session.signal(number)
    assert session.wait_exit() == 128 + number
    assert (tmp_path / "notes").read_text() == "unmount\n"
    assert judged(session).modes == {7, 25}


def test_a_dropped_line_leads_to_an_orderly_exit(start: Start, tmp_path: Path) -> None:
    session = start()
    session.hang_up()
    assert session.wait_exit() == 128 + signal.SIGHUP
    assert (tmp_path / "notes").read_text() == "unmount\n"


def test_a_vanished_terminal_is_noticed_without_a_signal(start: Start, tmp_path: Path) -> None:
    # The app is no controlling process here, so that the kernel sends it nothing: it has to notice by itself.
    ours = "import os, runpy, sys; os.setsid(); runpy.run_path(sys.argv[1], run_name='__main__')"
    watcher = (
        "import os, signal, subprocess, sys\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        f"child = subprocess.Popen([sys.executable, '-c', {ours!r}, sys.argv[1]])\n"
        "code = child.wait(timeout=20)\n"
        "open(os.environ['DEMO_NOTES'], 'a').write(f'code {code}\\n')\n"
    )
    session = start(argv=[sys.executable, "-c", watcher, str(DEMO)])
    session.hang_up()
    assert session.wait_exit() == 0
    assert (tmp_path / "notes").read_text() == "unmount\ncode 129\n"


def test_suspension_gives_the_terminal_away_and_takes_it_again(start: Start, tmp_path: Path) -> None:
    session = start()
    session.send("typed")
    session.wait_for("typed")
    before = session.lines()
    session.press("ctrl+z")
    session.wait_stopped()
    assert (tmp_path / "notes").read_text() == "suspend\n"
    session.wait_quiet(0.1)
    assert judged(session).modes == {7, 25}
    mark = session.mark()
    session.signal(signal.SIGCONT)
    session.wait_for(lambda s: b"typed" in s.bytes_since(mark))
    session.wait_quiet()
    assert session.lines() == before
    assert session.cursor == (5, 1)
    session.send("!")
    session.wait_for("typed!")
    assert (tmp_path / "notes").read_text() == "suspend\nresume\n"


def test_a_stop_from_outside_is_survived(start: Start) -> None:
    session = start()
    session.send("typed")
    session.wait_for("typed")
    session.signal(signal.SIGSTOP)
    session.wait_stopped()
    mark = session.mark()
    session.signal(signal.SIGCONT)
    session.wait_for(lambda s: b"typed" in s.bytes_since(mark))
    session.send("!")
    session.wait_for("typed!")


def test_a_child_has_the_terminal_while_the_app_is_suspended(start: Start, tmp_path: Path) -> None:
    session = start()
    session.press("f8")
    session.wait_for("CHILD ON SCREEN")
    session.send("\n")
    session.wait_for("back")
    assert (tmp_path / "notes").read_text() == "suspend\nresume\n"
    session.send("still here")
    session.wait_for("still here")


def test_a_resize_repaints(start: Start) -> None:
    session = start()
    session.send("typed")
    session.wait_for("typed")
    for size in ((60, 20), (120, 40), (61, 20), (120, 40)):
        mark = session.mark()
        session.resize(*size)
        session.wait_for(lambda s, m=mark: b"typed" in s.bytes_since(m))
        session.wait_quiet()
        assert session.lines()[1].startswith("typed")
        assert session.cursor == (5, 1)


def test_a_resize_that_ends_where_it_began_repaints(start: Start) -> None:
    session = start()
    session.send("typed")
    session.wait_for("typed")
    mark = session.mark()
    session.signal(signal.SIGWINCH)
    session.wait_for(lambda s: b"typed" in s.bytes_since(mark))


def test_pasted_and_typed_keys_are_told_apart(start: Start) -> None:
    session = start()
    session.send("\x1b[200~pas\tted\x1b[201~!" + keys("tab"))
    session.wait_for(lambda s: s.cursor == (0, 2))
    assert session.lines()[1] == "pas     ted!"


def test_keys_of_one_packet_act_in_their_order(start: Start) -> None:
    session = start()
    session.send("abx" + keys("backspace") + "c" + keys("tab") + "de" + keys("home") + "f")
    session.wait_for(lambda s: s.cursor == (1, 2))
    session.wait_quiet()
    assert session.lines()[1:3] == ["abc", "fde"]
