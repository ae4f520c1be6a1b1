"""In which line each key of a TOML text stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from zoho.leads.script import BUILT_IN, script_text
from zoho.leads.script.lines import line_at, lines_of

TRICKY = '''\
# title = "no", [[question]]
title = "a = b [[c]] # no comment"   # = [

long = """one
[[question]]
key = "no" \\"""
still = ""here"""""
raw = \'\'\'
x = [ \\ \'\'\'
'q.uoted' . "k\\u0065y\\"]" = 1
a.b . c = 2
list = [ # one [
  "x]", { y = "}", z.w = [1,
     2] },  # two ]
  [[], [ 1979-05-27 07:32:00 , -inf]],
]
[a.d]
e = 1.5

[[question]]
key = 1
[question.sub."x.y"]
deep = true
[[question.part]]
n = 1
[[question.part]]
n = 2
[[question]] # the second
answers = [{ label = "=", points = 1 }, { label = "[", points = 2 },
  { label = "{", points = 3 }]
[[question.part]]
n = 3
'''

WANTED = {
    ("title",): 2,
    ("long",): 4,
    ("raw",): 8,
    ("q.uoted", 'key"]'): 10,
    ("a", "b", "c"): 11,
    ("list", 0): 13,
    ("list", 1): 13,
    ("list", 1, "z", "w", 1): 14,
    ("list", 2, 1, 0): 15,
    ("a", "d"): 17,
    ("a", "d", "e"): 18,
    ("question", 0): 20,
    ("question", 0, "key"): 21,
    ("question", 0, "sub", "x.y", "deep"): 23,
    ("question", 0, "part", 0, "n"): 25,
    ("question", 0, "part", 1, "n"): 27,
    ("question", 1): 28,
    ("question", 1, "answers", 1, "points"): 29,
    ("question", 1, "answers", 2): 30,
    ("question", 1, "part", 0, "n"): 32,
}


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of everything in decoded TOML."""
    if path:
        yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from paths(child, (*path, key))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_is_hard_to_read(newline: str) -> None:
    lines = lines_of(TRICKY.replace("\n", newline))
    assert {path: lines[path] for path in WANTED} == WANTED
    assert set(lines) == set(paths(tomllib.loads(TRICKY)))


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_key_of_a_built_in_script_stands_in_the_line_that_is_told(name: str) -> None:
    text = script_text(name)
    lines = lines_of(text)
    assert set(lines) == set(paths(tomllib.loads(text)))
    written = text.split("\n")
    for path, line in lines.items():
        assert isinstance(path[-1], int) or str(path[-1]) in written[line - 1]


_BARE = st.text("abAB01_-", min_size=1, max_size=3)
_KEYS = st.one_of(_BARE, st.text("ab.=[]{}#'\" \\\n", max_size=4))
_VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-9, 9), st.text("ab=[]{}#,'\"\\\n ", max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=8,
)


def quoted(text: str, style: int = 0) -> str:
    if style == 1 and "'" not in text and "\n" not in text:
        return f"'{text}'"
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"""{plain}"""' if style == 2 else '"' + plain.replace("\n", "\\n") + '"'


def written(value: Any, draw: st.DrawFn) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value, draw(st.integers(0, 2)))
    if isinstance(value, list):
        gap = draw(st.sampled_from(["", " ", "\n", " # ] }\n"]))
        return "[" + "".join(f"{gap}{written(one, draw)}{gap}," for one in value) + f"{gap}]"
    if isinstance(value, dict):
        pairs = (
            f"{quoted(key, draw(st.integers(0, 1)))} = {written(one, draw)}" for key, one in value.items()
        )
        return "{ " + ", ".join(pairs) + " }"
    return str(value)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[tuple[str | int, ...], int]]:
    """A text, and the line of each key that stands at the beginning of one."""
    text, known = "", {}
    for name, value in draw(st.dictionaries(_KEYS, _VALUES, max_size=4)).items():
        text += draw(st.sampled_from(["", "\n", "# a = [\n", "  "]))
        known[(name,)] = text.count("\n") + 1
        text += f"{quoted(name, draw(st.integers(0, 1)))} = {written(value, draw)}\n"
    for place in range(draw(st.integers(0, 3))):
        known[("T", place)] = text.count("\n") + 1
        text += "[[T]]\n"
        for name, value in draw(st.dictionaries(_KEYS, _VALUES, max_size=3)).items():
            known[("T", place, name)] = text.count("\n") + 1
            text += f"{quoted(name)} = {written(value, draw)}\n"
    return text, known


@settings(deadline=None)
@given(documents())
def test_every_text_is_walked_as_the_parser_reads_it(
    document: tuple[str, dict[tuple[str | int, ...], int]],
) -> None:
    text, known = document
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # "T" stood there as a key too
    lines = lines_of(text)
    assert set(lines) == set(paths(data))
    assert {path: lines[path] for path in known} == known


@settings(deadline=None)
@given(st.text("ab=[]{}#,'\"\\\n .", max_size=60))
@example('"\\="')
def test_a_text_that_is_no_toml_ends(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in lines_of(text).values())


def test_what_is_not_written_has_the_line_of_what_it_is_missing_in() -> None:
    lines = lines_of('a = 1\n[[question]]\nkey = "x"\n')
    assert line_at(lines, ("question", 0, "label")) == 2
    assert line_at(lines, ("title",)) == 1
