"""The conversation: one question after the other, one lead after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zoho.commands.plain import words
from zoho.commands.plain.answers import Answer, read_answer
from zoho.commands.plain.asked import Asked, Kind
from zoho.commands.plain.call import Call
from zoho.commands.plain.choosing import yes_or_no
from zoho.commands.plain.desk import Fate, PlainDesk
from zoho.commands.plain.lines import HELP, Wish, meant, read_line
from zoho.commands.plain.status import status_of
from zoho.commands.plain.talk import Talk
from zoho.commands.results import Exit
from zoho.leads.script import answers_of, score
from zoho.leads.values import named_at_last
from zoho.outbox.states import UNSENT, State
from zoho.outbox.store import Row
from zoho.wire.errors import FieldFault, RecordRejected, ZohoError

_BETWEEN_CALLS = 3.0
"""Seconds that may go by between two leads without a word."""


class _Left(Exception):
    """The rep leaves."""


class Conversation:
    """Asks and tells, until the rep leaves or nothing comes any more.

    Args:
        talk: says and asks.
        desk: keeps and sends.
    """

    def __init__(self, talk: Talk, desk: PlainDesk) -> None:
        self._talk = talk
        self._desk = desk
        self._call = Call(())
        self._sent: list[str] = []
        """The keys of the leads that were saved in this run."""
        self._told_score: Sequence[str] = ()
        self._has_asked_org = False
        self._wishes: Mapping[Wish, Callable[[Asked | None], bool]] = {
            Wish.SKIP: self._skip,
            Wish.EXPLAIN: self._explain,
            Wish.BACK: self._back,
            Wish.SEND: self._send,
            Wish.PARK: self._park,
            Wish.DRAFTS: self._drafts,
            Wish.SHOW: self._show,
            Wish.SCORE: self._score,
            Wish.CLEAR: self._clear,
            Wish.HELP: self._help,
            Wish.QUIT: self._quit,
        }

    def run(self) -> Exit:
        """Talk to the end; return the exit status: the worst that became of any lead, as ``add`` has it."""
        try:
            self._begin()
            while True:
                while not self._step():
                    pass
                if not self._another():
                    break
        except (EOFError, _Left):
            self._talk.end_line()
        self._take_leave()
        return status_of(self._desk, self._sent, self._call)

    # From one lead to the next

    def _begin(self) -> None:
        self._greet()
        row = self._desk.left_over()
        others = [each for each in self._desk.put_aside() if row is None or each.key != row.key]
        self._new(row, "Half typed when the last session ended")
        if others:
            self._talk.say(f"Put aside: {len(others)}. /drafts takes one up.")

    def _greet(self) -> None:
        desk, talk = self._desk, self._talk
        talk.say("zoho-leads, plain mode. ? helps with a question, /help tells the commands.")
        if not desk.signed_in:
            talk.say("Not signed in: leads are saved, and wait. zoho-leads login signs in.")
        elif desk.org is None:
            talk.say("Asking Zoho for the fields of your org.")
            self._has_asked_org = True
            if (problem := desk.ask_org()) is not None:
                talk.say(f"{problem} Until then the standard fields are asked.")
        if desk.org is not None:
            talk.say(f"Org {desk.org.org_name}, as {desk.org.user_name}.")
        if (wrong := desk.load_questions()) is not None:
            talk.say(f"{wrong} No questions of a script are asked.")

    def _new(self, row: Row | None = None, why: str = "") -> None:
        """Begin a lead, or go on with a draft."""
        self._call = Call(self._desk.asked(), row)
        self._told_score = ()
        if row is None:
            return
        title = words.draft_title(self._call.typed) or "no name yet"
        self._talk.say(f"{why}: {title}. /show reads it.")
        if self._call.row is not None:
            self._say_faults(row.faults)

    def _another(self) -> bool:
        """Ask whether another lead follows, and begin it."""
        if not self._has_asked_org and self._desk.row_states(self._sent[-1:]) == [State.SENT]:
            # The line is good now, and nobody is on the phone: the org may have other fields than it had.
            self._has_asked_org = True
            self._desk.ask_org(limit=_BETWEEN_CALLS)
        self._call = Call(())
        while True:
            said = self._talk.ask("Another lead? Enter or y for yes, n for no").strip()
            if read_line(said).wish is Wish.QUIT or yes_or_no(said) == "false":
                return False
            if not said or yes_or_no(said) == "true":
                self._new()
                return True
            self._talk.say("Yes or no.")

    def _take_leave(self) -> None:
        call = self._call
        if call.changed and call.texts:
            title = words.draft_title(call.typed) or "no name yet"
            self._talk.say(f"Kept half typed: {title}. The next start goes on there.")

    # One question

    def _step(self) -> bool:
        """Ask one question, and do what is said; return whether the lead has left the hands."""
        one = self._call.next()
        line = read_line(self._ask(one))
        if line.wish is Wish.GO_TO:
            return self._go_to(one, line.text)
        if line.wish is Wish.ANSWER:
            return self._answer(one, line.text)
        return self._wishes[line.wish](one)

    def _ask(self, one: Asked | None) -> str:
        if one is None:
            self._say_score()
            return self._talk.ask(words.end_question())
        if one.section != self._call.section:
            self._call.section = one.section
            if one.section:
                self._talk.say(f"Section {one.section}.")
        if one is not self._call.asked_last:
            self._talk.say(*words.before_question(one, self._call.typed))
        self._call.asked_last = one
        return self._talk.ask(words.question_of(one, self._call.typed))

    def _again(self, one: Asked | None) -> bool:
        self._call.again(one)
        return False

    def _answer(self, one: Asked | None, text: str) -> bool:
        call = self._call
        if one is None:
            self._talk.say("Not understood: all is asked. /help tells the commands.")
            return False
        if one.kind is Kind.LONG_TEXT:
            text = self._whole(one, text)
        try:
            answer = self._read(one, text)
        except ZohoError as error:  # what it may refer to cannot be looked for
            self._talk.say(str(error))
            return self._again(one)
        self._talk.say(*answer.said)
        call.found = answer.options
        if answer.changes:
            call.take(one, answer.changes)
        elif answer.wrong:
            call.take_wrong(one, text)
        if not answer.changes:
            call.again(one)
        self._keep()
        return False

    def _read(self, one: Asked, text: str) -> Answer:
        desk, call = self._desk, self._call
        now, form = desk.now(), desk.form
        return read_answer(
            one, text, form=form, typed=call.typed, now=now, find=desk.find, options=call.found
        )

    def _whole(self, one: Asked, first: str) -> str:
        """Return a text of several lines, each on the disk as soon as it is typed; an empty one ends it."""
        lines = [first]
        try:
            while (line := self._talk.more()).strip():
                lines.append(line)
                self._call.put({one.name: "\n".join(lines)})
                self._keep()
        except EOFError:
            pass  # it comes again at the next question
        return "\n".join(lines)

    def _keep(self, *, parked: bool = False) -> bool:
        """Have what is typed on the disk."""
        call = self._call
        try:
            kept = self._desk.keep(
                call.key, call.texts, field=call.at, editing=call.row is not None, parked=parked
            )
        except ZohoError as error:
            self._talk.say(f"Not on the disk yet: {error}")
            return False
        if not kept and call.texts:
            self._talk.say("This lead was sent meanwhile, by another session: it can no longer be changed.")
        return kept or not call.texts

    # What else may be said

    def _skip(self, one: Asked | None) -> bool:
        """Enter alone: keep what stands, and go on; when all is asked, send."""
        if one is None:
            return self._send(one)
        wrong = one.name in self._call.wrong
        self._call.skip(one)
        if wrong:
            self._keep()
        return False

    def _explain(self, one: Asked | None) -> bool:
        self._talk.say(*words.help_of(one, self._call.typed))
        return self._again(one)

    def _help(self, one: Asked | None) -> bool:
        self._talk.say(*HELP)
        return self._again(one)

    def _back(self, one: Asked | None) -> bool:
        if not self._call.back(one):
            self._talk.say("This is the first question.")
        return False

    def _go_to(self, one: Asked | None, letters: str) -> bool:
        found = meant(self._call.asked, letters)
        if len(found) == 1:
            self._call.go_to(found[0], since=one)
            return False
        self._talk.say(words.called_lines(found))
        return self._again(one)

    def _clear(self, one: Asked | None) -> bool:
        if one is None:
            self._talk.say("Go to a field first: / and letters of it.")
            return False
        self._call.put({one.name: ""})
        self._talk.say(f"{one.label} is empty now.")
        self._call.again(one)
        self._keep()
        return False

    def _show(self, one: Asked | None) -> bool:
        self._talk.say(*words.shown_lines(self._call.asked, self._call.texts))
        return self._again(one)

    def _score(self, one: Asked | None) -> bool:
        self._talk.say(*(self._score_lines() or ["Nothing of a script is answered yet."]))
        return self._again(one)

    def _score_lines(self) -> list[str]:
        script = self._desk.script
        answers = answers_of(self._call.typed)
        return words.score_lines(score(script, answers)) if script is not None else []

    def _say_score(self) -> None:
        """Tell the score before the lead is sent, unless it was just told."""
        lines = self._score_lines()
        if lines != self._told_score:
            self._talk.say(*lines)
        self._told_score = lines

    def _quit(self, one: Asked | None) -> bool:
        del one
        raise _Left

    # Drafts

    def _park(self, one: Asked | None) -> bool:
        if not self._call.texts:
            self._talk.say("There is nothing to put aside.")
            return self._again(one)
        self._call.again(one)
        if self._put_aside():
            title = words.draft_title(self._call.typed) or "no name yet"
            self._talk.say(f"Put aside: {title}. /drafts takes it up again.", "Another lead.")
            self._new()
        return False

    def _put_aside(self) -> bool:
        """Put the lead aside; False if that cannot be kept. One that is not changed stays in the outbox."""
        call = self._call
        return not (call.changed and call.texts) or self._keep(parked=True)

    def _drafts(self, one: Asked | None) -> bool:
        rows = [row for row in self._desk.put_aside() if row.key != self._call.key]
        self._call.again(one)
        if not rows:
            self._talk.say("No lead is put aside.")
            return False
        self._talk.say(*(words.draft_line(place, row) for place, row in enumerate(rows, 1)))
        said = self._talk.ask("Which one? Its number, or Enter for none").strip()
        chosen = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
        if not 1 <= chosen <= len(rows):
            self._talk.say("None is taken up.")
        elif self._put_aside():
            row = self._desk.take(rows[chosen - 1].key)
            if row is None:
                self._talk.say("It is in the form of another session of yours.")
            self._new(row, "Taken up")
        return False

    # Sending

    def _send(self, one: Asked | None) -> bool:
        call = self._call
        if not call.texts:
            self._talk.say("Nothing is typed yet.")
            return self._again(one)
        self._say_score()
        if call.wrong:
            labels = ", ".join(each.label for each in call.asked if each.name in call.wrong)
            self._talk.say(f"Not understood so far: {labels}. Type it again, or Enter to leave it out.")
            call.ask_these(call.wrong)
            return False
        if "Last_Name" not in call.typed:
            call.put(named_at_last(self._desk.form, call.typed))
        try:
            row = self._saved()
        except RecordRejected as rejected:
            call.refused = True
            self._say_faults(rejected.faults)
            return False
        except ZohoError as error:
            self._talk.say(f"Not saved: {error}")
            return self._again(one)
        self._talk.say("Saved. Sending.")
        return self._tell(self._desk.send(row))

    def _saved(self) -> Row:
        desk, call = self._desk, self._call
        row = desk.save(call.key, call.typed) if call.row is None else desk.save_again(call.row, call.typed)
        call.changed = call.refused = False
        self._sent.append(row.key)
        return row

    def _tell(self, fate: Fate) -> bool:
        """Say what became of a lead; one that was refused is asked about again."""
        row, form = fate.row, self._desk.form
        if fate.problem is not None and row.state in UNSENT:
            self._talk.say(str(fate.problem))
        self._talk.say(words.outcome_line(row), *words.follow_up_lines(row, fate.follow_ups, form))
        if row.state is State.REJECTED:
            self._call.row = row
            self._say_faults(row.faults)
            return False
        self._talk.say(*words.fault_lines(row.faults, form, self._call.asked))
        return True

    def _say_faults(self, faults: Sequence[FieldFault]) -> None:
        """Say what is wrong, and ask those questions again."""
        self._talk.say(*words.fault_lines(faults, self._desk.form, self._call.asked))
        self._call.ask_these([fault.field for fault in faults])
