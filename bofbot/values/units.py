"""Durations and sizes carry their unit: `30s 5m 2h 3d 10KB`. A bare number is refused with the fix."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3}


def read_duration(text: Any) -> float:
    """Seconds meant by `1m30s`, `200ms`, `2h`. Raises ValueError when there is no unit."""
    if isinstance(text, float):
        return text
    written = str(text).strip()
    if not re.fullmatch(r"(\d+(\.\d+)?(ms|s|m|h|d))+", written):
        raise ValueError(f"a duration needs a unit: {written}s, {written}m … (s, m, h, d, ms)")
    return sum(
        float(number) * _SECONDS[unit]
        for number, _, unit in re.findall(r"(\d+(\.\d+)?)(ms|s|m|h|d)", written)
    )


def read_size(text: Any) -> int:
    """Bytes meant by `10KB`, `5MB` (decimal multiples). Raises ValueError when there is no unit."""
    if isinstance(text, int):
        return text
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(B|KB|MB|GB)", str(text).strip())
    if not found:
        raise ValueError(f"a size needs a unit: {text}KB, {text}MB … (B, KB, MB, GB)")
    return int(float(found[1]) * _BYTES[found[2]])


def _as_error(kind: str, read: Any) -> Any:
    def validate(value: Any) -> Any:
        try:
            return read(value)
        except ValueError as error:
            raise PydanticCustomError(kind, "{reason}", {"reason": str(error)}) from None

    return validate


Duration = Annotated[float, BeforeValidator(_as_error("duration", read_duration))]
"""Seconds, written with a unit."""
Size = Annotated[int, BeforeValidator(_as_error("size", read_size))]
"""Bytes, written with a unit."""
