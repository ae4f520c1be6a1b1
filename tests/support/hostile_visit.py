"""A walk through every screen of the app, judged all the way by the strict model of a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable

from hostile import PAYLOADS, begin
from hostile_org import NUMBERED
from model_terminal import ModelTerminal
from pty_session import PtySession, keys

SIZE = (120, 40)
FIRST_FIELDS = 4
"""How many fields of the form come before the hostile ones."""
DETAILS = 4
"""Of how many leads in the Log one is opened."""


class Visit:
    """A session and the model that has read every byte of it.

    ``pages`` are all the screens that were seen, joined; reading on raises where the model knows a sequence
    not, and fails where text acted on the terminal.
    """

    def __init__(self, session: PtySession) -> None:
        self.session = session
        self.model = ModelTerminal(*SIZE)
        self.pages: dict[str, str] = {}
        self._read = 0

    def read(self, place: str) -> None:
        """Judge what was written since, and keep the screen as a page of *place*."""
        data = bytes(self.session.raw[self._read :])
        self._read += len(data)
        assert b"\x1b]8" not in data, "a live link"
        self.model.feed(data)
        assert self.model.copied == [], "something was copied"
        assert self.model.bells == 0, "it rang"
        self.pages[place] = self.pages.get(place, "") + "\n".join(self.model.lines()) + "\n"

    def do(self, place: str, *names: str, quiet: float = 0.06) -> None:
        """Press keys, wait until nothing more comes, and read."""
        self.session.press(*names)
        self.settle(place, quiet)

    def settle(self, place: str, quiet: float = 0.06) -> None:
        """Wait until nothing more comes, and read."""
        self.session.wait_quiet(quiet, timeout=40)
        self.read(place)

    def look_for(self, place: str, text: str) -> None:
        """Read until *text* is there, for some seconds at most: some of it cannot be seen without `clean`."""
        for _ in range(60):
            self.read(place)
            if text.rstrip() in "\n".join(self.model.lines()):
                return
            self.session._pump(0.05)

    def back(self, place: str) -> None:
        """Press Esc, which is told from the start of a sequence by time alone."""
        mark = self.session.mark()
        self.session.press("escape")
        self.session.wait_for(lambda s: s.mark() > mark)
        self.settle(place)

    def send(self, place: str, data: str | bytes) -> None:
        """Send bytes as a terminal would, and read what comes of it."""
        self.session.send(data)
        self.settle(place)

    def step(self, place: str, key: str) -> None:
        """Press one key and read the next thing that is drawn; a key that changes nothing costs a moment."""
        mark = self.session.mark()
        self.session.press(key)
        for _ in range(30):  # a machine that is busy answers late
            if self.session._pump(0.05) and self.session.mark() > mark:
                break
        while self.session._pump(0.04):  # the status line comes after the field
            pass
        self.read(place)

    def click(self, place: str, text: str) -> None:
        """Click on every place where *text* stands."""
        for y, line in enumerate(self.model.lines()):
            for match in re.finditer(re.escape(text), line):
                at = f"{match.start() + 2};{y + 1}"
                self.send(place, f"\x1b[<0;{at}M\x1b[<0;{at}m")


def walk(visit: Visit, wrong: Callable[[], object]) -> None:
    """Go everywhere; *wrong* lets the server refuse the next lead in a stranger's words."""
    session = visit.session
    session.wait_for("· eu ·", timeout=30)
    visit.settle("first", 0.3)
    _form(visit)
    _paste(visit)
    _send(visit, wrong)
    _lists(visit)
    _settings(visit)


def _form(visit: Visit) -> None:
    for _ in range(FIRST_FIELDS):
        visit.step("form", "tab")
    for number, text in NUMBERED.items():
        if any(line.startswith("▸") for line in visit.model.lines()):  # a folded title
            visit.step("form", "enter")
        visit.look_for("form", f"h{number}{begin(text)}")
        visit.step("form", "tab")
    visit.settle("form")
    visit.do("form", "f2")
    visit.do("help", "f8")
    for _ in range(3):
        visit.do("help", "pagedown")
    visit.do("help", "q")


def _go_to(visit: Visit, label: str, key: str = "tab") -> None:
    for _ in range(2 * len(PAYLOADS)):
        if _is_at(visit, label):
            visit.settle("form")  # a key that was pressed before may still act
            if _is_at(visit, label):
                return
        visit.step("form", key)
    raise AssertionError(f"No field {label}\n{visit.session.picture()}")


def _is_at(visit: Visit, label: str) -> bool:
    return any(f"▸ {label} " in f"{line} " for line in visit.model.lines())


def _paste(visit: Visit) -> None:
    _go_to(visit, "Rating")
    visit.do("choices", "enter")
    for _ in range(len(PAYLOADS) // 8):
        visit.do("choices", "pagedown", quiet=0.15)
    visit.back("choices")
    _go_to(visit, "Last Name", "shift+tab")
    for number, text in enumerate(PAYLOADS.values()):
        whole = f"p{number:02d}{text[:3000]}".encode("utf-8", "replace").decode()
        visit.session.send(f"\x1b[200~{whole}\x1b[201~" + keys("home"))
        visit.look_for("paste", begin(whole))
        visit.session.press("end", "ctrl+u")
    visit.settle("paste")
    # A paste that brings its own end: the terminal should have taken it out, and what follows is typed.
    visit.send("paste", "\x1b[200~fake\x1b[201~\x1b]0;owned\x07\x1b[2J\x1b[201~")
    visit.do("paste", "ctrl+u")
    for byte in b"\x1b[200~sl\x1b]0;ow\xc2\x9b31m\xe2\x80\xaened\x1b[201~":
        visit.session.send(bytes([byte]))
        visit.session._pump(0.002)
    visit.settle("paste", 0.3)
    visit.do("paste", "ctrl+u")
    # Without brackets it is typed: keys may act, bytes may not come back.
    for name in ("title", "colour", "clear", "c1 csi", "dcs", "apc", "override", "tags", "action"):
        visit.send("typed", PAYLOADS[name])
    visit.session.wait_quiet(0.4)
    visit.do("typed", "f2")


def _send(visit: Visit, wrong: Callable[[], object]) -> None:
    _go_to(visit, "Last Name")
    visit.do("form", "ctrl+u")
    visit.session.send("Roe" + PAYLOADS["action"])
    _go_to(visit, "Company")
    visit.session.send("Acme[/x]")
    _go_to(visit, "Description")
    visit.session.send(
        "\x1b[200~" + "\n".join(PAYLOADS[name][:60] for name in ("title", "clear")) + "\x1b[201~"
    )
    visit.settle("form")
    wrong()
    visit.session.press("ctrl+s")
    visit.session.wait_for("not created")
    visit.settle("toast")
    visit.click("toast", "@click")
    visit.do("log", "f4")
    visit.do("error", "e")
    visit.settle("error", 0.2)
    visit.do("parked", "ctrl+n")


def _lists(visit: Visit) -> None:
    visit.do("drafts", "ctrl+o", quiet=0.3)
    visit.click("drafts", "@click")
    for _ in range(3):
        visit.do("drafts", "pagedown", quiet=0.15)
    visit.do("drafts", "q", quiet=0.2)
    visit.do("log", "f4", quiet=0.2)
    newest, text = list(NUMBERED.items())[-1]
    visit.look_for("log", f"L{newest}{begin(text)}")
    for _ in range(4):
        visit.do("log", "pagedown", quiet=0.2)
    visit.click("log", "@click")
    for _ in range(len(PAYLOADS) // DETAILS):
        visit.session.press("enter")
        visit.session.wait_for("What was typed")
        visit.settle("details", 0.04)
        visit.session.press("q")
        visit.session.wait_gone("What was typed")
        visit.session.press(*["up"] * DETAILS)
        visit.settle("log", 0.04)
    visit.do("palette", "ctrl+p", quiet=0.3)
    for name in ("title", "clear", "c1 csi", "close tag", "action", "override"):
        visit.send("palette", f"\x1b[200~{PAYLOADS[name]}\x1b[201~")
    visit.back("palette")


def _settings(visit: Visit) -> None:
    visit.do("settings", "f3", quiet=0.2)
    for _ in range(8):
        visit.step("settings", "tab")
    visit.session.press("f7")
    visit.session.wait_for("Signed in as")
    visit.settle("settings", 0.4)
    visit.do("settings", "f8")
    visit.do("settings", "q")


LEAVE = keys("ctrl+q")
