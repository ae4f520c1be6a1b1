"""A person's name: whether a line is one, where the family name begins, and whether the mailbox agrees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from zoho.leads.pasted.closings import is_closing
from zoho.leads.pasted.companies import is_trade, legal_form
from zoho.leads.pasted.labels import label_of
from zoho.leads.pasted.positions import is_position_word
from zoho.leads.pasted.spelling import alike, spelled_out, tokens_of

if TYPE_CHECKING:
    from nameparser import Parser

_PARTICLE_WORDS: Final = """
van von der den de da do dos das du di del della degli la le les los las el al bin ibn bint ter ten te zu
zur zum vom y e i ap ab af av st san santa mac o' d' 't 's op aan in het auf und
"""
_PARTICLES: Final = frozenset(_PARTICLE_WORDS.split())
_JOINED: Final = frozenset({"vanden", "vander", "vande", "van't"})
"""Particles of Flemish family names in one word, often with a capital: they begin the family name."""
_WORD: Final = re.compile(r"[^\W\d_][^\W\d_'’`.\-\u0300-\u036f]*(?:['’`.\-‐]+[^\W\d_]+)*[.'’]?")
_ASIDE: Final = re.compile(r"\s*[(\[（【][^)\]）】]{0,60}[)\]）】]\s*")
_ON_BEHALF: Final = re.compile(r"^(?:i\.?\s?[VA]\.?|ppa\.?|p\.?\s?p\.?|p\.?\s?o\.?)\s+(?=\S)")
_SUFFIX: Final = re.compile(
    r"^(?:[A-Z][A-Za-z]{0,3}\.?[A-Z][A-Za-z.®]{0,6}®?|Jr\.?|Sr\.?|I{1,3}|IV|MBA|Ph\.?D\.?|M\.?Sc\.?|B\.?Sc\.?|M\.?A\.?|B\.?A\.?|MD|CPA|FCA|LL\.?M\.?|Esq\.?)(?:\s[A-Z]{2,6})*$"
)
_HAN: Final = re.compile(r"[\u3400-\u9fff\u3005]+")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]+")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_EASTERN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u3005\uac00-\ud7a3]")
_CASELESS: Final = re.compile(r"[\u0590-\u06ff\u0750-\u077f]")
_SPANISH_CODES: Final = """
BR PT AO MZ
ES MX AR CL CO PE VE UY PY BO EC CR PA GT HN NI SV DO CU PR
"""
"""Countries where two family names are usual, the father's and the mother's."""
_SPANISH: Final = frozenset(_SPANISH_CODES.split())
_SECOND_GIVEN_WORDS: Final = """
josé jose maría maria luis carlos antonio manuel miguel ángel angel javier francisco jesús jesus pablo juan
fernando alberto enrique andrés andres david eduardo ignacio isabel carmen pilar teresa luisa cristina rosa
elena dolores mercedes belén belen soledad victoria fernanda alejandra paula guadalupe del ramón ramon
pedro paulo luiz luís henrique antônio antónio joão vitor vítor augusto gabriel felipe filipe miguel roberto
clara beatriz helena luíza luísa eduarda carolina inês sofia fátima aparecida lúcia júlia
"""
_SECOND_GIVEN: Final = frozenset(_SECOND_GIVEN_WORDS.split())
_TITLES: Final = (
    (re.compile(r"\bprof", re.IGNORECASE), "Prof."),
    (re.compile(r"\b(?:dr|dott|dra|doktor|doctor|доктор|δρ|ד״ר|ד\"ר|د)\b", re.IGNORECASE), "Dr."),
    (
        re.compile(r"\b(?:mrs|mme|madame|sig\.?ra|signora|sra|senhora|señora|mevr|mevrouw)\b", re.IGNORECASE),
        "Mrs.",
    ),
    (re.compile(r"\b(?:ms|miss|frau|mlle|pani|г-жа|пані|κα|גב)\b", re.IGNORECASE), "Ms."),
    (
        re.compile(
            r"\b(?:mr|herrn?|m|monsieur|sr|señor|senhor|sig|signor|dhr|pan|г-н|пан|κος|מר)\b", re.IGNORECASE
        ),
        "Mr.",
    ),
)
_SLAVIC_PATRONYMIC: Final = re.compile(r"[а-яёіїє]+(?:вич|вна|ична|инична|ьич|вні)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """A name in its parts; ``left`` has the words that are no part of it (``CPSM``, ``i. V.``)."""

    first: str
    last: str
    salutation: str = ""
    title: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well a mailbox goes with a name: 0 to 1, and the words of the name that are in it."""

    strength: float
    seen: frozenset[int]


# Is it one?


def may_be_a_name(text: str) -> bool:
    """Say whether a text is written as names are, and has no word that no name has."""
    core, _ = _core(text)
    if not 2 <= len(core) <= 60 or is_closing(text) or legal_form(core) or label_of(core):
        return False
    if _EASTERN.search(core):
        return _may_be_eastern(core)
    words = core.split()
    if not 2 <= len(words) <= 6 or is_trade(core):
        return False
    return all(_is_name_word(word) for word in words) and not any(map(is_position_word, words))


def _is_name_word(word: str) -> bool:
    if not _WORD.fullmatch(word.rstrip(",")) and not word.replace("-", "").replace(".", "").isalpha():
        return False
    return word[0].isupper() or word.casefold() in _PARTICLES or bool(_CASELESS.match(word)) or _titled(word)


def _titled(word: str) -> bool:
    return word.endswith(".") and any(pattern.search(word) for pattern, _ in _TITLES)


def _may_be_eastern(core: str) -> bool:
    words = core.split()
    if any(map(is_position_word, words)) or is_trade(core) or len(words) > 2:
        return False
    whole = "".join(words)
    if _HANGUL.fullmatch(whole):
        return 2 <= len(whole) <= 5
    return bool(_HAN.match(whole)) and 2 <= len(whole) <= (6 if len(words) == 2 else 4)


def _core(text: str) -> tuple[str, str]:
    """Return a name without what stands around it (asides, suffixes, "i. V."), and what that is."""
    left = [match.strip() for match in _ASIDE.findall(text)]
    core = _ASIDE.sub(" ", text).strip(' ,;:.-–*_"“”')
    behalf = _ON_BEHALF.match(core)
    if behalf:
        left.append(behalf[0].strip())
        core = core[behalf.end() :]
    head, comma, tail = core.partition(",")
    suffixes = [part.strip() for part in tail.split(",")]
    if comma and all(_SUFFIX.match(part) for part in suffixes if part) and len(head.split()) > 1:
        left.append(tail.strip())
        core = head.strip()
    for aside in _EASTERN_TITLES.findall(core):
        core = core.replace(aside, "").strip()
    return core, ", ".join(filter(None, left))


_EASTERN_TITLES: Final = re.compile(r"(?<=[\u3400-\u9fff\uac00-\ud7a3])(?:様|さん|氏|先生|女士|小姐|님|씨)$")


# The mailbox


def agreement(name: str, local: str) -> Agreement:
    """Return how well the mailbox *local* goes with a name: ``j.mueller`` with Jürgen Müller."""
    words = [word for word in re.split(r"[\s,]+", name) if word]
    tokens = tokens_of(local)
    left = "".join(tokens)
    whole, seen = len(left), set[int]()
    for index in sorted(range(len(words)), key=lambda one: -len(words[one])):
        part = _part_in(words[index], tokens, left)
        if part:
            left = left.replace(part, "", 1)
            seen.add(index)
    longest = max((len(words[index]) for index in seen), default=0)
    others = [min(spelled_out(word), default="")[:1] for index, word in enumerate(words) if index not in seen]
    hyphened = "".join(min(spelled_out(part), default="")[:1] for word in words for part in word.split("-"))
    explained = not left or (len(left) <= 3 and all(one in "".join(others) + hyphened for one in left))
    if not whole or not seen:
        strength = 0.6 if explained and whole and len(left) == len(words) > 1 else 0.0
    elif explained:
        strength = 1.0 if longest >= 3 else 0.8
    else:
        strength = 0.85 if longest >= 4 else 0.7
    return Agreement(strength, frozenset(seen))


def _part_in(word: str, tokens: list[str], left: str) -> str:
    """Return the part of a mailbox that a word of the name explains, or an empty text."""
    spellings = sorted(spelled_out(word), key=len, reverse=True)
    exact = next((one for one in spellings if one in tokens and len(one) > 1 and one in left), "")
    inside = next((one for one in spellings if len(one) >= 3 and one in left), "")
    similar = next((token for token in tokens if token in left and alike(word, token)), "")
    return exact or inside or similar


# Its parts


def read_name(text: str, *, local: str = "", country: str = "") -> Person | None:
    """Return the parts of a name; None if there is none.

    Args:
        text: a name in one line.
        local: the mailbox that is this person's, without its domain; it may tell where the family name is.
        country: ``HU`` or ``ES``, where the order of names or their number is another one.
    """
    core, left = _core(text)
    core = _in_given_order(re.sub(r"[\s\u3000]+", " ", core), country)
    parsed = _parser(_language(core, country)).parse(core)
    first = " ".join(filter(None, (parsed.given, parsed.middle)))
    last = parsed.family
    title = parsed.title
    if parsed.suffix:
        left = ", ".join(filter(None, (left, parsed.suffix)))
    if _HAN.fullmatch(core) and not first:
        first, last = _unspaced(core)
    elif "," not in core:
        first, last = _by_particle(*_by_mailbox(first, last, local))
    if not last:
        first, last = "", first
    if not last:
        return None
    salutation = salutation_of(title)
    if title and not salutation:
        left = ", ".join(filter(None, (title, left)))
    return Person(_cased(first), _cased(last), salutation, title, left)


def salutation_of(title: str) -> str:
    """Return Zoho's salutation (Mr., Mrs., Ms., Dr., Prof.) for a title in any language, or an empty text."""
    return next((salutation for pattern, salutation in _TITLES if pattern.search(title)), "")


def _language(core: str, country: str) -> str:
    if re.search(r"[\u0400-\u04ff]", core):
        return "ru"
    if _HAN.fullmatch(core):
        return "ja" if country == "JP" else "zh"
    words = core.split()
    full = country in _SPANISH and len(words) in (3, 4) and not any(word.islower() for word in words)
    if full and words[-2].casefold() not in _SECOND_GIVEN:
        return "es-one" if len(words) == 3 or words[1].casefold() not in _SECOND_GIVEN else "es-two"
    return ""


@lru_cache
def _parser(language: str) -> Parser:
    from nameparser import Parser, Policy, locales, parser_for

    if language == "ru":
        return parser_for(locales.RU)
    if language == "zh":
        return parser_for(locales.ZH)
    if language == "es-one":
        return Parser(policy=Policy(middle_as_family=True))
    return Parser()


def _in_given_order(core: str, country: str) -> str:
    """Return a name with the given name first where it is written the other way round (``MEIER Anna``)."""
    words = core.split()
    if "," in core or not 2 <= len(words) <= 4 or _EASTERN.search(core):
        return core
    shouted = [index for index, word in enumerate(words) if len(word) > 2 and word.isupper()]
    if shouted == [0] or (country == "HU" and not shouted):
        return " ".join([*words[1:], words[0]])
    return core


def _unspaced(core: str) -> tuple[str, str]:
    """Return given and family name of ideographs without a space, as most Japanese names divide."""
    cut = 1 if len(core) == 2 else 2
    return core[cut:], core[:cut]


def _by_mailbox(first: str, last: str, local: str) -> tuple[str, str]:
    """Move words to the family name from the first one on that the mailbox has behind an initial."""
    words = first.split()
    if not local or len(words) < 2 or _SLAVIC_PATRONYMIC.search(words[-1]):
        return first, last
    tokens = tokens_of(local)
    seen = agreement(f"{first} {last}", local).seen
    index = min((one for one in seen if one > 0), default=0)
    if not 0 < index < len(words) or len(words[index]) < 4 or any(one < index for one in seen):
        return first, last
    at_the_end = any(token.endswith(one) for one in spelled_out(words[index]) for token in tokens[-1:])
    if at_the_end:
        return " ".join(words[:index]), " ".join([*words[index:], last])
    return first, last


def _by_particle(first: str, last: str) -> tuple[str, str]:
    """Move words to the family name from a particle on that begins one."""
    words = first.split()
    index = next((at for at, word in enumerate(words) if at and word.casefold() in _JOINED), len(words))
    return " ".join(words[:index]), " ".join([*words[index:], last])


def _cased(words: str) -> str:
    """Return words without shouting: ``LE MÜLLER`` as Le Müller, ``McDonald`` as it is."""
    quiet = [_one_cased(word) for word in words.split()]
    if quiet == words.split():
        return words
    # Two capitals alone may be initials; beside a shouted word, a particle is shouted as well.
    return " ".join(word.capitalize() if word.casefold() in _PARTICLES else word for word in quiet)


def _one_cased(word: str) -> str:
    letters = [one for one in word if one.isalpha()]
    if len(letters) < 3 or not word.isupper() or "." in word:
        return word
    quiet = word.replace("İ", "i").lower()
    shown = re.sub(r"(?:^|(?<=[-'’]))\w", lambda match: match[0].upper(), quiet)
    return re.sub(r"^(Mc)(\w)", lambda match: match[1] + match[2].upper(), shown)
