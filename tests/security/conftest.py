from __future__ import annotations

from pathlib import Path

import pytest
from app_stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A user who is signed in to an org with a field for our key."""
    return Stage(tmp_path)
