"""The JSON answers of Zoho CRM: rows of success, error objects, and the HTTP status of a list of rows.

Shapes and texts are those of the examples in the official specifications (``record``, ``module_search``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from zoho.sandbox.shape import Json

MESSAGES = {
    "AUTHENTICATION_FAILURE": "Authentication failed",
    "DUPLICATE_DATA": "duplicate data",
    "EXPECTED_FIELD_MISSING": "one of the expected field is missing",
    "EXPECTED_PARAM_MISSING": "one of the expected parameter is missing",
    "INTERNAL_ERROR": "Internal Server Error",
    "INVALID_DATA": "invalid data",
    "INVALID_MODULE": "the module name given seems to be invalid",
    "INVALID_REQUEST_METHOD": "The HTTP request method type is not a valid one.",
    "INVALID_TOKEN": "invalid oauth token",
    "INVALID_URL_PATTERN": "Please check if the URL trying to access is a correct one",
    "LIMIT_EXCEEDED": "limit exceeded",
    "MANDATORY_NOT_FOUND": "required field not found",
    "MULTIPLE_OR_MULTI_ERRORS": "Multiple errors in the request",
    "NO_PERMISSION": "Permission denied",
    "OAUTH_SCOPE_MISMATCH": "Unauthorized",
    "RATE_LIMIT_EXCEEDED": "Too many requests. Please try again later.",
    "REQUIRED_PARAM_MISSING": "One of the expected parameter is missing",
    "SERVICE_UNAVAILABLE": "Service temporarily unavailable",
    "TOO_MANY_REQUESTS": "Too many requests. Please try again later.",
}


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return *body* as JSON. A lone surrogate, which a client can send escaped, becomes a question mark."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(content, status, headers, media_type="application/json;charset=UTF-8")


def nothing() -> Response:
    """Zoho's way to say that there are no records: 204 with an empty body."""
    return Response(status_code=204)


def error(code: str, /, message: str | None = None, **details: Any) -> Json:
    """Return an error object (``code``, ``details``, ``message``, ``status``)."""
    text = MESSAGES.get(code, code) if message is None else message
    return {"code": code, "details": details, "message": text, "status": "error"}


def problem(status: int, code: str, /, message: str | None = None, **details: Any) -> Response:
    """Return an answer that is one error object at the top level."""
    return answer(error(code, message, **details), status)


def failed_rows(*rows: Json) -> Response:
    """Return 400 with the error objects below ``data``."""
    return answer({"data": list(rows)}, 400)


def rows_answer(rows: Sequence[Json], good: int, key: str = "data") -> Response:
    """Return the outcome of each record: *good* when all succeeded, 207 when some did, else 400."""
    bad = sum(row["status"] == "error" for row in rows)
    status = good if not bad else 400 if bad == len(rows) else 207
    return answer({key: list(rows)}, status)


def done(message: str, details: Json, **more: Any) -> Json:
    """Return the outcome of one record that succeeded."""
    return {"code": "SUCCESS", **more, "details": details, "message": message, "status": "success"}
