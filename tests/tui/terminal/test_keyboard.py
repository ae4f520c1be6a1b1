"""Keys with Alt, as a terminal sends them: Esc before the letter, with anything behind it in one packet."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

import pytest
from textual import events
from textual.message import Message

from tui.terminal.keyboard import Keyboard


@contextmanager
def reading(got: Queue[Message]) -> Iterator[tuple[int, int]]:
    """Give what a keyboard reads, and what a terminal writes to; what is told comes into *got*."""
    there, here = os.pipe()
    keyboard = Keyboard(there, debug=False, on_message=got.put, on_vanished=lambda: None)
    keyboard.start()
    try:
        yield there, here
    finally:
        keyboard.stop()
        os.close(here)
        os.close(there)


def told(message: Message) -> str:
    return message.text if isinstance(message, events.Paste) else getattr(message, "key", "?")


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\x1bp", ["alt+p"]),
        ("a\x1bpb", ["a", "alt+p", "b"]),
        ("\x1bphello", ["alt+p", "h", "e", "l", "l", "o"]),
        ("\x1bp" + "x" * 40, ["alt+p", *"x" * 40]),
        ("\x1bp\x1b[A", ["alt+p", "up"]),
        ("\x1bp\x1bl", ["alt+p", "alt+l"]),
        ("\x1b\x1bp", ["escape", "alt+p"]),
        ("\x1b[112;3u", ["alt+p"]),
        ("\x1bf\x1bb", ["ctrl+right", "ctrl+left"]),
        ("\x1bOP\x1b[Z", ["f1", "shift+tab"]),
        ("\x1b[200~a\x1bpb\x1b[201~", ["a\x1bpb"]),
    ],
)
def test_alt_and_a_letter_is_a_key_of_its_own(sent: str, keys: list[str]) -> None:
    got: Queue[Message] = Queue()
    with reading(got) as (_, terminal):
        os.write(terminal, sent.encode() + b"\x1b[B")
        read = list(iter(lambda: told(got.get(timeout=10)), "down"))
    assert read == keys


def test_a_key_with_alt_is_no_text() -> None:
    got: Queue[Message] = Queue()
    with reading(got) as (_, terminal):
        os.write(terminal, b"\x1bp")
        key = got.get(timeout=10)
    assert isinstance(key, events.Key)
    assert (key.key, key.character, key.is_printable) == ("alt+p", None, False)


def type_in_turn(terminal: int, there: int, packets: list[str]) -> None:
    """Write each packet once the one before it has been read."""
    for packet in packets:
        os.write(terminal, packet.encode())
        while struct.unpack("i", fcntl.ioctl(there, termios.FIONREAD, b"\0" * 4))[0]:
            pass


@pytest.mark.parametrize(
    ("packets", "keys"),
    [
        (["\x1b", "p"], ["escape", "p"]),
        (["\x1b", "phello"], ["escape", "p", "h", "e", "l", "l", "o"]),
        (["a\x1b", "Q", "b"], ["a", "escape", "Q", "b"]),
        (["\x1b", "7"], ["escape", "7"]),
        (["\x1b", "é"], ["escape", "é"]),
        (["\x1b", "\x1b", "p"], ["escape", "escape", "p"]),
        (["\x1b", "\x1bp"], ["escape", "alt+p"]),
        (["\x1b", "[A", "p"], ["up", "p"]),
        (["\x1b", "OP", "p"], ["f1", "p"]),
        (["\x1b[20", "0~a\x1b", "pb\x1b[201~"], ["a\x1bpb"]),
        (["\x1b[200~a\x1b", "[201~p"], ["a", "p"]),
    ],
)
def test_an_esc_and_a_letter_that_come_one_after_the_other_are_two_keys(
    packets: list[str], keys: list[str]
) -> None:
    got: Queue[Message] = Queue()
    with reading(got) as (there, terminal):
        type_in_turn(terminal, there, [*packets, "\x1b[B"])
        read = list(iter(lambda: told(got.get(timeout=10)), "down"))
    assert read == keys
