import os
from threading import Event

import pytest
from textual import events

from tui.terminal.keyboard import Keyboard
from tui.terminal.paste import PasteReader

HOSTILE = "abc\x1b[31m\x13red\n\x11x\x1b]52;c;eA==\x07"
SENT = f"a\x1b[200~{HOSTILE}\x1b[201~z\x1b[A"


def parts(*pieces: str) -> list[tuple[bool, str]]:
    reader = PasteReader()
    found = [part for piece in pieces for part in reader.feed(piece)]
    return found + list(reader.flush())


def joined(found: list[tuple[bool, str]]) -> list[tuple[bool, str]]:
    typed: list[tuple[bool, str]] = []
    for pasted, text in found:
        if typed and not pasted and not typed[-1][0]:
            typed[-1] = (False, typed[-1][1] + text)
        else:
            typed.append((pasted, text))
    return typed


WHOLE = [(False, "a"), (True, HOSTILE), (False, "z\x1b[A")]


def test_a_paste_is_one_text_whatever_is_in_it() -> None:
    assert parts(SENT) == WHOLE


@pytest.mark.parametrize("cut", range(1, len(SENT)))
def test_a_paste_may_come_in_pieces(cut: int) -> None:
    assert joined(parts(SENT[:cut], SENT[cut:])) == WHOLE


def test_a_paste_may_come_letter_by_letter() -> None:
    assert joined(parts(*SENT)) == WHOLE


def test_an_empty_paste_is_one_too() -> None:
    assert parts("\x1b[200~\x1b[201~") == [(True, "")]


def test_an_esc_of_its_own_is_typed_once_nothing_follows() -> None:
    reader = PasteReader()
    assert list(reader.feed("a\x1b")) == [(False, "a")]
    assert list(reader.flush()) == [(False, "\x1b")]
    assert list(reader.flush()) == []


def test_a_paste_without_an_end_is_not_typed() -> None:
    assert parts("\x1b[200~abc\x13") == []


def test_the_keyboard_gives_no_key_of_a_paste() -> None:
    there, here = os.pipe()
    got: list[object] = []
    done = Event()

    def take(message: object) -> None:
        got.append(message)
        if isinstance(message, events.Key) and message.key == "up":
            done.set()

    keyboard = Keyboard(there, debug=False, on_message=take, on_vanished=done.set)
    keyboard.start()
    os.write(here, SENT.encode())
    assert done.wait(10)
    keyboard.stop()
    os.close(here)
    os.close(there)
    assert [message.text if isinstance(message, events.Paste) else message.key for message in got] == [
        "a",
        HOSTILE,
        "z",
        "up",
    ]
