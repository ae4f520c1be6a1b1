"""A mail in its parts: who sent it, what it says, how it is signed, and what it answers to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from zoho.leads.pasted import untyped
from zoho.leads.pasted.closings import is_closing, is_small_print
from zoho.leads.pasted.labels import bare, labelled
from zoho.leads.pasted.page import LONGEST_LINE, MOST_LINES

if TYPE_CHECKING:
    from collections.abc import Callable

_FROM: Final = (
    "from|von|de|da|van|od|от|від|απο|差出人|发件人|寄件者|보낸 사람|보낸사람|"
    "من|מאת|fra|från|gonderen|kimden|felado|lahettaja"
)
_HEADERS: Final = (
    "to|an|a|para|aan|do|кому|προς|宛先|收件人|받는 사람|받는사람|الى|אל|til|till|kime|cimzett|sent|"
    "gesendet|envoye|enviado|enviada em|enviado em|inviato|verzonden|wyslano|отправлено|надіслано|date|"
    "datum|fecha|data|дата|ημερομηνια|日時|送信日時|日期|发送时间|날짜|보낸 날짜|التاريخ|תאריך|dato|tarih|"
    "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|temat|тема|θεμα|件名|主题|主題|제목|الموضوع|"
    "נושא|emne|amne|konu|targy|cc|kopie|kopia|копия|bcc|reply to|antwort an|importance|attachments"
)
_ADDRESSED: Final = re.compile(r"<?\s*(?:mailto:)?[\w.+%&'-]{1,64}@[\w.-]{3,200}\s*>?")
_FORWARDED: Final = re.compile(
    r"^[-_*\s>]{2,}[^\n]{0,80}?(?:forwarded|original|weitergeleitet|ursprüngliche|transféré|reenviado|"
    r"inoltrato|encaminhada|"
    r"doorgestuurd|przekazan|пересыла|переслан|пересилан|προωθη|転送|转发|전달)[^\n]{0,60}$"
    r"|^\s*begin forwarded message:?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """The parts of a mail.

    Args:
        sender: what stands behind ``From:``, or an empty text.
        headers: the other lines of the head.
        message: what was written, without greeting line and signature taken off.
        signature: from the line that closes the letter on.
        earlier: what the mail answers to.
    """

    sender: str = ""
    headers: str = ""
    message: str = ""
    signature: str = ""
    earlier: str = ""


@cache
def _from_words() -> frozenset[str]:
    return frozenset(bare(word) for word in _FROM.split("|"))


@cache
def _header_words() -> frozenset[str]:
    return frozenset(bare(word) for word in _HEADERS.split("|"))


def is_from(line: str) -> bool:
    """Say whether a line tells who a mail is from."""
    found = labelled(line)
    return found is not None and bare(found[0]) in _from_words()


def is_header(line: str) -> bool:
    """Say whether a line belongs to the head of a mail."""
    found = labelled(line)
    return found is not None and (bare(found[0]) in _header_words() or bare(found[0]) in _from_words())


def has_head(lines: list[str]) -> bool:
    """Say whether lines have a mail's head: a sender beside another header, or the mark of a forward."""
    if any(_FORWARDED.match(line[:LONGEST_LINE]) for line in lines[:MOST_LINES]):
        return True
    return any(_begins_a_head(lines, number) for number in range(min(len(lines), MOST_LINES)))


def _begins_a_head(lines: list[str], number: int) -> bool:
    line = lines[number]
    if len(line) > LONGEST_LINE or not is_from(line):
        return False
    near = [other for other in lines[number + 1 : number + 5] if len(other) <= LONGEST_LINE]
    return any(map(is_header, near)) or (bool(_ADDRESSED.search(line)) and number == 0)


def read_letter(text: str) -> Letter:
    """Return the parts of a mail; of several forwarded ones the last head counts, since there it began."""
    lines = text.split("\n")
    heads = [number for number in range(min(len(lines), MOST_LINES)) if _begins_a_head(lines, number)]
    first = heads[0] if heads else 0
    above = "\n".join(line for line in lines[:first])
    body = lines[first:]
    sender, headers, body = _head(body) if heads else ("", "", body)
    own, earlier = _without_earlier(body)
    message, signature = signed(own)
    if (
        above.strip()
        and heads
        and not _FORWARDED.match(above.strip().split("\n")[-1])
        and len(above.split()) > 12
    ):
        # The rep's own copy of a thread: what stands above the first head is the newest mail.
        message, signature = signed(lines[:first])
        return Letter("", "", message, signature, "\n".join(lines[first:]))
    headers = "\n".join(filter(None, (above, headers)))
    return Letter(sender, headers, message, signature, earlier)


def _head(lines: list[str]) -> tuple[str, str, list[str]]:
    sender, kept = "", list[str]()
    for number, line in enumerate(lines[:12]):
        found = labelled(line)
        if found and not sender and is_from(line):
            sender = found[1]
        elif (found and is_header(line)) or (line.startswith((" ", "\t")) and kept):
            kept.append(line)
        else:
            return sender, "\n".join(kept), lines[number:]
    return sender, "\n".join(kept), lines[12:]


def _without_earlier(lines: list[str]) -> tuple[list[str], str]:
    """Return the lines of the newest mail, and the earlier ones that it quotes."""
    short = [line[:LONGEST_LINE] for line in lines[:MOST_LINES]]
    where = next(
        (number for number, line in enumerate(short) if _wrote(line) or _ends_in_wrote(short, number)), None
    )
    if where is None and any(_FORWARDED.match(line) or is_from(line) for line in short):
        newest, first = untyped.newest_mail(_squeezed(short))
        if newest:
            where = next(
                (number for number, line in enumerate(short) if first and line.strip() == first), None
            )
    if not where:
        return lines, ""
    return lines[:where], "\n".join(lines[where:])


def _squeezed(lines: list[str]) -> str:
    """Return lines without long runs of blanks, so that no expression has to try them in many ways."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(re.sub(r"[ \t]{2,}", " ", line.strip()) for line in lines))


_WROTE: Final = re.compile(
    r"(?:wrote|schrieb.{0,80}|a écrit|escribió|ha scritto|escreveu|schreef.{0,60}|napisał\(?a?\)?|пишет|"
    r"писал\(?а?\)?|пише"
    r"|έγραψε|写道|のメール|작성|كتب|כתב.{0,40}|skrev.{0,60}|írta|yazdı)\s*[:：]\s*$",
    re.IGNORECASE,
)


def _wrote(line: str) -> bool:
    return bool(re.search(r"\d", line)) and bool(_WROTE.search(line))


def _ends_in_wrote(lines: list[str], number: int) -> bool:
    """Say whether a line and the one below it are "On Monday, 3 March ... <ada@x.com>" and "wrote:"."""
    below = lines[number + 1] if number + 1 < len(lines) else ""
    return bool(re.search(r"\d", lines[number])) and len(below) < 60 and bool(_WROTE.search(below))


def signed(lines: list[str]) -> tuple[str, str]:
    """Return message and signature: the last line that closes a letter is where the signature begins."""
    looked: list[Callable[[str], bool]] = [is_closing, _is_dashes, _is_rule]
    for begins in looked:
        where = next(
            (
                number
                for number, line in enumerate(lines[:MOST_LINES])
                if begins(line.strip()) and any(other.strip() for other in lines[number + 1 :])
            ),
            None,
        )
        if where is not None:
            return "\n".join(lines[:where]).strip(), "\n".join(lines[where:])
    return _by_blank_lines(lines)


def _is_dashes(line: str) -> bool:
    return line in ("--", "—", "- -")


def _is_rule(line: str) -> bool:
    return len(line) >= 4 and not re.search(r"[^\s_\-=*~─━═]", line)


def _by_blank_lines(lines: list[str]) -> tuple[str, str]:
    """Return message and signature where nothing closes the letter: prose first, then short lines."""
    prose = [number for number, line in enumerate(lines) if is_prose(line) and not is_small_print(line)]
    if not prose:
        return "", "\n".join(lines)
    last = prose[-1] + 1
    return "\n".join(lines[:last]).strip(), "\n".join(lines[last:])


def is_prose(line: str) -> bool:
    """Say whether a line is (part of) a sentence: words without figures, and a mark of a sentence."""
    words = line.split()
    if len(line) > LONGEST_LINE:
        return True
    if re.search(r"[。！？]\s*$", line) and len(line) > 8:
        return True
    if len(words) < 4 or "@" in line or "|" in line:
        return False
    small = sum(word[0].isalpha() and not word[0].isupper() for word in words)
    return (bool(re.search(r"[.!?…]\s*$", line)) and small >= 3) or (
        len(words) > 9 and small > len(words) // 2
    )
