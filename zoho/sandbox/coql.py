"""COQL, Zoho's query language, as far as clients that look for leads need it.

``select`` fields ``from`` a module ``where`` conditions ``order by`` fields ``limit`` n ``offset`` m.
Source: the official specification ``coql`` (v8) and the pages "Query API - An Overview" and "COQL
Limitations": WHERE is a must, more than two conditions are grouped in pairs by brackets, at most 25
conditions and 50 fields, LIMIT at most 2000, no text areas in WHERE. A lookup field is answered by its id
alone; ``Owner.last_name`` reaches further, as does ``Account_Name.Account_Name`` of a contact, whose account
is named beside its id ("JOINs in COQL Queries"). It sees converted leads, and every record at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from zoho.sandbox.answers import error
from zoho.sandbox.shape import Json, Module

Test = Callable[[Json], bool]

MOST_FIELDS = 50
MOST_CONDITIONS = 25
MOST_ROWS = 2000
MOST_IN = 50
PEOPLE = {"Owner", "Created_By", "Modified_By"}
ACCOUNT_PARTS = {"id", "Account_Name", "Phone", "Website"}
PERSON_PARTS = {"id", "first_name", "last_name", "full_name", "email"}

TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:\\.|''|[^'\\])*'|"(?:\\.|[^"\\])*")
    | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
    | (?P<name>!?[A-Za-z_$][\w$]*(?:\.[A-Za-z_]\w*)*)
    | (?P<sign><=|>=|!=|<>|[=<>(),])
    )""",
    re.VERBOSE,
)


class QueryError(Exception):
    """The query is not understood; ``body`` is Zoho's error object."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.body = error(code, message, **details)


@dataclass(slots=True)
class Query:
    """A query that was understood."""

    fields: list[str]
    module: Module
    test: Test
    order: list[tuple[str, bool]]
    limit: int
    offset: int
    joined: bool = False

    @property
    def modules(self) -> list[str]:
        """API names of the modules that are read."""
        return [self.module.api_name, *(["Accounts"] if self.joined else [])]


@dataclass(slots=True)
class _Token:
    kind: str
    text: str

    @property
    def word(self) -> str:
        """The token in lower case, if it is a name or a sign."""
        return "" if self.kind == "text" else self.text.lower()


def parse(text: str, modules: dict[str, Module]) -> Query:
    """Understand a query.

    Raises:
        QueryError: it cannot be understood, or goes over a limit.
    """
    return _Parser(list(_tokens(text)), modules).query()


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    text = text.strip().rstrip(";")
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise QueryError("SYNTAX_ERROR", "error occured while parsing the query", near=text[at : at + 40])
        kind = str(match.lastgroup)
        yield _Token(kind, match[kind])
        at = match.end()
        if not text[at:].strip():
            break


class _Parser:
    def __init__(self, tokens: list[_Token], modules: dict[str, Module]) -> None:
        self._tokens = tokens
        self._modules = modules
        self._at = 0
        self._conditions = 0

    def query(self) -> Query:
        self._take("select")
        fields = [self._next("name").text]
        while self._try(","):
            fields.append(self._next("name").text)
        if len(fields) > MOST_FIELDS:
            raise QueryError("LIMIT_EXCEEDED", "maximum number of columns exceeded", limit=MOST_FIELDS)
        self._take("from")
        module = self._module(self._next("name").text)
        if not self._try("where"):
            raise QueryError("SYNTAX_ERROR", "missing clause", clause="where")
        test = self._chain(module)
        order = self._order(module)
        limit, offset = self._limits()
        if self._at < len(self._tokens):
            raise self._lost()
        for name in fields:
            column(module, name)
        joined = any(
            token.kind == "name" and token.text.startswith("Account_Name.") for token in self._tokens
        )
        return Query(fields, module, test, order, limit, offset, joined)

    def _module(self, name: str) -> Module:
        module = self._modules.get(name.removeprefix("!"))
        if module is None:
            raise QueryError("INVALID_QUERY", "the module name given seems to be invalid", module=name)
        return module

    def _chain(self, module: Module) -> Test:
        """Conditions joined by and / or. A third one at the same level needs brackets around two of them."""
        test = self._term(module)
        joined = 0
        while (word := self._peek()) in ("and", "or"):
            if joined:
                raise self._lost()
            self._at += 1
            joined += 1
            test = _joined(word == "and", test, self._term(module))
        return test

    def _term(self, module: Module) -> Test:
        if self._try("("):
            test = self._chain(module)
            self._take(")")
            return test
        return self._condition(module)

    def _condition(self, module: Module) -> Test:
        self._conditions += 1
        if self._conditions > MOST_CONDITIONS:
            raise QueryError("LIMIT_EXCEEDED", "maximum number of criteria exceeded", limit=MOST_CONDITIONS)
        name = self._next("name").text
        base = column(module, name)
        if module.fields[base].data_type == "textarea":
            text = "the column is not supported in the clause"
            raise QueryError("INVALID_QUERY", text, column_name=name, clause="where")
        return self._comparison(name)

    def _comparison(self, name: str) -> Test:
        negated = self._try("not")
        word = self._peek()
        self._at += 1
        match word:
            case "is":
                negated = self._try("not")
                self._take("null")
                compare: Callable[[Any], bool] = lambda value: value is None  # noqa: E731
            case "like":
                compare = _like(self._value())
            case "in":
                compare = _one_of(self._list())
            case "between":
                low = self._value()
                self._take("and")
                compare = _between(low, self._value())
            case "=" | "!=" | "<>" | "<" | "<=" | ">" | ">=" if not negated:
                compare = _compared(word, self._value())
            case _:
                self._at -= 1
                raise self._lost()
        return lambda shown: compare(reach(shown, name)) != negated

    def _list(self) -> list[Any]:
        self._take("(")
        values = [self._value()]
        while self._try(","):
            values.append(self._value())
        self._take(")")
        if len(values) > MOST_IN:
            raise QueryError("LIMIT_EXCEEDED", "maximum number of values exceeded", limit=MOST_IN)
        return values

    def _value(self) -> Any:
        token = self._next("text", "number", "name")
        if token.kind == "text":
            inner = token.text[1:-1].replace("''", "'") if token.text[0] == "'" else token.text[1:-1]
            return re.sub(r"\\(.)", r"\1", inner)
        if token.kind == "number":
            return float(token.text)
        if token.word not in ("true", "false"):
            self._at -= 1
            raise self._lost()
        return token.word == "true"

    def _order(self, module: Module) -> list[tuple[str, bool]]:
        order: list[tuple[str, bool]] = []
        if not self._try("order"):
            return [("id", False)]
        self._take("by")
        while not order or self._try(","):
            name = self._next("name").text
            column(module, name)
            descending = self._try("desc")
            if not descending:
                self._try("asc")
            order.append((name, descending))
        return order

    def _limits(self) -> tuple[int, int]:
        limit, offset = 200, 0
        if self._try("limit"):
            limit = self._count()
            if self._try(","):
                limit, offset = self._count(), limit
        if self._try("offset"):
            offset = self._count()
        if limit > MOST_ROWS:
            raise QueryError("LIMIT_EXCEEDED", "limit exceeded", limit=MOST_ROWS)
        return limit, offset

    def _count(self) -> int:
        return int(float(self._next("number").text))

    def _peek(self) -> str:
        return self._tokens[self._at].word if self._at < len(self._tokens) else ""

    def _try(self, word: str) -> bool:
        found = self._peek() == word
        self._at += found
        return found

    def _take(self, word: str) -> None:
        if not self._try(word):
            raise self._lost()

    def _next(self, *kinds: str) -> _Token:
        if self._at >= len(self._tokens) or self._tokens[self._at].kind not in kinds:
            raise self._lost()
        self._at += 1
        return self._tokens[self._at - 1]

    def _lost(self) -> QueryError:
        near = self._tokens[self._at].text if self._at < len(self._tokens) else "end of query"
        return QueryError("SYNTAX_ERROR", "error occured while parsing the query", near=near)


def column(module: Module, name: str) -> str:
    """Return the field that a column name begins with.

    Raises:
        QueryError: the module has no such field.
    """
    base, _, part = name.partition(".")
    parts = PERSON_PARTS if base in PEOPLE else ACCOUNT_PARTS if _is_lookup(module, base) else set[str]()
    if base not in module.fields or (part and part not in parts):
        raise QueryError("INVALID_QUERY", "column given seems to be invalid", column_name=name)
    return base


def _is_lookup(module: Module, name: str) -> bool:
    return name in module.fields and module.fields[name].data_type == "lookup"


def reach(shown: Json, name: str) -> Any:
    """Return the value of a column; of a lookup, its id, or the part that is asked for."""
    base, _, part = name.partition(".")
    value = shown.get(base)
    if isinstance(value, dict):
        return cast("Json", value).get(part or "id")
    return value


def select(query: Query, shown: list[Json]) -> tuple[list[Json], bool]:
    """Run a query over records (their people in full); return its rows, and whether there are more."""
    found = [one for one in shown if query.test(one)]
    for name, descending in reversed(query.order):
        found.sort(key=lambda one: _sortable(reach(one, name)), reverse=descending)
    part = found[query.offset : query.offset + query.limit]
    return [_row(one, query.fields) for one in part], len(found) > query.offset + query.limit


def _row(shown: Json, fields: list[str]) -> Json:
    row: Json = {"id": shown["id"]}
    for name in fields:
        value = reach(shown, name)
        looked_up = name in PEOPLE and value is not None
        row[name] = {"id": value} if looked_up else value
        if isinstance(shown.get(name), dict) and name not in PEOPLE:
            account = cast("Json", shown[name])
            row[name] = {"id": account["id"], "name": account.get("Account_Name", account.get("name"))}
    return row


def _sortable(value: Any) -> tuple[bool, float, str]:
    if isinstance(value, int | float):
        return True, float(value), ""
    return value is not None, 0.0, "" if value is None else str(value).casefold()


def _joined(both: bool, one: Test, other: Test) -> Test:
    if both:
        return lambda shown: one(shown) and other(shown)
    return lambda shown: one(shown) or other(shown)


def _comparable(value: Any) -> Any:
    """A value for comparing: moments as seconds, text without regard to case."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    if isinstance(value, int | float):
        return float(value)
    if re.match(r"\d{4}-\d\d-\d\dT", value):
        try:
            return datetime.fromisoformat(value).timestamp()
        except ValueError:
            return value.casefold()
    return value.casefold()


def _equal(value: Any, wanted: Any) -> bool:
    left, right = _comparable(value), _comparable(wanted)
    # Numbers may be quoted.
    return left == right or (isinstance(left, float) and isinstance(wanted, str) and str(value) == wanted)


def _compared(sign: str, wanted: Any) -> Callable[[Any], bool]:
    if sign == "=":
        return lambda value: _equal(value, wanted)
    if sign in ("!=", "<>"):
        return lambda value: not _equal(value, wanted)

    def compare(value: Any) -> bool:
        left, right = _comparable(value), _comparable(wanted)
        if value is None or type(left) is not type(right):
            return False
        ordered = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
        return ordered[sign]

    return compare


def _like(wanted: Any) -> Callable[[Any], bool]:
    pattern = ".*".join(re.escape(part) for part in str(wanted).split("%"))
    matcher = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return lambda value: value is not None and matcher.fullmatch(str(value)) is not None


def _one_of(wanted: list[Any]) -> Callable[[Any], bool]:
    return lambda value: any(_equal(value, one) for one in wanted)


def _between(low: Any, high: Any) -> Callable[[Any], bool]:
    above, below = _compared(">=", low), _compared("<=", high)
    return lambda value: above(value) and below(value)
