"""Which control does this label mean? The page is read like a person reads it; a doubt is an answer, a guess is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bofbot.errors import Candidate
from bofbot.forms.frames import ask_frames
from bofbot.forms.reasons import candidates, reason
from bofbot.words import Sentence

Outcome = Literal["found", "ambiguous", "missing"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a label was found to mean. `control` is an element handle of the page, only when `outcome` is "found"."""

    outcome: Outcome
    control: Any
    reason: Sentence
    candidates: tuple[Candidate, ...] = ()
    frame: Any = None


async def resolve(page: Any, label: str, *, longest: float = 30.0) -> Resolution:
    """Find the control that `label` means on a page (or frame) of Playwright's async API, frames included.

    `section > label` narrows. For a group of boxes or radios, the control is the first of them. Waits for nothing;
    `longest` bounds a page that hangs (seconds)."""
    answer = await ask_frames(page, "resolve", label, longest=longest)
    outcome: Outcome = answer.plain["outcome"]
    if outcome == "found":
        why = Sentence(en=f"“{label}” names this control", ja=f"「{label}」はこの欄です")
        return Resolution("found", await answer.element(), why, candidates(answer.plain), answer.frame)
    said = reason({"code": outcome})
    why = Sentence(
        en=f"“{label}” {said.en}",
        ja=f"「{label}」は{said.ja}" if outcome == "missing" else f"「{label}」{said.ja}",
    )
    return Resolution(outcome, None, why, candidates(answer.plain))
