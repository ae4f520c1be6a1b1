"""Pages of a list: ``page`` and ``per_page`` of the query, and ``info`` of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from starlette.requests import Request

from zoho.sandbox.guard import whole_number
from zoho.sandbox.shape import Json

T = TypeVar("T")


def asked_page(request: Request) -> tuple[int, int]:
    """Return ``page`` and ``per_page`` of the query.

    Raises:
        Refused: one is no number, or out of range.
    """
    return whole_number(request, "page", 1, 1, 10_000), whole_number(request, "per_page", 200, 1, 200)


def page_of(found: Sequence[T], page: int, per_page: int) -> tuple[Sequence[T], Json]:
    """Return the elements on that page, and the ``info`` that goes with them."""
    part = found[(page - 1) * per_page : page * per_page]
    more = page * per_page < len(found)
    return part, {"per_page": per_page, "count": len(part), "page": page, "more_records": more}
