"""Taking a decoded TOML text apart, and noting what is not as it should be, instead of stopping there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zoho.wire.clean import clean_line
from zoho.wire.shapes import as_list, as_object

Path = tuple[str | int, ...]
"""The keys to a value, from the outside inwards; the elements of an array count from 0."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is wrong, at the keys *path* of the text; in *line*, where it is no TOML at all."""

    path: Path
    what: str
    next_step: str
    line: int | None = None


def cells(text: str) -> int:
    """Return how many cells of a terminal *text* takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    widths = {"W": 2, "F": 2}
    return sum(
        0 if category(one) in ("Mn", "Me", "Cf") else widths.get(east_asian_width(one), 1) for one in text
    )


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return the nearest of the *known* names as a question; empty, none is near."""
    from difflib import get_close_matches

    lower = {one.lower(): one for one in known}
    nearest = get_close_matches(name[:100].lower().replace("-", "_"), lower, n=1)
    return f"Did you mean {clean_line(lower[nearest[0]])}?" if nearest else ""


def short(text: str) -> str:
    """Return *text* on one line, and no longer than a message may be."""
    line = clean_line(text)
    return line if len(line) <= 100 else f"{line[:60]}…"


def decimal_of(value: Any) -> Decimal | None:
    """Return a number of TOML's; None for what is none, or no finite one."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None


class Taker:
    """Takes values out of tables, and notes in `flaws` what is wrong; what is then returned is no matter.

    Every method is given the table, the key in it, and the path of the table.
    """

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []

    def add(self, path: Path, what: str, next_step: str) -> None:
        """Note that something is wrong at *path*."""
        self.flaws.append(Flaw(path, what, next_step))

    def known(
        self, table: Mapping[str, Any], known: Sequence[str], path: Path, *, above: Sequence[str] = ()
    ) -> None:
        """Note the keys that are not *known*; those that belong *above*, with a word on where they go."""
        for key in table:
            if key in known:
                continue
            if key in above:
                hint = "It belongs above the first [[question]] and [[rating]], as it is of the whole script."
            else:
                hint = did_you_mean(key, known) or f"Known here: {', '.join(known)}."
            self.add((*path, key), f"“{short(key)}” is no key that a script has here.", hint)

    def tables(
        self, data: Mapping[str, Any], key: str, path: Path, *, least: int, most: int
    ) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield place and content of each table in a list; where *least* is 0, there need be none."""
        value = data.get(key, [])
        tables = as_list(value)
        if not isinstance(value, list) or any(not isinstance(one, dict) for one in tables):
            how = f"{key} = [{{ label = ... }}, {{ label = ... }}]" if path else f"[[{key}]] above each"
            self.add((*path, key), f"“{key}” must be a list of tables.", f"Write {how}.")
            return
        if len(tables) < least:
            told = f"“{key}”: there must be {least} or more, not {len(tables)}."
            self.add((*path, key), told, "Add what is missing.")
        self.few(key, tables, most, path)
        yield from enumerate(map(as_object, tables))

    def few(self, key: str, several: Sequence[Any], most: int, path: Path) -> None:
        """Note that there are more than *most*."""
        if len(several) > most:
            told = f"“{key}”: there must be {most} or fewer, not {len(several)}."
            self.add((*path, key, most), told, "Take some out.")

    def text(self, table: Mapping[str, Any], key: str, path: Path, most: int, *, needed: bool = False) -> str:
        """Return a text of at most *most* cells, on one line; empty, there is none."""
        value = table.get(key, "")
        if not isinstance(value, str):
            self.add((*path, key), f"“{key}” must be a text.", f'Put it into quotes: {key} = "..."')
            return ""
        text = clean_line(value).strip()
        if needed and not text:
            self.add((*path, key), f"“{key}” is missing.", f'Write {key} = "..."')
        self._fits(text, most, (*path, key))
        return text

    def texts(self, table: Mapping[str, Any], key: str, path: Path, most: int) -> tuple[str, ...]:
        """Return a list of texts; a text alone is a list of one."""
        value = table.get(key, [])
        several = as_list(value) if isinstance(value, list) else [value]
        texts = [clean_line(one).strip() if isinstance(one, str) else "" for one in several]
        for place, text in enumerate(texts):
            where: Path = (*path, key, place) if isinstance(value, list) else (*path, key)
            if not text:
                told = f"“{key}” must be texts that are not empty."
                self.add(where, told, f'Put each into quotes: {key} = ["...", "..."]')
            self._fits(text, most, where)
        return tuple(texts)

    def number(
        self,
        table: Mapping[str, Any],
        key: str,
        path: Path,
        most: Decimal,
        *,
        default: Decimal | None = None,
    ) -> Decimal:
        """Return a number from 0 to *most*, two digits after the point; without a *default* it is needed."""
        if key not in table:
            if default is None:
                self.add((*path, key), f"“{key}” is missing.", f"Write {key} = and a number.")
            return default or Decimal(0)
        number = decimal_of(table[key])
        # The range first: of a number with a huge exponent, quantize() would raise.
        if number is None or not 0 <= number <= most or number != number.quantize(_CENT):
            told = f"“{key}” must be a number from 0 to {most.normalize():f}, in hundredths at the finest."
            self.add((*path, key), told, "Correct it, without quotes around it.")
            return Decimal(0)
        return number

    def _fits(self, text: str, most: int, path: Path) -> None:
        # Accents that stand on no letter of their own take no cell, and must not be without end either.
        if cells(text) > most or len(text) > 4 * most:
            told = f"“{short(text)}” is too long: it takes {cells(text)} cells of the screen, and has {most}."
            self.add(path, told, "Say it shorter.")
