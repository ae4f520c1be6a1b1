"""Text that a stranger may have written, and what a person must see of it.

`seen` is written a second time here, from the Unicode categories: a test that asked `clean` what is right
would agree with its mistakes.
"""

from __future__ import annotations

import unicodedata

ESC, BEL, ST = "\x1b", "\x07", "\x1b\\"

PAYLOADS: dict[str, str] = {
    "bare escape": f"a{ESC}b",
    "colour": f"a{ESC}[31mb",
    "clear": f"a{ESC}[2Jb",
    "home": f"a{ESC}[Hb",
    "address": f"a{ESC}[5;5Hb",
    "scroll region": f"a{ESC}[2;4rb",
    "alternate screen": f"a{ESC}[?1049lb",
    "show cursor": f"a{ESC}[?25hb",
    "mouse": f"a{ESC}[?1000hb",
    "insert mode": f"a{ESC}[4hb",
    "reset": f"a{ESC}cb",
    "soft reset": f"a{ESC}[!pb",
    "charset": f"a{ESC}(0b",
    "index": f"a{ESC}Mb",
    "ask device": f"a{ESC}[cb",
    "ask cursor": f"a{ESC}[6nb",
    "ask title": f"a{ESC}[21tb",
    "kitty keys": f"a{ESC}[>1ub",
    "print screen": f"a{ESC}[5ib",
    "unfinished csi": f"a{ESC}[",
    "title": f"a{ESC}]0;owned{BEL}b",
    "title by st": f"a{ESC}]2;owned{ST}b",
    "link": f"a{ESC}]8;;https://evil.test{ST}b{ESC}]8;;{ST}",
    "clipboard": f"a{ESC}]52;c;ZXZpbA=={BEL}b",
    "palette": f"a{ESC}]4;1;rgb:ff/00/00{BEL}b",
    "notify": f"a{ESC}]9;owned{BEL}b",
    "iterm file": f"a{ESC}]1337;File=name=eA==:AAAA{BEL}b",
    "unfinished osc": f"a{ESC}]0;owned",
    "dcs": f"a{ESC}P+q544e{ST}b",
    "sixel": f"a{ESC}Pq#0;2;0;0;0{ST}b",
    "tmux": f"a{ESC}Ptmux;{ESC}{ESC}]0;owned{BEL}{ST}b",
    "apc": f"a{ESC}_Gi=1;AAAA{ST}b",
    "pm": f"a{ESC}^owned{ST}b",
    "sos": f"a{ESC}Xowned{ST}b",
    "c1 csi": "a\x9b31mb",
    "c1 osc": "a\x9d0;owned\x9cb",
    "c1 dcs": "a\x90q\x9cb",
    "c1 apc": "a\x9fx\x9cb",
    "next line": "a\x85b",
    "nul": "a\x00b",
    "bell": f"a{BEL}b",
    "backspace": "secret\b\b\b\b\b\bb",
    "delete": "a\x7fb",
    "vertical tab": "a\x0bb",
    "form feed": "a\x0cb",
    "shift out": "a\x0eb\x0f",
    "xoff": "a\x13b\x11",
    "substitute": "a\x1ab",
    "separators": "a\x1c\x1d\x1e\x1fb",
    "override": "a\u202etxt.exe",
    "embedding": "a\u202b\u202ab\u202c",
    "isolate": "a\u2067b\u2069",
    "marks": "a\u200eb\u200fc\u061cd",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "zero width space": "a\u200bb",
    "byte order mark": "a\ufeffb",
    "word joiner": "a\u2060b\u2061c",
    "deprecated": "a\u206ab\u206fc",
    "annotation": "a\ufff9b\ufffac\ufffbd",
    "vowel separator": "a\u180eb",
    "tags": "a" + "".join(chr(0xE0000 + ord(c)) for c in "evil") + "b",
    "lone surrogate": "a\ud83db\udc00",
    "close tag": "a[/x]b",
    "open tag": "a[bold red",
    "action": "a[@click=app.quit]b[/]",
    "markup link": "a[link=https://evil.test]b[/link]",
    "escaped bracket": "a\\[b]\\",
    "variable": "a$nameb[$error]",
    "format": "a{0}%s%(x)s{x!r}b",
    "family": "a👩‍👩‍👧b",
    "persian": "می‌خواهم",
    "hebrew": "aשלום",
    "cjk": "漢字漢字",
    "combining": "e\u0301" + "\u0316" * 300 + "b",
    "only combining": "\u0301\u0302b",
    "hangul filler": "a\u3164b",
    "soft hyphen": "a\xadb",
    "keycap": "a1\ufe0f\u20e3b",
    "heart": "a❤️b",
    "flag": "a🇩🇪b",
    "wide wall": "漢" * 300,
    "long word": "x" * 20_000,
    "long text": "word " * 20_000,
}
"""At most 100 kB each; a megabyte has a test of its own."""

_ALSO_INVISIBLE = {*range(0x2060, 0x2066), 0x115F, 0x1160, 0x3164, 0xFFA0}
_KEPT = {0x200C, 0x200D, 0xAD, 0x09, 0x0A}


def _is_harmful(character: str) -> bool:
    code, category = ord(character), unicodedata.category(character)
    return code not in _KEPT and (category in ("Cc", "Cf", "Cs", "Zl", "Zp") or code in _ALSO_INVISIBLE)


def seen(text: str) -> str:
    """Return what a person sees of *text* on one line, whatever its length."""
    shown = ""
    for character in text.replace("\r\n", "\n").replace("\r", "\n"):
        code = ord(character)
        if character in "\n\t":
            shown += " "
        elif not _is_harmful(character):
            shown += character
        elif code < 0x20 or code == 0x7F:
            shown += "^" + chr(code ^ 0x40)
        else:
            shown += f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return shown


def begin(text: str, length: int = 9) -> str:
    """Return the beginning of what a person sees of *text*, which fits everywhere."""
    return seen(text[:40])[:length]
