"""A rep's whole day over a slow line: 256 kbit/s, 80 ms there and back.

The line is computed: the program runs at full speed, what it writes for each key is noted with its time,
and those writes are sent through the line one after the other, at a typist's pace.
"""

from __future__ import annotations

from benchmarks.bench import READY, Bench
from benchmarks.table import Line
from benchmarks.terminal import Terminal

_LEADS = 40
_SWITCHES = ("f4", "f2", "f3", "f2", "f4")
_BYTES_PER_MS = 256_000 / 8 / 1000
_ROUND_TRIP = 80.0
_GRACE = 10.0
_FRAME = 0.045
"""Seconds: Textual draws sixty times a second at most; a key that comes sooner waits for the next time, and
no typist is as quick."""
_BETWEEN_LETTERS = 150.0
_AFTER_A_SCREEN = 600.0
"""Milliseconds: five letters in a second are a good typist; after another screen, a rep looks first."""


def _values(number: int) -> tuple[str, ...]:
    """Return what is typed of one caller into the form's fields, in their order.

    Each is somebody else: who was there before is told of in the form, which is another thing to measure.
    """
    own = "".join(chr(ord("a") + number // 26**place % 26) for place in (2, 1, 0))
    return (
        "Ada",
        f"Lovel{own}",
        f"Engi{own}",
        f"ada@{own}.example",
        f"20794600{number:02}",
        f"77009001{number:02}",
        "Countess",
        "",  # Lead Status: a list of choices is passed by
        "",  # Industry
        f"{own}.example",
        "420",
        "1250000",
    )


class Line256:
    """The line to the rep, as a queue: bytes wait for those before them."""

    def __init__(self) -> None:
        self.total = 0
        self.in_time: dict[str, list[bool]] = {"letter": [], "tab": [], "screen": []}
        self._now = 0.0
        self._free = 0.0

    def send(self, chunks: list[tuple[float, int]], kind: str) -> None:
        """Take what was written for the next key, and see when its effect begins to arrive."""
        pressed = self._now
        arrived = pressed
        for place, (after, size) in enumerate(chunks):
            written = pressed + _ROUND_TRIP / 2 + after
            self._free = max(self._free, written) + size / _BYTES_PER_MS
            self.total += size
            if place == 0:
                arrived = self._free + _ROUND_TRIP / 2
        self.in_time[kind].append(arrived - pressed <= _ROUND_TRIP + _GRACE)
        self._now += _AFTER_A_SCREEN if kind == "screen" else _BETWEEN_LETTERS

    def share(self, kind: str) -> float:
        """Return how many in a hundred keys of a kind showed their effect in time."""
        return 100 * sum(self.in_time[kind]) / len(self.in_time[kind])


def day(bench: Bench) -> list[Line]:
    """Forty leads of ten fields, five tab switches each."""
    line = Line256()
    with bench.settled(size=(80, 24)) as terminal:
        for number in range(_LEADS):
            _lead(terminal, line, _values(number))
            for key, text in zip(
                _SWITCHES, ("created", READY, "Client secret", READY, "created"), strict=True
            ):
                effect = terminal.act(key, lambda wanted=text: terminal.row_of(wanted) >= 0, quiet=0.05)
                line.send(list(effect.chunks), "screen")
            effect = terminal.act("f2", lambda: terminal.row_of(READY) >= 0, quiet=0.05)
            line.send(list(effect.chunks), "screen")
    letters, within = line.share("letter"), "within a round trip and 10 ms"
    measured = f"{letters:.2f} % (of {len(line.in_time['letter']):,})"
    return [
        Line("a rep's day over 256 kbit/s: bytes in all", f"{line.total:,}", "", None),
        Line(f"a rep's day: letters echoed {within}", measured, ">= 99 %", letters >= 99),
        Line(f"a rep's day: fields reached {within}", f"{line.share('tab'):.2f} %", "", None),
    ]


def _lead(terminal: Terminal, line: Line256, values: tuple[str, ...]) -> None:
    for value in values:
        for letter in value:
            before = terminal.cursor
            _, chunks = terminal.tap(
                f"text:{letter}", lambda was=before: terminal.cursor != was, quiet=_FRAME
            )
            line.send(chunks, "letter")
        before = terminal.cursor
        _, chunks = terminal.tap("tab", lambda was=before: terminal.cursor != was, quiet=_FRAME)
        line.send(chunks, "tab")
    effect = terminal.act("ctrl+s", lambda: terminal.row_of(values[2]) < 0, quiet=0.1)
    line.send(list(effect.chunks), "screen")
