"""Looking at a page without touching it: a value by its label, and how often some words stand there."""

from __future__ import annotations

from typing import Any

from bofbot.errors import ApplicationError, Sighting
from bofbot.forms.frames import ask_frames, frames_of
from bofbot.forms.patience import Patience
from bofbot.forms.reader import ask
from bofbot.forms.reasons import candidates, reason
from bofbot.words import Sentence


async def read_value(page: Any, label: str, *, patience: Patience | None = None) -> str:
    """The value that stands at a label: in its field, the next cell, the dd of a dt, or behind a colon.

    Raises ApplicationError when there is none, or different ones."""
    waiting = (patience or Patience()).begin()
    while True:
        plain = (await ask_frames(page, "read", label)).plain
        if plain["outcome"] == "found":
            return str(plain["value"])
        if not await waiting.more():
            said = reason({"code": plain["outcome"]})
            raise ApplicationError(
                Sentence(en=f"the value “{label}” {said.en}", ja=f"「{label}」の値：{said.ja}"),
                sighting=Sighting(looked_for=label, candidates=candidates(plain)),
            )


async def count(page: Any, text: str) -> int:
    """How often words stand on the page, all frames, as people compare them (width, case and spaces do not count)."""
    return sum([await ask(frame, "count", text) for frame in frames_of(page)])


async def count_whole(page: Any, text: str) -> int:
    """How often a text stands on the page as a word of its own: K-1 is not found in K-10."""
    return sum([await ask(frame, "countWhole", text) for frame in frames_of(page)])


async def has_section(frame: Any, words: str) -> bool:
    """Does this one frame have a heading, legend, dialog or text of these words?"""
    return bool(await ask(frame, "section", words))


async def same_value(page: Any, wanted: str, shown: str) -> bool:
    """Do a value and what a page shows mean the same (1,234円 is 1234, 2026/04/01 is 2026年4月1日)?"""
    return bool(await ask(frames_of(page)[0], "same", [wanted, shown]))
