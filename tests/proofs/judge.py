"""Computes hostile expressions one by one, within 64 MB more than it needs itself, and says what each came to.

python judge.py — reads a JSON list of expressions; prints one JSON line each: [outcome, milliseconds of CPU]."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bofbot.computed import CLOCK
from bofbot.errors import BusinessError, Place
from bofbot.language.expressions import ExpressionFault, parse
from bofbot.secret import Secret

MEGABYTES = 64
NAMES: dict[str, Any] = {
    "row": {"金額": Decimal("1200"), "科目": "交通費", "日付": date(2026, 11, 20)},
    "rows": [{"金額": Decimal(number), "科目": "x" * 50} for number in range(1000)],
    "text": "x" * 100_000,
    "n": Decimal(7),
    "big": Decimal("9" * 40),
    "inputs": {"month": "2026-10"},
    "secrets": {"経費": {"password": Secret("hunter22", "経費")}},
    CLOCK: lambda: datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
}
PLAIN = (str, bool, int, Decimal, date, list, type(None), Mapping, Secret)


def outcome(expression: str) -> str:
    try:
        value = parse("${" + expression + "}", Place("robots/x.yaml", 1, 1)).value(NAMES)
    except (ExpressionFault, BusinessError):
        return "refused"
    except BaseException as error:
        return f"broke: {type(error).__name__}"
    if not isinstance(value, PLAIN) or (isinstance(value, str) and "hunter" in value):
        return f"escaped: {type(value).__name__}"
    return "a plain value"


def main() -> None:
    for warm in ("sum(rows, '金額')", "business_day(today(), 3)", "era(today())", "nfkc('Ａ')", "1 +"):
        outcome(warm)
    sizes = Path("/proc/self/statm").read_text().split()
    limit = int(sizes[0]) * resource.getpagesize() + MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for expression in json.loads(sys.stdin.read()):
        started = time.process_time()
        came = outcome(expression)
        sys.stdout.write(json.dumps([came, (time.process_time() - started) * 1000]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
