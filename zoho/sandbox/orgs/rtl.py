"""An org whose administrator renamed everything: Hebrew, Arabic, Japanese, Chinese and Korean labels, long
ones, and such with marks above letters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from zoho.sandbox.shape import Json, Module, Section, custom_field

NAME = "زيلكر المحدودة"
ACCOUNTS = ("شركة الأفق", "מפעלי בבג׳", "東京計算機株式会社")

_LABELS = {
    "First_Name": "שם פרטי",
    "Last_Name": "שם משפחה",
    "Company": "الشركة",
    "Email": "البريد الإلكتروني",
    "Phone": "電話番号",
    "Mobile": "携帯電話",
    "Designation": "職稱",
    "Lead_Status": "상태",
    "Industry": "תחום העיסוק של החברה שממנה מתקשרים אלינו היום",
    "Website": "Hejmpaĝo de la entrepreno, laŭlitere telefonata",
    "City": "المدينة",
    "Country": "国",
    "Description": "תיאור השיחה",
}
_TITLES = {
    "Lead Information": "פרטי הליד",
    "Address Information": "معلومات العنوان",
    "Description Information": "備考",
}
_STATUS = {"Contacted": "连络过", "Not Contacted": "לא נוצר קשר", "Junk Lead": "عميل غير صالح"}

_FIELDS: tuple[tuple[str, str, str, Json], ...] = (
    (
        "Greeting",
        "敬称",
        "picklist",
        {"length": 120, "values": (("様", "Sama"), ("السيد", "Sayyid"), ("גברת", "Gveret"))},
    ),
    (
        "Languages",
        "اللغات التي يتحدثها العميل",
        "multiselectpicklist",
        {"length": 2000, "values": (("עברית", "he"), ("العربية", "ar"), ("日本語", "ja"), ("한국어", "ko"))},
    ),
    ("Budget", "תקציב שנתי", "currency", {"length": 16, "decimals": 2, "tooltip": "בשקלים, ללא מע״מ"}),
    ("Company_Record", "الشركة الأم", "lookup", {"length": 200, "refers_to": "Accounts"}),
    ("Call_Back", "折り返しの日時", "datetime", {"length": 120}),
)


def shape(modules: dict[str, Module], next_id: Callable[[], str]) -> None:
    """Rename what there is on the layout of Leads, and add a section."""
    leads = modules["Leads"]
    for name, label in _LABELS.items():
        leads.fields[name].label = label
    status = leads.fields["Lead_Status"]
    status.values = tuple((_STATUS.get(actual, shown), actual) for shown, actual in status.values)
    (standard,) = leads.layouts
    standard.name = "ברירת מחדל"
    standard.sections = [replace(one, name=_TITLES.get(one.name, one.name)) for one in standard.sections]
    for name, label, kind, more in _FIELDS:
        leads.fields[name] = custom_field(next_id, name, label, kind, **more)
    names = [name for name, *_ in _FIELDS]
    standard.sections.insert(1, Section(next_id(), "سؤال وجواب 質問", "Questions", 2, names))
    standard.required |= {"Greeting", "Languages"}
