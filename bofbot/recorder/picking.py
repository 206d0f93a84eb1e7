"""Picking: what a label (or the words on a button) means on a page, what comes second, and why; with a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bofbot.adapters.browser.visible import go, opened
from bofbot.errors import Candidate
from bofbot.forms import explain
from bofbot.forms.frames import Answer, ask_frames
from bofbot.forms.reasons import candidates
from bofbot.settings import BrowserSettings
from bofbot.words import Language, Sentence

_SIGNS = {
    "label": ("its label", "ラベル"),
    "labelledby": ("aria-labelledby", "aria-labelledby"),
    "aria": ("aria-label", "aria-label"),
    "own": ("its own words", "自身の文字"),
    "placeholder": ("placeholder", "入力例"),
    "title": ("title", "title"),
    "option": ("its first option", "最初の選択肢"),
    "around": ("the words around it", "周りの文字"),
    "group": ("its group", "グループ名"),
    "near": ("the words beside it", "隣の文字"),
}


@dataclass(frozen=True, slots=True)
class Contender:
    """A control that could be meant: what it calls itself, how strongly it fits (0 … 1), and by which signs."""

    label: str
    role: str
    score: float
    signs: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """The answer; the first contender is the control itself when `outcome` is "found"."""

    label: str
    outcome: str
    contenders: tuple[Contender, ...] = ()
    near: tuple[Candidate, ...] = ()
    """When nothing was found: what is near, and why it is not it."""
    tag: str = ""
    """The control's own HTML, without what it holds."""
    picture: Path | None = None

    def as_json(self, language: Language) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "label": self.label,
            "outcome": self.outcome,
            "control": self.tag,
            "contenders": [
                {
                    "label": one.label,
                    "role": one.role,
                    "score": one.score,
                    "signs": [sign.said_in(language) for sign in one.signs],
                }
                for one in self.contenders
            ],
            "near": [
                {"label": one.label, "role": one.role, "reason": one.reason.said_in(language)}
                for one in self.near
            ],
            "picture": str(self.picture) if self.picture else "",
        }

    def lines(self, language: Language) -> list[str]:
        """What the screen shows."""
        said = [f"{self.label}: {_OUTCOMES[self.outcome].said_in(language)}"]
        said += [f"  {self.tag}"] if self.tag else []
        for place, one in enumerate(self.contenders, 1):
            signs = ", ".join(sign.said_in(language) for sign in one.signs)
            said.append(f"  {place}. {one.score:.2f}  {one.role}  {one.label or '—'}  ({signs})")
        said += [f"  ? {one.role}  {one.label}: {one.reason.said_in(language)}" for one in self.near]
        return said


_OUTCOMES = {
    "found": Sentence(en="found", ja="見つかりました"),
    "ambiguous": Sentence(
        en="several fit; say `section > label`", ja="複数あります。`見出し > 項目名` と書いてください"
    ),
    "missing": Sentence(en="not on this page", ja="このページにありません"),
    "blocked": Sentence(en="there, but cannot be used now", ja="ありますが、今は使えません"),
}


async def pick(
    url: str,
    label: str,
    settings: BrowserSettings,
    *,
    button: bool = False,
    picture: Path | None = None,
    headed: bool = False,
    ready: Callable[[], object] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Pick:
    """Open a page and look. `ready` is called once it is open, so that a person may log in first.

    Raises NotReady, ApplicationError when the address does not answer."""
    async with opened(settings, headed=headed, environ=environ) as context:
        page = await context.new_page()
        await go(page, url)
        if ready is not None:
            await asyncio.to_thread(ready)
            page = context.pages[-1]
        return await pick_on(page, label, button=button, picture=picture)


async def pick_on(page: Any, label: str, *, button: bool = False, picture: Path | None = None) -> Pick:
    """The same, on a page of Playwright's async API."""
    answer = await ask_frames(page, "press" if button else "resolve", label)
    plain = answer.plain
    if button:
        return Pick(
            label,
            plain["outcome"],
            _of_button(plain),
            candidates(plain),
            *await _shown(page, answer, picture),
        )
    contenders = tuple(
        Contender(one["label"], one["role"], min(1.0, one["score"]), _signs(one.get("why", ())))
        for one in plain["candidates"]
    )
    near = (await explain(page, label)).candidates if plain["outcome"] == "missing" else ()
    return Pick(label, plain["outcome"], contenders, near, *await _shown(page, answer, picture))


def _of_button(plain: Mapping[str, Any]) -> tuple[Contender, ...]:
    if plain["outcome"] != "found":
        return ()
    return (Contender(plain["name"], "button", 1.0, (Sentence(*_SIGNS["own"]),)),)


def _signs(names: Any) -> tuple[Sentence, ...]:
    return tuple(Sentence(*_SIGNS.get(name, (name, name))) for name in dict.fromkeys(names))


async def _shown(page: Any, answer: Answer, picture: Path | None) -> tuple[str, Path | None]:
    """The control's tag, and a picture of the page in which it is framed."""
    element = await answer.element() if answer.plain["outcome"] in ("found", "blocked") else None
    tag = "" if element is None else str(await element.evaluate(_TAG))
    if picture is None:
        return tag, None
    if element is not None:
        await element.evaluate(_FRAME)
    await page.screenshot(path=str(picture), animations="disabled")
    return tag, picture


_TAG = '(el) => el.cloneNode(false).outerHTML.replace(/ value="[^"]*"/, \'\').slice(0, 200)'
_FRAME = """(el) => {
  const shown = el.getBoundingClientRect().width > 1 ? el : el.closest('label') || el.parentElement;
  shown.scrollIntoView({ block: 'center' });
  shown.style.setProperty('outline', '4px solid #d00', 'important');
  shown.style.setProperty('outline-offset', '3px', 'important');
}"""
