"""Saying why: the nearest candidates to a label, and what keeps each of them from being it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bofbot.errors import Candidate
from bofbot.forms.frames import frames_of
from bofbot.forms.reader import ask
from bofbot.forms.reasons import candidates


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was found near a label; `code` is the reader's word for the first candidate's reason."""

    code: str
    candidates: tuple[Candidate, ...]


async def explain(page: Any, label: str, *, longest: float = 5.0) -> Explanation:
    """Why `label` cannot be used on this page (or frame): at most five candidates, the nearest first."""
    near: list[dict[str, Any]] = []
    frames = frames_of(page)
    for frame in frames:
        try:
            answer = await ask(frame, "why", label, longest=longest if frame is frames[0] else 1.0)
        except Exception:
            if frame is frames[0]:
                raise
            continue  # a frame that went away or never loads
        near.extend(answer["candidates"])
    near.sort(key=lambda one: -one["alike"])
    code = near[0]["code"] if near else "missing"
    return Explanation(code, candidates({"candidates": near[:5]}))
