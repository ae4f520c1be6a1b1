"""The door: a pasted text, whatever it is, read into the fields of a lead."""

from __future__ import annotations

import re
from typing import Final

from zoho.leads.pasted.found import Found, Pasted, PastedKind
from zoho.wire.clean import clean

LONGEST: Final = 65_536
"""Characters of a paste that are read; what is behind them is kept in the rest."""

_ORDER: Final = (
    *("Salutation", "First_Name", "Last_Name", "Designation", "Company", "Email", "Secondary_Email", "Phone"),
    *("Mobile", "Fax", "Website", "Street", "City", "State", "Zip_Code", "Country", "Description"),
)
_INVISIBLE: Final = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES: Final = re.compile("[\u00a0\u2000-\u200a\u202f\u205f]")
_CONTACT: Final = re.compile(r"\d[\d ().-]{7,20}\d|\S@\S")
_CONTACT_WORDS: Final = 8
"""Words from which on a line with an address or a number is a sentence that mentions it."""
_LIST: Final = re.compile(r"(?<=>)\s*[;,]\s*")
_NAMED: Final = re.compile(
    r"[^<>\n]{0,120}<\s*(?:mailto:)?[^<>\s]{3,200}@[^<>\s]{3,200}\s*>[;,]?|(?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{3,200}"
)


def read_pasted(text: str, *, region: str = "") -> Pasted:
    """Read a signature, a mail, a vCard, the notice of a web form or ``Ada Lovelace <ada@x.com>``.

    Nothing leaves the machine. It may take some tens of milliseconds (the first time more than a hundred, for
    what is imported): not to be called where keys wait.

    Args:
        text: as it was pasted; cleaned here. Up to `LONGEST` characters of it are read.
        region: country of phone numbers without a code (``GB``); empty, it is not known.
    """
    raw, more = text[:LONGEST], text[LONGEST:]
    whole = clean(_INVISIBLE.sub("", _SPACES.sub(" ", raw)))
    kind, found, rest = _read(whole, region)
    if more:
        rest = f"{rest}\n{clean(more)}".strip()
    return Pasted(kind, _in_order(found), rest)


def _read(text: str, region: str) -> tuple[PastedKind, list[Found], str]:
    from zoho.leads.pasted.forms import is_form, read_form
    from zoho.leads.pasted.mails import has_head
    from zoho.leads.pasted.page import unquoted
    from zoho.leads.pasted.vcards import is_vcard, read_vcard

    if is_vcard(text):
        return "vcard", *read_vcard(text, region)
    if len(text) < 2000 and _NAMED.fullmatch(_LIST.split(text.strip())[0]):
        return "address", *_addresses(text, region)
    if has_head(text.split("\n")) or not is_form(text):
        return _letter(text, region)
    return "form", *read_form(unquoted(text), region)


def _letter(text: str, region: str) -> tuple[PastedKind, list[Found], str]:
    from zoho.leads.pasted.forms import is_form, read_form
    from zoho.leads.pasted.mails import Letter, has_head, read_letter
    from zoho.leads.pasted.page import unquoted
    from zoho.leads.pasted.signatures import mentioned, read_signature

    if is_form(unquoted(text)):
        return "form", *read_form(unquoted(text), region)
    lines = text.split("\n")
    headed = has_head(lines) or has_head(unquoted(text).split("\n"))
    letter = read_letter(text if has_head(lines) else unquoted(text))
    said = _says(letter.message.split("\n"))
    if not headed and not said and not letter.earlier:
        letter = Letter(signature=f"{letter.message}\n{letter.signature}")
    found, rest = read_signature(unquoted(letter.signature), region, sender=letter.sender)
    message = unquoted(letter.message).strip()
    if message:
        found += mentioned(message, region, {one.api_name for one in found})
        found.append(Found("Description", message, 0.75, "the message of the mail"))
    is_mail = headed or bool(message) or bool(letter.earlier)
    rest = "\n".join(part for part in (letter.headers.strip(), rest, letter.earlier.strip()) if part)
    return ("mail" if is_mail else "signature"), found, rest


def _says(lines: list[str]) -> bool:
    """Say whether lines say something in sentences; one below the first number or address is a motto."""
    from zoho.leads.pasted.mails import is_prose

    for line in lines:
        if is_prose(line):
            return True
        if len(line) <= 200 and _CONTACT.search(line) and len(line.split()) < _CONTACT_WORDS:
            return False
    return False


def _addresses(text: str, region: str) -> tuple[list[Found], str]:
    """Read ``Ada Lovelace <ada@x.com>``, the first of several."""
    from zoho.leads.pasted.addresses import checked
    from zoho.leads.pasted.people import read_name
    from zoho.leads.pasted.persons import by_mailbox
    from zoho.leads.values.emails import split_address

    first, *others = _LIST.split(text.strip())
    name, address = split_address(first)
    address = checked(address)
    if not address:
        return [], text
    found = [Found("Email", address, 0.99, "the e-mail address")]
    local = address.rpartition("@")[0]
    person = read_name(name, local=local, country=region.upper()) if name else None
    guess = by_mailbox(local) if person is None else None
    confidence, because = (
        (0.95, "beside the e-mail address") if person else (0.5, "as the e-mail address spells it")
    )
    named = person or (guess.person if guess else None)
    if named:
        parts = {"Salutation": named.salutation, "First_Name": named.first, "Last_Name": named.last}
        found += [Found(api_name, value, confidence, because) for api_name, value in parts.items() if value]
    left = named.left if named else ""
    return found, "\n".join(filter(None, [left, *others]))


def _in_order(found: list[Found]) -> tuple[Found, ...]:
    best: dict[str, Found] = {}
    for one in found:
        if one.value and (one.api_name not in best or one.confidence > best[one.api_name].confidence):
            best[one.api_name] = one
    return tuple(best[name] for name in _ORDER if name in best)
