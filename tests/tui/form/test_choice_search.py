from __future__ import annotations

import time

from tui.form.choice_search import ChoiceSearch
from tui.form.fields import Choice


def found(labels: list[str], text: str) -> list[str]:
    return [labels[number] for number in ChoiceSearch([Choice(each, each) for each in labels]).find(text)]


def test_what_begins_so_comes_first_then_words_then_the_rest() -> None:
    labels = ["Discontacted", "Not Contacted", "Contacted", "Contact in Future"]
    assert found(labels, "cont") == ["Contacted", "Contact in Future", "Not Contacted", "Discontacted"]


def test_nothing_typed_fits_all_in_their_order() -> None:
    assert found(["b", "a"], "  ") == ["b", "a"]


def test_case_and_accents_do_not_matter() -> None:
    labels = ["Österreich", "España", "Straße", "İstanbul"]
    assert found(labels, "OST") == ["Österreich"]
    assert found(labels, "paña") == ["España"]
    assert found(labels, "strasse") == ["Straße"]
    assert found(labels, "istan") == ["İstanbul"]


def test_words_may_stand_in_any_order() -> None:
    assert found(["Lead, hot, new", "New customer"], "new hot") == ["Lead, hot, new"]


def test_labels_are_cleaned() -> None:
    assert ChoiceSearch([Choice("x", "a\x1b[2J\nb")]).labels == ["a^[[2J b"]


def test_four_thousand_choices_are_searched_between_two_keys() -> None:
    search = ChoiceSearch([Choice(str(n), f"Région {n:04d} of the country") for n in range(4000)])
    began = time.perf_counter()
    assert len(search.find("0012 reg")) == 1
    assert time.perf_counter() - began < 0.05
