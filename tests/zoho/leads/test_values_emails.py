"""E-mail addresses: taken out of what was pasted, and looked at for slips of the finger."""

from __future__ import annotations

import pytest

from zoho.leads import LeadField
from zoho.leads.values import hint, parse
from zoho.leads.values.emails import likely_domain, one_slip, split_address

EMAIL = LeadField("Email", "Email", "email", length=100)


@pytest.mark.parametrize(
    ("pasted", "name", "address"),
    [
        ("bob@x.com", "", "bob@x.com"),
        ("Bob Roe <bob@x.com>", "Bob Roe", "bob@x.com"),
        ('"Roe, Bob" <bob@x.com>', "Roe, Bob", "bob@x.com"),
        ("'Bob Roe' <bob@x.com>;", "Bob Roe", "bob@x.com"),
        ("<bob@x.com>", "", "bob@x.com"),
        ("bob@x.com <bob@x.com>", "", "bob@x.com"),
        ("Bob Roe <mailto:bob@x.com>", "Bob Roe", "bob@x.com"),
        ("mailto:bob@x.com?subject=Hi%20there", "", "bob@x.com"),
        ("MAILTO:bob%2Bcrm@x.com", "", "bob+crm@x.com"),
        ("bob@x.com, ann@x.com", "", "bob@x.com, ann@x.com"),
    ],
)
def test_name_and_address_of_what_was_pasted(pasted: str, name: str, address: str) -> None:
    assert split_address(pasted) == (name, address)


def test_only_the_address_is_sent() -> None:
    assert parse(EMAIL, " Bob Roe <bob@x.com> ") == "bob@x.com"
    assert parse(EMAIL, "mailto:bob@x.com") == "bob@x.com"


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("ggmail.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.cm", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("yahooo.com", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("yaho.co.uk", "yahoo.co.uk"),
        # They are right as they are.
        ("gmail.com", None),
        ("mail.com", None),
        ("ymail.com", None),
        ("email.com", None),
        ("yahoo.ie", None),
        ("yahoo.co.id", None),
        ("t-online.be", None),
        ("yahoo.com.au", None),
        ("t-online.de", None),
        ("aon.com", None),
        ("example.com", None),
        ("", None),
    ],
)
def test_the_domain_that_was_meant(domain: str, meant: str | None) -> None:
    assert likely_domain(domain) == meant


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("abc", "abc", False),
        ("abc", "abcd", True),
        ("abc", "xabc", True),
        ("abc", "bc", True),
        ("abc", "axc", True),
        ("abc", "acb", True),
        ("abc", "bac", True),
        ("abc", "cba", False),
        ("abc", "axx", False),
        ("abc", "abcde", False),
        ("ab", "", False),
    ],
)
def test_one_slip_of_the_finger(one: str, other: str, near: bool) -> None:
    assert one_slip(one, other) is near
    assert one_slip(other, one) is near


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("bob@gmial.com", "Is it bob@gmail.com?"),
        ("Bob <bob@GMIAL.com>", "Is it bob@gmail.com?"),
        ("bob@mailinator.com", "mailinator.com gives addresses that soon end: ask for another one."),
        ("b@a.yopmail.com", "a.yopmail.com gives addresses that soon end: ask for another one."),
        ("bob@example.com", ""),
        ("bob@gmial", ""),
    ],
)
def test_the_hint_changes_nothing(typed: str, said: str) -> None:
    assert hint(EMAIL, typed) == said


def test_a_hint_leaves_the_value_as_it_is() -> None:
    assert parse(EMAIL, "bob@gmial.com") == "bob@gmial.com"
