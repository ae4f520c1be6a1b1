"""The error of a text that is no value of its field."""

from __future__ import annotations


class WrongValueError(ValueError):
    """The text is no value of the field. The message says why, in words, without naming the field."""
