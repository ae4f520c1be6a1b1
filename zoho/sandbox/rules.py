"""What an org checks of a record only where the request asks for it, as Zoho does for calls of the API.

Sources: ``apply_feature_execution`` of the official specification ``record`` (createRecords) and its examples
``DependentFieldMissing``, ``DependentMismatch`` and ``MandatoryNotFoundLayoutRule``. What a record that
breaks a range or a validation rule is answered is not described; here it is INVALID_DATA on the field, and
several broken rules are MULTIPLE_OR_MULTI_ERRORS, as the specification says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from zoho.sandbox.answers import error
from zoho.sandbox.shape import Json, Layout, Module

Checker = Callable[[Module, Layout, Json, str], Iterator[Json]]


def broken_rules(
    module: Module, layout: Layout, values: Json, path: str, features: Collection[str]
) -> Json | None:
    """Return the outcome of a record that breaks what *features* switch on; None if it breaks nothing.

    Args:
        values: what would be stored.
        path: where the record stands in the request.
        features: names of ``apply_feature_execution``.
    """
    asked = (check for name, check in _CHECKERS.items() if name in features)
    found = [wrong for check in asked for wrong in check(module, layout, values, path)]
    if len(found) > 1:
        return error("MULTIPLE_OR_MULTI_ERRORS", errors=found)
    return found[0] if found else None


def _dependencies(module: Module, layout: Layout, values: Json, path: str) -> Iterator[Json]:
    for one in layout.dependencies:
        parent, child = values.get(one.parent), values.get(one.child)
        allowed = one.values.get(parent or "-None-")
        where: Json = {
            "dependee": {"api_name": one.parent, "json_path": f"{path}.{one.parent}"},
            "api_name": one.child,
            "json_path": f"{path}.{one.child}",
        }
        if allowed is None:
            continue
        if child is None and parent is not None and allowed:
            text = f"The field '{one.child}' is required when '{one.parent}' is provided"
            yield error("DEPENDENT_FIELD_MISSING", text, **where)
        elif child is not None and child not in allowed:
            text = f"The value of '{one.child}' does not go with that of '{one.parent}'"
            yield error("DEPENDENT_MISMATCH", text, **where)


def _layout_rules(module: Module, layout: Layout, values: Json, path: str) -> Iterator[Json]:
    for rule in layout.rules:
        if values.get(rule.field) is None:
            missing = [{"api_name": rule.field, "json_path": f"{path}.{rule.field}"}]
            yield error("EXPECTED_FIELD_MISSING", expected_fields=missing)
        elif values[rule.field] in rule.values:
            for name in rule.required:
                if values.get(name) is None:
                    yield error(
                        "MANDATORY_NOT_FOUND",
                        layout_rule={"name": rule.name, "id": rule.id},
                        api_name=name,
                        json_path=f"{path}.{name}",
                    )


def _ranges(module: Module, layout: Layout, values: Json, path: str) -> Iterator[Json]:
    for name, value in values.items():
        bounds = module.fields[name].bounds if name in module.fields else None
        if bounds is None or value is None:
            continue
        least, greatest = bounds
        if (least is not None and value < least) or (greatest is not None and value > greatest):
            text = "the value is out of range"
            limits = {"from": least, "to": greatest}
            yield error("INVALID_DATA", text, range=limits, api_name=name, json_path=f"{path}.{name}")


def _criteria(module: Module, layout: Layout, values: Json, path: str) -> Iterator[Json]:
    for rule in layout.checks:
        if not rule.holds(values):
            yield error(
                "INVALID_DATA",
                rule.message,
                validation_rule={"name": rule.name, "id": rule.id},
                api_name=rule.field,
                json_path=f"{path}.{rule.field}",
            )


_CHECKERS: dict[str, Checker] = {
    "global_map_dependency": _dependencies,
    "layout_rules": _layout_rules,
    "range_validation": _ranges,
    "criteria_validation_rule": _criteria,
}
