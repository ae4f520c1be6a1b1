"""What failures say of the verb and its options, as it is called on the screen."""

from __future__ import annotations

import re

from tui.actions import key_of

# The first that fits is taken at each place: from the long to the short. {key} is the key that signs in.
_SPOKEN: tuple[tuple[str, str], ...] = (
    (r"Sign in again and approve: zoho-leads login\.", "Sign in again, and approve."),
    (r"Sign in again: zoho-leads login\b", "Sign in again"),
    (r"Sign in again with zoho-leads login\b", "Sign in again ({key})"),
    (r"Sign in without --refresh-token: zoho-leads login\.", "Sign in with a browser instead ({key})."),
    (r"\(with a Self Client: zoho-leads login --code\)", "(a Self Client's code goes into Grant code)"),
    (r"Use a Self Client for --code, or a Non-browser Application without it\.",
     "Use a Self Client for a grant code, or a Non-browser Application to sign in with {key}."),
    (r"\b([Rr])un zoho-leads login\b", "Sign in ({key})"),
    (r"\bzoho-leads login\b", "Sign in ({key})"),
    (r"--data-center must", "the data centre in Settings must"),
    (r"--data-center (\w+)", r"data centre \1"),
    (r"--data-center\b", "data centre"),
)  # fmt: skip


def on_screen(text: str) -> str:
    """Return *text*, which may have been written for the command line, in the words of the screen."""
    key = key_of("settings.sign_in")
    for verb, screen in _SPOKEN:
        text = re.sub(verb, screen.format(key=key), text)
    return text
