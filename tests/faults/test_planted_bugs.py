"""The tests of the tests: a bug that breaks the promise is planted in a copy, and the tests there go red."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from figures import Figures
from planted_bugs import BUGS, Bug
from planting import ALL_PASSED, caught_by, hunted, plant, unplanted
from rep_process import ROOT


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_each_bug_has_its_place_still(bug: Bug) -> None:
    assert (ROOT / bug.file).read_text().count(bug.right) == 1, "plant it anew, in the code as it is now"


@pytest.mark.parametrize("text", ["", "right right"])
def test_a_bug_without_its_one_place_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "code.py").write_text(text)
    with pytest.raises(LookupError, match="plant it anew"):
        plant(Bug("some bug", "code.py", "right", "wrong", ()), tmp_path)


def test_planted_bugs_are_caught(
    request: pytest.FixtureRequest, all_faults: bool, seed: int, figures: Figures
) -> None:
    chosen = BUGS if all_faults else [random.Random(seed).choice([bug for bug in BUGS if bug.quick])]
    if any(bug.strace for bug in chosen):
        request.getfixturevalue("strace")
    tests = {bug: bug.tests if all_faults else bug.tests[:1] for bug in chosen}
    clean = unplanted({test for some in tests.values() for test in some})
    assert clean.status == ALL_PASSED, clean.said
    missed: list[str] = []
    for bug in chosen:
        for test, verdict in zip(tests[bug], hunted(bug, tests[bug]), strict=True):
            figures.add(f"Planted: {bug.name}", caught_by(verdict))
            if not verdict.red:
                missed.append(f"{bug.name}: {test}\n{verdict.said[-2000:]}")
    figures.add("Planted bugs", f"{len(chosen)}, each caught; without them green in {clean.seconds:.0f} s")
    assert not missed, "\n".join(missed)
