"""The verbs that look at the screen: see, copy."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from bofbot.action import Context, Result
from bofbot.actions.desktop.clipboard import copied
from bofbot.actions.desktop.on_screen import OnScreen
from bofbot.actions.desktop.waits import deadline, see_image, see_window
from bofbot.adapters.screen import Screen
from bofbot.errors import ApplicationError, BusinessError
from bofbot.values.bad_value import BadValue
from bofbot.values.types import read_value as typed
from bofbot.words import Sentence

_IMAGES = (".png", ".jpg", ".jpeg", ".bmp")


class See(OnScreen):
    """Waits until a picture or a window is seen (or is gone).
    画像またはウィンドウが見える（または消える）まで待つ。"""

    verb: ClassVar[str] = "see"
    repeatable: ClassVar[bool] = True

    see: str
    """A picture file (.png), or a window's title or a part of it.
    画像ファイル（.png）、またはウィンドウのタイトル（一部でもよい）。"""
    seen: bool = True
    """`false`: it must be gone.
    `false` なら消えるまで待つ。"""
    confidence: float = Field(0.95, gt=0.5, le=1)
    """How alike the picture must be, up to 1.
    画像がどのくらい一致すればよいか（最大 1）。"""

    def sentence(self) -> Sentence:
        if self.seen is False:
            return Sentence(en=f"wait until “{self.see}” is gone", ja=f"「{self.see}」が消えるまで待つ")
        return Sentence(en=f"wait until “{self.see}” is seen", ja=f"「{self.see}」が見えるまで待つ")

    async def run(self, context: Context) -> None:
        until = deadline(context)
        screen = await context.resource(Screen)
        if self.see.lower().endswith(_IMAGES):
            await see_image(context, screen, self.see, until, self.confidence, there=self.seen)
        else:
            await see_window(context, screen, self.see, until, there=self.seen)


class Copy(OnScreen):
    """Reads text from the window by copying it.
    ウィンドウの文字をコピーして読み取る。"""

    verb: ClassVar[str] = "copy"
    saves: ClassVar[str] = "the text, or the value of the type"
    repeatable: ClassVar[bool] = True

    copy_: Literal["selected", "line", "all", "clipboard"] = Field("selected", alias="copy")
    """`selected`, `line` (the cursor's line), `all`, or `clipboard` (what is on it already).
    `selected`（選択部分）、`line`（カーソルの行）、`all`（すべて）、`clipboard`（すでにコピーされたもの）。"""
    type: str = "text"
    """The type of the value: text, code, number, yen, date, …
    値の型（text、code、number、yen、date など）。"""

    @field_validator("type", mode="after")
    @classmethod
    def _type_exists(cls, value: Any) -> Any:
        from bofbot.actions.pages.seen_table import known_types

        return known_types(value)

    def sentence(self) -> Sentence:
        return Sentence(en=f"copy ({self.copy_})", ja=f"文字をコピーして読み取る（{self.copy_}）")

    async def run(self, context: Context) -> Result:
        screen = await context.resource(Screen)
        if self.copy_ == "clipboard":
            text = await screen.copied()
        else:
            await screen.be_there()
            text = await copied(screen, self.copy_)
        if not text:
            raise ApplicationError(
                Sentence(en="nothing could be copied", ja="コピーできる文字がありませんでした"),
                sighting=await screen.sighting(),
            )
        try:
            value = typed(self.type, text, today=context.clock().date())
        except BadValue as error:
            raise BusinessError(
                Sentence(en=f"the copied text: {error.reason.en}", ja=f"コピーした文字：{error.reason.ja}")
            ) from None
        return Result(value, summary=Sentence.same(context.redact(text)))
