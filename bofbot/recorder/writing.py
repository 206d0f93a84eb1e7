"""Steps as YAML text: plain where YAML has nothing to misread, quoted where it has, one thought a line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_PLAIN = re.compile(r"[\w/.●](?:[\w /.%（）・ー\-+]*[\w/.%）])?")
_COMPUTED = re.compile(r"\$\{[^#\"'{}]*\}")


def scalar(value: Any) -> str:
    """One value, quoted when YAML could read something else out of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if _PLAIN.fullmatch(text) or (_COMPUTED.fullmatch(text) and ": " not in text):
        return text
    return json.dumps(text, ensure_ascii=False)


def literal(text: str) -> str:
    """What a person typed, safe from being taken for an expression."""
    return text.replace("${", "$${")


def lines(value: Mapping[str, Any] | Sequence[Any], indent: int = 0) -> list[str]:
    """A mapping or a list of mappings, block style; short lists stand on one line."""
    pad = " " * indent
    written: list[str] = []
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if (isinstance(inner, Mapping) and inner) or (
                isinstance(inner, list) and inner and isinstance(inner[0], Mapping)
            ):
                written += [f"{pad}{scalar(key)}:", *lines(inner, indent + 2)]
            elif isinstance(inner, list):
                written.append(f"{pad}{scalar(key)}: [{', '.join(scalar(one) for one in inner)}]")
            else:
                written.append(f"{pad}{scalar(key)}: {scalar(inner)}")
        return written
    for item in value:
        first, *rest = lines(item, indent + 2)
        written += [f"{pad}- {first.strip()}", *rest]
    return written
