"""How Zoho describes an org's shape: the objects of its field, layout, module, user and org metadata.

Keys and kinds are those of the official specifications ``fields``, ``layouts``, ``modules``, ``users`` and
``org`` of CRM v8 and of their samples. Every key is always present, ids are strings and lists are lists:
Zoho's own SDKs rely on it.
"""

from __future__ import annotations

from typing import Any

from zoho.sandbox.shape import Dependency, Field, Json, Layout, Module, Section

_BASE_TIME = "2021-03-02T09:00:00+01:00"


def field_object(field: Field, profiles: list[Json]) -> Json:
    """One entry of ``GET /settings/fields``."""
    writable = not field.automatic
    permission = "read_write" if writable else "read_only"
    return {
        **_constant_keys(),
        "id": field.id,
        "api_name": field.api_name,
        "field_label": field.label,
        "display_label": field.label,
        "data_type": field.data_type,
        "json_type": field.json_type,
        "ui_type": field.ui_type,
        "length": field.length,
        "column_name": field.api_name.upper(),
        "custom_field": field.custom,
        "created_source": "default",
        "system_mandatory": field.mandatory,
        "unique": {} if field.unique is None else {"case_sensitive": field.unique},
        "read_only": field.automatic,
        # Zoho calls an owner's field so, though it takes an owner (the sample of ``fields``).
        "field_read_only": field.automatic or field.data_type == "ownerlookup",
        "visible": field.api_name != "id",
        "operation_type": dict.fromkeys(("web_update", "api_create", "web_create", "api_update"), writable),
        "view_type": {
            "view": field.api_name != "id",
            "edit": writable,
            "create": writable,
            "quick_create": writable and field.mandatory,
        },
        "profiles": [{"permission_type": permission, **profile} for profile in profiles],
        "pick_list_values": _values(field),
        "decimal_place": _decimals(field),
        "range": None if field.bounds is None else {"from": field.bounds[0], "to": field.bounds[1]},
        "tooltip": {"name": "info_icon", "value": field.tooltip} if field.tooltip else None,
        **({"lookup": _lookup(field)} if field.data_type == "lookup" else {}),
        "currency": {"rounding_option": "normal", "precision": 2} if field.data_type == "currency" else {},
        "separator": field.data_type in {"currency", "integer"},
        **({"textarea": {"type": "large"}} if field.data_type == "textarea" else {}),
    }


def _decimals(field: Field) -> int | None:
    return field.decimals or (2 if field.data_type in {"currency", "double", "percent"} else None)


def _lookup(field: Field) -> Json:
    return {
        "display_label": field.label,
        "api_name": field.api_name,
        "module": {"api_name": field.refers_to, "crypt": False, "id": field.id},
        "id": field.id,
        "revalidate_filter_during_edit": False,
    }


def layout_object(module: Module, layout: Layout, profiles: list[Json], *, maps: bool = True) -> Json:
    """One entry of ``GET /settings/layouts``; without *maps*, nothing tells which picklist controls which."""
    view = {"name": layout.name, "id": layout.id, "type": "layout"}
    return {
        "id": layout.id,
        "name": layout.name,
        "api_name": layout.name.replace(" ", "_") if layout.name.isascii() else f"Layout_{layout.id}",
        "display_label": layout.name,
        "status": layout.status,
        "visible": True,
        "has_more_profiles": False,
        "source": "crm",
        "generated_type": "system" if layout is module.layouts[0] else "custom",
        "created_time": None,
        "created_by": None,
        "created_for": None,
        "modified_time": _BASE_TIME,
        "modified_by": None,
        "convert_mapping": None,
        "show_business_card": True,
        "actions_allowed": dict.fromkeys(
            ("edit", "rename", "clone", "downgrade", "delete", "deactivate", "set_layout_permissions"), False
        ),
        "profiles": [
            {"default": True, **profile, "_default_view": view, "_default_assignment_view": view}
            for profile in profiles
        ],
        "sections": [
            _section_object(module, layout, section, place, profiles, maps=maps)
            for place, section in enumerate(layout.sections, 1)
        ],
    }


def module_object(module: Module, place: int, profiles: list[Json]) -> Json:
    """One entry of ``GET /settings/modules``."""
    yes = _names(
        "global_search_supported recycle_bin_on_delete lookupable creatable triggers_supported editable "
        "filter_supported show_as_tab viewable api_supported quick_create feeds_required webform_supported "
        "emailTemplate_support email_parser_supported isBlueprintSupported"
    )
    no = _names(
        "public_fields_configured has_more_profiles sub_menu_available cc_enabled deletable "
        "presence_sub_menu inventory_template_supported scoring_supported track_current_data"
    )
    return {
        **dict.fromkeys(yes, True),
        **dict.fromkeys(no, False),
        "id": module.id,
        "api_name": module.api_name,
        "module_name": module.api_name,
        "singular_label": module.singular,
        "plural_label": module.plural,
        "actual_singular_label": module.singular,
        "actual_plural_label": module.plural,
        "convertable": module.api_name == "Leads",
        "description": None,
        "module_type": "ENTITIES",
        "generated_type": "default",
        "access_type": "org_based",
        "status": "visible",
        "visibility": 1,
        "sequence_number": place,
        "profile_count": len(profiles),
        "business_card_field_limit": 5,
        "profiles": profiles,
        "modified_time": None,
        "modified_by": None,
        "web_link": None,
        "arguments": [],
        "parent_module": {},
        "private_profile": None,
        "territory": None,
    }


def user_object(user: Json, profiles: list[Json]) -> Json:
    """One entry of ``GET /users``."""
    full_name = f"{user['first_name']} {user['last_name']}"
    itself = {"name": full_name, "id": user["id"]}
    nothing = dict.fromkeys(
        _names(
            "Reporting_To alias phone mobile fax street city state zip country dob website signature "
            "status_reason__s $current_shift $next_shift Current_Shift__s $shift_effective_from"
        )
    )
    return {
        **nothing,
        "id": user["id"],
        "zuid": user["zuid"],
        "first_name": user["first_name"],
        "last_name": user["last_name"],
        "full_name": full_name,
        "email": user["email"],
        "role": {"name": "Inbound", "id": "4150868000000000861"},
        "profile": profiles[user["profile"]],
        "status": "active",
        "confirm": True,
        "microsoft": False,
        "sandboxDeveloper": False,
        "personal_account": False,
        "type__s": "Regular User",
        "language": user["language"],
        "locale": user["locale"],
        "country_locale": user["country_locale"],
        "time_zone": "Europe/Amsterdam",
        "date_format": "dd-MM-yyyy",
        "time_format": "HH:mm",
        "decimal_separator": "Comma",
        "number_separator": "Period",
        "name_format__s": "Salutation,First Name,Last Name",
        "sort_order_preference__s": "First Name,Last Name",
        "created_time": _BASE_TIME,
        "created_by": itself,
        "Modified_Time": _BASE_TIME,
        "Modified_By": itself,
    }


def org_object(org: Json, user: Json) -> Json:
    """The one entry of ``GET /org``."""
    nothing = dict.fromkeys(
        _names("photo_id description state fax mobile phone zia_portal_id employee_count"), None
    )
    return {
        **nothing,
        **org,
        "type": "sandbox",
        "country": "Netherlands",
        "country_code": "NL",
        "city": "Utrecht",
        "street": "Domplein 1",
        "zip": "3512 JC",
        "website": "www.zylker.example",
        "created_time": _BASE_TIME,
        "time_zone": "Europe/Amsterdam",
        "currency": "Euro - EUR",
        "currency_symbol": "€",
        "currency_locale": "nl_NL",
        "iso_code": "EUR",
        "primary_email": user["email"],
        "primary_zuid": user["zuid"],
        "mc_status": False,
        "gapps_enabled": False,
        "translation_enabled": False,
        "deletable_org_account": False,
        "privacy_settings": False,
        "hipaa_compliance_enabled": False,
        "lite_users_enabled": False,
        "hierarchy_preferences": {"type": "Role_Hierarchy", "strictly_reporting": False},
        "license_details": {
            "paid_expiry": None,
            "users_license_purchased": 3,
            "trial_type": None,
            "trial_expiry": None,
            "paid": True,
            "paid_type": "enterprise",
            "portal_users_license_purchased": 0,
        },
    }


def _names(text: str) -> list[str]:
    return text.split()


def _section_object(
    module: Module, layout: Layout, section: Section, place: int, profiles: list[Json], *, maps: bool
) -> Json:
    return {
        "id": section.id,
        "name": section.name,
        "api_name": section.api_name,
        "display_label": section.name,
        "sequence_number": place,
        "column_count": section.columns,
        "type": "used",
        "mode": "all",
        "isSubformSection": False,
        "is_parent_section": False,
        "generated_type": "default",
        "tab_traversal": "left_to_right",
        "parent_section": None,
        "properties": None,
        "actions_allowed": dict.fromkeys(
            _names("add_field rename change_tab_traversal reorder delete remove_field change_column_count"),
            False,
        ),
        "fields": [
            _layout_field(module, module.fields[name], layout, number, profiles, maps=maps)
            for number, name in enumerate(section.fields, 1)
        ],
    }


def _layout_field(
    module: Module, field: Field, layout: Layout, number: int, profiles: list[Json], *, maps: bool
) -> Json:
    described = field_object(field, profiles)
    if maps:
        for value in described["pick_list_values"]:
            value["maps"] = _maps(module, field, layout, value["actual_value"])
    checked = next((one.id for one in layout.checks if one.field == field.api_name), None)
    return {
        **described,
        "required": field.mandatory or field.api_name in layout.required,
        "sequence_number": number,
        "default_value": field.default,
        "section_id": 1,
        "validation_rule": {"id": checked} if checked else None,
        "refer_from_field": None,
        "static_field": False,
        "subform": None,
        "subform_properties": None,
        "show_type": 7,
        "category": 2,
    }


def _maps(module: Module, field: Field, layout: Layout, value: str) -> list[Json]:
    """Return what the *value* of *field* controls on *layout*."""
    return [
        {"api_name": child.api_name, "id": child.id, "pick_list_values": values_of(child, one.values[value])}
        for one in layout.dependencies
        if one.parent == field.api_name and value in one.values
        for child in [module.fields[one.child]]
    ]


def values_of(field: Field, actual: list[str]) -> list[Json]:
    """Return the values of a picklist with those actual values, as a map tells them; ``-None-`` first."""
    return [
        {key: one[key] for key in ("display_value", "colour_code", "actual_value", "id")}
        for one in _values(field)
        if one["actual_value"] in ("-None-", *actual)
    ]


def dependency_object(module: Module, one: Dependency, *, whole: bool) -> Json:
    """One entry of ``GET /settings/layouts/{id}/map_dependency``; *whole*, as it is told by its own id."""
    parent, child = module.fields[one.parent], module.fields[one.child]
    told: Json = {
        "parent": {"api_name": parent.api_name, "id": parent.id},
        "child": {"api_name": child.api_name, "id": child.id},
        "internal": False,
        "active": True,
        "id": one.id,
        "source": 1,
        "category": 0,
    }
    if not whole:
        return {**told, "sub_module": None}
    values = [
        {key: value[key] for key in ("display_value", "actual_value", "id")} for value in _values(parent)
    ]
    return {
        **told,
        "pick_list_values": [
            {
                **value,
                "maps": [
                    {key: each[key] for key in ("display_value", "actual_value", "id")}
                    for each in values_of(child, one.values[value["actual_value"]])
                ],
            }
            for value in values
            if value["actual_value"] in one.values
        ],
    }


def _values(field: Field) -> list[Json]:
    if not field.values:
        return []
    return [
        {
            "display_value": display,
            "actual_value": actual,
            "reference_value": actual,
            "id": f"4150868{int(field.id) % 10**8:08d}{number:04d}",
            "sequence_number": number,
            "colour_code": "#FFFFFF" if number == 1 else "#658BA8",
            "type": "used",
        }
        for number, (display, actual) in enumerate((("-None-", "-None-"), *field.values), 1)
    ]


def _constant_keys() -> dict[str, Any]:
    none = _names(
        "associated_module tooltip display_format_properties association_details external parent_field "
        "child_fields private crypt range global_picklist display_format history_tracking additional_column "
        "hipaa_compliance address customizable_properties"
    )
    empty = _names("multi_module_lookup currency lookup rollup_summary formula multiselectlookup auto_number")
    no = _names(
        "colour_code_enabled_by_system businesscard_supported history_tracking_enabled enable_colour_code "
        "virtual_field public display_field pick_list_values_sorted_lexically hipaa_compliance_enabled"
    )
    return {
        **dict.fromkeys(none),
        **{key: dict[str, Any]() for key in empty},
        **dict.fromkeys(no, False),
        **dict.fromkeys(("webhook", "filterable", "searchable", "sortable", "mass_update"), True),
        "type": "used",
        "display_type": -1,
        "created_time": None,
        "modified_time": None,
        "layout_associations": list[Any](),
        "blueprint_supported": True,
        "convert_mapping": dict.fromkeys(("Contacts", "Deals", "Accounts")),
        "email_parser": {"fields_update_supported": False, "record_operations_supported": False},
    }
