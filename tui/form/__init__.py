"""A form: a list of fields drawn by one widget, and one editor laid over the current field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from tui.form.fields import Choice as Choice, Field as Field, Kind as Kind, Section as Section
    from tui.form.form import Form as Form

__all__ = ["Choice", "Field", "Form", "Kind", "Section"]

__getattr__ = lazy_names(
    __name__,
    dict.fromkeys(("Choice", "Field", "Kind", "Section"), "tui.form.fields") | {"Form": "tui.form.form"},
)
