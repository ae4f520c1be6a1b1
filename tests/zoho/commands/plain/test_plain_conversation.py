"""Whatever is typed, in whatever order: the conversation goes on to its end, and no answer is lost."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from io import StringIO
from pathlib import Path

from hypothesis import given, settings, strategies as st

from zoho.account import default_paths, load_config
from zoho.commands.plain.conversation import Conversation
from zoho.commands.plain.desk import PlainDesk
from zoho.commands.plain.lines import Wish
from zoho.commands.plain.talk import Talk
from zoho.commands.results import Exit
from zoho.commands.session import Session
from zoho.outbox.session_slot import SessionSlot
from zoho.outbox.sqlite_rescue import open_outbox
from zoho.outbox.states import State
from zoho.outbox.store import Row

COMMANDS = [f"/{wish}" for wish in Wish if wish is not Wish.QUIT]
LINES = st.one_of(
    st.sampled_from([*COMMANDS, "", "", "?", "<", ".", "n", "y", "1", "2", "9", "/", "//", "\x1b[A"]),
    st.sampled_from(
        ["/last", "/company", "/email", "/budget", "/dis", "/call", "/about", "/descr", "/phone"]
    ),
    st.sampled_from(
        ["Roe", "Acme", "a@b.example", "no address", "tomorrow 9:30", "+44 20 7946 0018", "appr"]
    ),
    st.text(max_size=8),
)


def talked(folder: Path, lines: Sequence[str]) -> tuple[Exit, str, list[Row]]:
    """Hold a conversation where nobody is signed in; return its end, what was said, and the outbox."""
    environ = {"HOME": str(folder), "ZOHO_DATA_DIR": str(folder / "data")}
    paths = default_paths(environ)
    store, _ = open_outbox(paths.outbox)
    out = StringIO()
    source = StringIO("".join(f"{line}\n" for line in lines))
    with closing(store):
        session = Session(load_config(environ=environ, paths=paths), paths, store, environ)
        desk = PlainDesk(session, SessionSlot(paths.data_dir / "sessions"), patience=0)
        status = Conversation(Talk(source, out, terminal=False, utf8=True), desk).run()
        desk.close()
        return status, out.getvalue(), store.rows()


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=40))
def test_whatever_is_typed_it_comes_to_its_end(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        status, said, rows = talked(Path(folder), lines)
        assert said.startswith("zoho-leads, plain mode.")
        assert len({row.key for row in rows}) == len(rows)
        if not rows:
            assert status in (Exit.CREATED, Exit.BAD_INPUT)
        again, _, after = talked(Path(folder), [])
        assert {row.key: row.typed for row in after} == {row.key: row.typed for row in rows}
        if any(row.state is State.DRAFT and row.holder for row in rows):
            assert again is Exit.SAVED, "it was taken up"


@settings(max_examples=25, deadline=None)
@given(
    st.permutations([("/first name", "Ada"), ("/last name", "Roe"), ("/company", "Acme"), ("/city", "York")]),
    st.lists(st.sampled_from(["?", "/help", "/show", "/score", "/nonsense", "<"]), max_size=5),
)
def test_answers_are_kept_in_any_order_with_anything_between(
    answers: list[tuple[str, str]], between: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines = [line for name, text in answers for line in (*between, name, text)]
        _, _, (row,) = talked(Path(folder), lines)
        assert row.typed == {"First_Name": "Ada", "Last_Name": "Roe", "Company": "Acme", "City": "York"}
