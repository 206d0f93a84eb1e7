"""The verbs that turn to a person: ask a question, send a notice."""

from __future__ import annotations

from typing import ClassVar

from bofbot.action import Action, Context, Later, Result, Touch
from bofbot.secret import Secret
from bofbot.words import Sentence


class Ask(Action):
    """Asks the person at the terminal; without one the run waits for a person.
    端末の担当者に質問する。答える人がいないときは、担当者待ちで止まる。"""

    verb: ClassVar[str] = "ask"
    saves: ClassVar[str] = "the answer, as text"
    bounded: ClassVar[bool] = False

    ask: str
    """The question.
    質問文。"""
    choices: tuple[Later[str], ...] = ()
    """The answers that are accepted; empty: any text.
    選択肢。省略すると自由に答えられる。"""
    secret: bool = False
    """Hide what is typed, and never show the answer anywhere.
    入力を伏せ、答えをどこにも表示しない。"""

    def sentence(self) -> Sentence:
        return Sentence(en=f"ask a person: {self.ask}", ja=f"担当者に尋ねる：{self.ask}")

    async def run(self, context: Context) -> Result:
        answer = await context.ask(Sentence.same(self.ask), self.choices, secret=self.secret)
        if self.secret:
            hidden = Secret(answer, context.step_name)
            context.redact.add(hidden)
            return Result(hidden, summary=Sentence(en="answered", ja="回答あり"))
        return Result(answer, summary=Sentence(en=f"answered “{answer}”", ja=f"回答「{answer}」"))


class Notify(Action):
    """Sends a notice (mail, chat) through a channel of configs/bofbot.yaml.
    configs/bofbot.yaml の連絡先にメールやチャットで知らせる。"""

    verb: ClassVar[str] = "notify"
    repeatable: ClassVar[bool] = False
    rehearsed: ClassVar[bool] = False

    notify: str
    """The channel's name under `notify:` in configs/bofbot.yaml.
    configs/bofbot.yaml の `notify:` にある連絡先の名前。"""
    message: str
    """What is said.
    本文。"""
    title: str = ""
    """The subject; empty: the robot's name.
    件名。省略するとロボットの名前。"""
    attach: tuple[Later[str], ...] | str = ()
    """A file to send along, or a list of files.
    添付するファイル（複数ならリスト）。"""

    def sentence(self) -> Sentence:
        return Sentence(
            en=f"tell {self.notify}: {self.message}", ja=f"{self.notify} に知らせる：{self.message}"
        )

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("tells", str(self.notify)),)

    async def run(self, context: Context) -> Result:
        names = (self.attach,) if isinstance(self.attach, str) else self.attach
        attachments = tuple(context.path(name) for name in names)
        await context.tell(self.notify, self.title or context.robot_name, self.message, attachments)
        return Result(summary=Sentence(en=f"{self.notify} was told", ja=f"{self.notify} に知らせました"))
