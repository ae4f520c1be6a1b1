"""Company names and mail domains, made comparable. Pure functions; rapidfuzz is loaded at the first score."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SIMILAR = 88
"""From this score on (0 to 100) two names are taken for the same company's."""

_LEGAL = """
ab ag aps as asa bhd bv bvba co company corp corporation cv cvba doo ev eood ehf gbr gesmbh gmbh inc
incorporated jsc kft kg kgaa kk llc llp lp limited ltd ltda mbh nv nyrt oao og ohg ooo oy oyj plc pllc pte
ptd pty pvt private public rl sa sab sae saoc sapi sarl sas scs sca sdn se sicav sl slu snc spa sp spol
sprl srl srls sro ug uab vof zao zoo zrt
"""
_LEGAL_FORMS = frozenset(_LEGAL.split())
"""Words that say what kind of legal person a company is, without their points (ISO 20275, the usual ones)."""

_PUBLIC = """
126.com 163.com aim.com alice.it aol.com arcor.de att.net bellsouth.net bigpond.com bluewin.ch bol.com.br
btinternet.com charter.net comcast.net cox.net daum.net duck.com earthlink.net email.com fastmail.com
fastmail.fm free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net
hey.com hotmail.be hotmail.ch hotmail.co.uk hotmail.com hotmail.com.ar hotmail.com.br hotmail.de
hotmail.es hotmail.fr hotmail.it hotmail.nl icloud.com inbox.ru interia.pl kpnmail.nl laposte.net
libero.it list.ru live.be live.ca live.cn live.co.uk live.com live.com.au live.de live.fr live.it live.nl
mac.com mail.com mail.de mail.ru me.com msn.com naver.com neuf.fr ntlworld.com o2.pl onet.pl online.de
optonline.net optusnet.com.au orange.fr outlook.at outlook.be outlook.co outlook.com outlook.com.br
outlook.de outlook.es outlook.fr outlook.in outlook.it outlook.jp posteo.de proton.me protonmail.com
qq.com rambler.ru rediffmail.com rocketmail.com rogers.com sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com
sky.com sympatico.ca t-online.de talktalk.net telenet.be telia.com telus.net terra.com.br tin.it
tiscali.it tutanota.com uol.com.br verizon.net virgilio.it virginmedia.com wanadoo.fr web.de wp.pl
xs4all.nl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br
yahoo.com.mx yahoo.de yahoo.es yahoo.fr yahoo.in yahoo.it yandex.com yandex.ru yeah.net ymail.com zoho.com
zohomail.com ziggo.nl
"""
PUBLIC_DOMAINS = frozenset(_PUBLIC.split())
"""Domains where anybody has an address: they tell nothing of a company."""


@lru_cache(2048)
def core_of(name: str) -> str:
    """Return what tells a company apart, in small letters: without legal form, accents and punctuation.

    A name that is nothing but legal forms stays whole.
    """
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
        if not unicodedata.combining(letter)
    )
    words = re.sub(r"(?<=\w)\.(?=\w\b)|(?<=\b\w)\.", "", plain)  # b.v. is bv, s.p.a. is spa
    words = re.sub(r"\bsp\.? ?z ?oo\b", " ", words)
    parts = re.findall(r"\w+", words.replace("'", ""))
    kept = [part for part in parts if part not in _LEGAL_FORMS]
    if kept[:1] == ["the"] and len(kept) > 1:
        kept = kept[1:]
    while kept[-1:] == ["and"]:  # what is left of GmbH & Co. KG
        kept = kept[:-1]
    return " ".join(kept or parts)


def company_score(one: str, other: str) -> int:
    """Return how alike two company names are, 0 to 100, their legal forms and the order of words aside."""
    left, right = core_of(one), core_of(other)
    if not left or not right:
        return 0
    if left == right:
        return 100
    from rapidfuzz.fuzz import token_sort_ratio

    # Never the full score: 100 says that the names are the same.
    return min(99, round(token_sort_ratio(left, right)))


def domain_of(address: str) -> str | None:
    """Return the company's domain in an e-mail or web address; None where it is none, or anybody's."""
    text = address.strip().casefold()
    text = text.rpartition("@")[2] if "@" in text else re.sub(r"^[a-z]+://", "", text)
    host = re.split(r"[/?#:]", text, maxsplit=1)[0].removeprefix("www.").rstrip(".")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host) or host in PUBLIC_DOMAINS:
        return None
    return host
