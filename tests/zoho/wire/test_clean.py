from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, strategies as st

from zoho.wire.clean import clean, clean_json, clean_line

BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
HARMFUL = {
    *(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)),
    0x7F,
    *range(0x80, 0xA0),
    *BIDI,
    *(0x200B, 0x2028, 0x2029, 0xFEFF),
    *(0x180E, *range(0x2060, 0x2066), *range(0x206A, 0x2070), *range(0xFFF9, 0xFFFC)),
    *(0x115F, 0x1160, 0x3164, 0xFFA0),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE0080),
    *range(0xD800, 0xE000),
}

anything = st.text(st.characters())  # lone surrogates too


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;aGk=\x07", "^[]52;c;aGk=^G"),
        ("\x00\x7f", "^@^?"),
        ("\x9b31m", "\\u009b31m"),
        ("abc\u202edef", "abc\\u202edef"),
        ("\ud83d", "\\ud83d"),
        ("\U000e0041", "\\U000e0041"),
        ("\ufeffname", "\\ufeffname"),
        ("one\r\ntwo\rthree\nfour\tfive", "one\ntwo\nthree\nfour\tfive"),
        ("\r\r\n", "\n\n"),
    ],
)
def test_examples(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_each_harmful_character_becomes_visible() -> None:
    shown = {code: clean(f"a{chr(code)}b") for code in HARMFUL}
    assert all(text.isascii() and text.isprintable() and len(text) > 3 for text in shown.values())
    assert len(set(shown.values())) == len(HARMFUL), "no two look alike"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ada Lovelace\n\t+44 20 7946 0018",
        "Żółć Ångström Zoë Zoe\u0308",
        "李小龍 קרן أحمد हिन्दी ไทย",
        "می\u200cخواهم",  # Persian needs its non-joiner
        "\U0001f469\u200d\U0001f4bb \U0001f44d\U0001f3fd \u2764\ufe0f",
        "[/red] [@click=app.quit]x[/] \\u001b ^[",
        "\u00a0\u00ad",
    ],
)
def test_harmless_text_stays(text: str) -> None:
    assert clean(text) == text


@given(anything)
def test_nothing_harmful_is_left(text: str) -> None:
    shown = clean(text)
    assert not {ord(character) for character in shown} & (HARMFUL | {0x0D})
    shown.encode("utf-8")


@given(anything)
def test_no_control_character_is_left_but_newline_and_tab(text: str) -> None:
    controls = {character for character in clean(text) if unicodedata.category(character) in ("Cc", "Cs")}
    assert controls <= {"\n", "\t"}


@given(anything)
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(anything)
def test_what_has_nothing_harmful_stays(text: str) -> None:
    harmless = "".join(character for character in text if ord(character) not in HARMFUL | {0x0D})
    assert clean(harmless) == harmless


@given(anything, anything)
def test_each_character_is_judged_alone(left: str, right: str) -> None:
    # No sequence is recognised, so none can be hidden in two halves; only CR LF belongs together.
    if not (left.endswith("\r") and right.startswith("\n")):
        assert clean(left + right) == clean(left) + clean(right)


@given(anything)
def test_a_line_is_one_line(text: str) -> None:
    line = clean_line(text)
    assert len(line.splitlines()) <= 1
    assert "\t" not in line
    assert clean_line(line) == line


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | anything,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(anything, children, max_size=4),
    max_leaves=12,
)


def strings_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in strings_of(item)]
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *strings_of(item))]
    return []


@given(json_values)
def test_every_string_of_a_json_value_is_clean(value: Any) -> None:
    result = clean_json(value)
    assert all(clean(text) == text for text in strings_of(result))
    assert type(result) is type(value)
    assert clean_json(result) == result


def test_a_json_value_keeps_its_shape() -> None:
    value = {"data": [{"Last_Name": "R\x1boe", "n": 1, "ok": True, "none": None, "f": 1.5}], "k\x07": []}
    assert clean_json(value) == {
        "data": [{"Last_Name": "R^[oe", "n": 1, "ok": True, "none": None, "f": 1.5}],
        "k^G": [],
    }
