"""Single rules of reading a pasted text, each in the smallest text that needs it."""

from __future__ import annotations

import pytest

from zoho.leads.pasted import read_pasted
from zoho.leads.pasted.companies import legal_form
from zoho.leads.pasted.people import read_name

CARD = "Ann Hollis\nBuyer\nHollis Ltd\n020 7946 0018\nann.hollis@hollis.example\n"


def test_a_motto_below_the_contact_lines_is_no_message() -> None:
    pasted = read_pasted(f"{CARD}Good work is done with care and with patience.", region="GB")
    assert pasted.kind == "signature"
    assert pasted.value("Last_Name") == "Hollis"
    assert not pasted.value("Description")
    assert "patience" in pasted.rest


@pytest.mark.parametrize(
    "said",
    [
        "We would like to see it on Thursday.",
        "Please write to ann.hollis@hollis.example or ring us about it.\nWe would like it on Thursday.",
    ],
)
def test_a_sentence_above_them_is_one(said: str) -> None:
    pasted = read_pasted(f"{said}\n\nKind regards\n{CARD}", region="GB")
    assert pasted.kind == "mail"
    assert "Thursday" in pasted.value("Description")


@pytest.mark.parametrize(
    ("text", "country", "first", "last"),
    [
        ("Yann LE GALL", "FR", "Yann", "Le Gall"),
        ("Yann Le Gall", "FR", "Yann", "Le Gall"),
        ("An Vander Elst", "BE", "An", "Vander Elst"),
        ("An Marie Vanden Berghe", "BE", "An Marie", "Vanden Berghe"),
        ("Rita Moura Teles", "BR", "Rita", "Moura Teles"),
        ("Ana Beatriz Teles", "BR", "Ana Beatriz", "Teles"),
        ("João Pedro da Silva", "PT", "João Pedro", "da Silva"),
        ("Rita Moura Teles", "US", "Rita Moura", "Teles"),
    ],
)
def test_where_a_family_name_begins(text: str, country: str, first: str, last: str) -> None:
    person = read_name(text, country=country)
    assert person
    assert (person.first, person.last) == (first, last)


@pytest.mark.parametrize(
    ("company", "form"),
    [("Dom Sp. k.", "Sp. k."), ("Dom sp. j.", "sp. j."), ("Dom Sp. z o.o. Sp. k.", "Sp. z o.o.")],
)
def test_polish_partnerships_are_companies(company: str, form: str) -> None:
    assert legal_form(company) == form


def test_a_title_that_is_no_salutation_stays_in_the_rest() -> None:
    pasted = read_pasted("Geom. Aldo Ferri\nFerri Srl\naldo.ferri@ferri.example", region="IT")
    assert (pasted.value("First_Name"), pasted.value("Last_Name")) == ("Aldo", "Ferri")
    assert "Geom." in pasted.rest
