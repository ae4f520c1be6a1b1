"""Saying and asking: what a line may hold, in and out."""

from __future__ import annotations

from io import StringIO

import pytest

from zoho.commands.plain.talk import Talk


def talk(given: str, *, terminal: bool = False, utf8: bool = True) -> tuple[Talk, StringIO]:
    out = StringIO()
    return Talk(StringIO(given), out, terminal=terminal, utf8=utf8), out


def test_on_a_terminal_the_answer_stands_behind_the_question() -> None:
    one, out = talk("Ada\n", terminal=True)
    assert one.ask("First Name") == "Ada"
    assert out.getvalue() == "First Name: "


def test_through_a_pipe_every_question_is_a_line() -> None:
    one, out = talk("Ada\r\nKing")
    assert [one.ask("First Name"), one.ask("Last Name")] == ["Ada", "King"]
    assert out.getvalue() == "First Name:\nLast Name:\n"


def test_the_end_is_told_and_ends_the_line() -> None:
    one, out = talk("", terminal=True)
    with pytest.raises(EOFError):
        one.ask("First Name")
    one.end_line()
    one.end_line()
    assert out.getvalue() == "First Name: \n"


@pytest.mark.parametrize("line", ["Ad\x1b[Da", "Ad\udcffa", "A\x00da", "A\x7fda"])
def test_what_is_no_text_is_asked_again(line: str) -> None:
    one, out = talk(f"{line}\nAda\n")
    assert one.ask("First Name") == "Ada"
    assert out.getvalue().count("Type it again.") == 1


def test_a_line_of_several_is_asked_again_alone() -> None:
    one, out = talk("one\x1b[A\none\n")
    assert one.more() == "one"
    assert "Only this line again." in out.getvalue()


def test_invisible_letters_are_made_visible() -> None:
    assert talk("A\u202eda\n")[0].ask("x") == "A\\u202eda"


def test_what_is_said_acts_on_no_terminal() -> None:
    one, out = talk("")
    one.say("Zyl\x1b[2Jker")
    assert out.getvalue() == "Zyl^[[2Jker\n"


def test_without_utf8_only_ascii_is_written() -> None:
    one, out = talk("", utf8=False)
    one.say("“Zoë” · … 株")
    assert out.getvalue() == '"Zo\\xeb" - ... \\u682a\n'
