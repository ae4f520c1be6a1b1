"""Zoho's answers as pydantic models. Only what is used is named; ids are strings (64 bit), always.

Source: the v8 OpenAPI descriptions of records, layouts, fields, users and org. Everything but ids is optional
here, since Zoho leaves out what a profile may not see.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zoho.api.answers import Answer, error_of
from zoho.wire.errors import OutcomeUnknown
from zoho.wire.shapes import as_list, as_object, as_text

M = TypeVar("M", bound=BaseModel)


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True, frozen=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        """Take null as *left out*: Zoho writes either for what it does not tell."""
        if not isinstance(value, dict):
            return value
        return {key: item for key, item in cast("dict[str, Any]", value).items() if item is not None}


class Reference(_Model):
    """Another record or user: ``{"id", "name"}``."""

    id: str
    name: str | None = None


class User(_Model):
    """A user of the org (``GET /users``)."""

    id: str
    full_name: str = ""
    email: str | None = None
    profile: Reference | None = None
    role: Reference | None = None
    time_zone: str | None = None
    country_locale: str | None = None


class Org(_Model):
    """The org (``GET /org``). ``type`` is production, sandbox or developer."""

    id: str
    company_name: str = ""
    domain_name: str | None = None
    type: str | None = None
    country_code: str | None = None
    currency_symbol: str | None = None
    time_zone: str | None = None


class MappedValue(_Model):
    """A value of a picklist that another one controls, as a map names it."""

    actual_value: str


class ValueMap(_Model):
    """Which values of the picklist ``api_name`` go with one value of the picklist that controls it."""

    api_name: str
    pick_list_values: list[MappedValue] = Field(default_factory=list[MappedValue])


class PickListValue(_Model):
    """One value of a picklist: ``actual_value`` is sent, ``display_value`` is shown.

    ``maps`` has the picklists that this value controls; None, the answer does not tell.
    """

    display_value: str
    actual_value: str
    type: str = "used"
    sequence_number: int | None = None
    maps: list[ValueMap] | None = None


class FieldName(_Model):
    """A field, named by another object."""

    id: str | None = None
    api_name: str


class ControllingValue(_Model):
    """A value of the picklist that controls another, with the values of that other that go with it."""

    actual_value: str
    maps: list[MappedValue] = Field(default_factory=list[MappedValue])


class MapDependency(_Model):
    """That one picklist controls another (``GET /settings/layouts/{id}/map_dependency``).

    The list of a layout's dependencies leaves ``pick_list_values`` out; each by its id has them.
    """

    id: str
    active: bool = True
    sub_module: dict[str, Any] | None = None
    parent: FieldName
    child: FieldName
    pick_list_values: list[ControllingValue] = Field(default_factory=list[ControllingValue])


class Bounds(_Model):
    """The least and the greatest number that a field takes, both included."""

    least: float | None = Field(default=None, alias="from")
    greatest: float | None = Field(default=None, alias="to")


class CurrencyFormat(_Model):
    """How amounts are written: ``precision`` digits after the point."""

    precision: int | None = None


class ViewType(_Model):
    """On which screens Zoho shows a field."""

    create: bool = True


class OperationType(_Model):
    """Through which doors a field may be written."""

    api_create: bool = True


class LayoutField(_Model):
    """One field, as a layout or the field list describes it."""

    id: str | None = None
    api_name: str
    display_label: str | None = None
    field_label: str | None = None
    data_type: str = "text"
    type: str | None = None
    length: int | None = None
    decimal_place: int | None = None
    required: bool = False
    system_mandatory: bool = False
    visible: bool = True
    read_only: bool = False
    field_read_only: bool = False
    custom_field: bool = False
    default_value: Any = None
    sequence_number: int | None = None
    tooltip: dict[str, Any] | None = None
    view_type: ViewType | None = None
    operation_type: OperationType | None = None
    unique: dict[str, Any] | None = None
    external: dict[str, Any] | None = None
    pick_list_values: list[PickListValue] = Field(default_factory=list[PickListValue])
    range: Bounds | None = None
    currency: CurrencyFormat | None = None
    lookup: Any = None

    @property
    def label(self) -> str:
        """What the user sees: Zoho translates and renames ``display_label``, the API name stays."""
        return self.display_label or self.field_label or self.api_name

    @property
    def lookup_module(self) -> str:
        """API name of the module that a lookup refers to, which earlier versions gave alone; else empty."""
        module = as_object(self.lookup).get("module")
        return as_text(module) or as_text(as_object(module).get("api_name")) or ""


class LayoutSection(_Model):
    """A section of a layout, with its fields in order."""

    id: str | None = None
    display_label: str = ""
    name: str = ""
    sequence_number: int = 0
    type: str | None = None
    fields: list[LayoutField] = Field(default_factory=list[LayoutField])


class Layout(_Model):
    """A layout of a module (``GET /settings/layouts``)."""

    id: str
    name: str = ""
    display_label: str = ""
    status: str = "active"
    visible: bool = True
    sections: list[LayoutSection] = Field(default_factory=list[LayoutSection])


class Record(_Model):
    """A record of any module. Its fields are extra attributes: read them with `get`."""

    model_config = ConfigDict(extra="allow")

    id: str

    def get(self, api_name: str) -> Any:
        """Return the value of the field *api_name*, None where it is empty or was not asked for."""
        return (self.model_extra or {}).get(api_name)


def read_list(answer: Answer, key: str, model: type[M]) -> list[M]:
    """Return the elements of ``body[key]`` as models; an empty 204 is an empty list.

    Raises:
        ZohoError: if the answer is an error, or not of this shape.
    """
    if answer.status == 204:
        return []
    if answer.status != 200 or key not in answer.object:
        raise error_of(answer)
    try:
        return [model.model_validate(item) for item in as_list(answer.object[key])]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise OutcomeUnknown(
            "Zoho's answer is not of the shape that it documents.",
            next_step="Try again; if it stays so, report it with the Log's details.",
            code="unexpected_shape",
            status=answer.status,
            details={"at": f"{key}.{where}", "reason": first["type"]},
        ) from None
