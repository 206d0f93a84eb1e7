"""Verbs that need nothing but what the robot knows already: `check`, `set`, `wait`."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from bofbot.action import Action, Computed, Context, Result
from bofbot.errors import BusinessError
from bofbot.values.text import nfkc
from bofbot.values.units import Duration
from bofbot.words import Sentence


class Check(Action):
    """Goes on only when something is true; stops with your message when it is not.
    条件が成り立つか確かめ、成り立たなければ知らせて止まる。"""

    verb: ClassVar[str] = "check"
    side_by_side: ClassVar[bool] = True

    check: bool
    """What must be true, e.g. `${sum(rows, "金額") == sum(done, "金額")}`.
    成り立つべき条件（例 `${sum(rows, "金額") == sum(done, "金額")}`）。"""
    message: str = ""
    """What people are told when it is not.
    成り立たないときに知らせる文。"""

    def sentence(self) -> Sentence:
        return Sentence(en=f"check that {self.check}", ja=f"{self.check} を確かめる")

    async def run(self, context: Context) -> Result | None:
        if self.check:
            return None
        unsaid = Sentence(en="the check failed", ja="確認した条件が成り立ちませんでした")
        raise BusinessError(Sentence.same(self.message) if self.message else unsaid, place=context.place)


class Set(Action):
    """Gives names to values for later steps.
    値に名前を付けて後の手順で使えるようにする。"""

    verb: ClassVar[str] = "set"
    side_by_side: ClassVar[bool] = True

    set: dict[str, Any] = Field(min_length=1)
    """Names and their values, e.g. `{total: "${sum(rows, '金額')}"}`. They are computed together, from what was known before.
    名前と値（例 `{total: "${sum(rows, '金額')}"}`）。この手順より前の値から一度に計算される。"""

    def sentence(self) -> Sentence:
        names = ", ".join(self.names_made()) or str(self.set)
        return Sentence(en=f"note the value of {names}", ja=f"{names} の値を控える")

    def names_made(self) -> tuple[str, ...]:
        return (
            () if isinstance(self.set, Computed) else tuple(map(nfkc, self.set))
        )  # as expressions spell them

    async def run(self, context: Context) -> Result | None:
        return Result(names={nfkc(name): value for name, value in self.set.items()})


class Wait(Action):
    """Waits for a while. Waiting for a page is never needed: verbs wait by themselves.
    しばらく待つ。画面の表示は各動詞が自動で待つため、待つ必要はない。"""

    verb: ClassVar[str] = "wait"
    side_by_side: ClassVar[bool] = True
    bounded: ClassVar[bool] = False

    wait: Duration
    """How long, e.g. `30s`.
    待つ長さ（例 `30s`）。"""

    def sentence(self) -> Sentence:
        if isinstance(self.wait, Computed):
            return Sentence(en=f"wait {self.wait}", ja=f"{self.wait} 待つ")
        return Sentence(en=f"wait {self.wait:g} s", ja=f"{self.wait:g} 秒待つ")

    async def run(self, context: Context) -> Result | None:
        await context.sleep(self.wait)
        return None
