"""When two values of expressions are alike enough to be compared; text is never silently equal or unequal to a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bofbot.language.arguments import BadCall, as_number, kind_word
from bofbot.words import Sentence


def same(left: Any, right: Any) -> bool:
    """Equality of like with like; text against number and the like is refused, an empty value equals only itself."""
    if left is None or right is None:
        return left is right
    one, other = alike(left, right)
    return bool(one == other)


def alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both in a form that Python compares rightly. Raises BadCall for two kinds."""
    one, other = _comparable(left), _comparable(right)
    if type(one) is type(other) or (
        isinstance(one, Mapping | Sequence)
        and isinstance(other, Mapping | Sequence)
        and not isinstance(one, str)
        and not isinstance(other, str)
    ):
        return one, other
    a, b = kind_word(left), kind_word(right)
    raise BadCall(
        Sentence(
            en=f"{a.en} is compared with {b.en}; convert one with text(…), number(…) or date(…)",
            ja=f"{a.ja}と{b.ja}を比べています。text(…)、number(…)、date(…) でそろえてください",
        )
    )


def _comparable(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return as_number(value)
    if isinstance(value, datetime):
        return value.astimezone()  # without a zone it means the office's own time
    if isinstance(value, date):
        return date(value.year, value.month, value.day)  # a Month is the date of its first day
    return value
