"""Phone numbers: one form for each, and nothing that was typed is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from zoho.leads import LeadField
from zoho.leads.values import Around, WrongValueError, e164, hint, parse, problem

PHONE = LeadField("Phone", "Phone", "phone", length=30)


@pytest.mark.parametrize(
    ("typed", "region", "sent"),
    [
        ("020 7946 0018", "GB", "+44 20 7946 0018"),
        ("020-7946-0018", "gb", "+44 20 7946 0018"),
        ("+44 (0)20 7946-0018", "", "+44 20 7946 0018"),
        ("0044 20 7946 0018", "", "+44 20 7946 0018"),
        ("0044 20 7946 0018", "DE", "+44 20 7946 0018"),
        ("011 44 20 7946 0018", "US", "+44 20 7946 0018"),
        ("(212) 555-0100", "US", "+1 212-555-0100"),
        ("030/1234567", "DE", "+49 30 1234567"),
        ("٠٢٠ ٧٩٤٦ ٠٠١٨", "GB", "+44 20 7946 0018"),
        ("＋44 20 7946 0018", "", "+44 20 7946 0018"),
        ("tel:+44-20-7946-0018;ext=12", "", "+44 20 7946 0018 ext. 12"),
        ("020 7946 0018 x12", "GB", "+44 20 7946 0018 ext. 12"),
        ("020 7946 0018 #12", "GB", "+44 20 7946 0018 ext. 12"),
        ("+44 20 7946 0018, 12", "", "+44 20 7946 0018 ext. 12"),
        ("+39 02 1234567", "", "+39 02 123 4567"),
        # What is not certain stays as it is.
        ("020 7946 0018", "", "020 7946 0018"),
        ("212 555 0100", "GB", "212 555 0100"),
        ("555-0100", "US", "555-0100"),
        ("1-800-FLOWERS", "US", "1-800-FLOWERS"),
        ("020 7946 0018 / 020 7946 0019", "GB", "020 7946 0018 / 020 7946 0019"),
        ("020 7946 0018 or 0019", "GB", "020 7946 0018 or 0019"),
        ("ask Bob: 020 7946 0018", "GB", "ask Bob: 020 7946 0018"),
        ("+1 234", "", "+1 234"),
        ("020 7946 0018", "no region", "020 7946 0018"),
    ],
)
def test_what_is_sent(typed: str, region: str, sent: str) -> None:
    around = Around(region=region)
    assert parse(PHONE, typed, around) == sent
    assert parse(PHONE, sent, around) == sent, "a number that was made whole stays as it is"


@pytest.mark.parametrize(
    ("typed", "region", "said"),
    [
        ("+44 20 7946 0018", "", ""),
        ("020 7946 0018", "GB", ""),
        ("020 7946 0018", "", "Kept as typed: begin with + and the country's code."),
        ("212 555 0100", "GB", "Kept as typed: it is no number of GB. Of another country, begin with +."),
        ("+1 234", "", "Kept as typed: numbers of that country look different."),
        ("1-800-FLOWERS", "US", "Kept as typed: it is not one number alone."),
        ("+44 21 2555 0100", "", "No such number is known in that country: read it back."),
        ("n/a", "", ""),
        ("", "", ""),
    ],
)
def test_a_doubt_is_a_hint_and_no_error(typed: str, region: str, said: str) -> None:
    assert hint(PHONE, typed, Around(region=region)) == said


def test_a_number_that_would_become_too_long_stays_as_it_was_typed() -> None:
    short = LeadField("Phone", "Phone", "phone", length=15)
    around = Around(region="GB")
    assert parse(short, "020 7946 0018", around) == "020 7946 0018"
    assert hint(short, "020 7946 0018", around) == "Kept as typed: +44 20 7946 0018 is too long for Zoho."
    assert problem(short, "020 79 46 00 18 x1", around) == "At most 15 characters, this has 18."


def test_a_number_has_thirty_characters_where_the_layout_does_not_say() -> None:
    assert problem(LeadField("Phone", "Phone", "phone"), "1" * 31) == "At most 30 characters, this has 31."


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("020 7946 0018 x12", "GB", "+442079460018"),
        ("+44 (0)20 7946 0018", "", "+442079460018"),
        ("+39 02 1234567", "US", "+39021234567"),
        ("020 7946 0018", "", None),
        ("212 555 0100", "GB", None),
        ("7946 0018", "GB", None),
        ("", "GB", None),
        ("no number", "GB", None),
    ],
)
def test_the_number_to_look_for(typed: str, region: str, number: str | None) -> None:
    assert e164(typed, region) == number


@given(
    typed=st.from_regex(r"[+0]?[0-9 ()./-]{3,20}( ?(x|ext\.|#|,) ?[0-9]{1,5})?", fullmatch=True),
    region=st.sampled_from(("", "GB", "US", "DE", "IT", "IN", "AR")),
)
def test_a_number_is_made_whole_once_and_for_every_region(typed: str, region: str) -> None:
    try:
        sent = parse(PHONE, typed, Around(region=region))
    except WrongValueError:
        return
    assert sent is None or len(sent) <= 30
    number = e164(typed, region)
    if number is not None and sent != typed.strip():
        for elsewhere in ("", "GB", "US"):
            assert parse(PHONE, sent, Around(region=elsewhere)) == sent
            assert e164(sent, elsewhere) == number
