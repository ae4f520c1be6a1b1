"""Which sections of a long form are folded, and what is shown of those. No screen needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.form.fields import Field, Kind, Section
from tui.form.layout import FIRST_PAGE


class Folding:
    """The folds of a form: a folded section is a line with its title, and the fields that must be seen.

    A section is known by its title, so that it stays as the rep left it when the org's layout changes. One
    without a title cannot be folded: there would be nothing to unfold it by.
    """

    def __init__(self) -> None:
        self._folded: dict[str, bool] = {}
        self._folds: list[str] = []
        self._fold_of: dict[str, str] = {}

    def take_sections(self, sections: Sequence[Section], *, long: bool) -> None:
        """Have other sections.

        Args:
            sections: All of them.
            long: Whether those behind the first page begin folded.
        """
        self._folds = _names(sections)
        self._fold_of = {
            field.name: fold
            for fold, section in zip(self._folds, sections, strict=True)
            for field in section.fields
        }
        if not long:
            return
        line, full = 0, False
        for number, (fold, section) in enumerate(zip(self._folds, sections, strict=True)):
            line += len(section.fields) + 2
            full = full or (number > 0 and line > FIRST_PAGE)
            if fold:
                self._folded.setdefault(fold, full)

    def fold_of(self, name: str) -> str:
        """Return the name of the fold that a field is in; empty, it is in none."""
        return name if name in self._folds else self._fold_of.get(name, "")

    def first_in(self, fold: str) -> str:
        """Return the name of the first field of a section that can be gone to, or an empty string."""
        return next((name for name, each in self._fold_of.items() if each == fold), "")

    def is_folded(self, fold: str) -> bool:
        """Whether that section is folded now."""
        return self._folded.get(fold, False)

    def set_folded(self, fold: str, folded: bool) -> None:
        """Fold that section, or unfold it."""
        self._folded[fold] = folded

    def drawn(
        self,
        number: int,
        section: Section,
        seen: Sequence[Field],
        must_be_seen: Callable[[Field], bool],
        holds: Callable[[Field], bool],
    ) -> Section:
        """Return what is drawn of a section.

        Args:
            number: Of the section, from 0.
            section: The section.
            seen: Its fields that would be drawn if it were not folded.
            must_be_seen: Says which of them are drawn all the same.
            holds: Says which of them are filled.
        """
        fold = self._folds[number]
        if not self.is_folded(fold):
            return section if len(seen) == len(section.fields) else Section(section.title, tuple(seen))
        kept = tuple(field for field in seen if must_be_seen(field))
        folded = [field for field in seen if not must_be_seen(field)]
        label = f"{section.title} ({_count(len(folded), sum(map(holds, folded)))})"
        return Section("", (Field(fold, label, Kind.FOLD), *kept))


def _names(sections: Sequence[Section]) -> list[str]:
    """Return a name for each section's fold; none for one without title."""
    names: list[str] = []
    for section in sections:
        name = f"fold {section.title}" if section.title else ""
        while name and name in names:
            name += "+"
        names.append(name)
    return names


def _count(folded: int, filled: int) -> str:
    return f"{folded} more, {filled} filled" if filled else f"{folded} more"
