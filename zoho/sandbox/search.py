"""``GET /{module}/search``: Zoho's index, which is fuzzy and behind the records.

Source: the official specification ``module_search`` (v8) and the page "Search Records": one of ``criteria``,
``email``, ``phone`` and ``word`` counts, in that order; ``equals`` on text is "contains"; signs such as
``-`` and ``@`` are folded; converted leads are hidden by default; none found, or not indexed yet, is 204.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.answers import problem
from zoho.sandbox.guard import Refused, guarded
from zoho.sandbox.records import page_answer, record_module
from zoho.sandbox.shape import Json, Module
from zoho.sandbox.world import Record, World

Test = Callable[[Json], bool]

EMAILS = ("Email", "Secondary_Email")
PHONES = ("Phone", "Mobile")
MOST_CONDITIONS = 10
# Signs that the index treats alike (page "Search Records"), folded into a space.
FOLDED = re.compile(r"[{}\[\]^:\-/!?*_@\s]+")


@guarded(
    "ZohoCRM.modules.{module}.READ", "ZohoSearch.securesearch.READ", permission="Crm_Implied_View_{module}"
)
async def search(world: World, request: Request) -> Response:
    """Answer a search."""
    module = record_module(world, request)
    test = _test(module, request)
    wanted = request.query_params.get("converted", "false")
    found = [
        record
        for record in world.living(module.api_name)
        if _indexed(world, record)
        and (wanted == "both" or record.converted == (wanted == "true"))
        and test(world.show(record))
    ]
    fields = request.query_params.get("fields")
    return page_answer(world, request, found, fields.split(",") if fields else None)


def _indexed(world: World, record: Record) -> bool:
    return record.modified <= world.clock() - world.options.search_lag


def _test(module: Module, request: Request) -> Test:
    sent = request.query_params
    if "criteria" in sent:
        return _Criteria(module, sent["criteria"]).parsed()
    if "email" in sent:
        return _contains_any(EMAILS, _long_enough(sent["email"], "email", 1))
    if "phone" in sent:
        return _phone_test(_long_enough(sent["phone"], "phone", 3))
    if "word" in sent:
        return _word_test(_long_enough(sent["word"], "word", 2))
    names = ["criteria", "email", "phone", "word"]
    raise Refused(problem(400, "EXPECTED_PARAM_MISSING", param_names=names))


def _long_enough(text: str, name: str, least: int) -> str:
    if len(text.strip()) < least:
        raise Refused(problem(400, "INVALID_DATA", param_name=name))
    return text


def fold(value: Any) -> str:
    """A value as the index sees it."""
    return FOLDED.sub(" ", str(value).casefold()).strip()


def _contains_any(names: tuple[str, ...], text: str) -> Test:
    wanted = fold(text)
    return lambda shown: any(wanted in fold(shown[name]) for name in names if shown.get(name))


def _digits(text: Any) -> str:
    return re.sub(r"\D", "", str(text))


def _phone_test(text: str) -> Test:
    if not re.fullmatch(r"[+]?[0-9\s\-().]+", text):
        raise Refused(problem(400, "INVALID_DATA", param_name="phone"))
    digits = _digits(text)
    # A national 020... or an international 0044... is also looked for without its prefix.
    bare = digits.lstrip("0")
    wanted = [digits, bare] if len(bare) >= 6 else [digits]
    return lambda shown: any(
        one in _digits(shown[name]) for name in PHONES if shown.get(name) for one in wanted
    )


def _word_test(text: str) -> Test:
    wanted = fold(text)
    return lambda shown: any(wanted in fold(value) for value in shown.values() if isinstance(value, str))


class _Criteria:
    """The parser of ``((Field:operator:value)and(...))``; a backslash protects ``( ) ,`` in values."""

    def __init__(self, module: Module, text: str) -> None:
        if len(text) > 3000:
            raise _invalid("the criteria is too long")
        self._module = module
        self._text = text
        self._at = 0
        self._conditions = 0

    def parsed(self) -> Test:
        """Return the test of the whole criteria.

        Raises:
            Refused: they are no criteria.
        """
        test = self._expression()
        if self._at != len(self._text):
            raise _invalid("the criteria is invalid")
        return test

    def _expression(self) -> Test:
        test = self._term()
        while self._text.startswith(("and", "or"), self._at):
            both = self._text.startswith("and", self._at)
            self._at += 3 if both else 2
            test = _joined(both, test, self._term())
        return test

    def _term(self) -> Test:
        self._expect("(")
        test = self._expression() if self._text.startswith("(", self._at) else self._condition()
        self._expect(")")
        return test

    def _expect(self, sign: str) -> None:
        if not self._text.startswith(sign, self._at):
            raise _invalid("the criteria is invalid")
        self._at += len(sign)

    def _condition(self) -> Test:
        match = re.compile(r"(\w+(?:\.\w+)*):(\w+):((?:\\.|[^()\\])*)").match(self._text, self._at)
        self._conditions += 1
        if match is None or self._conditions > MOST_CONDITIONS:
            raise _invalid("the criteria is invalid")
        self._at = match.end()
        name, operator, raw = match.groups()
        if name not in self._module.fields or operator not in _OPERATORS:
            raise _invalid(f"{name}:{operator}")
        values = [re.sub(r"\\(.)", r"\1", one) for one in re.split(r"(?<!\\),", raw)]
        compare = _OPERATORS[operator]
        return lambda shown: compare(_plain(shown.get(name)), values)


def _invalid(reason: str) -> Refused:
    return Refused(problem(400, "INVALID_QUERY", "Invalid query formed", reason=reason))


def _joined(both: bool, one: Test, other: Test) -> Test:
    if both:
        return lambda shown: one(shown) and other(shown)
    return lambda shown: one(shown) or other(shown)


def _plain(value: Any) -> Any:
    return value.get("id") if isinstance(value, dict) else value  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def _number(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return str(text)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, list[str]], bool]:
    def test(value: Any, wanted: list[str]) -> bool:
        if value is None:
            return False
        left, right = _number(value), _number(wanted[0])
        same_kind = type(left) is type(right)
        return compare(left, right) if same_kind else compare(str(value), wanted[0])

    return test


def _equals(value: Any, wanted: list[str]) -> bool:
    text = ",".join(wanted)
    if value is None:
        return text == "${EMPTY}"
    if isinstance(value, bool):
        return str(value).lower() == text.lower()
    if isinstance(value, str):
        return fold(text) in fold(value)
    return _number(value) == _number(text)


_OPERATORS: dict[str, Callable[[Any, list[str]], bool]] = {
    "equals": _equals,
    "not_equal": lambda value, wanted: not _equals(value, wanted),
    "starts_with": lambda value, wanted: value is not None and fold(value).startswith(fold(",".join(wanted))),
    "in": lambda value, wanted: any(_equals(value, [one]) for one in wanted),
    "greater_than": _ordered(lambda a, b: a > b),
    "greater_equal": _ordered(lambda a, b: a >= b),
    "less_than": _ordered(lambda a, b: a < b),
    "less_equal": _ordered(lambda a, b: a <= b),
    "between": lambda value, wanted: (
        len(wanted) == 2 and value is not None and _number(wanted[0]) <= _number(value) <= _number(wanted[1])
    ),
}

routes = [Route("/crm/v8/{module}/search", search)]
