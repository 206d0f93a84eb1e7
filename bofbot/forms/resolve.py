"""Which control does this label mean? The page is read like a person reads it; a doubt is an answer, a guess is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bofbot.errors import Candidate
from bofbot.forms.reader import ask_for_handle
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


async def resolve(page: Any, label: str, *, timeout: float = 30.0) -> Resolution:
    """Find the control that `label` means on a page (or frame) of Playwright's async API, frames included.

    `section > label` narrows. For a group of boxes or radios, the control is the first of them."""
    frames = list(getattr(page, "frames", ())) or [page]
    answers = []
    for frame in frames:
        handle = await ask_for_handle(frame, "resolve", label, timeout=timeout)
        plain = await handle.evaluate("a => a.plain")
        answers.append((frame, handle, plain))
    found = [answer for answer in answers if answer[2]["outcome"] == "found"]
    doubtful = [answer for answer in answers if answer[2]["outcome"] == "ambiguous"]
    if len(found) == 1 and not doubtful:
        frame, handle, plain = found[0]
        control = (await handle.get_property("control")).as_element()
        return Resolution("found", control, _reason("found", label), frame=frame)
    outcome: Outcome = "ambiguous" if found or doubtful else "missing"
    return Resolution(outcome, None, _reason(outcome, label))


def _reason(outcome: Outcome, label: str) -> Sentence:
    if outcome == "found":
        return Sentence(en=f"“{label}” names one control", ja=f"「{label}」の欄は一つです")
    if outcome == "ambiguous":
        return Sentence(en=f"“{label}” could mean several controls", ja=f"「{label}」に当たる欄が複数あります")
    return Sentence(en=f"there is no control labelled “{label}”", ja=f"「{label}」という欄がありません")
