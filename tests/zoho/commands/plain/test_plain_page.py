"""The page about plain mode names every command, and its examples are what is really said."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from verbs import Home

from zoho.commands.plain.desk import PATIENCE
from zoho.commands.plain.lines import Wish, read_line
from zoho.sandbox import World

PAGE = (Path(__file__).parents[4] / "docs" / "plain.md").read_text(encoding="utf-8")


def test_every_command_is_named() -> None:
    named = {read_line(text).wish for text in re.findall(r"`([^` ]+)`", PAGE) if text[0] in "?<./"}
    typed = {wish for wish in Wish if wish not in (Wish.ANSWER, Wish.SKIP)}
    assert named & typed == typed


def test_how_long_it_waits() -> None:
    assert f"waited for {PATIENCE:.0f} seconds" in PAGE


def test_the_conversation_is_as_printed(home: Home) -> None:
    shown = next(block for block in PAGE.split("```") if "Org Zylker" in block).strip()
    given = re.findall(r"^[A-Z].*?: (\S.*)$", shown.replace("Budget: Approved.", ""), re.MULTILINE)
    ended = home.run("--plain", given="".join(f"{line}\n" for line in given), env={"ZOHO_SCRIPT": "bant"})
    printed = re.sub(r"^([A-Z].*?,.*?): .*$", r"\1:", shown, flags=re.MULTILINE)
    assert printed in ended.out


def test_the_pipe_does_what_it_says(home: Home, world: World) -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("printf"))
    words = shlex.split(line)
    given = "".join(f"{word}\n" for word in words[2 : words.index("|")])
    ended = home.run("--plain", given=given, env={"ZOHO_SCRIPT": "bant"})
    assert ended.status == 0, ended
    assert world.records()[-1]["Company"] == "Acme"
