"""How much of signatures, mails, vCards and form notices in many languages is read rightly, in figures."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import phonenumbers
import pytest

from zoho.leads.pasted import Pasted, read_pasted
from zoho.leads.pasted.labels import label_of

CORPUS = Path(__file__).parent / "corpus"
REQUIRED = 0.9
CLASSES = {
    "names": ("name",),
    "e-mails": ("Email", "Secondary_Email"),
    "phones": ("Phone", "Mobile", "Fax"),
    "companies": ("Company",),
}
OTHERS = (
    "kind",
    "Salutation",
    "Designation",
    "Website",
    "Street",
    "City",
    "State",
    "Zip_Code",
    "Country",
    "Description",
)


@dataclass
class Example:
    """One text of the corpus: what is expected, and the text."""

    name: str
    expected: dict[str, str]
    text: str

    @property
    def region(self) -> str:
        return self.expected["region"]

    @classmethod
    def read(cls, path: Path) -> Example:
        head, text = path.read_text(encoding="utf-8").split("\n====\n", 1)
        expected: dict[str, str] = {}
        last = ""
        for line in head.split("\n"):
            match = re.match(r"(\w+): (.*)", line)
            if match:
                last = match[1]
                expected[last] = match[2]
            else:
                expected[last] += f"\n{line}"
        return cls(path.stem, expected, text.rstrip("\n"))


@dataclass
class Tally:
    """How many values of each class were right, and a line for each wrong one."""

    right: dict[str, int] = field(default_factory=dict[str, int])
    all: dict[str, int] = field(default_factory=dict[str, int])
    wrong: list[str] = field(default_factory=list[str])

    def count(self, group: str, example: str, what: str, expected: str, found: str) -> None:
        """Count a value; where nothing is expected and nothing found, there is nothing to count."""
        if not expected and not found:
            return
        self.all[group] = self.all.get(group, 0) + 1
        if expected == found:
            self.right[group] = self.right.get(group, 0) + 1
        else:
            self.wrong.append(f"{example}: {what}: expected {expected!r}, found {found!r}")

    def share(self, group: str) -> float:
        return self.right.get(group, 0) / self.all[group]

    def __str__(self) -> str:
        figures = [
            f"  {g}: {self.right.get(g, 0)} of {n} ({100 * self.share(g):.0f} %)" for g, n in self.all.items()
        ]
        return "\n".join([*figures, *(f"  wrong: {one}" for one in self.wrong)])


def examples(folder: str) -> list[Example]:
    return [Example.read(path) for path in sorted((CORPUS / folder).glob("*.txt"))]


def comparable(api_name: str, value: str, region: str) -> str:
    """A number by what is dialled, the rest by its letters: capitals in a company's name are no mistake."""
    if api_name in CLASSES["phones"] and value:
        number = phonenumbers.parse(value, region)
        number.extension = None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return value.casefold() if api_name in ("Company", "Email", "Secondary_Email") else value


def tallied(folder: str) -> tuple[Tally, Tally]:
    """The figures of what the goal names, and those of the other fields."""
    tally, others = Tally(), Tally()
    for one in examples(folder):
        pasted = read_pasted(one.text, region=one.region)
        for group, api_name, expected, found in _values(one, pasted):
            (tally if group in CLASSES else others).count(group, one.name, api_name, expected, found)
    return tally, others


def _values(one: Example, pasted: Pasted) -> Iterator[tuple[str, str, str, str]]:
    names = ("First_Name", "Last_Name")
    yield (
        "names",
        "name",
        " / ".join(one.expected.get(n, "") for n in names),
        " / ".join(map(pasted.value, names)),
    )
    for group, fields in CLASSES.items():
        for api_name in fields if group != "names" else ():
            both = (one.expected.get(api_name, ""), pasted.value(api_name))
            yield group, api_name, *(comparable(api_name, value, one.region) for value in both)
    for api_name in OTHERS:
        found = pasted.kind if api_name == "kind" else pasted.value(api_name)
        if api_name in one.expected:  # the other fields were not written down for every text
            yield api_name, api_name, one.expected[api_name], found


@pytest.mark.parametrize("folder", ["tuned", "held_out"])
def test_nine_of_ten_are_read_rightly(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    tally, others = tallied(folder)
    with capsys.disabled():
        sys.stdout.write(f"\n{folder}, {len(examples(folder))} texts\n{tally}\n beside that:\n{others}\n")
    for group in CLASSES:
        assert tally.share(group) >= REQUIRED, group


def test_the_corpus_is_large_and_of_many_languages() -> None:
    everything = [*examples("tuned"), *examples("held_out")]
    assert len(everything) >= 100
    assert len({one.name.partition("-")[0] for one in everything}) >= 18
    held_out = examples("held_out")
    assert len(held_out) >= 20
    assert len({one.name.partition("-")[0] for one in held_out}) >= 12
    assert not {one.text for one in held_out} & {one.text for one in examples("tuned")}
    signatures = [one for one in everything if one.expected["kind"] == "signature"]
    assert len(signatures) >= 40
    assert len({one.name.partition("-")[0] for one in signatures}) >= 6


@pytest.mark.parametrize("one", [*examples("tuned"), *examples("held_out")], ids=lambda one: one.name)
def test_no_word_of_a_text_is_lost(one: Example) -> None:
    if one.expected["kind"] == "vcard":
        pytest.skip("a vCard's words are encoded")
    pasted = read_pasted(one.text, region=one.region)
    kept = letters(" ".join([pasted.rest, *(f"{f.value} {f.because}" for f in pasted.found)]))
    lost = [
        word
        for word in letters_of(one.text)
        if word not in kept and label_of(word) is None and word != "from"
    ]
    assert not lost


def letters_of(text: str) -> list[str]:
    """The words that say something: not numbers, not labels and titles, which become a field's name."""
    plain = re.sub(r"[\u200e\u200f]", "", text)
    plain = re.sub(r"<(?:mailto|tel):[^>]*>|\[(?:image|cid)[^\]]*\]", "", plain)
    return [letters(word) for word in re.findall(r"[^\W\d_]{4,}", plain)]


def letters(text: str) -> str:
    return text.casefold().replace("i\u0307", "i")
