"""A long list cut into pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bofbot.practice.web import Request

T = TypeVar("T")
PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """One page of a list: what stands on it, which one it is (from 1), and how many there are."""

    shown: Sequence[T]
    at: int
    pages: int


def sheet_of(request: Request, whole: Sequence[T]) -> Sheet[T]:
    """The page that `?page=` asks for; the nearest one there is when it asks for none that exists."""
    asked = request.query_params.get("page", "1")
    pages = max(1, -(-len(whole) // PAGE_SIZE))
    at = min(max(int(asked) if asked.isascii() and asked.isdecimal() else 1, 1), pages)
    return Sheet(whole[(at - 1) * PAGE_SIZE : at * PAGE_SIZE], at, pages)
