"""What a form is filled with that nobody types: templates, fields that stay, another lead of a company.

All of it is text as a rep would type it; nothing here looks whether a value is right, the form does. Standard
library only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from zoho.leads.fields import OURS, LeadField, LeadForm
from zoho.wire.clean import clean, clean_line

OF_COMPANY: Final = (
    *("Company", "Website", "Industry", "No_of_Employees", "Annual_Revenue"),
    *("Street", "City", "State", "Zip_Code", "Country", "Fax"),
)
"""API names of the fields of Leads that tell of the company, and of no person in it (Zoho's help page on
standard fields). A phone is not among them: it may be a direct line.
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a template comes to in a form.

    Args:
        values: what is put into the form, by API name: empty fields alone.
        kept: fields that keep what was typed, though the template has another text for them.
        unknown: fields of the template that the form has not.
    """

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    kept: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def fill(template: Mapping[str, str], typed: Mapping[str, str], form: LeadForm) -> Filled:
    """Return what *template* puts into a form; nothing that was typed is overwritten.

    Args:
        template: API names and texts; one without text fills in nothing. Names that begin with ``?`` are
            those of a script's answers, and are not looked for in *form*.
        typed: what stands in the form; a text of blanks alone was not typed.
        form: the fields that there are.
    """
    values: dict[str, str] = {}
    kept: list[str] = []
    unknown: list[str] = []
    for name, raw in template.items():
        of_form = form.field(name)
        text, stands = _cleaned(of_form, raw), typed.get(name, "").strip()
        if of_form is None and not name.startswith(OURS):
            unknown.append(clean_line(name))
        elif stands and text and text != stands:
            kept.append(name)
        elif text and not stands:
            values[name] = text
    return Filled(values, tuple(kept), tuple(unknown))


def sticky(form: LeadForm, typed: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Return what the next lead begins with.

    What one caller answered to a script is no other's, and a value that no two leads may have is not kept.

    Args:
        form: the fields that there are.
        typed: what stood in the form of the lead that was sent.
        names: API names of the fields that stay; what the form has not is passed over.
    """
    return _taken(form, typed, names)


def another_from(form: LeadForm, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what another lead of the same company begins with; nothing, if no company was typed.

    Args:
        form: the fields that there are.
        typed: what stands in the form of the lead before.
    """
    taken = _taken(form, typed, OF_COMPANY)
    return taken if "Company" in taken else {}


def _taken(form: LeadForm, typed: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    fields = (form.field(name) for name in names)  # which has none of a script
    taken = ((one.api_name, typed.get(one.api_name, "")) for one in fields if one and not one.unique)
    return {name: text for name, text in taken if text.strip()}


def _cleaned(of_form: LeadField | None, text: str) -> str:
    long = of_form is not None and of_form.data_type == "textarea"
    return (clean(text) if long else clean_line(text)).strip()
