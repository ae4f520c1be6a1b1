"""Postal addresses: the patterns of a postal code beside its town, and the line with the street before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from zoho.leads.pasted.labels import CITY, COUNTRY, STATE, STREET, ZIP, label_of, labelled
from zoho.leads.pasted.page import Page, Piece

_TOWN: Final = r"(?P<city>[^\W\d_][^\d,;|()\n]{1,40}?)"
_TOWN_LAST: Final = r"(?P<city>[^\W\d_][^\d,;|()\n]{1,40})"
_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Chicago, IL 60661 · Lincoln NE 68508-1234 · Cairns QLD 4870 · Toronto, ON M5V 2T6
        rf"{_TOWN},?\s+(?P<state>[A-Z]{{2,3}})\.?,?\s+(?P<zip>\d{{5}}(?:-\d{{4}})?|\d{{4}}|"
        rf"[A-Z]\d[A-Z] ?\d[A-Z]\d)",
        # London SW1Y 4JH
        rf"{_TOWN},?\s+(?P<zip>[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}})",
        # 24103 Kiel · D-24103 Kiel · 903 26 Umeå · 80-833 Gdańsk · 7000-123 Évora · 2685 AW Delft ·
        # 48018 Faenza (RA)
        rf"(?:(?:[A-Z]{{1,3}}|CH|FIN)-)?(?P<zip>\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}|"
        rf"\d{{4}} ?[A-Z]{{2}}(?=\s)|\d{{6}}|"
        rf"\d{{4,5}}),?\s+{_TOWN_LAST}(?:\s*\((?P<state>[A-Z]{{2}})\)|\s*-?\s*C[EÉ]DEX(?: \d+)?)?",
        # São Paulo/SP - CEP 01310-100 · São Paulo - SP, 01310-100
        rf"{_TOWN}\s*[/–-]\s*(?P<state>[A-Z]{{2}})\s*[-–,]\s*(?:CEP:?\s*)?(?P<zip>\d{{5}}-\d{{3}})",
        # Hyderabad - 500081
        rf"{_TOWN}\s*[-–]\s*(?P<zip>\d{{6}}|\d{{3}} \d{{3}})",
    )
)
_JAPAN: Final = re.compile(r"〒\s*(?P<zip>\d{3}-?\d{4})\s*(?P<street>.*)")
_STREET: Final = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|av|lane|ln|drive|dr|boulevard|blvd|bd|way|court|square|place|"
    r"parkway|highway|suite"
    r"|ste|floor|house|building|plot|estate|terrace|close|quay|wharf|rue|chemin|quai|route|allée|impasse|"
    r"cours|via|viale"
    r"|piazza|corso|strada|calle|c/|avenida|paseo|plaza|carrer|camino|carretera|rua|travessa|largo|"
    r"estrada|rodovia|ul|al|os"
    r"|pl|ulica|aleja|ул|улица|пр|проспект|вул|вулиця|пер|наб|út|utca|tér|körút|sok|cad|cd|mah|no|λεωφ|"
    r"οδός|οδος)\b[./]?"
    r"|(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|kai|straat|laan|plein|gracht|kade|"
    r"weg|dijk|gatan|vägen"
    r"|gata|vej|gade|vei|katu|tie|steenweg|dreef|hof)\b",
    re.IGNORECASE,
)
_OWN_NAME_WORDS: Final = """
Deutschland Österreich Schweiz France Suisse Belgique Luxembourg España México Argentina Colombia Italia
Svizzera Portugal Brasil Nederland België Polska Česko Slovensko Magyarország Sverige Norge Danmark Suomi
Türkiye Россия Украина Україна Беларусь Казахстан Ελλάδα 日本 中国 대한민국 USA U.S.A. UK U.K. England
Scotland Wales UAE السعودية الإمارات ישראל
"""
_OWN_NAMES: Final = _OWN_NAME_WORDS.split()


@dataclass(frozen=True, slots=True)
class Place:
    """One part of an address."""

    api_name: str
    value: str
    confidence: float
    because: str


@cache
def _countries() -> frozenset[str]:
    """Return the names of countries: in English as the time zone data has them, and the usual own ones."""
    from importlib.resources import files

    names = set(_OWN_NAMES) | {"United Kingdom", "United States of America", "The Netherlands", "Czechia"}
    try:
        table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        table = ""
    names.update(line.split("\t")[1] for line in table.splitlines() if "\t" in line and line[:1] != "#")
    return frozenset(name.casefold() for name in names)


def is_country(text: str) -> bool:
    """Say whether a text is the name of a country."""
    return text.strip(" .,").casefold() in _countries()


def looks_like_a_street(text: str) -> bool:
    """Say whether a text has a number and a word for a street, and is no sentence."""
    return bool(re.search(r"\d", text)) and len(text) <= 90 and bool(_STREET.search(text))


def take_places(page: Page) -> Iterator[Place]:
    """Take the first address of a page out of it."""
    for piece in list(page.open()):
        places = _japanese(piece) or _with_code(page, piece)
        if places:
            yield from places
            break
    else:
        for piece in page.open():
            if looks_like_a_street(piece.text) and len(piece.words) <= 9:
                yield Place(STREET, _taken(piece), 0.65, "a number and a word for a street")
                break
    for piece in page.open():
        if is_country(piece.text):
            yield Place(COUNTRY, _taken(piece).strip(" .,"), 0.9, "the name of a country")
            break


def _taken(piece: Piece) -> str:
    text = piece.text.strip(" ,;")
    piece.clear()
    return text


def _japanese(piece: Piece) -> list[Place]:
    found = _JAPAN.search(piece.text)
    if not found:
        return []
    street = found["street"].strip()
    piece.clear(but=piece.text[: found.start()] if label_of(piece.text[: found.start()]) is None else "")
    places = [Place(ZIP, found["zip"], 0.95, "behind the sign of the Japanese post")]
    return [*places, Place(STREET, street, 0.7, "behind the postal code")] if street else places


def _with_code(page: Page, piece: Piece) -> list[Place]:
    text, country = _without_country(_without_label(piece.text))
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            if not _whole(text, found) or _is_a_house(found):
                continue
            places = [
                Place(ZIP, found["zip"], 0.9, "a postal code beside its town"),
                Place(CITY, _town(found["city"]), 0.88, "beside the postal code"),
            ]
            state = found.groupdict().get("state")
            if state:
                places.append(Place(STATE, state, 0.85, "beside the postal code"))
            if country:
                places.append(Place(COUNTRY, country, 0.9, "the name of a country behind the address"))
            return [*places, *_street(page, piece, text, found)]
    return []


def _whole(text: str, found: re.Match[str]) -> bool:
    """Say whether the match ends at the end of its part, and begins at the beginning of one."""
    after, before = text[found.end() :].strip(), text[: found.start()].strip()
    return (not after or after[0] in ",;-–(|.") and (not before or before[-1] in ",;-–|·)")


def _is_a_house(found: re.Match[str]) -> bool:
    """Say whether what looked like a code and a town is a house in a street: ``2100 Sotoyome Street``."""
    return found["zip"].isdigit() and " " in found["city"].strip() and bool(_STREET.search(found["city"]))


def _town(text: str) -> str:
    return re.split(r"\s[-–]\s", text)[0].strip(" ,-–.")


def _without_label(text: str) -> str:
    found = labelled(text)
    return found[1] if found and label_of(found[0]) in ("address", STREET) else text


def _without_country(text: str) -> tuple[str, str]:
    head, comma, tail = text.rstrip(" .").rpartition(",")
    if comma and is_country(tail):
        return head.strip(), tail.strip()
    return text, ""


def _street(page: Page, piece: Piece, text: str, found: re.Match[str]) -> list[Place]:
    before = text[: found.start()].strip(" ,;-–|")
    after = text[found.end() :].strip(" ,;-–|.")
    if before and re.search(r"\d", before):
        piece.clear(but=after)
        return [Place(STREET, before, 0.85, "before the postal code")]
    if after and re.search(r"\d", after):
        piece.clear(but=before)
        return [Place(STREET, after, 0.8, "behind the town")]
    above = page.before(piece)
    piece.clear(but=" ".join(filter(None, (before, after))))
    if above and piece.line - above.line <= 1 and _may_be_a_street(above.text):
        return [Place(STREET, _taken(above), 0.85, "above the postal code")]
    return []


def _may_be_a_street(text: str) -> bool:
    return bool(re.search(r"\d", text)) and 4 <= len(text) <= 90 and bool(re.search(r"[^\W\d_]{2}", text))
