"""What is used of libraries that ship no types, with types; each is imported where it is needed."""

# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false
# cleanco and mailparser_reply have neither annotations throughout nor stubs.

from __future__ import annotations

from collections.abc import Iterator


def without_accents(text: str) -> str:
    """Return a text in small letters without accents (`cleanco`): ``Škoda`` as ``skoda``."""
    from cleanco.clean import remove_accents

    return str(remove_accents(text))


def legal_forms() -> Iterator[tuple[str, ...]]:
    """Yield the legal forms of companies that `cleanco` knows, each as small words without points."""
    from cleanco.clean import prepare_default_terms

    for _, words in prepare_default_terms():
        yield tuple(map(str, words))


def newest_mail(text: str) -> tuple[str, str]:
    """Return the newest mail of a thread and the first line of the one before (`mailparser_reply`).

    Both are empty where it finds one mail alone, or nothing written in the newest.
    """
    from mailparser_reply.constants import MAIL_LANGUAGES
    from mailparser_reply.parser import EmailMessage

    known = [language for language in MAIL_LANGUAGES if language != "david"]  # a joke of the library
    replies = EmailMessage(text=text, languages=known, keep_hyphen_lists=True).read().replies
    newest = str(replies[0].content).strip() if len(replies) > 1 else ""
    return (newest, str(replies[1].content).strip().split("\n")[0].strip()) if newest else ("", "")
