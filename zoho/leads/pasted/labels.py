"""The words that stand before a value and say what it is: ``Tel.``, ``Mobil:``, ``Firma:``, ``电话：``.

A label is known by its letters alone, without case, accents, points and spaces. English, German, French,
Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian, Greek, Japanese, Chinese, Korean, Arabic,
Hebrew, and some of Swedish, Danish, Norwegian, Finnish, Czech, Hungarian, Turkish.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

PHONE, MOBILE, FAX, EMAIL, WEB = "Phone", "Mobile", "Fax", "Email", "Website"
FIRST, LAST, SALUTATION, POSITION, COMPANY = "First_Name", "Last_Name", "Salutation", "Designation", "Company"
STREET, CITY, STATE, ZIP, COUNTRY, MESSAGE = "Street", "City", "State", "Zip_Code", "Country", "Description"
NAME, ADDRESS, OTHER = "name", "address", "other"

_WORDS: Final[dict[str, str]] = {
    PHONE: """
        t|tel|tel nr|tel no|telephone|phone|phone number|phone no|ph|p|o|d|dd|ddi|off|office|office phone|
        direct|direct line|direct dial|work|work phone|business phone|main|switchboard|landline|
        contact number|call|daytime phone|telefon|telefonnummer|fon|festnetz|durchwahl|zentrale|rufnummer|
        buro|tel direkt|telephone fixe|fixe|standard|ligne directe|telefono|telefono fijo|fijo|tfno|tlf|
        tlfn|conmutador|centralita|ufficio|numero di telefono|fisso|telefone|telefone fixo|fone|pbx|
        telefoon|telefoonnummer|kantoor|doorkiesnummer|nr telefonu|numer telefonu|tel stacjonarny|biuro|тел|
        телефон|т|раб|рабочий телефон|рабочий|городской|номер телефону|τηλ|τηλεφωνο|τ|電話|電話番号|代表|
        直通|お電話番号|电话|联系电话|座机|電話號碼|总机|전화|전화번호|연락처|사무실|هاتف|الهاتف|رقم الهاتف|
        تلفون|ت|مكتب|טל|טלפון|משרד|vaxel|direkt|puh|puhelin|telefonszam|vezetekes|is tel|kontor|
        telefonni cislo|sentralbord""",
    MOBILE: """
        m|mob|mobile|mobile phone|mobile number|mobile no|cell|cell phone|cellphone|cellular|c|whatsapp|wa|
        mobil|mobiltelefon|mobilnummer|handy|handynummer|mobilfunk|natel|funk|portable|port|gsm|
        tel portable|telephone portable|mobile portable|movil|telefono movil|celular|cel|tel movil|cell|
        cellulare|tel cell|telemovel|tlm|tm|mobiel|mobiele nummer|kom|tel kom|komorka|telefon komorkowy|
        komorkowy|моб|мобильный|мобильный телефон|сот|сотовый|моб тел|мобільний|мобільний телефон|κιν|
        κινητο|κ|携帯|携帯電話|携帯番号|手机|手机号|手机号码|手機|移动电话|휴대폰|핸드폰|휴대전화|모바일|
        جوال|الجوال|موبايل|محمول|رقم الجوال|الموبايل|נייד|טלפון נייד|סלולרי|פלאפון|mobilszam|cep|cep tel|
        matkapuhelin|mobilni""",
    FAX: """
        f|fax|facsimile|fax number|fax no|telefax|telecopie|telecopieur|faks|факс|φαξ|ファックス|ファクス|
        传真|傳真|팩스|فاكس|الفاكس|פקס|belgegecer|faxnummer|numero de fax""",
    EMAIL: """
        e|email|e mail|mail|email address|e mail address|work email|business email|your email|
        e mail adresse|emailadresse|mailadresse|courriel|mel|adresse mail|adresse e mail|
        adresse electronique|correo|correo electronico|c electronico|email aziendale|posta elettronica|
        indirizzo email|indirizzo e mail|correio eletronico|endereco de email|emailadres|e mailadres|
        adres e mail|adres email|poczta|эл почта|почта|электронная почта|имейл|емейл|мейл|е mail|ел пошта|
        електронна пошта|пошта|ηλ ταχυδρομειο|ηλεκτρονικη διευθυνση|メール|メールアドレス|eメール|邮箱|
        电子邮件|电子邮箱|郵箱|電子郵件|信箱|이메일|메일|전자우편|بريد الكتروني|البريد الالكتروني|البريد|
        ايميل|الايميل|الاميل|דואל|דואר אלקטרוני|אימייל|מייל|eposta|e posta|e post|epost|sahkoposti""",
    WEB: """
        w|web|website|web site|site|url|homepage|internet|internetseite|webseite|www|site web|site internet|
        sitio web|pagina web|sito|sito web|strona|strona www|сайт|веб сайт|ιστοσελιδα|ホームページ|网址|
        网站|網址|홈페이지|웹사이트|الموقع|الموقع الالكتروني|موقع|אתר|אתר אינטרנט|webhely|webb|hemsida""",
    FIRST: """
        first name|given name|forename|firstname|vorname|prenom|nombres|nome proprio|voornaam|imie|имя|ім я|
        імя|ονομα|名|givenname|الاسم الاول|שם פרטי|fornamn|etunimi|keresztnev|ad|jmeno|your first name""",
    LAST: """
        last name|surname|family name|lastname|nachname|familienname|nom de famille|apellido|apellidos|
        cognome|apelido|sobrenome|achternaam|nazwisko|фамилия|прізвище|επωνυμο|επιθετο|姓|اسم العائلة|اللقب|
        שם משפחה|efternamn|sukunimi|vezeteknev|soyad|soyadi|prijmeni|your last name""",
    NAME: """
        name|full name|your name|contact|contact name|contact person|person|fullname|ihr name|
        vollstandiger name|ansprechpartner|ansprechpartnerin|kontaktperson|nom|nom complet|votre nom|
        nom et prenom|nom prenom|contacto|nombre|nombre completo|nombre y apellidos|persona de contacto|
        nome|nome completo|nome e cognome|nominativo|referente|contato|naam|volledige naam|contactpersoon|
        uw naam|imie i nazwisko|osoba kontaktowa|фио|ф и о|имя и фамилия|контактное лицо|пib|піб|
        контактна особа|ονοματεπωνυμο|お名前|氏名|名前|担当者|ご担当者名|ご担当者|姓名|联系人|聯絡人|이름|
        성명|성함|담당자|الاسم|الاسم الكامل|اسم|שם|שם מלא|איש קשר|namn|navn|nimi|nev|ad soyad|adi soyadi|
        jmeno a prijmeni""",
    SALUTATION: """
        salutation|title prefix|prefix|anrede|civilite|tratamiento|titolo|aanhef|zwrot|обращение|προσφωνηση|
        敬称|称呼|호칭|اللقب الشرفي|תואר""",
    POSITION: """
        job title|title|position|role|designation|job|function|job function|your role|funktion|
        position im unternehmen|berufsbezeichnung|stelle|fonction|poste|cargo|puesto|ruolo|posizione|
        funzione|qualifica|funcao|functie|functietitel|stanowisko|должность|посада|θεση|役職|職種|役職名|
        职位|职务|職稱|직책|직위|직급|المسمى الوظيفي|الوظيفة|المنصب|תפקיד|befattning|beosztas|unvan|pozice""",
    COMPANY: """
        company|company name|business name|business|organisation|organization|organisation name|
        organization name|employer|firm|your company|account name|firma|firmenname|unternehmen|betrieb|
        organisationsname|societe|entreprise|raison sociale|nom de l entreprise|nom de la societe|organisme|
        empresa|nombre de la empresa|razon social|compania|azienda|societa|ragione sociale|ditta|
        nome da empresa|razao social|bedrijf|bedrijfsnaam|organisatie|nazwa firmy|компания|организация|
        предприятие|название компании|компанія|організація|назва компанії|підприємство|εταιρεια|εταιρια|
        επωνυμια|会社名|貴社名|御社名|会社|企業名|法人名|勤務先|公司|公司名称|公司名稱|单位|企业|회사|
        회사명|업체명|الشركة|اسم الشركة|المؤسسة|חברה|שם החברה|שם חברה|ארגון|foretag|ceg|cegnev|sirket|
        firma adi|spolecnost""",
    STREET: """
        street|street address|address line 1|address 1|strasse|strasse und hausnummer|strasse hausnummer|
        rue|calle|via|indirizzo|rua|logradouro|straat|straat en huisnummer|ulica|улица|вулиця|οδος|utca|
        sokak|gata""",
    CITY: """
        city|town|city town|ort|stadt|wohnort|ville|ciudad|localidad|citta|comune|cidade|localidade|plaats|
        woonplaats|stad|miasto|miejscowosc|город|місто|πολη|市区町村|市|城市|도시|المدينة|עיר|varos|sehir|
        mesto""",
    STATE: """
        state|province|region|county|state province|bundesland|kanton|etat|estado|provincia|uf|distrito|
        provincie|wojewodztwo|область|регион|νομος|都道府県|省|省份|المنطقة|מחוז""",
    ZIP: """
        zip|zip code|zipcode|postcode|post code|postal code|plz|postleitzahl|code postal|codigo postal|cp|
        cap|cep|kod pocztowy|индекс|почтовый индекс|індекс|поштовий індекс|τκ|郵便番号|邮编|邮政编码|
        郵遞區號|우편번호|الرمز البريدي|מיקוד|postnummer|iranyitoszam|posta kodu|psc""",
    COUNTRY: """
        country|country region|land|pays|pais|paese|kraj|страна|країна|χωρα|国|国名|国家|국가|الدولة|البلد|
        מדינה|ארץ|orszag|ulke|stat|zeme""",
    ADDRESS: """
        address|a|add|addr|business address|office address|postal address|adresse|anschrift|postanschrift|
        direccion|domicilio|sede|morada|endereco|adres|адрес|адреса|юр адрес|διευθυνση|住所|ご住所|所在地|
        地址|公司地址|주소|العنوان|عنوان|כתובת|cim|adr|adress""",
    MESSAGE: """
        message|your message|comment|comments|enquiry|inquiry|question|questions|notes|note|details|
        description|how can we help|how can we help you|additional information|nachricht|ihre nachricht|
        mitteilung|anmerkung|anmerkungen|bemerkung|anfrage|kommentar|ihre anfrage|votre message|commentaire|
        commentaires|demande|votre demande|mensaje|comentario|comentarios|consulta|messaggio|richiesta|
        note aggiuntive|mensagem|comentarios adicionais|bericht|opmerking|opmerkingen|vraag|uw bericht|
        wiadomosc|tresc|tresc wiadomosci|uwagi|сообщение|комментарий|вопрос|повідомлення|коментар|запитання|
        μηνυμα|σχολια|お問い合わせ内容|内容|メッセージ|ご質問|ご要望|本文|留言|留言内容|咨询内容|备注|訊息|
        문의내용|문의 내용|메시지|내용|الرسالة|رسالة|ملاحظات|הודעה|הערות|תוכן הפנייה|meddelande|uzenet|
        mesaj|zprava""",
    OTHER: """
        vat|vat no|vat id|vat number|tax id|abn|acn|ein|gstin|cin|gst|ust id|ust idnr|ustid|ust id nr|
        steuernummer|steuer nr|hrb|hra|amtsgericht|registergericht|handelsregister|geschaftsfuhrer|
        geschaftsfuhrung|vorstand|sitz|sitz der gesellschaft|iban|bic|bank|konto|siret|siren|rcs|tva|ape|
        cif|nif|rfc|nit|cuit|p iva|piva|partita iva|c f|codice fiscale|rea|cnpj|cpf|nipc|btw|kvk|kbo|nip|
        regon|krs|bdo|инн|кпп|огрн|едрпоу|єдрпоу|αφμ|法人番号|登録番号|税号|사업자등록번호|adoszam|
        registered|registered no|registered in england|registered number|company no|ip|ip address|submitted|
        date|datum|time|page|referrer|reference|ref|ticket|privacy|datenschutz|subject|betreff|newsletter|
        org nr|orgnr|mersis|licence|license|extension|ext""",
}

_SEPARATORS: Final = re.compile(r"[\s./,\\|:：()\[\]_*‐-―-]+")
_SILENT: Final = str.maketrans(dict.fromkeys("'’`´\"״׳”“#•·►▸☎📞✆📱✉📧🌐📠📍🏠️", " "))


@lru_cache(4096)
def bare(text: str) -> str:
    """Return a label without what may differ: case, accents, points, quotation marks, double spaces."""
    text = unicodedata.normalize("NFKD", text[:80].casefold().translate(_SILENT).replace("ß", "ss"))
    text = unicodedata.normalize(
        "NFC", "".join(one for one in text if unicodedata.category(one) not in _MARKS)
    )
    return " ".join(part for part in _SEPARATORS.split(text) if part)


_MARKS: Final = frozenset({"Mn", "Cf"})


@cache
def _kinds() -> dict[str, str]:
    return {bare(word): kind for kind, words in reversed(_WORDS.items()) for word in words.split("|")}


def label_of(text: str) -> str | None:
    """Return what a label stands for: a field's API name, ``name``, ``address``, ``other``; or None."""
    words = bare(text)
    if not words:
        return None
    kinds = _kinds()
    return kinds.get(words) or kinds.get(words.replace(" ", ""))


_VAGUE: Final = (OTHER, FAX, MOBILE, EMAIL, PHONE)


def contact_label(text: str, *, loose: bool = False) -> str | None:
    """Return the kind of a label of several words (``Tel. direkt``, ``Cel/WhatsApp``), the most telling one.

    Args:
        text: the label.
        loose: whether words that are no label may stand in it (``Your e-mail at work``).
    """
    whole = label_of(text)
    if whole:
        return whole
    kinds = {_kinds().get(word) for word in bare(text).split()}
    return next((kind for kind in _VAGUE if kind in kinds), None) if loose or None not in kinds else None


_LABELLED: Final = re.compile(r"\s*[-*•·►>]?\s*([^\n:：]{1,48}?)\s*[:：][ \t\u3000]*(.*)", re.DOTALL)


def labelled(line: str) -> tuple[str, str] | None:
    """Return label and value of a line like ``Firma: Acme``, whatever the label says; None if it has none."""
    if line.lstrip()[:8].lower().startswith(("http", "www", "mailto:")):
        return None
    found = _LABELLED.fullmatch(line)
    return (found[1].strip("*_ "), found[2].strip()) if found and found[1].strip("*_ ") else None
