import logging
import os
import stat
from pathlib import Path

import pytest

from zoho.wire.errors import StorageError
from zoho.wire.log_file import log_to
from zoho.wire.traces import trace_of


@pytest.fixture
def log(tmp_path: Path):
    path = tmp_path / "state" / "log" / "zoho-leads.log"
    before = os.umask(0)
    try:
        handler = log_to(path)
    finally:
        os.umask(before)
    yield path
    logger = logging.getLogger("zoho")
    logger.removeHandler(handler)
    handler.close()
    logger.propagate = True
    logger.setLevel(logging.NOTSET)


def test_the_log_is_for_the_user_alone_whatever_the_umask(log: Path) -> None:
    logging.getLogger("zoho.api").info("hello")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "INFO zoho.api: hello" in log.read_text()


def test_the_folders_that_are_made_are_too(log: Path) -> None:
    made = log.parent, log.parent.parent
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in made] == [0o700, 0o700]


def test_a_full_log_is_put_aside_once_and_stays_for_the_user_alone(log: Path) -> None:
    before = os.umask(0)
    try:
        for _ in range(90):
            logging.getLogger("zoho.api").info("x" * 60_000)
    finally:
        os.umask(before)
    files = sorted(log.parent.iterdir())
    assert [file.name for file in files] == ["zoho-leads.log", "zoho-leads.log.1"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    assert all(file.stat().st_size <= 2 * 1024 * 1024 for file in files)


def test_a_record_is_one_line_without_control_characters(log: Path) -> None:
    logging.getLogger("zoho.api").info("a\nb\x1b]52;c;x\x07")
    (line,) = log.read_text().splitlines()
    assert line.endswith("a b^[]52;c;x^G")


def test_an_exception_is_logged_without_its_text(log: Path) -> None:
    try:
        try:
            raise ValueError("refresh_token=CANARY")
        except ValueError as error:
            raise RuntimeError("typed CANARY") from error
    except RuntimeError:
        logging.getLogger("zoho.outbox").exception("It failed")
    text = log.read_text()
    assert "CANARY" not in text
    assert "builtins.RuntimeError" in text
    assert "builtins.ValueError" in text
    assert "test_log_file.py" in text


def test_a_second_call_moves_the_log(log: Path, tmp_path: Path) -> None:
    other = log_to(tmp_path / "other.log")
    logging.getLogger("zoho.api").info("hello")
    other.close()
    logging.getLogger("zoho").removeHandler(other)
    assert "hello" not in log.read_text()
    assert "hello" in (tmp_path / "other.log").read_text()


def test_a_log_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="--log-file"):
        log_to(tmp_path / "file" / "zoho-leads.log")


def test_a_trace_ends_where_a_chain_bites_its_tail() -> None:
    first, second = ValueError(), KeyError()
    first.__context__, second.__context__ = second, first
    assert trace_of(first) == ["builtins.ValueError", "builtins.KeyError"]
