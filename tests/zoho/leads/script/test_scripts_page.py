"""The page on scripts: its example is a script, its tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path

from zoho.leads.script import BUILT_IN, load_script
from zoho.leads.script.reading import ANSWER, QUESTION, RATING, TOP, read_script

PAGE = (Path(__file__).parents[4] / "docs" / "scripts.md").read_text(encoding="utf-8")


def test_its_example_is_a_script() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    script, flaws = read_script("page", example)
    assert flaws == []
    assert script is not None


def test_every_key_is_named_where_it_stands() -> None:
    table = PAGE.split("| key | where | what |")[1].split("\n\n")[0]
    named: dict[str, set[str]] = {}
    for keys, where in re.findall(r"^\| (`.*?) \| (.*?) \|", table, re.MULTILINE):
        named.setdefault(where.strip("`[]"), set()).update(re.findall(r"`(\w+)`", keys))
    assert named == {
        "script": set(TOP) - {"rating", "question"},
        "rating": set(RATING),
        "question": set(QUESTION),
        "answer": set(ANSWER),
    }


def test_the_built_in_ones_are_named_with_their_points() -> None:
    for name in BUILT_IN:
        script = load_script(name)
        assert script is not None
        (row,) = re.findall(rf"^\| `{name}` \| (.*) \|$", PAGE, re.MULTILINE)
        assert f"{script.possible} points" in row
        assert all(question.label in row for question in script.questions)
