"""A question put to every frame of a page; one of them has the answer, or nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bofbot.forms.reader import ask_keeping, kept_element


@dataclass(frozen=True, slots=True)
class Answer:
    """What one frame said: plain data, and the number under which its elements are kept in the page.

    `number` is 0 when the answer was put together from several frames."""

    frame: Any
    plain: dict[str, Any]
    number: int

    async def element(self, name: str = "control") -> Any:
        return await kept_element(self.frame, self.number, name)


def frames_of(page: Any) -> list[Any]:
    """The frames to look into: all of a page's, or the one frame that was given (and those in it)."""
    if hasattr(page, "frames"):
        return [frame for frame in page.frames if not frame.is_detached()]
    return [page, *page.child_frames]


async def ask_frames(page: Any, call: str, argument: Any, *, longest: float = 30.0) -> Answer:
    """The answer of the one frame that found it; "ambiguous" when several did; else the most telling of the others."""
    frames = frames_of(page)
    answers = []
    for frame in frames:
        if frame is frames[0]:
            number, plain = await ask_keeping(frame, call, argument, longest=longest)
        else:
            try:
                number, plain = await ask_keeping(frame, call, argument, longest=min(2.0, longest))
            except Exception:  # noqa: S112, a frame that went away or never loads has nothing to say
                continue
        answers.append(Answer(frame, plain, number))
    ranks = {"found": 0, "ambiguous": 1, "blocked": 2, "missing": 3}
    answers.sort(key=lambda answer: ranks[answer.plain["outcome"]])
    first = answers[0]
    if (
        len(answers) > 1
        and first.plain["outcome"] == "found"
        and answers[1].plain["outcome"] in ("found", "ambiguous")
    ):
        both = [*first.plain["candidates"], *answers[1].plain["candidates"]]
        return Answer(first.frame, {**first.plain, "outcome": "ambiguous", "candidates": both}, 0)
    return first
