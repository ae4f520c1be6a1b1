"""The signs by which a line is known as a company: its legal form, its trade, the mail address's domain."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from zoho.leads.look_up.companies import core_of, domain_of
from zoho.leads.pasted import untyped
from zoho.leads.pasted.spelling import spelled_out

_OTHER_FORMS: Final = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|一般社団法人|医療法人|学校法人|㈱|㈲|"
    r"有限公司|有限责任公司|股份公司|集团|公司$|주식회사|유한회사|\(주\)|㈜|"
    r"ذ\.?\s?م\.?\s?م|ش\.?\s?م\.?\s?[مكع]|(?:^|\s)(?:شركة|مؤسسة|مجموعة|مصنع|بنك|جامعة)\s|"
    r"בע[\"״”'`]{1,2}מ|(?:^|\s)(?:חברת|קבוצת|עמותת)\s|"
    r"(?:^|[\s,])(?:ООО|ОАО|ЗАО|ПАО|НПО|АО|ИП|ТОО|ЧП|ФГУП|ТОВ|ПП|ПрАТ|ФОП|ВАТ|ЕООД|ООД|ЕАД|АД)(?=$|"
    r"[\s,«\"“'])|"
    r"(?:^|\s)д\.?о\.?о\.?(?=$|\s)|"
    r"(?:^|\s)[Ss][Pp]\.\s?(?:[kj]|z\s?o\.\s?o)\.(?=$|[\s,])|"
    r"(?:^|[\s,])(?:[ΑA]\.?\s?[ΕE]\.?|Ε\.?Π\.?Ε\.?|[ΟO]\.?[ΕE]\.?|Ι\.?Κ\.?Ε\.?|Μ\.?Ι\.?Κ\.?Ε\.?|"
    r"Α\.?Β\.?Ε\.?Ε\.?)$|"
    r"(?:^|[\s,])(?:e\.\s?K\.|e\.\s?Kfm\.|UG(?: \(haftungsbeschränkt\))?|eG|gGmbH|KdöR|SE|A\.Ş\.|"
    r"Ltd\. Şti\.|PT\.?(?= )|"
    r"S\.A\.U\.|S\.L\.U\.|S\.Coop\.?|SCIC|SCI|EIRL|S\.A\.S\.|Ltée|Ltee|Inc|Pty|ASBL|VZW|CIC|LLP|PLC|"
    r"PBC)(?=$|[\s,.])"
)
_TRADE_WORDS: Final = """
group holding holdings partners solutions logistics hotels hotel trust university college school schools
academy farms farm bank clinic hospital foundation institute association society council church museum
agency studio studios services systems technologies technology tech labs lab consulting industries
industrial constructions construction builders medical dental health healthcare pharmacy energy freight
outfitters motors foods bakery brewery winery properties realty insurance capital ventures media press
publishing software networks electronics engineering manufacturing supply supplies trading imports exports
international global enterprises associates solicitors attorneys architects co-op cooperative coop union
federation hochschule universität klinik klinikum krankenhaus stiftung verein verband verlag werke werk
bäckerei metzgerei gasthof brauerei stadtwerke holzbau maschinenbau küchen apotheke praxis kanzlei technik
werkstatt gemeinde grupo bodega construtora transportes transports aceites hermanos cooperativa fundación
universidad ayuntamiento officine ceramiche cantina fratelli comune azienda gruppo università kwekerij
gemeente stichting bouw boulangerie société cabinet mairie université domaine château éditions hôtel
clinique fleurs imprimerie école lycée interieurbouw drukkerij hurtownia zakład fabryka spółdzielnia
uniwersytet завод комбинат университет банк группа компания фабрика больница институт університет ринок
лікарня 大学 銀行 病院 工業 製作所 商事 協会 大学校 银行 医院 集团 학교 은행 병원
"""
_TRADES: Final = frozenset(_TRADE_WORDS.split())
_FAMILY: Final = re.compile(
    r"(?:&|\+|\band\b|\bund\b|\bet\b|\by\b|\be\b)\s*(?:sons?|daughters?|söhne|sohn|töchter|fils|filles|"
    r"hijos?|figli|"
    r"filhos?|zonen|zoon|synowie|bros|brothers|gebrüder|co|cie|partner|partners|associates)\b",
    re.IGNORECASE,
)


@cache
def _forms() -> frozenset[tuple[str, ...]]:
    return frozenset(untyped.legal_forms())


def legal_form(text: str) -> str:
    """Return the legal form at the end of a text, or anywhere in it where it cannot be a word; or nothing."""
    found = _OTHER_FORMS.search(text)
    if found:
        return found[0].strip(" ,")
    words = text.rstrip(" ,;").split()
    plain = [re.sub(r"[.,-]", "", untyped.without_accents(word)) for word in words]
    for count in (4, 3, 2, 1):
        if len(words) > count and tuple(plain[-count:]) in _forms():
            tail = " ".join(words[-count:])
            if _written_as_a_form(tail, text):
                return tail
    return ""


def is_only_a_form(text: str) -> bool:
    """Say whether a text begins with a legal form: what stands before it belongs to it (``Acme, Inc.``)."""
    first = text.split(",", maxsplit=1)[0].strip()
    return len(first.split()) <= 3 and legal_form(f"Acme {first}").strip(".") == first.strip(".")


def _written_as_a_form(tail: str, text: str) -> bool:
    """Tell ``AG`` and ``S.A.`` from ``ag`` and ``Sa``: two letters are a form in capitals or with points."""
    letters = [one for one in tail if one.isalpha()]
    if len(letters) <= 2:
        return "." in tail or "/" in tail or (tail.isupper() and not text.isupper()) or tail in ("Oy", "Co")
    return len(letters) > 3 or not tail.islower()


def is_trade(text: str) -> bool:
    """Say whether a word of a text is what companies, and no persons, are called."""
    words = [word.strip(".,()&'\"").casefold() for word in text.split()]
    return bool(_FAMILY.search(text)) or any(word in _TRADES for word in words)


def stem_of(address: str) -> str:
    """Return the telling label of a domain (``acme`` of ``www.acme.co.uk``), if it is a company's."""
    host = domain_of(address)
    if host is None:
        return ""
    parts = host.split(".")[:-1]
    while len(parts) > 1 and (len(parts[-1]) <= 3 or parts[-1] in ("gov", "edu")):
        parts.pop()
    return parts[-1] if parts else ""


def agreement(company: str, stem: str) -> float:
    """Return which part of a domain's name the words of a company explain, 0 to 1."""
    plain = re.sub(r"[^a-z0-9]", "", stem.casefold())
    if len(plain) < 3:
        return 0.0
    variants = [[sorted(spelled_out(word), key=len) for word in words] for words in _wordings(company)]
    return max((_explained(plain, words) for words in variants if words), default=0.0)


def _wordings(company: str) -> list[list[str]]:
    words = [word for word in re.split(r"[\s,./&+-]+", company)[:12] if word]
    return [words, core_of(company[:200]).split()]


def _explained(stem: str, words: list[list[str]]) -> float:
    # Spellings: the shortest is the one without umlauts, the longest the one with ae, oe, ue.
    best = 0
    for spelling in (0, -1):
        spelled = [one[spelling] for one in words if one]
        left = stem
        for word in sorted(spelled, key=len, reverse=True):
            part = next((word[:size] for size in range(len(word), 2, -1) if word[:size] in left), "")
            # The beginning of a word counts only if it is most of it, or a usual shortening.
            left = left.replace(part, " ", 1) if part and (len(part) >= 4 or part == word) else left
        initials = "".join(word[0] for word in spelled)
        for size in range(len(initials), 1, -1):
            if initials[:size] in left.split():
                left = left.replace(initials[:size], " ", 1)
                break
        joined = len(stem) if len(initials) > 2 and stem == initials else 0
        best = max(best, joined, len(stem) - len(left.replace(" ", "")))
    return best / len(stem)
