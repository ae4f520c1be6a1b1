"""How a letter ends before the name: ``Kind regards``, ``Mit freundlichen Grüßen``, ``С уважением``."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from zoho.leads.pasted.labels import bare

_CLOSINGS: Final = """
kind regards|best regards|warm regards|warmest regards|with regards|regards|best wishes|with best wishes|
all the best|best|many thanks|thanks|thank you|thanks and regards|thanks regards|thanks so much|
thanks in advance|cheers|sincerely|yours sincerely|sincerely yours|yours faithfully|yours truly|yours|
respectfully|cordially|warmly|talk soon|mit freundlichen grussen|mit freundlichem gruss|mit besten grussen|
mit den besten grussen|freundliche grusse|viele grusse|beste grusse|liebe grusse|herzliche grusse|
schone grusse|gruss|grusse|hochachtungsvoll|mfg|vg|lg|mit freundlichen gruessen|viele gruesse|
freundliche gruesse|beste gruesse|freundlicher gruss|vielen dank|besten dank|cordialement|bien cordialement|
tres cordialement|bien a vous|salutations|sinceres salutations|meilleures salutations|
salutations distinguees|avec mes meilleures salutations|merci|bonne journee|bonne reception|
sentiments distingues|saludos|un saludo|un cordial saludo|saludos cordiales|cordiales saludos|atentamente|
muy atentamente|cordialmente|gracias|muchas gracias|atte|reciba un cordial saludo|cordiali saluti|
distinti saluti|saluti|un saluto|un cordiale saluto|grazie|grazie mille|cordialita|buona giornata|
atenciosamente|att|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|abracos|abraco|obrigado|
obrigada|cordiais saudacoes|grato|grata|met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|
vriendelijke groeten|hartelijke groet|hartelijke groeten|groeten|groet|mvg|met groet|bedankt|alvast bedankt|
z powazaniem|pozdrawiam|pozdrawiam serdecznie|z wyrazami szacunku|serdecznie pozdrawiam|dziekuje|
lacze pozdrowienia|с уважением|с наилучшими пожеланиями|всего доброго|спасибо|искренне ваш|с почтением|
з повагою|з найкращими побажаннями|щиро дякую|дякую|με εκτιμηση|με φιλικους χαιρετισμους|με τιμη|φιλικα|
χαιρετισμους|ευχαριστω|よろしくお願いします|よろしくお願いいたします|よろしくお願い致します|敬具|以上|
何卒よろしくお願いいたします|此致|敬礼|此致敬礼|谢谢|祝好|顺颂商祺|順頌商祺|敬禮|谢谢您|감사합니다|
고맙습니다|안녕히 계세요|مع اطيب التحيات|مع خالص التحية|مع التحية|تحياتي|وتفضلوا بقبول فائق الاحترام|شكرا|
مع فائق الاحترام|בברכה|בכבוד רב|תודה|בתודה|בברכה רבה|תודה רבה|med vanliga halsningar|vanliga halsningar|
med vanlig halsning|hilsen|med venlig hilsen|venlig hilsen|med vennlig hilsen|vennlig hilsen|mvh|
basta halsningar|halsningar|ystavallisin terveisin|terveisin|s pozdravem|s uctou|s pozdravom|udvozlettel|
tisztelettel|koszonettel|saygilarimla|saygilar|iyi calismalar|saygilarimizla|cu stima|cu respect|
s postovanjem|lep pozdrav|srdacan pozdrav
"""


@cache
def _closings() -> frozenset[str]:
    return frozenset(bare(words) for words in _CLOSINGS.replace("\n", "").split("|"))


_LONGEST: Final = 60
_PLACE: Final = re.compile(r" (?:aus|from|de|da|uit|z|из) .*")


def is_closing(line: str) -> bool:
    """Say whether a line closes a letter, perhaps in two languages, or with the place that it comes from."""
    if len(line) > _LONGEST:
        return False
    words = re.sub(r"[!,;&/]+", " ", line)
    halves = [bare(half) for half in re.split(r"\s[/|]\s", line)]
    whole = bare(words)
    return (
        whole in _closings()
        or _PLACE.sub("", whole) in _closings()
        or all(one in _closings() for one in halves)
    )


_DISCLAIMER: Final = re.compile(
    r"confidential|disclaimer|privileged|intended (?:solely|only|recipient)|vertraulich|confidentialit|"
    r"riservat|"
    r"ai sensi|konfidenzi|aviso legal|confidencial|vertrouwelijk|poufn|конфиденциальн|конфіденційн|"
    r"before printing|think of the environment|bevor sie diese|avant d'imprimer|antes de imprimir|"
    r"don't print|sent from my|sent from outlook|get outlook for|gesendet von|envoyé de mon|"
    r"enviado desde|inviato da|"
    r"verzonden vanaf|wysłano z|unsubscribe|virus|datenschutz|privacy policy|免责|機密",
    re.IGNORECASE,
)


def is_small_print(line: str) -> bool:
    """Say whether a line is a disclaimer, an advertisement of a mail program, or advice on printing."""
    return bool(_DISCLAIMER.search(line[:300]))
