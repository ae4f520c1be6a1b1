"""The words by which a line is known to be somebody's position."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_WORDS: Final = """
manager director head chief officer ceo cto cfo coo cio cmo vp president vice owner founder cofounder
co-founder
partner buyer purchasing procurement engineer consultant coordinator assistant executive representative
specialist
analyst lead supervisor administrator accountant secretary developer architect designer technician principal
controller planner advisor adviser associate clerk chairman chairwoman chair chairperson proprietor foreman
superintendent estimator realtor broker agent attorney lawyer solicitor physician surgeon nurse dentist
teacher
professor lecturer researcher scientist editor producer recruiter trainer treasurer trustee operations sales
leiter leiterin leitung einkauf einkäufer einkäuferin vertrieb geschäftsführer geschäftsführerin inhaber
inhaberin
vorstand prokurist prokuristin sachbearbeiter sachbearbeiterin berater beraterin ingenieur assistentin
assistenz
referent referentin projektleitung meister kaufmann kauffrau entwickler disponent geschäftsleitung
vorstandsmitglied
directeur directrice responsable acheteur acheteuse gérant gérante président présidente chargé chargée chef
ingénieur
technicien comptable conseiller conseillère commercial commerciale adjoint adjointe pdg dirigeant dirigeante
director directora gerente jefe jefa encargado encargada presidente ingeniero comprador compradora
administrador
administradora asesor coordinador coordinadora consejero delegado dueño dueña socio propietario
direttore direttrice responsabile amministratore titolare acquisti ufficio impiegato impiegata consulente
capo
presidente socia geometra ingegnere commerciale referente addetto addetta buyer
diretor diretora gestor gestora engenheiro engenheira comprador sócio sócia proprietário coordenador
coordenadora
analista assistente
directeur inkoper inkoopmanager inkoop zaakvoerder eigenaar medewerker hoofd bestuurder adviseur
bedrijfsleider
kierownik dyrektor specjalista prezes właściciel zakupów handlowy asystent asystentka doradca księgowa
inżynier
главный начальник директор менеджер руководитель специалист инженер бухгалтер заместитель закупкам закупок
генеральный технический коммерческий отдела консультант владелец основатель
директорка керівник головний бухгалтер інженер закупівель власник відділу начальник фахівець засновник
διευθυντής διευθύντρια υπεύθυνος υπεύθυνη προϊστάμενος προϊσταμένη μηχανικός σύμβουλος ιδιοκτήτης πρόεδρος
λογιστής
inköpschef inköpare chef säljare försäljningschef projektledare ägare verkställande vd ekonomichef
indkøber indkøbschef direktør salgschef daglig leder innkjøpssjef johtaja ostopäällikkö päällikkö
toimitusjohtaja
vezető igazgató ügyvezető beszerzési beszerző munkatárs tulajdonos értékesítési mérnök
müdürü müdür direktörü uzmanı yöneticisi sorumlusu koordinatörü mühendis başkanı genel satın
ředitel ředitelka jednatel nákupčí vedoucí manažer konateľ riaditeľ
مدير مديرة رئيس رئيسة مهندس مهندسة مسؤول محاسب مستشار المدير نائب منسق أخصائي
מנהל מנהלת מנכל מנכלית סמנכל סמנכלית רכש יועץ יועצת מהנדס מהנדסת ראש בעלים מזכירה רכזת רכז
"""
_ENDING_WORDS: Final = """
leiter leiterin leitung manager managerin führer führerin inhaber referent referentin ingenieur ingenieurin
beauftragter beauftragte vorstand vorständin vorsitzender meister berater beraterin chef directeur ansvarig
chefin medewerker leider päällikkö sjef
"""
_ENDINGS: Final = tuple(_ENDING_WORDS.split())
_EASTERN: Final = re.compile(
    r"(?:部|課|课|室|係|科)$|部長|課長|課长|主任|係長|社長|取締役|代表|担当|専務|常務|所長|店長|次長|本部|"
    r"経理|经理|總經理|总经理|总监|總監|主管|董事长|董事|工程师|主席|总裁|助理|专员|副总|厂长|"
    r"과장|부장|대리|팀장|이사|대표|사장|차장|주임|사원|실장|본부장|전무|상무|연구원|매니저"
)


@cache
def _words() -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORDS.split())


def is_position_word(word: str) -> bool:
    """Say whether a word names a position, a department or a rank."""
    small = word.strip(".,;:()&/'\"").casefold().replace('"', "").replace("״", "")
    if not small or small.isdigit():
        return False
    if small in _words() or (len(small) > 6 and small.endswith(_ENDINGS)):
        return True
    return bool(_EASTERN.search(small))


def position_words(text: str) -> int:
    """Return how many words of a text name a position."""
    return sum(map(is_position_word, re.split(r"[\s/,-]+", text)))
