"""A script is found by its name; whatever is in its file does no harm to terminal and app."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hostile import PAYLOADS

from zoho.leads.script import BUILT_IN, DISQUALIFY, QUESTION, check, line_of, load_script, score, words_of
from zoho.leads.script.loading import LARGEST
from zoho.wire import ConfigError
from zoho.wire.clean import clean

SMALL = """\
title = "S"
disqualify = ["spam"]
status_value = "Junk"
[[question]]
key = "a"
label = "A"
prompt = "A?"
answers = [{ label = "yes", points = 1 }, { label = "no", points = 0 }]
"""


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_one_is_named_in_any_letters(name: str) -> None:
    script = load_script(name)
    assert script is not None
    assert script == load_script(f" {name.upper()} ".strip()) or script.title == name.upper()
    assert [len(one.label) <= 18 and len(one.prompt) <= 60 for one in script.questions]
    assert (QUESTION, DISQUALIFY) == ("?", "disqualify")


@pytest.mark.parametrize("name", ["none", "None", " NONE "])
def test_none_is_no_script(name: str) -> None:
    assert load_script(name) is None


def test_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s.toml").write_text(SMALL)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "link").symlink_to(tmp_path / "s.toml")
    for name in (str(tmp_path / "s.toml"), "~/s.toml", " ~/link "):
        script = load_script(name)
        assert script is not None
        assert (script.title, script.name) == ("S", name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bnat", "The script bnat is not there. Did you mean bant? Name one of"),
        ("/nowhere/s.toml", "The script /nowhere/s.toml is not there. Name one of"),
        ("/", "cannot be read: Is a directory."),
        ("/dev/zero", "is no file."),
        ("a\0b", "cannot be read: not a path."),
        ("x" * 5000, "cannot be read: File name too long."),
        ("\x1b[2J", "The script ^[[2J is not there."),
        ("", "Name one of bant, champ, meddic, none, or a file of your own."),
    ],
)
def test_what_is_no_script_is_told(name: str, said: str) -> None:
    for use in (load_script, lambda one: check(one, None)):
        with pytest.raises(ConfigError) as caught:
            use(name)
        assert said in str(caught.value)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match="is no file"):
        load_script(str(tmp_path / "pipe"))


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text(SMALL + "#" * (LARGEST - len(SMALL)))
    assert load_script(str(file)) is not None
    file.write_text(SMALL + "#" * (LARGEST - len(SMALL) + 1))
    with pytest.raises(ConfigError, match="is larger than 64 KiB"):
        load_script(str(file))


def test_what_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_bytes(b"title = 'S'\n# caf\xe9\n")
    with pytest.raises(ConfigError, match=r"is not UTF-8 in line 2\. Save it as UTF-8"):
        load_script(str(file))


def harmless(text: str) -> bool:
    return clean(text) == text and "\n" not in text


def escaped(text: str) -> str:
    return "".join(one if one.isalnum() and one.isascii() else f"\\U{ord(one):08X}" for one in text)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("where", ['"S"', '"A"', '"A?"', '"yes"', '"a"', "key", '"spam"', '"Junk"'])
@pytest.mark.parametrize("escape", [False, True])
def test_hostile_text_is_harmless_wherever_it_stands(
    tmp_path: Path, payload: str, where: str, escape: bool
) -> None:
    text = escaped(payload) if escape else payload
    file = tmp_path / "s.toml"
    file.write_bytes(SMALL.replace(where, f'"{text}"', 1).encode("utf-8", "surrogatepass"))
    began = time.perf_counter()
    try:
        faults = check(str(file), None)
        said = [part for fault in faults for part in (fault.key, fault.what, fault.next_step)]
        assert all(len(one) < 1000 for one in said)
        if not faults:
            script = load_script(str(file))
            assert script is not None
            told = score(script, {"a": "1"})
            said = [line_of(told), *words_of(told), *(one.prompt for one in script.questions)]
            said += [*script.disqualify, *script.status_values]
    except ConfigError as error:
        said = [error.what, error.next_step]
    assert said
    assert [one for one in said if not harmless(one)] == []
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 30_000) + " = 1",
        "a = " + "{a = " * 12_000,
        "".join(f"a{n}=0\n" for n in range(8_000)),
        "[[question]]\n" * 5_000,
        'a = """' + '"' * 60_000,
        "a = " + "[" * 60_000,
        "\\" * 60_000,
        "[" + "a." * 30_000 + "a]\n",
        "".join(f"[{'a.' * 290}a{n}]\nb.c=0\n" for n in range(100)),
        f"[{'a.' * 290}a]\n" + "".join(f"b{n}=0\n" for n in range(8_000)),
    ],
    ids=["dots", "inline", "keys", "questions", "quotes", "brackets", "slashes", "one", "many", "deep"],
)
def test_a_text_that_was_made_to_be_slow_is_not(tmp_path: Path, text: str) -> None:
    file = tmp_path / "s.toml"
    file.write_text(text)
    began = time.perf_counter()
    assert check(str(file), None)
    assert time.perf_counter() - began < 10


def test_a_built_in_one_is_read_with_the_standard_library_alone() -> None:
    program = (
        "import sys; from zoho.leads.script import load_script, score, words_of, answers_of, to_zoho\n"
        "words_of(score(load_script('bant'), {'need': '1'}))\n"
        "print(' '.join(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    heavy = {"pydantic", "httpx", "phonenumbers", "difflib", "unicodedata", "zoho.leads.script.lines"}
    assert loaded & (heavy | {"zoho.leads.values.parsing", "zoho.leads.script.checking"}) == set()
