"""Which keys of a rep's own may be had: a pure function of the wishes and the table of actions."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, strategies as st

from tui.actions import ACTIONS, TABS, Action, actions_of, bar_keys, key_of, shown_key, spoken_key
from tui.form.form import Form
from tui.form.line_editor import LineEditor
from tui.form.long_text import LongText
from tui.keymap import KEPT, NEEDED, read_keymap
from tui.log.list import LeadList

BUILT_IN = {action.id: action.keys for action in ACTIONS}


def _action(name: str, keys: str, tab: str = "") -> Action:
    return Action(name, name.partition(".")[2].capitalize(), "", tuple(keys.split()), "run", tab, bar=True)


TABLE = (
    _action("tab.log", "f4"),
    _action("lead.send", "ctrl+s f5", "qualify"),
    _action("lead.park", "ctrl+n f11", "qualify"),
    _action("lead.restore", "f6", "qualify"),
    _action("lead.paste", "f10", "qualify"),
    _action("lead.needed", "ctrl+y", "qualify"),
    _action("lead.jump", "ctrl+g", "qualify"),
    _action("lead.pin", "", "qualify"),
    _action("settings.test", "f7", "settings"),
    _action("log.details", "enter", "log"),
    _action("log.find", "slash", "log"),
    _action("log.retry", "r", "log"),
    _action("log.edit", "e", "log"),
    _action("app.palette", "ctrl+p f9"),
    _action("app.help", "f8 f1"),
    _action("app.copy", "ctrl+c"),
    _action("app.suspend", "ctrl+z"),
    _action("app.repaint", "ctrl+l"),
    _action("app.quit", "ctrl+q"),
)
"""A table of its own: the real one grows."""


def moved(wishes: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What has other keys than the built-in ones."""
    built_in = {action.id: action.keys for action in TABLE}
    return {name: keys for name, keys in read_keymap(wishes, TABLE).keys.items() if keys != built_in[name]}


@pytest.mark.parametrize(
    ("wishes", "keys"),
    [
        ({}, {}),
        ({"lead.park": "alt+p"}, {"lead.park": ("alt+p",)}),
        ({"lead.park": " Alt+P , ctrl+N,alt+p,"}, {"lead.park": ("alt+p", "ctrl+n")}),
        ({"lead.send": "f10", "lead.paste": ""}, {"lead.send": ("f10",), "lead.paste": ()}),
        (
            {"lead.send": "ctrl+n", "lead.park": "ctrl+s"},
            {"lead.send": ("ctrl+n",), "lead.park": ("ctrl+s",)},
        ),
        ({"lead.pin": "alt+i"}, {"lead.pin": ("alt+i",)}),
        ({"settings.test": "f11"}, {"settings.test": ("f11",)}),
        ({"log.details": "enter,o"}, {"log.details": ("enter", "o")}),
        ({"log.retry": "/", "log.find": "F"}, {"log.retry": ("slash",), "log.find": ("f",)}),
        ({"app.suspend": "ctrl+z,alt+z"}, {"app.suspend": ("ctrl+z", "alt+z")}),
        ({"app.quit": "alt+q"}, {"app.quit": ("alt+q",)}),
        ({"app.copy": ""}, {"app.copy": ()}),
    ],
)
def test_what_can_be_had_is(wishes: Mapping[str, str], keys: Mapping[str, tuple[str, ...]]) -> None:
    assert read_keymap(wishes, TABLE).faults == ()
    assert moved(wishes) == keys


@pytest.mark.parametrize(
    ("wishes", "what", "next_step", "keys"),
    [
        ({"lead.sent": "alt+s"}, 'no action "lead.sent"', "nearest is lead.send.", {}),
        ({"Park": "alt+p"}, 'no action "Park"', "nearest is lead.park.", {}),
        ({"[/x]\x1b[2J": "f1"}, 'no action "[/x]^[[2J"', "nearest is", {}),
        ({"lead.park": "alt+p f11"}, 'no key "alt+p f11" for lead.park', "commas stand between", {}),
        ({"lead.park": "f13,alt+p"}, 'no key "f13"', "f1 to f12", {"lead.park": ("alt+p",)}),
        ({"lead.park": "p"}, "P would be typed into the form; lead.park", "Letters are for", {}),
        ({"settings.test": "/"}, "/ would be typed", "Letters are for", {}),
        ({"app.help": "h"}, "H would be typed", "Letters are for", {}),
        ({"lead.park": "tab"}, "Tab goes to the next field", "another key for lead.park", {}),
        ({"lead.park": "esc"}, "Escape gives back", "another key", {}),
        ({"lead.park": "ctrl+c"}, "Ctrl+C copies", "another key", {}),
        ({"lead.park": "ctrl+z"}, "Ctrl+Z goes back to the shell", "another key", {}),
        ({"lead.park": "ctrl+m"}, "Ctrl+M is Enter to a terminal", "another key", {}),
        ({"lead.park": "alt+b"}, "Alt+B is what some terminals send", "another key", {}),
        ({"log.edit": "j"}, "J marks the next lead", "another key", {}),
        ({"app.repaint": "ctrl+g", "lead.jump": "alt+g"}, "Ctrl+G has a meaning in the list of all fields",
         "another key", {"lead.jump": ("alt+g",)}),
        ({"lead.park": "f5"},
         "F5 is wished for lead.park, but is the key of lead.send; lead.park has Ctrl+N and F11.",
         "one of lead.park and lead.send", {}),
        ({"lead.park": "alt+p,f5"}, "lead.park has Alt+P.", "one of", {"lead.park": ("alt+p",)}),
        ({"lead.park": "ctrl+q"}, "the key of app.quit everywhere", "another key", {}),
        ({"app.repaint": "f7"}, "F7 is wished for app.repaint, but is the key", "another key", {}),
        ({"lead.park": "alt+p", "lead.send": "alt+p"},
         "Alt+P is wished for lead.send, but is the key of lead.park", "another key",
         {"lead.park": ("alt+p",)}),
        ({"lead.send": "ctrl+n", "lead.park": "f6"},
         "F6 is wished for lead.park, but is the key of lead.restore; lead.park has F11.",
         "another key", {"lead.send": ("ctrl+n",), "lead.park": ("f11",)}),
        ({"lead.send": "ctrl+y,alt+s", "lead.needed": "f6"}, "lead.needed has none", "another key",
         {"lead.send": ("ctrl+y", "alt+s"), "lead.needed": ()}),
        ({"app.quit": ""}, "app.quit cannot be without a key; it keeps Ctrl+Q.",
         "at least one key for app.quit", {}),
        ({"app.palette": "ctrl+q", "app.quit": "ctrl+s"}, "Ctrl+S is wished for app.quit", "another key", {}),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_told(
    wishes: Mapping[str, str], what: str, next_step: str, keys: Mapping[str, tuple[str, ...]]
) -> None:
    faults = read_keymap(wishes, TABLE).faults
    assert any(what in fault.what and next_step in fault.next_step for fault in faults), faults
    assert moved(wishes) == keys


def test_one_mistake_is_told_once() -> None:
    assert len(read_keymap({"lead.park": "f5", "lead.sent": "x"}, TABLE).faults) == 2


KEYS = [
    *(f"f{number}" for number in range(1, 14)),
    *(f"{held}+{letter}" for held in ("ctrl", "alt") for letter in "abcdefghijklmnopqrstuvwxyz"),
    *"abcdefghijklmnopqrstuvwxyz/",
    *KEPT,
    "",
    "nonsense",
]
# Few keys for few actions: they shall clash.
FEW = st.sampled_from(["ctrl+q", "ctrl+p", "f9", "f8", "f1", "ctrl+s", "ctrl+n", "f5", "alt+p", "r", ""])
WISHES = st.dictionaries(
    st.sampled_from([*NEEDED, "lead.send", "lead.park", "settings.save", "log.retry", "log.edit"])
    | st.sampled_from([action.id for action in ACTIONS])
    | st.text(max_size=8),
    (st.lists(FEW, max_size=3) | st.lists(st.sampled_from(KEYS), max_size=3)).map(",".join)
    | st.text(max_size=8),
)


@given(WISHES)
def test_whatever_is_wished_no_key_does_two_things_and_the_way_out_is_there(wishes: dict[str, str]) -> None:
    keymap = read_keymap(wishes)
    keys = keymap.keys
    assert list(keys) == list(BUILT_IN)
    assert all(keys[name] for name in NEEDED)
    for tab, _ in TABS:
        every = [key for action in actions_of(tab, keymap.actions) for key in action.keys]
        assert len(every) == len(set(every)), tab
    for action in keymap.actions:
        assert action.menu == keys["app.palette"][0]
        assert set(action.keys) - set(BUILT_IN[action.id]) <= set(KEYS) - (set(KEPT) - {"enter"})
        assert action.tab == "log" or all(len(key) > 1 and key != "slash" for key in action.keys)
    if not keymap.faults:
        assert all(keys[name] or not wishes[name].strip(" ,") for name in wishes)


def test_what_a_form_and_the_log_live_by_is_kept() -> None:
    for widget in (Form, LineEditor, LongText, LeadList):
        for key in widget._merged_bindings.key_to_bindings:
            held, _, letter = key.rpartition("+")
            if len(letter) == 1 and held in ("", "ctrl", "alt"):
                wished = read_keymap({"lead.park" if held else "log.retry": key}, TABLE)
                assert wished.faults, f"{key} of {widget.__name__}"


# What is shown


def test_bar_and_sentences_have_the_keys_of_the_rep() -> None:
    actions = read_keymap({"lead.send": "alt+s", "lead.park": "", "app.palette": "f9"}, TABLE).actions
    shown = bar_keys("qualify", actions)
    assert ("Alt+S", "Send") in shown
    assert "Park" not in [label for _, label in shown], "without a key it cannot be in the bar"
    park = next(action for action in actions if action.id == "lead.park")
    assert park.shown_keys == ("F9",)


@pytest.mark.parametrize(
    ("key", "shown", "spoken"),
    [("ctrl+s", "^S", "Ctrl+S"), ("alt+p", "Alt+P", "Alt+P"), ("f12", "F12", "F12"), ("slash", "/", "/"),
     ("r", "R", "R"), ("enter", "Enter", "Enter"), ("shift+tab", "Shift+Tab", "Shift+Tab")],
)  # fmt: skip
def test_a_key_in_the_bar_and_in_a_sentence(key: str, shown: str, spoken: str) -> None:
    assert (shown_key(key), spoken_key(key)) == (shown, spoken)


def test_without_an_app_a_sentence_names_the_built_in_key() -> None:
    assert (key_of("lead.drafts"), key_of("tab.log")) == ("Ctrl+O", "F4")
    assert key_of("lead.pin") == "Ctrl+P, Pin"
