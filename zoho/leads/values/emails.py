"""E-mail addresses: taken out of what was pasted, checked, and looked at for slips of the finger."""

from __future__ import annotations

import re
from urllib.parse import unquote

from zoho.leads.values.wrong import WrongValueError

_NAMED = re.compile(r"(.*?)\s*<\s*(?:mailto:)?\s*([^<>\s]+)\s*>\s*[;,]?", re.IGNORECASE | re.DOTALL)

_COMMON = (
    *(
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "rocketmail.com",
        "hotmail.com",
        "outlook.com",
        "icloud.com",
    ),
    *("protonmail.com", "fastmail.com", "comcast.net", "verizon.net", "btinternet.com", "rediffmail.com"),
    *("yahoo.co.uk", "hotmail.co.uk", "yahoo.co.in", "t-online.de", "wanadoo.fr"),
)
"""Domains with which another one is compared. None is short: among short names every second one is near."""

_NEAR_AND_RIGHT = frozenset({"mail.com", "email.com", "ymail.com"})
_TYPED_FOR_COM = frozenset({"co", "cm", "om"})
"""They end the addresses of countries too; behind the name of a provider a slip is likelier."""

_DISPOSABLE = frozenset(
    {
        *("10minutemail.com", "burnermail.io", "discard.email", "dispostable.com", "emailondeck.com"),
        *("fakeinbox.com", "getnada.com", "grr.la", "guerrillamail.com", "guerrillamail.info"),
        *("guerrillamail.net", "guerrillamail.org", "inboxkitten.com", "maildrop.cc", "mailcatch.com"),
        *("mailinator.com", "mailinator.net", "mailnesia.com", "mintemail.com", "moakt.com", "mohmal.com"),
        *("mytemp.email", "sharklasers.com", "spamgourmet.com", "temp-mail.org", "tempail.com"),
        *("tempmail.com", "tempmail.net", "tempr.email", "throwawaymail.com", "trashmail.com"),
        *("trashmail.de", "yopmail.com", "yopmail.fr", "yopmail.net"),
    }
)
"""The best known ones alone. It is for a hint: a list of tens of thousands is stale within a week, and what
it names wrongly would make a rep doubt a good lead."""


def split_address(text: str) -> tuple[str, str]:
    """Return name and address of ``Bob Roe <bob@x.com>``, ``mailto:bob@x.com?subject=Hi``, ``bob@x.com``."""
    found = _NAMED.fullmatch(text.strip())
    name, address = (found[1], found[2]) if found else ("", text.strip())
    if address[:7].lower() == "mailto:":
        address = unquote(address[7:].partition("?")[0]).strip()
    name = name.strip().strip("\"'").strip()
    return ("" if "@" in name else name), address


def email_address(text: str) -> str:
    """Return the address in *text*, checked by its form alone."""
    from email_validator import EmailNotValidError, validate_email

    _, address = split_address(text)
    try:
        # The syntax alone: a rep's line may be down, and a caller's domain may have no mail today.
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise WrongValueError(f"This is no e-mail address: {_sentence(str(error))}") from None
    return address


def email_hint(text: str) -> str:
    """Return what is doubtful about an address, or nothing."""
    local, _, domain = split_address(text)[1].rpartition("@")
    domain = domain.lower()
    meant = likely_domain(domain)
    if meant:
        return f"Is it {local}@{meant}?"
    ends = domain.split(".")
    if any(".".join(ends[n:]) in _DISPOSABLE for n in range(len(ends))):
        return f"{domain} gives addresses that soon end: ask for another one."
    return ""


def likely_domain(domain: str) -> str | None:
    """Return the common domain from which *domain* differs by one slip of the finger."""
    name, _, ending = domain.partition(".")
    providers = {good.partition(".")[0] for good in _COMMON}
    of_a_country = len(ending.rpartition(".")[2]) == 2 and ending not in _TYPED_FOR_COM
    if (name in providers and of_a_country) or domain in _COMMON or domain in _NEAR_AND_RIGHT:
        return None
    return next((good for good in _COMMON if one_slip(good, domain)), None)


def one_slip(one: str, other: str) -> bool:
    """Say whether two words differ by one letter (added, left out, changed) or by two that changed places."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    left, right = one[start:], other[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:] and len(left) > 1 and len(right) > 1
    return swapped or left[1:] == right[1:] or left == right[1:] or left[1:] == right


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].lower()}{text[1:]}."
