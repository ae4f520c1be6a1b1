"""vCards of the versions 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350): folded lines, quoted-printable, types."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from zoho.leads.pasted.addresses import checked
from zoho.leads.pasted.found import Found
from zoho.leads.pasted.labels import FAX, MOBILE, PHONE
from zoho.leads.pasted.people import read_name, salutation_of
from zoho.leads.pasted.phones import field_of
from zoho.leads.values.phones import read_phone
from zoho.wire.clean import clean

_LINE: Final = re.compile(
    r"(?:[\w-]{1,30}\.)?([A-Za-z-]{1,30})((?:;[^:;\"]{0,200}(?:\"[^\"\n]{0,200}\")?[^:;\"]{0,200}){0,20}):(.*)",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(r"\\([\\;,nN:])")
_SURE: Final = 0.99
_SILENT_WORDS: Final = """
BEGIN END VERSION PRODID REV UID PHOTO LOGO SOUND KEY CLASS SOURCE X-ABADR X-ABLABEL KIND LANG
"""
_SILENT: Final = frozenset(_SILENT_WORDS.split())


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    parameters: str
    value: str

    @property
    def parts(self) -> list[str]:
        return [_unescaped(part).strip() for part in re.split(r"(?<!\\);", self.value)]

    @property
    def text(self) -> str:
        return _unescaped(self.value).strip()

    def has(self, *words: str) -> bool:
        return any(re.search(rf"\b{word}\b", self.parameters) for word in words)


def is_vcard(text: str) -> bool:
    """Say whether a text has a vCard in it."""
    return bool(re.search(r"^\s*BEGIN:VCARD\s*$", text, re.IGNORECASE | re.MULTILINE))


def read_vcard(text: str, region: str) -> tuple[list[Found], str]:
    """Return what the first vCard in *text* says, and what is not understood of the text."""
    before, _, after = re.split(r"(?im)^(\s*BEGIN:VCARD\s*)$", text, maxsplit=1)
    card, _, behind = re.split(r"(?im)^(\s*END:VCARD\s*)$", after + "\nEND:VCARD", maxsplit=1)
    behind = behind.removesuffix("END:VCARD")
    found: dict[str, Found] = {}
    rest = [before.strip()]
    properties = list(_properties(card))
    for one in properties:
        made = list(_read(one, region, found))
        for item in made:
            found.setdefault(item.api_name, item)
        if not made and one.name not in _SILENT and one.text:
            rest.append(f"{one.name}: {' '.join(filter(None, one.parts))}")
    if "Last_Name" in found:
        full = next((f"FN: {one.text}" for one in properties if one.name == "FN"), None)
        rest = [line for line in rest if line != full]
    else:
        found |= _by_full_name(properties)
    return list(found.values()), "\n".join(filter(None, [*rest, behind.strip()]))


def _by_full_name(properties: list[_Property]) -> dict[str, Found]:
    full = next((one.text for one in properties if one.name == "FN"), "")
    person = read_name(full) if full else None
    if person is None:
        return {}
    names = {"First_Name": person.first, "Last_Name": person.last}
    return {name: Found(name, value, 0.9, "FN of the vCard") for name, value in names.items() if value}


def _properties(card: str) -> Iterator[_Property]:
    lines: list[str] = []
    for line in card.split("\n"):
        quoted = bool(lines) and "QUOTED-PRINTABLE" in lines[-1][:200].upper() and lines[-1].endswith("=")
        if quoted:
            lines[-1] = lines[-1][:-1] + line.strip()
        elif line.startswith((" ", "\t")) and lines:
            lines[-1] += line[1:]
        elif line.strip():
            lines.append(line.rstrip())
    for line in lines:
        match = _LINE.fullmatch(line)
        if match:
            parameters = match[2].upper()
            yield _Property(match[1].upper(), parameters, _decoded(match[3], parameters))
        else:
            yield _Property("", "", line)


def _decoded(value: str, parameters: str) -> str:
    if "QUOTED-PRINTABLE" not in parameters:
        return value
    charset = re.search(r"CHARSET=\"?([\w-]{1,20})", parameters)
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        return clean(raw.decode(charset[1] if charset else "utf-8", "replace"))
    except LookupError:
        return clean(raw.decode("utf-8", "replace"))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def _read(one: _Property, region: str, known: dict[str, Found]) -> Iterator[Found]:
    because = f"{one.name} of the vCard"
    for api_name, value in _values(one, region, known):
        if value:
            yield Found(api_name, value, _SURE, because)


def _values(one: _Property, region: str, known: dict[str, Found]) -> Iterator[tuple[str, str]]:
    match one.name:
        case "N":
            family, given, more, prefix = (*one.parts, "", "", "", "")[:4]
            first = " ".join(filter(None, (given, more)))
            yield "Last_Name", family or first
            yield "First_Name", first if family else ""
            yield "Salutation", salutation_of(prefix)
        case "ORG":
            yield "Company", one.parts[0]
        case "TITLE":
            yield "Designation", one.text
        case "ROLE" if "Designation" not in known:
            yield "Designation", one.text
        case "EMAIL":
            address = checked(one.text.removeprefix("mailto:"))
            yield "Email" if "Email" not in known else "Secondary_Email", address
        case "TEL":
            yield from _number(one, region)
        case "ADR":
            yield from _address(one)
        case "URL" if "http" in one.text.lower() or "." in one.text:
            yield "Website", one.text
        case "NOTE":
            yield "Description", one.text
        case _:
            return


def _number(one: _Property, region: str) -> Iterator[tuple[str, str]]:
    typed = one.text.removeprefix("tel:")
    phone = read_phone(typed, region)
    kind = FAX if one.has("FAX") else MOBILE if one.has("CELL", "MOBILE", "IPHONE") else PHONE
    if not one.has("PAGER", "MODEM"):
        value = phone.text if phone else typed
        yield field_of(value, region, kind), value


def _address(one: _Property) -> Iterator[tuple[str, str]]:
    box, more, street, city, state, code, country = (*one.parts, *[""] * 7)[:7]
    lines = ", ".join(part for part in (box, more, street) if part).replace("\n", ", ")
    yield from zip(
        ("Street", "City", "State", "Zip_Code", "Country"), (lines, city, state, code, country), strict=True
    )
