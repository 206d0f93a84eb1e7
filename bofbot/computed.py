"""Values known only while a robot plays: what `${ … }` stands for, and the fields of verbs that may hold it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, PlainSerializer, ValidatorFunctionWrapHandler, WrapValidator

from bofbot.errors import Place
from bofbot.secret import Secret

CLOCK, HOLIDAYS, WHOLE = "__clock__", "__holidays__", "__whole__"
"""Names under which expressions find the run's clock and the company's days off, and validation the fields that one expression gave as a whole; no robot can write them."""


class Computed(ABC):
    """A value written as `${ … }` (alone or inside text), known only while the robot plays."""

    source: str
    place: Place

    @abstractmethod
    def value(self, names: Mapping[str, Any]) -> Any:
        """The value, given what the names mean now. Raises BusinessError with the place when it cannot be computed."""

    def __str__(self) -> str:
        return self.source


def later(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """The check of a field's type, left for later when the value is not known yet."""
    return value if isinstance(value, Computed | Secret) else handler(value)


T = TypeVar("T")
Later = Annotated[T, WrapValidator(later)]
"""`dict[str, Later[str]]`: an inner value that may be computed; top-level fields may always be."""


def _scalar(value: Any) -> Any:
    if isinstance(value, dict | list | tuple):
        raise ValueError("a single value is expected here, not a list or a mapping")
    return value


Scalar = Annotated[Any, BeforeValidator(_scalar), PlainSerializer(str)]
"""Any single typed value: text, Decimal, date, bool, Secret … Literal YAML text stays text."""
