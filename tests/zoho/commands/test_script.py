"""`zoho-leads script`: check, show and try the questions of a rep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from verbs import Home

from zoho.account import default_paths, load_config
from zoho.leads.org import OrgProfile
from zoho.leads.org_cache import save_org
from zoho.leads.stock import STOCK_FORM

SIGNED_IN = {
    "ZOHO_CLIENT_ID": "1000.C",
    "ZOHO_CLIENT_SECRET": "secret",
    "ZOHO_REFRESH_TOKEN": "1000.r",
    "ZOHO_DATA_CENTER": "eu",
}

SCRIPT = """\
title = "Ours"

[[question]]
key = "budget"
label = "Budget"
prompt = "Is there money?"
field = "Websitte"
answers = [{ label = "www.yes.example", points = 1 }, { label = "www.no.example", points = 0 }]
"""


@pytest.fixture
def known(tmp_path: Path) -> Home:
    """A home that has seen its org."""
    home = Home(tmp_path, SIGNED_IN)
    paths = default_paths(home.env)
    home.data.mkdir(mode=0o700)
    form = replace(STOCK_FORM, layout_id="1")
    save_org(
        paths.snapshot,
        load_config(environ=home.env, paths=paths),
        OrgProfile("eu", "1", "Zylker\x1b[2J", "production", "2", "Ada", form),
    )
    return home


def write(home: Home, text: str) -> str:
    (home.folder / "ours.toml").write_text(text)
    return "ours.toml"


def test_a_built_in_script_is_shown_and_is_a_script_again(stranger: Home) -> None:
    shown = stranger.run("script", "show")
    assert (shown.status, shown.err) == (0, "")
    assert shown.out.startswith("# BANT:")
    checked = stranger.run("script", "check", write(stranger, shown.out))
    assert (checked.status, checked.out) == (0, "ours.toml: nothing is wrong (BANT, 4 questions).\n")
    assert "no org is known yet" in checked.err
    assert not stranger.data.exists(), "no outbox is made for it"


def test_each_of_them_is_shown(stranger: Home) -> None:
    for name in ("bant", "champ", "meddic"):
        assert f'title = "{name.upper()}"' in stranger.call("script", "show", name).out


def test_what_is_not_built_in_is_not_shown(stranger: Home) -> None:
    ended = stranger.call("script", "show", "medic")
    assert (ended.status, ended.out) == (2, "")
    assert "Did you mean meddic?" in ended.err


def test_a_field_is_compared_with_the_org_that_was_seen_last(known: Home) -> None:
    ended = known.run("script", "check", write(known, SCRIPT))
    assert ended.status == 1
    assert ended.out == (
        "ours.toml:7, question 1, field: The org's form of leads has no field Websitte. "
        "Did you mean Website?\n"
    )
    assert ended.err == "The fields are those of Zylker^[[2J, as it was seen last.\n"
    assert known.run("script", "check", write(known, SCRIPT.replace("Websitte", "Website"))).status == 0


def test_all_faults_are_told_in_a_line_each(stranger: Home) -> None:
    text = (
        SCRIPT.replace('"Budget"', "5").replace("points = 1", "points = -1").replace("Ours", "x\\u001b" * 9)
    )
    ended = stranger.run("script", "check", write(stranger, text))
    assert ended.status == 1
    assert [line.split(":")[1].split(",")[0] for line in ended.out.splitlines()] == ["1", "5", "8"]
    assert "\x1b" not in ended.out


def test_a_script_that_is_not_there(stranger: Home) -> None:
    for words in (("check", "nowhere.toml"), ("score", "nowhere.toml", "a=1")):
        ended = stranger.run("script", *words)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith("zoho-leads: The script nowhere.toml is not there.")


def test_answers_are_scored_with_their_reasons(stranger: Home) -> None:
    ended = stranger.run("script", "score", "bant", "need=2", "budget=1", "timeline=4")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "BANT 9/15 Warm, 1 open",
        "+5 Budget: Approved",
        "+4 Need: It costs them money or time",
        "0 Timeline: Later, or no date",
    ]


def test_a_disqualified_caller(stranger: Home) -> None:
    ended = stranger.call("script", "score", "champ", "disqualify=3")
    assert ended.out == "CHAMP, disqualified: A competitor\n"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("budgt=1", "Did you mean budget?"),
        ("shoes=1", "There are budget, authority, need, timeline, disqualify."),
        ("budget=5", "'5' is no answer to budget: 1 Approved, 2 In this year's plan"),
        ("budget", "'' is no answer to budget"),
        ("disqualify=9", "1 Wants to sell us something"),
    ],
)
def test_a_wrong_answer_is_told_what_there_is(stranger: Home, answer: str, said: str) -> None:
    ended = stranger.call("script", "score", "bant", answer)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err.replace("\n", " ")


def test_no_script_has_nothing_to_answer(stranger: Home) -> None:
    assert stranger.call("script", "score", "none").status == 2
