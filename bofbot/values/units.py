"""Durations and sizes carry their unit: `30s 5m 2h 3d 10KB`, `2 days`, `2日`. A bare number is refused with the fix."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from bofbot.values.bad_value import BadValue
from bofbot.values.misfits import fitting
from bofbot.values.text import nfkc
from bofbot.words import Sentence

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3}
_WORDS = {
    "second": "s", "seconds": "s", "秒": "s", "minute": "m", "minutes": "m", "分": "m", "分間": "m",
    "hour": "h", "hours": "h", "時間": "h", "day": "d", "days": "d", "日": "d", "日間": "d",
}  # fmt: skip
_UNIT = "|".join(sorted((*_SECONDS, *_WORDS), key=len, reverse=True))
_PART = re.compile(rf"(\d{{1,9}}(?:\.\d{{1,9}})?)\s*({_UNIT})\s*")
_DURATION = re.compile(rf"(?:{_PART.pattern})+")
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(B|KB|MB|GB)")


def read_duration(text: Any) -> float:
    """Seconds meant by `1m30s`, `200ms`, `2 days`, `4時間`. A float is seconds already. Raises BadValue when there is no unit."""
    if isinstance(text, float):
        return text
    written = nfkc(str(text)).strip()
    if not _DURATION.fullmatch(written):
        raise _no_unit(written, "a duration", "時間", ("s", "m", "h", "d", "ms"))
    return sum(float(number) * _SECONDS[_WORDS.get(unit, unit)] for number, unit in _PART.findall(written))


def read_size(text: Any) -> int:
    """Bytes meant by `10KB`, `5MB` (decimal multiples). An int is bytes already. Raises BadValue when there is no unit."""
    if isinstance(text, int):
        return text
    written = nfkc(str(text)).strip()
    found = _SIZE.fullmatch(written)
    if not found:
        raise _no_unit(written, "a size", "大きさ", ("KB", "MB", "GB", "B"))
    return int(float(found[1]) * _BYTES[found[2]])


def _no_unit(written: str, en: str, ja: str, units: tuple[str, ...]) -> BadValue:
    shown = written if len(written) <= 40 else written[:39] + "…"
    number = written if re.fullmatch(r"\d{1,9}(\.\d+)?", written) else "30"
    listed = ", ".join(units)
    return BadValue(
        Sentence(
            en=f'{en} needs a unit ({listed}), e.g. {number}{units[0]}, not "{shown}"',
            ja=f"{ja}には単位（{listed}）を付けて {number}{units[0]} のように書きます（「{shown}」ではなく）",
        )
    )


Duration = Annotated[float, BeforeValidator(fitting(read_duration, "duration"))]
"""Seconds, written with a unit."""
Size = Annotated[int, BeforeValidator(fitting(read_size, "size"))]
"""Bytes, written with a unit."""
