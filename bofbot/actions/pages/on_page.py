"""What the web verbs share: one step on the page, how long to wait for what must be seen, and the option `posts`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import ClassVar

from bofbot.action import Action, Context
from bofbot.adapters.browser import Browser
from bofbot.forms import Filled, Patience
from bofbot.words import Sentence


class OnPage(Action):
    """A verb that works on the current page."""

    side_by_side: ClassVar[bool] = True
    in_browser: ClassVar[bool] = True

    posts: bool = False
    """The step may send a POST that changes nothing (a search, a preview); otherwise only `submit` may.
    登録を伴わない POST（検索やプレビュー）を許す。許さない場合、送信できるのは `submit` だけ。"""

    @asynccontextmanager
    async def on_page(self, context: Context) -> AsyncIterator[Browser]:
        """The browser, its gate set as this step may use it."""
        browser = await context.resource(Browser)
        async with browser.step(context, "open" if self.posts else "shut"):
            yield browser


def patience(context: Context, browser: Browser) -> Patience:
    """Wait while the page is busy and 2.5 s after, and end before the step's own time does, with a better message."""
    return Patience(longest=context.timeout * 0.7, busy=browser.busy)


def remember(browser: Browser, context: Context, filled: Sequence[Filled]) -> None:
    """Say which fields needed a slower way."""
    for field in filled:
        if field.slower:
            context.note(
                Sentence(
                    en=f"“{field.label}” was filled by single gestures ({field.way})",
                    ja=f"「{field.label}」は個別の操作で入力しました（{field.way}）",
                )
            )
