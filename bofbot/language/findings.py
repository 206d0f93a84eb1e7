"""What is found wrong in a robot's text: collected with its exact place, sorted, each once, at most twenty."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from bofbot.errors import Diagnostic, Place
from bofbot.values.text import nearest
from bofbot.words import Sentence

MOST = 20
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML 1.1 calls a line break


class Source:
    """The text of one file, and the places in it."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        return _BREAK.split(self.text)

    def line(self, number: int) -> str:
        """A line by its number from 1; "" beyond the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def place(self, line: int, column: int) -> Place:
        return Place(self.file, line, column)

    def place_at(self, index: int) -> Place:
        """The place of the character at `index` of the text."""
        before = _BREAK.split(self.text[:index])
        return Place(self.file, len(before), len(before[-1]) + 1)


class Findings:
    """The diagnostics of one robot and its parts."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, int, int, str], Diagnostic] = {}

    def add(
        self,
        source: Source,
        code: str,
        message: Sentence,
        place: Place,
        length: int = 1,
        *,
        fix: Sentence | None = None,
        also: tuple[tuple[Place, str, Sentence], ...] = (),
        severity: str = "error",
        **extra: Any,
    ) -> None:
        key = (code, place.file, place.line, place.column, message.en)
        self._found.setdefault(
            key,
            Diagnostic(
                code=code,
                message=message,
                place=place,
                length=max(length, 1),
                source_line=source.line(place.line),
                fix=fix,
                also=also,
                severity=severity,
                extra=extra,
            ),
        )

    @property
    def errors(self) -> bool:
        return any(one.severity == "error" for one in self._found.values())

    def sorted(self) -> tuple[Diagnostic, ...]:
        """By file in the order they were opened, then by line; errors win over warnings when there are too many."""
        files = {file: order for order, file in enumerate(dict.fromkeys(key[1] for key in self._found))}
        ranked = sorted(self._found.values(), key=lambda one: one.severity != "error")[:MOST]
        return tuple(
            sorted(ranked, key=lambda one: (files[one.place.file], one.place.line, one.place.column))
        )


def did_you_mean(
    word: str, known: Iterable[str], *, listed: str = "", listed_ja: str = ""
) -> Sentence | None:
    """`did you mean …?`, else all of the known words when there are few (`listed` is what they are called)."""
    words = tuple(dict.fromkeys(known))
    near = nearest(word, words, 1)
    if near:
        return Sentence(en=f"did you mean `{near[0]}`?", ja=f"`{near[0]}` のことですか？")
    if listed and words:
        shown = ", ".join(words[:15]) + (" …" if len(words) > 15 else "")
        return Sentence(en=f"{listed}: {shown}", ja=f"{listed_ja}：{shown}")
    return None
