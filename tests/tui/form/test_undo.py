from __future__ import annotations

from tui.form.undo import Undo


def typed(undo: Undo, text: str, before: str = "") -> str:
    for letter in text:
        undo.record(before, len(before), letter)
        before += letter
    return before


def test_a_word_is_taken_back_in_one_go() -> None:
    undo = Undo()
    typed(undo, "Ada Lovelace")
    assert undo.step() == ("Ada ", 4)
    assert undo.step() == ("", 0)
    assert undo.step() is None


def test_another_change_stands_alone() -> None:
    undo = Undo()
    text = typed(undo, "Ada")
    undo.record(text, 3, "")
    undo.record("Ad", 2, "")
    assert [undo.step(), undo.step(), undo.step()] == [("Ad", 2), ("Ada", 3), ("", 0)]


def test_typing_elsewhere_is_another_step() -> None:
    undo = Undo()
    undo.record("abc", 3, "d")
    undo.record("abcd", 0, "x")
    assert undo.step() == ("abcd", 0)
    assert undo.step() == ("abc", 3)


def test_it_remembers_no_more_than_a_hundred_steps() -> None:
    undo = Undo()
    for number in range(500):
        undo.record(str(number), 0, "")
    steps = 0
    while undo.step():
        steps += 1
    assert steps == 100
