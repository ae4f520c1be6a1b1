"""The promise holds in any order of events: the real outbox and courier, against a Zoho that is scripted."""

from __future__ import annotations

import os

from figures import Figures
from hypothesis import HealthCheck, Phase, seed as seeded, settings
from hypothesis.stateful import run_state_machine_as_test
from promise import Promise

HUNTING = os.environ.get("FAULTS") == "hunt"
"""A bug is planted: what counts is whether the promise is broken."""

SAMPLE = {"max_examples": 100, "stateful_step_count": 40}
HUNT = {"max_examples": 300, "stateful_step_count": 40, "phases": [Phase.generate]}
"""The smallest example is of no interest."""

FULL = {"max_examples": 700, "stateful_step_count": 80}


def test_the_promise_holds_in_any_order_of_events(all_faults: bool, seed: int, figures: Figures) -> None:
    Promise.ran.clear()
    run_state_machine_as_test(
        seeded(seed)(Promise) if all_faults else Promise,
        settings=settings(
            **(FULL if all_faults else HUNT if HUNTING else SAMPLE),
            deadline=None,
            derandomize=not all_faults,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    ran = Promise.ran
    unclear, asked, again = (
        ran[step] for step in ("sending -> unknown", "unknown -> ask", "unknown -> sending")
    )
    figures.add(
        "Model",
        f"{ran['examples']} examples, {ran['steps']} steps: {unclear} times unclear, {again} times sent again"
        f" with its key, {asked} times asked about; 0 lost, 0 doubled",
    )
    assert HUNTING or min(unclear, asked, again) >= 5, "the events that matter should happen"
