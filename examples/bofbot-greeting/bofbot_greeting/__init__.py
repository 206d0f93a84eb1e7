"""A third-party verb: greet somebody by the time of day."""

from __future__ import annotations

from typing import ClassVar

from bofbot import Action, BusinessError, Context, Result, Sentence

_BY_HOUR = (
    (5, Sentence(en="Good evening", ja="こんばんは")),
    (11, Sentence(en="Good morning", ja="おはようございます")),
    (18, Sentence(en="Good afternoon", ja="こんにちは")),
    (24, Sentence(en="Good evening", ja="こんばんは")),
)


class Greet(Action):
    """Greets somebody, fitting the time of day.
    時刻に合わせてあいさつする。"""

    verb: ClassVar[str] = "greet"
    saves: ClassVar[str] = "the greeting, as text"

    greet: str
    """Whom to greet.
    あいさつする相手。"""
    politely: bool = True
    """Add 様 to a Japanese name.
    名前に「様」を付ける。"""

    def sentence(self) -> Sentence:
        return Sentence(en=f"greet {self.greet}", ja=f"{self.greet} にあいさつする")

    async def run(self, context: Context) -> Result:
        if not self.greet.strip():
            raise BusinessError(Sentence(en="there is nobody to greet", ja="あいさつする相手の名前が空です"))
        hour = context.clock().hour
        word = next(said for until, said in _BY_HOUR if hour < until)
        said = Sentence(
            en=f"{word.en}, {self.greet}", ja=f"{self.greet}{'様' if self.politely else ''}、{word.ja}"
        )
        return Result(said.ja, summary=said)
