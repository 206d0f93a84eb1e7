"""Which button or link do these words mean, can it be reached, and a real click on it."""

from __future__ import annotations

from typing import Any

from bofbot.errors import ApplicationError, Sighting
from bofbot.forms.fingerprint import Prints, packed, unpacked
from bofbot.forms.frames import Answer, ask_frames
from bofbot.forms.patience import Patience
from bofbot.forms.reasons import candidates, page_says, reason, with_page
from bofbot.words import Sentence


async def find_button(
    page: Any, words: str, *, patience: Patience | None = None, prints: Prints | None = None
) -> Answer:
    """The one button or link that `words` (or `section > words`) means, usable now.

    Raises ApplicationError, with the nearest candidates, when there is none, several, or it is disabled or covered:
    then it is certain that nothing was clicked."""
    waiting = (patience or Patience()).begin()
    question = words if prints is None else {"words": words, "known": packed(prints.known(words))}
    while True:
        answer = await ask_frames(page, "press", question)
        if answer.plain["outcome"] == "found":
            if prints and "print" in answer.plain and question is not words:
                prints.seen(words, unpacked(answer.plain["print"]))
            return answer
        if await waiting.more():
            continue
        again = await _again(page, words, answer.plain, prints)
        if not again:
            raise _no_button(words, answer.plain)
        question, prints = again, None


async def _again(page: Any, words: str, plain: dict[str, Any], prints: Prints | None) -> str:
    """Other words for the same button on a page that changed; "" when there are none to go on with."""
    if prints is None:
        return ""
    code = plain["code"] if plain["outcome"] == "blocked" else plain["outcome"]
    return await prints.pursue(page, words, {**plain, "code": code})


async def click_button(
    page: Any, words: str, *, patience: Patience | None = None, prints: Prints | None = None
) -> None:
    """Find it, then click it as a person would, at a point that was seen to reach it."""
    answer = await find_button(page, words, patience=patience, prints=prints)
    await click_found(answer)


async def click_found(answer: Answer) -> None:
    """The click itself: by the mouse at the point that was tested; inside a frame through the element."""
    page = answer.frame.page
    if answer.frame == page.main_frame:
        await page.mouse.click(answer.plain["x"], answer.plain["y"])
    else:
        await (await answer.element()).click(timeout=5000)


def _no_button(words: str, plain: dict[str, Any]) -> ApplicationError:
    outcome = plain["outcome"]
    said = reason(plain if outcome == "blocked" else {"code": outcome})
    if outcome == "ambiguous":
        said = Sentence(en="is on the page more than once", ja="がページに複数あります")
    joint = "：" if outcome == "blocked" else ""
    return ApplicationError(
        with_page(
            Sentence(
                en=f"the button “{words}” {said.en}",
                ja=f"ボタン「{words}」{joint or ('が' if outcome == 'missing' else '')}{said.ja}",
            ),
            page_says(plain),
        ),
        fix=Sentence(
            en="say which one: `section > button`", ja="`見出し > ボタン名` のように、どれかを書いてください"
        )
        if outcome == "ambiguous"
        else None,
        sighting=Sighting(looked_for=words, candidates=candidates(plain)),
    )
