"""A person with a browser, who signs a device in: reads what it shows, opens the page, sends the form."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin
from urllib.request import urlopen

_SHOWN = re.compile(r"Open in any browser: (\S+).*?Code: (\S+)", re.DOTALL)


class _Form(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = ""
        self.inputs: list[str] = []
        self.buttons: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.action = given["action"]
        elif tag == "input":
            self.inputs.append(given["name"])
        elif tag == "button":
            self.buttons[given["value"]] = given["name"]


def shown(text: str) -> tuple[str, str] | None:
    """Return the address and the code in what a device shows; None while it does not."""
    found = _SHOWN.search(text)
    return (found[1], found[2]) if found else None


def decide(address: str, code: str, word: str = "approve") -> str:
    """Open the page at *address*, type *code*, press the button *word*; return the page that comes."""
    with urlopen(address, timeout=10) as answer:  # an address of a test's own server
        form = _Form(answer.read().decode())
    sent = dict.fromkeys(form.inputs, code) | {form.buttons[word]: word}
    with urlopen(urljoin(address, form.action), urlencode(sent).encode(), timeout=10) as answer:
        return answer.read().decode()
