"""Which of a list is meant, and which field, by a number or by letters."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from zoho.commands.plain.asked import Asked, Kind
from zoho.commands.plain.choosing import matches, parts_of, yes_or_no
from zoho.commands.plain.lines import Line, Wish, meant, read_line

STATUSES = [
    "Attempted to Contact",
    "Contact in Future",
    "Contacted",
    "Junk Lead",
    "Not Contacted",
    "10 - Won",
]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("3", [2]),
        ("0", []),
        ("7", []),
        ("9" * 5000, []),
        ("²", []),
        ("contacted", [2]),
        ("CONTACTED", [2]),
        ("cont", [1, 2]),
        ("con", [1, 2]),
        ("junk", [3]),
        ("j", [3]),
        ("future", [1]),
        ("lead", [3]),
        ("unk", [3]),
        ("l", []),
        ("won", [5]),
        ("xyz", []),
    ],
)
def test_a_choice_is_its_number_or_letters_of_it(text: str, places: list[int]) -> None:
    assert matches(STATUSES, text) == places


@given(st.lists(st.text(min_size=1), min_size=1), st.data())
def test_the_whole_label_always_finds_it(labels: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(labels) - 1))
    label = labels[place]
    if not label.isdigit():
        assert place in matches(labels, label)
    assert matches(labels, str(place + 1)) == [place]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1, 3", ["1", "3"]),
        ("1 3", ["1", "3"]),
        ("2", ["2"]),
        ("cold calls; web", ["cold calls", "web"]),
        ("red, green; 3", ["red, green", "3"]),
        (";", []),
    ],
)
def test_several_are_numbers_or_stand_between_semicolons(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


def test_yes_and_no() -> None:
    assert [yes_or_no(text) for text in ("Y", "yes", "N", "no", "maybe")] == [
        *("true", "true", "false", "false"),
        None,
    ]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("", Line(Wish.SKIP)),
        ("  ", Line(Wish.SKIP)),
        ("?", Line(Wish.EXPLAIN)),
        ("<", Line(Wish.BACK)),
        ("back", Line(Wish.BACK)),
        ("Back", Line(Wish.ANSWER, "Back")),
        ("/back", Line(Wish.BACK)),
        (".", Line(Wish.SEND)),
        ("/send", Line(Wish.SEND)),
        ("/SEND ", Line(Wish.SEND)),
        ("/park", Line(Wish.PARK)),
        ("/drafts", Line(Wish.DRAFTS)),
        ("/quit", Line(Wish.QUIT)),
        ("/help", Line(Wish.HELP)),
        ("/last", Line(Wish.GO_TO, "last")),
        ("/", Line(Wish.GO_TO, "")),
        ("//etc", Line(Wish.ANSWER, "/etc")),
        (" Ada ", Line(Wish.ANSWER, "Ada")),
        ("...", Line(Wish.ANSWER, "...")),
        ("an answer", Line(Wish.ANSWER, "an answer")),
        ("skip", Line(Wish.ANSWER, "skip")),
    ],
)
def test_what_a_line_asks_for(typed: str, line: Line) -> None:
    assert read_line(typed) == line


ASKED = [
    Asked("First_Name", "First Name", Kind.TEXT),
    Asked("Last_Name", "Last Name", Kind.TEXT),
    Asked("Zip_Code", "Post code", Kind.TEXT),
    Asked("?call_back", "Call back", Kind.MOMENT),
    Asked("?call_back_about", "Call back about", Kind.TEXT),
]


@pytest.mark.parametrize(
    ("letters", "names"),
    [
        ("last", ["Last_Name"]),
        ("name", ["First_Name", "Last_Name"]),
        ("zip_code", ["Zip_Code"]),
        ("post", ["Zip_Code"]),
        ("call", ["?call_back"]),
        ("about", ["?call_back_about"]),
        ("call_back_about", ["?call_back_about"]),
        ("nothing", []),
        ("", []),
    ],
)
def test_a_field_is_gone_to_by_letters_of_it(letters: str, names: list[str]) -> None:
    assert [one.name for one in meant(ASKED, letters)] == names
