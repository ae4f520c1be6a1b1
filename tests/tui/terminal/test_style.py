"""Styles: SGR in, the shortest SGR from one to another out."""

from __future__ import annotations

import itertools
import random

import pytest
from model_terminal import ModelTerminal

from tui.terminal.style import DEFAULT, change, parameters, parse_sgr

SAMPLES = [
    "1",
    "2",
    "1;2",
    "3;31",
    "4;38;5;200",
    "7;48;2;1;2;3",
    "9;97;107",
    "38;2;255;0;0;48;2;0;0;255",
    "21",
    "53",
]


def test_equal_looks_are_one_object() -> None:
    assert parse_sgr("1;31") is parse_sgr("31;1")
    assert parse_sgr("39;49") is DEFAULT


BAD = ["", "0", "38", "38;5", "38;5;256", "38;2;1;2", "38;7;1", "108", "10", "98", "1;;3", "x"]


@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_style_is_refused(bad: str) -> None:
    assert parse_sgr(bad) is None


def test_a_blank_shows_only_its_background() -> None:
    plain, coloured = parse_sgr("48;5;4"), parse_sgr("1;3;38;5;200;48;5;4")
    assert plain is not None
    assert coloured is not None
    assert coloured.blank is plain
    underlined = parse_sgr("4;31")
    assert underlined is not None
    assert underlined.blank is underlined


def test_every_change_leads_to_the_right_look_and_is_never_longer_than_a_reset() -> None:
    rng = random.Random(1)
    styles = [DEFAULT, *filter(None, map(parse_sgr, SAMPLES))]
    styles += filter(None, (parse_sgr(";".join(rng.sample(SAMPLES, 3))) for _ in range(60)))
    for before, after in itertools.product(styles, styles):
        model = ModelTerminal(4, 1)
        model.feed(f"\x1b[{parameters(before)}m" if before is not DEFAULT else "")
        sent = change(before, after)
        model.feed(sent)
        assert model.look == (after.attributes, after.fg, after.bg)
        assert len(sent) <= len(f"\x1b[0;{parameters(after)}m")
