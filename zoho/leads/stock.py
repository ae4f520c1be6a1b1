"""The fields of an org as Zoho delivers it: the form until the org's own layout is known.

A rep whose first start meets a broken line, or whose profile may not read layouts, can still take a call.
Source: Zoho's help page on standard modules and fields, and the Insert Records sample. Picklists are left to
the org's layout: every org edits them.
"""

from __future__ import annotations

from zoho.leads.fields import LeadField, LeadForm

_LEAD = "Lead Information"
_ADDRESS = "Address Information"

STOCK_FORM = LeadForm(
    layout_id=None,
    fields=(
        LeadField("First_Name", "First Name", "text", length=40, section=_LEAD),
        LeadField("Last_Name", "Last Name", "text", required=True, length=80, section=_LEAD),
        LeadField("Company", "Company", "text", required=True, length=100, section=_LEAD),
        LeadField("Email", "Email", "email", length=100, section=_LEAD),
        LeadField("Phone", "Phone", "phone", length=30, section=_LEAD),
        LeadField("Mobile", "Mobile", "phone", length=30, section=_LEAD),
        LeadField("Designation", "Title", "text", length=100, section=_LEAD),
        LeadField("Website", "Website", "website", length=120, section=_LEAD),
        LeadField("No_of_Employees", "No. of Employees", "integer", length=9, section=_LEAD),
        LeadField("Street", "Street", "text", length=250, section=_ADDRESS),
        LeadField("City", "City", "text", length=30, section=_ADDRESS),
        LeadField("State", "State", "text", length=30, section=_ADDRESS),
        LeadField("Zip_Code", "Zip Code", "text", length=30, section=_ADDRESS),
        LeadField("Country", "Country", "text", length=30, section=_ADDRESS),
        LeadField("Description", "Description", "textarea", length=32000, section="Description Information"),
    ),
)
