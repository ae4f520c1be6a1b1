"""What holds of every score, whatever the script and the answers."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, given, settings, strategies as st

from zoho.leads.script import Answer, Question, Rating, Script, answers_of, line_of, score, words_of
from zoho.leads.script.reading import read_script

HUNDREDTHS = st.decimals(min_value=0, max_value=1, places=2)


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    """A script as a manager could write it, read from its text: weights, shares, thresholds."""
    lines = ['title = "T"', f"enough = {draw(HUNDREDTHS)}"]
    for place, share in enumerate(sorted(draw(st.sets(HUNDREDTHS, max_size=9)), reverse=True)):
        lines += ["[[rating]]", f'label = "R{place}"', f"from = {share}"]
    for place in range(draw(st.integers(1, 8))):
        weight = draw(st.decimals(min_value=0, max_value=1000, places=2))
        shares = draw(st.lists(HUNDREDTHS, min_size=2, max_size=9))
        answers = ", ".join(f'{{ label = "A{n}", share = {share} }}' for n, share in enumerate(shares, 1))
        lines += ["[[question]]", f'key = "q{place}"', f'label = "Q{place}"', 'prompt = "?"']
        lines += [f"weight = {weight}", f"answers = [{answers}]"]
    script, flaws = read_script("t", "\n".join(lines))
    assert flaws == []
    assert script is not None
    return script


DIGITS = st.one_of(st.sampled_from("123456789"), st.sampled_from(["", "0", "10", "a", "١", "²", " 1", "-1"]))
ANSWERS = st.dictionaries(st.sampled_from([*(f"q{n}" for n in range(9)), "disqualify", "?"]), DIGITS)


@settings(deadline=None)
@given(scripts(), ANSWERS)
def test_the_reasons_add_up_to_the_score(script: Script, answers: Mapping[str, str]) -> None:
    told = score(script, answers)
    assert sum(reason.points for reason in told.reasons) == told.points
    assert sum(reason.possible for reason in told.reasons) == told.possible
    assert len(told.reasons) == told.answered <= told.asked == len(script.questions)
    assert 0 <= told.points <= told.possible <= script.possible


@settings(deadline=None)
@given(scripts(), ANSWERS, st.data())
def test_more_points_never_lower_the_rating(
    script: Script, answers: dict[str, str], data: st.DataObject
) -> None:
    told = score(script, answers)
    assume(told.reasons)
    reason = data.draw(st.sampled_from(told.reasons))
    question = script.question(reason.question)
    assert question is not None
    better = data.draw(
        st.sampled_from([n for n, one in enumerate(question.answers) if one.points >= reason.points])
    )
    then = score(script, answers | {question.key: str(better + 1)})
    order = [None, *(rating.label for rating in reversed(script.ratings))]
    assert order.index(then.rating) >= order.index(told.rating)


@settings(deadline=None)
@given(scripts(), ANSWERS, st.randoms())
def test_the_order_of_the_answers_does_not_matter(
    script: Script, answers: dict[str, str], chance: random.Random
) -> None:
    mixed = list(answers.items())
    chance.shuffle(mixed)
    assert score(script, dict(mixed)) == score(script, answers)


@settings(deadline=None)
@given(scripts(), ANSWERS)
def test_what_is_no_digit_of_an_answer_is_not_answered(script: Script, answers: Mapping[str, str]) -> None:
    def is_answer(key: str, digit: str) -> bool:
        question = script.question(key)
        return question is not None and digit in [str(n + 1) for n in range(len(question.answers))]

    kept = {key: digit for key, digit in answers.items() if is_answer(key, digit)}
    assert score(script, kept) == score(script, answers)
    assert score(script, kept).answered == len(kept)


@settings(deadline=None)
@given(scripts(), ANSWERS)
def test_the_lines_are_lines(script: Script, answers: Mapping[str, str]) -> None:
    told = score(script, answers)
    assert all(line.strip() == line != "" and "\n" not in line for line in [line_of(told), *words_of(told)])
    assert "E" not in line_of(told), "no number is told with an exponent"


TENTHS = Script(
    "t",
    "T",
    tuple(
        Question(
            f"q{n}",
            f"Q{n}",
            "?",
            "",
            (Answer("yes", Decimal("0.1"), ""), Answer("no", Decimal(0), "")),
            weight,
        )
        for n, weight in enumerate([Decimal("0.1")] * 3)
    ),
    (Rating("Hot", Decimal(1), ("Hot",)), Rating("Cold", Decimal("0.5"), ("Cold",))),
)


def test_three_tenths_are_exactly_three_tenths() -> None:
    told = score(TENTHS, {"q0": "1", "q1": "1", "q2": "1"})
    assert (told.points, told.rating, words_of(told)[0]) == (Decimal("0.3"), "Hot", "0.3 of 0.3 · Hot")


def test_below_the_lowest_rating_there_is_none() -> None:
    told = score(TENTHS, {"q0": "1", "q1": "2", "q2": "2"})
    assert (told.rating, line_of(told)) == (None, "T 0.1/0.3")


def test_a_rating_begins_at_its_share() -> None:
    halves = replace(TENTHS, questions=TENTHS.questions[:2])
    assert score(halves, {"q0": "1", "q1": "2"}).rating == "Cold"


def test_a_rating_waits_until_enough_was_asked() -> None:
    assert score(TENTHS, {"q0": "1"}).rating is None
    assert score(TENTHS, {"q0": "1", "q1": "1"}).rating == "Hot", "two thirds are more than 0.6"
    assert score(replace(TENTHS, enough=Decimal("0.7")), {"q0": "1", "q1": "1"}).rating is None


def test_a_question_without_weight_is_told_without_points() -> None:
    plain = replace(TENTHS.questions[0], weight=Decimal(0), answers=(Answer("red", Decimal(0), ""),) * 2)
    told = score(replace(TENTHS, questions=(plain,)), {"q0": "1"})
    assert (told.rating, words_of(told)) == (None, ["0 of 0", "Q0: red"])


def test_the_answers_in_a_form_are_the_names_that_begin_with_the_sign() -> None:
    typed = {"?budget": "1", "Last_Name": "Roe", "?disqualify": " 2 ", "Why?": "3", "?need": ""}
    assert answers_of(typed) == {"budget": "1", "disqualify": "2", "need": ""}
