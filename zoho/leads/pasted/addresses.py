"""E-mail and web addresses in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from zoho.leads.look_up.companies import domain_of
from zoho.leads.pasted.labels import EMAIL, WEB, contact_label
from zoho.leads.pasted.page import LONGEST_LINE, Page, Piece
from zoho.leads.values.emails import email_address
from zoho.leads.values.wrong import WrongValueError

_MAIL: Final = re.compile(
    r"[<(\[]?(?:mailto:)?([\w.+%&'-]{1,64}@(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24})[>)\]]?", re.IGNORECASE
)
_WEB: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>|,;\"()]{3,200}|"
    r"(?<![\w@.-])(?:[a-z0-9-]{2,63}\.){1,4}[a-z]{2,10}(?:/[^\s<>|,;]{0,200})?(?![\w@.])",
    re.IGNORECASE,
)
_ROLE_WORDS: Final = """
info contact kontakt office sales support service privacy datenschutz mail post hello hallo bonjour admin
help noreply no-reply donotreply newsletter abuse legal dpo unsubscribe wordpress webmaster team accounts
billing purchasing orders hr jobs press verkauf vertrieb buero sekretariat ventas vendas contacto contato
accueil
"""
_ROLES: Final = frozenset(_ROLE_WORDS.split())
_SOCIAL: Final = re.compile(
    r"(?:^|[/.])(?:linkedin|facebook|fb|twitter|x|instagram|xing|youtube|youtu|tiktok|calendly|t|wa|vk|"
    r"ok|pinterest"
    r"|github|skype|zoom|teams|maps|goo|g|bit|aka|apple|google|microsoft|mimecast|outlook|yelp|telegram|"
    r"weixin)\.",
    re.IGNORECASE,
)
_ENDING_WORDS: Final = """
png jpg jpeg gif svg pdf doc docx xls xlsx txt htm html zip
"""
_ENDINGS: Final = frozenset(_ENDING_WORDS.split())
_PROSE: Final = 9
"""Words beside an address from which on the line is a sentence that mentions it."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mail address in a text; ``prose`` tells that a sentence mentions it, ``role`` that it is nobody's."""

    address: str
    piece: Piece
    prose: bool

    @property
    def local(self) -> str:
        """Return what stands before the @."""
        return self.address.rpartition("@")[0]

    @property
    def role(self) -> bool:
        """Whether the mailbox is an office, not a person."""
        return self.local.casefold() in _ROLES


def mailboxes(page: Page) -> list[Mailbox]:
    """Return the addresses of a page in its order, each once. Nothing is taken yet."""
    found: dict[str, Mailbox] = {}
    for piece in page.pieces:
        if len(piece.text) > LONGEST_LINE or "@" not in piece.text:
            continue
        for match in _MAIL.finditer(piece.text):
            address = checked(match[1])
            if address:
                prose = in_a_sentence(piece) or page.is_hidden(piece)
                found.setdefault(address.casefold(), Mailbox(address, piece, prose))
    return list(found.values())


def checked(address: str) -> str:
    """Return an address if it is one by its form, else an empty text."""
    try:
        return email_address(address.strip(".'"))
    except WrongValueError:
        return ""


def in_a_sentence(piece: Piece) -> bool:
    """Say whether what stands in a piece is mentioned by a sentence: many words, most of them small."""
    words = piece.words
    return len(words) >= _PROSE and sum(word[0].islower() and "@" not in word for word in words) * 2 >= len(
        words
    )


def take_mailbox(page: Page, mailbox: Mailbox) -> str:
    """Take every mention of an address out of the lines that are no sentence; return the label before it."""
    label = ""
    for piece in page.pieces:
        if "@" not in piece.text or len(piece.text) > LONGEST_LINE or in_a_sentence(piece):
            continue
        for match in reversed(list(_MAIL.finditer(piece.text))):
            if match[1].casefold() == mailbox.address.casefold():
                label = take_labelled(piece, match.start(), match.end(), EMAIL) or label
    return label


def take_labelled(piece: Piece, start: int, end: int, kind: str) -> str:
    """Take a value and the label of that *kind* before it out of a piece; return the label, or nothing."""
    before = piece.text[:start]
    words = list(re.finditer(r"\S+", before))
    for count in (3, 2, 1):
        if len(words) >= count:
            label = before[words[-count].start() :].strip()
            if contact_label(label) == kind:
                piece.take(words[-count].start(), end)
                return label.strip(" :.,=-：")
    piece.take(start, end)
    return ""


def websites(page: Page) -> list[tuple[str, Piece, int, int]]:
    """Return the web addresses of a page that may be a company's: value, piece, and where it stands in it."""
    found: list[tuple[str, Piece, int, int]] = []
    for piece in page.open():
        if "." not in piece.text or in_a_sentence(piece):
            continue
        for match in _WEB.finditer(piece.text):
            value = match[0].rstrip("./:!?'")
            if _may_be_a_site(value):
                found.append((value, piece, match.start(), match.start() + len(value)))
    return found


def _may_be_a_site(value: str) -> bool:
    host = domain_of(value)
    if host is None or _SOCIAL.search(host) or not host.isascii():
        return False
    ending = host.rpartition(".")[2]
    explicit = value.lower().startswith(("http", "www."))
    return ending not in _ENDINGS and (explicit or value == value.lower()) and not ending.isdigit()


def labelled_web(piece: Piece, start: int) -> bool:
    """Say whether the label before a web address says that it is one."""
    before = piece.text[:start].split()
    return bool(before) and contact_label(before[-1]) == WEB
