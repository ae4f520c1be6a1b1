"""Keys in the order in which they were typed.

Textual hands a key to the widget that has the focus when the key arrives, and runs a binding only when the
key has bubbled up to the app, both through queues. So keys that arrive in one burst (a fast typist, a slow
line) overtake each other: text after a Tab lands in the field before it, a Backspace deletes what came later.
Here a key is dealt with wholly before the next one is looked at.
"""

from __future__ import annotations

from weakref import WeakSet

from textual import events
from textual.widget import Widget

JOINERS = ("\u200c", "\u200d")
"""Typed like letters (Persian's non-joiner has a key of its own); Python does not call them printable."""

_LOOKED_AT: WeakSet[events.Key] = WeakSet()
"""Keys that nothing was bound to: they bubble up, and are not handed down again on their way."""


async def in_order(widget: Widget, event: events.Key) -> bool:
    """Deal with a key that is no text: hand it on if the focus has gone on meanwhile, or run its binding now.

    Returns:
        Whether that was all; then the event goes no further.
    """
    if event in _LOOKED_AT:
        return True
    if handed_on(widget, event, events.Key(event.key, event.character)):
        return True
    if event.is_printable and widget.check_consume_key(event.key, event.character):
        return False
    if not await widget.app._check_bindings(event.key):
        _LOOKED_AT.add(event)
        return False
    event.stop()
    event.prevent_default()
    return True


def handed_on(widget: Widget, event: events.Event, again: events.Event) -> bool:
    """Hand an event on, as *again*, to the widget that has the focus by now, if that is another one."""
    focused = widget.app.focused
    if focused is None or focused is widget:
        return False
    event.stop()
    event.prevent_default()
    again._set_forwarded()
    focused.post_message(again)
    return True
