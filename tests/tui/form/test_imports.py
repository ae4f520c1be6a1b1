from __future__ import annotations

import subprocess
import sys

import pytest


def loaded(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(answer.stdout.split())


def test_fields_are_had_without_a_screen() -> None:
    assert not any(name.startswith("textual") for name in loaded("from tui.form import Field, Kind, Section"))


@pytest.mark.parametrize("module", ["layout", "drawing", "contents", "choice_search", "undo"])
def test_what_needs_no_screen_loads_none(module: str) -> None:
    assert not any(name.startswith("textual") for name in loaded(f"import tui.form.{module}"))


def test_the_form_loads_no_editor_before_it_is_needed() -> None:
    modules = loaded("import tui.form.form, tui.bars, tui.text")
    for late in (
        "textual.widgets._text_area",
        "tui.form.choice_list",
        "tui.form.long_text",
        "httpx",
        "pydantic",
    ):
        assert late not in modules
