"""ONE table of actions: key bindings, key bar, palette, help and the page of keys are made from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

QUALIFY, SETTINGS, LOG = "qualify", "settings", "log"
TABS = ((QUALIFY, "Qualify"), (SETTINGS, "Settings"), (LOG, "Log"))


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a rep can do.

    Args:
        id: its name, stable for configuration.
        label: what the key bar says.
        help: what it does, one sentence.
        keys: Textual's names of its keys, the one to show first; none, the palette alone has it.
        run: the method ``action_...`` of the app, with arguments as in Textual.
        tab: where it works; empty, everywhere.
        bar: whether the key bar shows it.
        palette: whether the palette offers it.
        menu: the key of the palette, by which it can be found where it has no key of its own.
    """

    id: str
    label: str
    help: str
    keys: tuple[str, ...]
    run: str
    tab: str = ""
    bar: bool = False
    palette: bool = True
    menu: str = "ctrl+p"

    @property
    def goes_first(self) -> bool:
        """Whether its keys go before the focused widget's, and so overtake letters still on their way.

        Only what neither reads nor changes a form may.
        """
        return not self.tab and self.id != "app.copy"

    @property
    def shown_keys(self) -> tuple[str, ...]:
        """The keys as a person reads them; without any, that of the palette."""
        return tuple(shown_key(key) for key in self.keys or (self.menu,))


ACTIONS: tuple[Action, ...] = (
    Action("tab.qualify", "Qualify", "Go to the form of a lead.", ("f2",), "show_tab('qualify')", bar=True),
    Action("tab.settings", "Settings", "Go to the settings.", ("f3",), "show_tab('settings')", bar=True),
    Action("tab.log", "Log", "Go to what happened to every lead.", ("f4",), "show_tab('log')", bar=True),
    Action(
        "lead.send", "Send", "Save the lead and send it to Zoho.", ("ctrl+s", "f5"), "send", QUALIFY, bar=True
    ),
    Action(
        "lead.park",
        "Park",
        "Put this half-typed lead aside and begin another.",
        ("ctrl+n", "f11"),
        "park",
        QUALIFY,
        bar=True,
    ),
    Action(
        "lead.drafts",
        "Drafts",
        "Take up a lead that was put aside.",
        ("ctrl+o", "f12"),
        "drafts",
        QUALIFY,
        bar=True,
    ),
    Action("lead.restore", "Restore", "Bring back the form that was cleared.", ("f6",), "restore", QUALIFY),
    Action(
        "lead.paste",
        "Read paste",
        "Read a pasted signature or mail into the fields.",
        ("ctrl+r", "f10"),
        "read_paste",
        QUALIFY,
    ),
    Action(
        "lead.template",
        "Template",
        "Fill what is empty from a template.",
        ("alt+t",),
        "fill('template')",
        QUALIFY,
    ),
    Action(
        "lead.another",
        "Another",
        "Begin another lead from the company of the last one.",
        ("alt+a",),
        "fill('another')",
        QUALIFY,
    ),
    Action(
        "lead.recent",
        "Recent",
        "See the leads created last; undo or restore one.",
        ("alt+r",),
        "recent('list')",
        QUALIFY,
    ),
    Action(
        "lead.undo",
        "Undo",
        "Undo the last lead: into Zoho's recycle bin.",
        ("alt+u",),
        "recent('undo')",
        QUALIFY,
    ),
    Action("lead.jump", "Go to", "Go to any field by its letters.", ("ctrl+g",), "fields('jump')", QUALIFY),
    Action(
        "lead.needed",
        "Needed",
        "Go to the next field that is still needed, or wrong.",
        ("ctrl+y",),
        "fields('needed')",
        QUALIFY,
    ),
    Action(
        "lead.who",
        "Who is this",
        "See who is known already, and say what to do.",
        ("f7",),
        "who",
        QUALIFY,
    ),
    Action("lead.ask", "Ask", "Go to the next question of the script.", ("alt+n",), "fields('ask')", QUALIFY),
    Action(
        "lead.disqualify",
        "Disqualify",
        "Say why this is no lead; it is saved all the same.",
        ("alt+d",),
        "fields('disqualify')",
        QUALIFY,
    ),
    Action(
        "lead.call_back",
        "Call back",
        "Say when to call back; it becomes a task in Zoho.",
        ("alt+c",),
        "fields('call_back')",
        QUALIFY,
    ),
    Action("lead.fold", "Fold", "Fold this section, or unfold it.", ("ctrl+f",), "fields('fold')", QUALIFY),
    Action("lead.arrange", "Arrange", "Pin, hide and order the fields.", (), "fields('arrange')", QUALIFY),
    Action("lead.pin", "Pin", "Pin this field to the top, or no longer.", (), "fields('pin')", QUALIFY),
    Action("lead.hide", "Hide", "Hide this field while it is empty.", (), "fields('hide')", QUALIFY),
    Action(
        "settings.save", "Save", "Save the settings.", ("ctrl+s", "f5"), "save_settings", SETTINGS, bar=True
    ),
    Action(
        "settings.sign_in",
        "Sign in",
        "Sign in to Zoho, with a browser anywhere.",
        ("f6", "ctrl+g"),
        "sign_in",
        SETTINGS,
        bar=True,
    ),
    Action(
        "settings.test",
        "Test",
        "Test the connection to Zoho.",
        ("f7",),
        "test_connection",
        SETTINGS,
    ),
    Action(
        "log.details", "Open", "Show what was tried, and why.", ("enter",), "log('details')", LOG, bar=True
    ),
    Action(
        "log.find",
        "Find",
        "Show the leads that have some words: name, company, state, Zoho id, reason.",
        ("slash",),
        "log('find')",
        LOG,
        bar=True,
    ),
    Action("log.retry", "Retry", "Send what waits now.", ("r",), "log('retry')", LOG, bar=True),
    Action(
        "log.edit", "Edit", "Take a refused lead back into the form.", ("e",), "log('edit')", LOG, bar=True
    ),
    Action(
        "log.who",
        "Who is it",
        "See what a lead is a duplicate of, and say what to do.",
        ("w",),
        "log('who')",
        LOG,
    ),
    Action("log.there", "It is there", "The unclear lead stands in Zoho.", ("i",), "log('there')", LOG),
    Action(
        "log.again", "Send again", "The unclear lead does not stand in Zoho.", ("s",), "log('again')", LOG
    ),
    Action("log.discard", "Discard", "Give this lead up.", ("d",), "log('discard')", LOG),
    Action("log.export", "Export", "Write the leads that are shown to a file.", ("x",), "log('export')", LOG),
    Action(
        "log.bind",
        "Confirm org",
        "Let leads saved before sign-in go to this org.",
        ("b",),
        "log('bind')",
        LOG,
    ),
    Action(
        "app.palette",
        "Menu",
        "Find an action by its name.",
        ("ctrl+p", "f9"),
        "command_palette",
        bar=True,
        palette=False,
    ),
    Action(
        "app.unlock",
        "Unlock",
        "Unlock the secrets, on the terminal.",
        ("ctrl+t",),
        "unlock",
    ),
    Action("app.help", "Help", "Show the keys.", ("f8", "f1"), "help", bar=True),
    Action("app.copy", "Copy", "Copy what is selected.", ("ctrl+c",), "copy", palette=False),
    Action("app.suspend", "Suspend", "Go back to the shell; fg returns.", ("ctrl+z",), "suspend_process"),
    Action("app.repaint", "Repaint", "Draw the screen anew.", ("ctrl+l",), "repaint"),
    Action("app.quit", "Quit", "Leave; what waits is sent next time.", ("ctrl+q",), "leave"),
)


def actions_of(tab: str, actions: Sequence[Action] = ACTIONS) -> Iterator[Action]:
    """Return those of *actions* that work in *tab*: its own first."""
    yield from (action for action in actions if action.tab == tab)
    yield from (action for action in actions if not action.tab)


def bar_keys(tab: str, actions: Sequence[Action] = ACTIONS) -> list[tuple[str, str]]:
    """Return (key, label) for the key bar of *tab*: the other tabs, what is done here, then the rest."""
    shown = [action for action in actions_of(tab, actions) if action.bar and action.keys]
    tabs = [action for action in shown if action.id.startswith("tab.")]
    rest = [action for action in shown if action not in tabs]
    return [(action.shown_keys[0], action.label) for action in (*tabs, *rest)]


def key_of(action_id: str) -> str:
    """Return the key of an action as a sentence says it, in the app that runs: "Ctrl+S", or "F4".

    Without any key, it is found in the palette: "Ctrl+P, Send".

    Raises:
        KeyError: there is no such action.
    """
    from textual._context import active_app

    actions: Sequence[Action] = getattr(active_app.get(None), "actions", ACTIONS)
    action = {one.id: one for one in actions}[action_id]
    return spoken_key(action.keys[0]) if action.keys else f"{spoken_key(action.menu)}, {action.label}"


def shown_key(key: str) -> str:
    """Return a key as a person reads it: ``^S`` for ctrl+s, ``F5`` for f5."""
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+').upper()}"
    return spoken_key(key)


def spoken_key(key: str) -> str:
    """Return a key as a sentence says it: ``Ctrl+S`` for ctrl+s, ``F5`` for f5."""
    if key == "slash":
        return "/"
    return "+".join(part.upper() if len(part) == 1 else part.capitalize() for part in key.split("+"))
