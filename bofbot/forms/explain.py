"""Saying why: the nearest candidates to a label, what keeps each of them from being it, and what the page itself says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bofbot.errors import Candidate
from bofbot.forms.frames import frames_of
from bofbot.forms.reader import ask, ask_keeping
from bofbot.forms.reasons import candidates, page_says
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was found near a label; `code` is the reader's word for the first candidate's reason.

    `says` tells what stands there instead (a log-in, an error, maintenance) or what the page itself announces."""

    code: str
    candidates: tuple[Candidate, ...]
    says: Sentence | None = None


async def explain(page: Any, label: str, *, longest: float = 5.0) -> Explanation:
    """Why `label` cannot be used on this page (or frame): at most five candidates, the nearest first."""
    near: list[dict[str, Any]] = []
    says: Sentence | None = None
    frames = frames_of(page)
    for frame in frames:
        try:
            answer = await ask(frame, "why", label, longest=longest if frame is frames[0] else 1.0)
        except Exception:
            if frame is frames[0]:
                raise
            continue  # a frame that went away or never loads
        near.extend(answer["candidates"])
        says = says or page_says(answer)
    near.sort(key=lambda one: -one["alike"])
    if not near or near[0]["alike"] < 0.97:
        near = [*await _elsewhere(page, label), *near]
    code = near[0]["code"] if near else "missing"
    return Explanation(code, candidates({"candidates": near[:5]}), says)


async def _elsewhere(page: Any, label: str) -> list[dict[str, Any]]:
    """The same label in another tab or window of the same browser."""
    others = [one for one in getattr(getattr(page, "context", None), "pages", []) if one is not page]
    found = []
    for other in others[:4]:
        try:
            _, plain = await ask_keeping(other.main_frame, "resolve", label, longest=0.5)
            if plain["outcome"] == "found":
                found.append(
                    {"label": label, "role": "page", "code": "elsewhere", "detail": await other.title()}
                )
        except Exception:  # noqa: S112, a page that is closing or hangs has nothing to say
            continue
    return found
