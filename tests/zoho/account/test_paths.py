from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from zoho.account.paths import default_paths, is_standard_folder


def test_without_a_word_the_platforms_folders() -> None:
    paths = default_paths({})
    assert paths.config_file == paths.config_dir / "zoho_config.json"
    assert paths.site_config_file == paths.site_config_dir / "zoho_config.json"
    assert paths.config_dir.name == "zoho-leads"
    assert Path.cwd() not in {getattr(paths, field.name) for field in fields(paths)}
    assert is_standard_folder(paths.data_dir)
    assert not is_standard_folder(Path.home())


def test_data_dir_moves_all_but_the_configuration(tmp_path: Path) -> None:
    usual = default_paths({})
    moved = default_paths({"ZOHO_DATA_DIR": str(tmp_path)})
    assert moved.data_dir == tmp_path
    for file in (moved.outbox, moved.token_cache, moved.snapshot, moved.metadata_cache, moved.log_file):
        assert file.is_relative_to(tmp_path)
    assert moved.config_file == usual.config_file
    assert len({moved.outbox, moved.token_cache, moved.snapshot, moved.metadata_cache, moved.log_file}) == 5


def test_option_goes_before_environment(tmp_path: Path) -> None:
    paths = default_paths({"ZOHO_DATA_DIR": "/elsewhere"}, data_dir=tmp_path)
    assert paths.data_dir == tmp_path


def test_named_files(tmp_path: Path) -> None:
    environ = {"ZOHO_CONFIG": str(tmp_path / "c.json"), "ZOHO_LOG_FILE": str(tmp_path / "x.log")}
    paths = default_paths(environ)
    assert paths.config_file == tmp_path / "c.json"
    assert paths.log_file == tmp_path / "x.log"


def test_empty_and_relative_and_home() -> None:
    assert default_paths({"ZOHO_DATA_DIR": "  "}) == default_paths({})
    assert default_paths({"ZOHO_DATA_DIR": "here"}).data_dir == Path.cwd() / "here"
    assert default_paths({"ZOHO_DATA_DIR": "~/leads"}).data_dir == Path.home() / "leads"
