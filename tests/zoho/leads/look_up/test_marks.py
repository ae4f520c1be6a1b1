"""By what somebody is known: e-mail addresses, numbers, companies and domains, however they are written."""

from __future__ import annotations

import pytest

from zoho.leads.look_up import Kind, marks_of
from zoho.leads.look_up.companies import SIMILAR, company_score, core_of, domain_of
from zoho.leads.look_up.phones import digits_of, endings, international, same_number
from zoho.leads.stock import STOCK_FORM


@pytest.mark.parametrize(
    ("typed", "marks"),
    [
        ({}, []),
        ({"Email": "ada@"}, []),
        ({"Email": "ada@engines"}, []),
        ({"Email": "Ada@Gmail.com"}, [(Kind.EMAIL, "ada@gmail.com")]),
        (
            {"Email": " Ada@Engines.Example "},
            [(Kind.EMAIL, "ada@engines.example"), (Kind.DOMAIN, "engines.example")],
        ),
        ({"Phone": "020 79"}, []),
        ({"Phone": "020 7946 0018"}, [(Kind.PHONE, "02079460018")]),
        (
            {"Phone": "+44 20 7946 0018", "Mobile": "+44-20-79460018"},
            [(Kind.PHONE, "+442079460018")],
        ),
        ({"Company": "AB"}, []),
        ({"Company": "The Analytical Engines Ltd."}, [(Kind.COMPANY, "analytical engines")]),
        ({"Website": "https://www.engines.example/about"}, [(Kind.DOMAIN, "engines.example")]),
        ({"Last_Name": "Lovelace", "Description": "ada@engines.example", "Fax": "+44 20 7946 0018"}, []),
    ],
)
def test_marks(typed: dict[str, str], marks: list[tuple[Kind, str]]) -> None:
    assert [(mark.kind, mark.key) for mark in marks_of(STOCK_FORM.fields, typed)] == marks


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Zylker Ltd", "zylker"),
        ("Zylker Ltd.", "zylker"),
        ("ZYLKER, Inc.", "zylker"),
        ("Zylker GmbH & Co. KG", "zylker"),
        ("Zylker B.V.", "zylker"),
        ("Zylker S.p.A.", "zylker"),
        ("Zylker Pty Ltd", "zylker"),
        ("Zylker Sp. z o.o.", "zylker"),
        ("The Zylker Company", "zylker"),
        ("R&D Zylker", "r and d zylker"),
        ("Müller & Söhne OHG", "muller and sohne"),
        ("O'Brien's", "obriens"),
        ("Limited", "limited"),
        ("山田商事", "山田商事"),
        ("  ", ""),
    ],
)
def test_the_core_of_a_company(name: str, core: str) -> None:
    assert core_of(name) == core


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zylker Ltd", "Zylker GmbH", True),
        ("Analytical Engines", "Analytical Engine Ltd", True),
        ("Analytical Engines", "Analitical Engines", True),
        ("Engines Analytical", "Analytical Engines", True),
        ("Analytical Engines", "Difference Engines", False),
        ("Zylker", "Zylker Laboratories", False),
        ("Acme North", "Acme South", False),
        ("Ltd", "GmbH", False),
        ("", "Zylker", False),
    ],
)
def test_similar_companies(one: str, other: str, same: bool) -> None:
    assert (company_score(one, other) >= SIMILAR) is same
    assert company_score(one, other) == company_score(other, one)


def test_only_the_same_name_has_the_full_score() -> None:
    assert company_score("Zylker Ltd", "zylker gmbh") == 100
    assert company_score("Zylker One", "One Zylker") < 100


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ada@engines.example", "engines.example"),
        ("ada@mail.engines.example", "mail.engines.example"),
        ("ada@GMAIL.com", None),
        ("ada@web.de", None),
        ("http://www.Engines.example:8080/x?y", "engines.example"),
        ("engines.example", "engines.example"),
        ("engines", None),
        ("", None),
    ],
)
def test_the_domain_of_a_company(address: str, domain: str | None) -> None:
    assert domain_of(address) == domain


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("+44 20 7946 0018", "+442079460018"),
        ("+44 (0)20 7946-0018", "+442079460018"),
        ("0044 20 7946 0018", "+442079460018"),
        ("+44 20 7946 0018 ext. 12", "+442079460018"),
        ("+1 (212) 555-0142 x7", "+12125550142"),
        ("+٤٤ ٢٠ ٧٩٤٦ ٠٠١٨", "+442079460018"),
        ("020 7946 0018", None),
        ("+44 20", None),
        ("+" + "4" * 16, None),
    ],
)
def test_a_number_that_names_its_country(text: str, e164: str | None) -> None:
    assert international(text) == e164


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+44 20 7946 0018", "+442079460018", True),
        ("+44 20 7946 0018", "020 7946 0018", True),
        ("+44 20 7946 0018", "(020) 7946-0018", True),
        ("+44 20 7946 0018 ext 4", "020 7946 0018", True),
        ("020 7946 0018", "02079460018", True),
        ("+45 33 12 34 56", "33 12 34 56", False),
        ("+44 20 7946 0018", "+44 20 7946 0019", False),
        ("+44 20 7946 0018", "+1 20 7946 0018", False),
        ("+44 20 7946 0018", "7946 0018", False),
        ("+1 212 555 0142", "555 0142", False),
        ("555 0142", "555-0142", True),
        ("12 34", "12 34", False),
    ],
)
def test_the_same_number(one: str, other: str, same: bool) -> None:
    assert same_number(one, other, international) is same
    assert same_number(other, one, international) is same


def test_with_a_region_a_short_national_number_is_the_same() -> None:
    def danish(text: str) -> str | None:
        return international(text) or f"+45{digits_of(text)}"

    assert same_number("+45 33 12 34 56", "33 12 34 56", danish)
    assert not same_number("+44 33 12 34 56", "33 12 34 56", danish)


@pytest.mark.parametrize(
    "written", ["02079460018", "020 7946 0018", "0171 794 60 01 8", "0412 340 018", "02-07-94-60-01.8"]
)
def test_endings_are_in_the_number_however_it_is_grouped(written: str) -> None:
    last = digits_of(written)[-4:]
    found = [ending for ending in endings(f"+44 {last}123 {last}") if ending in written]
    grouped_oddly = written in ("0171 794 60 01 8", "02-07-94-60-01.8")
    assert bool(found) is not grouped_oddly


def test_a_short_number_has_no_endings() -> None:
    assert endings("12 3") == []
