"""What the three scripts make of callers as the sales books describe them: points, rating, and why."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zoho.leads.script import BUILT_IN, line_of, load_script, score, words_of

BANT = {
    # caller: budget, authority, need, timeline -> the line, the reasons
    "has all four: a salesman calls today": (
        "1111",
        "BANT 20/20 Hot",
        [
            "+5 Budget: Approved",
            "+5 Authority: The caller decides",
            "+5 Need: It cannot stay as it is",
            "+5 Timeline: Within three months",
        ],
    ),
    "has three of the four, as the rule asks": (
        "1114",
        "BANT 15/20 Hot",
        [
            "+5 Budget: Approved",
            "+5 Authority: The caller decides",
            "+5 Need: It cannot stay as it is",
            "0 Timeline: Later, or no date",
        ],
    ),
    "money, need and time, and no say: ask for who has it": (
        "1423",
        "BANT 12/20 Warm",
        [
            "+5 Budget: Approved",
            "+1 Authority: The caller gathers information",
            "+4 Need: It costs them money or time",
            "+2 Timeline: Within a year",
        ],
    ),
    "needs it badly and has to find the money: next quarter": (
        "3312",
        "BANT 13/20 Warm",
        [
            "+2 Budget: Would have to be found",
            "+2 Authority: The caller recommends",
            "+5 Need: It cannot stay as it is",
            "+4 Timeline: Within half a year",
        ],
    ),
    "has two of the four": (
        "1144",
        "BANT 10/20 Warm",
        [
            "+5 Budget: Approved",
            "+5 Authority: The caller decides",
            "0 Need: Nothing happens",
            "0 Timeline: Later, or no date",
        ],
    ),
    "decides, and wants nothing": (
        "4144",
        "BANT 5/20 Cold",
        [
            "0 Budget: None",
            "+5 Authority: The caller decides",
            "0 Need: Nothing happens",
            "0 Timeline: Later, or no date",
        ],
    ),
    "reads up on the subject": (
        "4434",
        "BANT 2/20 Cold",
        [
            "0 Budget: None",
            "+1 Authority: The caller gathers information",
            "+1 Need: It would be nice to have",
            "0 Timeline: Later, or no date",
        ],
    ),
    "hung up before the date": (
        "112-",
        "BANT 14/15 Hot, 1 open",
        [
            "+5 Budget: Approved",
            "+5 Authority: The caller decides",
            "+4 Need: It costs them money or time",
        ],
    ),
    "hung up after two questions: too little for a rating": (
        "11--",
        "BANT 10/10, 2 open",
        ["+5 Budget: Approved", "+5 Authority: The caller decides"],
    ),
    "was not asked anything": ("----", "BANT, 4 open", []),
}

CHAMP = {
    # caller: challenge, authority, money, priority
    "hurts, first on the list, can bring who decides, no idea of the price": (
        "1231",
        "CHAMP 21/25 Hot",
        [
            "+10 Challenge: One that we solve, and it hurts",
            "+4 Authority: Can bring who decides",
            "+2 Money: No idea yet",
            "+5 Priority: This is the first thing",
        ],
    ),
    "hurts, and there is no money yet: that is found": (
        "1142",
        "CHAMP 19/25 Hot",
        [
            "+10 Challenge: One that we solve, and it hurts",
            "+5 Authority: The caller decides",
            "0 Money: Far from our price",
            "+4 Priority: Among the first three",
        ],
    ),
    "bearable, among many things": (
        "2323",
        "CHAMP 12/25 Cold",
        [
            "+6 Challenge: One that we solve, bearable",
            "+2 Authority: Knows who decides",
            "+3 Money: A little less",
            "+1 Priority: On the list",
        ],
    ),
    "bearable, and the caller decides and can pay": (
        "2113",
        "CHAMP 17/25 Warm",
        [
            "+6 Challenge: One that we solve, bearable",
            "+5 Authority: The caller decides",
            "+5 Money: Our price or more",
            "+1 Priority: On the list",
        ],
    ),
    "money and power, and no challenge: not even warm with the last": (
        "4114",
        "CHAMP 10/25 Cold",
        [
            "0 Challenge: None yet, just looking",
            "+5 Authority: The caller decides",
            "+5 Money: Our price or more",
            "0 Priority: Not on the list",
        ],
    ),
    "told the challenge and one thing more": (
        "12--",
        "CHAMP 14/15 Hot, 2 open",
        ["+10 Challenge: One that we solve, and it hurts", "+4 Authority: Can bring who decides"],
    ),
    "told the challenge alone": (
        "1---",
        "CHAMP 10/10, 3 open",
        ["+10 Challenge: One that we solve, and it hurts"],
    ),
}

MEDDIC = {
    # caller: metrics, buyer, criteria, process, pain, champion
    "the deal that is won": (
        "111111",
        "MEDDIC 20/20 Hot",
        [
            "+3 Metrics: A figure, and what it is worth",
            "+4 Economic buyer: The caller",
            "+2 Decision criteria: Known, and we meet them",
            "+3 Decision process: Steps and dates are known",
            "+4 Identified pain: It hurts, and the buyer feels it",
            "+4 Champion: With influence, and tested",
        ],
    ),
    "a good first call: pain and a friend, the buyer is named": (
        "222222",
        "MEDDIC 11/20 Warm",
        [
            "+1.5 Metrics: A figure",
            "+3 Economic buyer: Named, and we may talk",
            "+1 Decision criteria: Known, and we meet most",
            "+1.5 Decision process: Steps are known",
            "+2 Identified pain: It hurts the caller's own team",
            "+2 Champion: Willing, influence not known",
        ],
    ),
    "everything but a champion and a buyer: no deal": (
        "141123",
        "MEDDIC 10/20 Warm",
        [
            "+3 Metrics: A figure, and what it is worth",
            "0 Economic buyer: Not known",
            "+2 Decision criteria: Known, and we meet them",
            "+3 Decision process: Steps and dates are known",
            "+2 Identified pain: It hurts the caller's own team",
            "0 Champion: Nobody",
        ],
    ),
    "sent to fill in a table of vendors": (
        "331133",
        "MEDDIC 7/20 Cold",
        [
            "0 Metrics: No figure",
            "+1 Economic buyer: Named, out of reach",
            "+2 Decision criteria: Known, and we meet them",
            "+3 Decision process: Steps and dates are known",
            "+1 Identified pain: Bearable",
            "0 Champion: Nobody",
        ],
    ),
    "half of it asked: pain, champion, metrics": (
        "1---11",
        "MEDDIC 11/11 Hot, 3 open",
        [
            "+3 Metrics: A figure, and what it is worth",
            "+4 Identified pain: It hurts, and the buyer feels it",
            "+4 Champion: With influence, and tested",
        ],
    ),
    "too little asked": (
        "1-1-1-",
        "MEDDIC 9/9, 3 open",
        [
            "+3 Metrics: A figure, and what it is worth",
            "+2 Decision criteria: Known, and we meet them",
            "+4 Identified pain: It hurts, and the buyer feels it",
        ],
    ),
}

TABLE = [
    pytest.param(name, digits, line, reasons, id=f"{name}: {caller}")
    for name, callers in (("bant", BANT), ("champ", CHAMP), ("meddic", MEDDIC))
    for caller, (digits, line, reasons) in callers.items()
]


@pytest.mark.parametrize(("name", "digits", "line", "reasons"), TABLE)
def test_a_caller(name: str, digits: str, line: str, reasons: list[str]) -> None:
    script = load_script(name)
    assert script is not None
    answers = {question.key: digit for question, digit in zip(script.questions, digits, strict=True)}
    told = score(script, answers)
    assert line_of(told) == line
    shown = words_of(told)
    assert shown[len(shown) - len(reasons) :] == reasons
    assert sum(reason.points for reason in told.reasons) == told.points


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_caller_who_is_no_lead(name: str) -> None:
    script = load_script(name)
    assert script is not None
    told = score(script, {"disqualify": "1"})
    assert told.disqualified == "Wants to sell us something"
    assert line_of(told) == f"{script.title}, disqualified: Wants to sell us something"
    assert words_of(told) == ["Disqualified: Wants to sell us something"]


def test_a_disqualified_lead_has_its_points_and_no_rating() -> None:
    script = load_script("bant")
    assert script is not None
    told = score(script, {"budget": "1", "authority": "1", "need": "1", "disqualify": "3"})
    assert (told.rating, told.points) == (None, Decimal(15))
    assert line_of(told) == "BANT 15/15, disqualified: A competitor"
    assert words_of(told)[:3] == ["Disqualified: A competitor", "15 of 15", "3 of 4 answered"]


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_question_can_bring_all_that_it_weighs_and_nothing(name: str) -> None:
    script = load_script(name)
    assert script is not None
    for question in script.questions:
        points = [answer.points for answer in question.answers]
        assert points == sorted(points, reverse=True), "the best answer is the first"
        assert max(points) == question.weight
        assert question.help
