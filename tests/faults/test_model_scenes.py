"""Scenes of the model that chance plays too seldom, and what it found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from outbox_office import SETTLED
from promise import Promise
from scripted_zoho import ANSWERED, DROPPED, LATE, Fate
from stoppable import HOLD, Stop

from zoho.outbox.states import State
from zoho.outbox.store import FRESH


@contextmanager
def promise(**more: Any) -> Iterator[Promise]:
    """Give a model that has begun; in the end it comes to rest, and the promise must hold."""
    given = {
        "keyed": False,
        "other_keyed": False,
        "email": False,
        "proved": False,
        "twins": False,
        "ahead": 0.0,
    }
    scene = Promise()
    scene.begin(**{**given, **more})
    try:
        yield scene
        scene.look()
    finally:
        scene.teardown()


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("kind", [ANSWERED, DROPPED])
def test_who_is_suspended_anywhere_and_overtaken_spoils_nothing(keyed: bool, kind: str) -> None:
    held = 0
    for point in range(1, 30):
        with promise(keyed=keyed, proved=keyed) as scene:
            scene.step(0, Fate(kind), stop=Stop(HOLD, point))
            held += scene.sessions[0].held
            scene.suspend(0)
            scene.step(1, Fate())
            scene.step(0, Fate())
    assert 5 < held < 29, "some points are reached, and all of them"


@pytest.mark.parametrize("kind", [ANSWERED, DROPPED])
def test_a_note_whose_sender_is_suspended_anywhere_and_overtaken_stands_once(kind: str) -> None:
    held = 0
    for point in range(1, 30):
        with promise(keyed=True, proved=True) as scene:
            scene.save("1", FRESH, None, False, notes=1)
            scene.step(0, Fate())
            assert not scene.orgs["1"].notes
            scene.step(0, Fate(kind), stop=Stop(HOLD, point))
            held += scene.sessions[0].held
            scene.suspend(0)
            for _ in range(3):
                scene.sessions[1].step()
                scene.later(SETTLED)
            if scene.sessions[0].held:
                scene.step(0, Fate())
            assert len(scene.orgs["1"].notes) == 1
    assert 5 < held < 29, "some points are reached, and all of them"


def test_a_layout_that_lost_the_field_is_not_sent_to_again() -> None:
    with promise(keyed=True, proved=True) as scene:
        scene.step(0, Fate(DROPPED))
        scene.an_administrator_changes_the_layout("1")
        # Not even where Zoho refuses to look it up, which alone would find it.
        scene.step(0, Fate(), reads=[ANSWERED, "all refused"])
        assert len(scene.orgs["1"].records) == 2
        scene.step(0, Fate())
        assert len(scene.orgs["1"].records) == len(scene.rows_in(State.SENT)) == 2


# What the model found


def test_nothing_is_asked_about_that_may_still_arrive() -> None:
    with promise() as scene:
        scene.step(0, Fate(LATE, delay=44.0))
        scene.step(0, Fate(), reads=["all refused"])
        assert not scene.rows_in(State.ASK)


def test_what_was_sent_without_the_key_is_not_sent_again_when_the_field_is_back() -> None:
    with promise(keyed=True, proved=True) as scene:
        scene.an_administrator_changes_the_layout("1")
        scene.step(0, Fate(DROPPED))
        scene.orgs["1"].holds_key = True
        scene.step(0, Fate())
