"""How far a reader is: told now and then while it goes through a long file, and never when nobody asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from bofbot.statements.options import Options, Progress

T = TypeVar("T")
_EVERY = 1000


def ticking(items: Iterable[T], total: int, options: Options) -> Iterable[T]:
    """The same items; `options.progress` hears the share that is done after every thousand of them."""
    return _told(items, max(total, 1), options.progress) if options.progress else items


def _told(items: Iterable[T], total: int, progress: Progress) -> Iterator[T]:
    for number, item in enumerate(items):
        if number % _EVERY == 0:
            progress(min(1.0, number / total))
        yield item
