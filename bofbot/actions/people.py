"""The verbs that turn to a person: ask a question, send a notice."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import ValidationInfo, field_validator

from bofbot.action import Action, Computed, Context, Later, Result, Scalar, Touch
from bofbot.errors import BusinessError
from bofbot.questions import Answer, Kind, Question, as_typed, read_answer
from bofbot.secret import Secret
from bofbot.values.bad_value import BadValue
from bofbot.values.misfits import misfit
from bofbot.values.units import Duration
from bofbot.words import Sentence

STOP = "stop"
"""`otherwise: stop`"""


class Ask(Action):
    """Asks a person: at the terminal at once, else the run waits, holding nothing, until somebody answers with `bofbot answer`.
    担当者に質問する。端末があればその場で尋ね、なければ `bofbot answer` で回答があるまで、何も占有せずに待つ。"""

    verb: ClassVar[str] = "ask"
    saves: ClassVar[str] = "the answer"
    bounded: ClassVar[bool] = False

    ask: str
    """The question. Put into it what the person decides about.
    質問文。判断に必要なことを書く。"""
    choices: tuple[Later[str], ...] = ()
    """The answers that are accepted; empty: as `type` says.
    選択肢。省略すると `type` のとおり。"""
    type: Literal["yes/no", "text", "number", "date"] = "text"
    """What is answered: yes/no (saved as true or false), text, number or date.
    答えの種類。yes/no（true・false で保存）、text、number、date。"""
    secret: bool = False
    """Hide what is typed, and never show or keep the answer anywhere; only at a terminal.
    入力を伏せ、答えをどこにも表示・保存しない。端末でのみ答えられる。"""
    to: str = ""
    """Who is asked, a name or a role; the channel of this name under `notify:` in configs/bofbot.yaml is told, else the owner's.
    質問する相手（名前や役職）。configs/bofbot.yaml の `notify:` に同じ名前の連絡先があれば知らせる。なければ責任者に知らせる。"""
    within: Duration = 0.0
    """How long there is to answer, e.g. `2 days`, `4h`; left out: it waits for ever.
    回答の期限（例 `2 days`、`4h`、`2日`）。省略すると期限なし。"""
    otherwise: Scalar = None
    """What happens when nobody answers in time: `stop` (the step fails), or the answer that counts then.
    期限までに回答がないとき。`stop` で失敗とし、値を書くとそれを回答とみなす。"""

    @field_validator("type")
    @classmethod
    def _one_way(cls, kind: Any, info: ValidationInfo) -> Any:
        if kind != "text" and info.data.get("choices"):
            raise misfit(
                Sentence(
                    en="`choices` says what may be answered already",
                    ja="`choices` で答えが決まっているため指定できません",
                )
            )
        return kind

    @field_validator("secret")
    @classmethod
    def _a_secret_is_text(cls, secret: Any, info: ValidationInfo) -> Any:
        if secret is True and (info.data.get("choices") or info.data.get("type", "text") != "text"):
            raise misfit(
                Sentence(
                    en="a secret is any text: no `choices`, no `type`",
                    ja="秘密の答えには `choices` や `type` を指定できません",
                )
            )
        return secret

    @field_validator("within")
    @classmethod
    def _no_secret_waits(cls, within: Any, info: ValidationInfo) -> Any:
        if info.data.get("secret") is True:
            raise misfit(
                Sentence(
                    en="a secret is asked at a terminal only: it is never kept, so it cannot wait",
                    ja="秘密の答えは保存しないため、端末でその場で答える必要があります。期限は指定できません",
                )
            )
        return within

    @field_validator("otherwise")
    @classmethod
    def _fits_the_question(cls, otherwise: Any, info: ValidationInfo) -> Any:
        if not info.data.get("within"):
            raise misfit(
                Sentence(
                    en="it counts only after `within: …`", ja="`within: …`（期限）と一緒に指定してください"
                )
            )
        if isinstance(otherwise, Computed | Secret) or otherwise == STOP or "type" not in info.data:
            return otherwise
        choices = info.data.get("choices", ())
        if (
            isinstance(choices, tuple)
            and all(isinstance(one, str) for one in choices)
            and not isinstance(info.data["type"], Computed)
        ):
            try:
                read_answer("choice" if choices else info.data["type"], choices, otherwise)
            except BadValue as bad:
                raise misfit(bad.reason) from None
        return otherwise

    def sentence(self) -> Sentence:
        to = self.to or Sentence(en="a person", ja="担当者")
        return Sentence(
            en=f"ask {to if isinstance(to, str) else to.en}: {self.ask}",
            ja=f"{to if isinstance(to, str) else to.ja}に尋ねる：{self.ask}",
        )

    async def run(self, context: Context) -> Result:
        answer = await context.put(self._question())
        if self.secret:
            hidden = Secret(answer.value, context.step_name)
            context.redact.add(hidden)
            return Result(hidden, summary=Sentence(en="answered", ja="回答あり"))
        return Result(answer.value, summary=_said(as_typed(self._kind, answer.value), answer))

    @property
    def _kind(self) -> Kind:
        return "secret" if self.secret else "choice" if self.choices else self.type

    def _question(self) -> Question:
        otherwise = None
        if self.otherwise is not None and self.otherwise != STOP:
            try:
                otherwise = as_typed(self._kind, read_answer(self._kind, self.choices, self.otherwise))
            except BadValue as bad:
                raise BusinessError(Sentence(en="`otherwise`: ", ja="`otherwise`：") + bad.reason) from None
        return Question(
            Sentence.same(self.ask), self._kind, tuple(self.choices), self.to, float(self.within), otherwise
        )


def _said(shown: str, answer: Answer) -> Sentence:
    if not answer.by:
        return Sentence(
            en=f"nobody answered in time, so “{shown}”", ja=f"期限までに回答がないため「{shown}」"
        )
    at = f" {answer.at.astimezone():%m-%d %H:%M}" if answer.at else ""
    return Sentence(en=f"answered “{shown}” ({answer.by}{at})", ja=f"回答「{shown}」（{answer.by}{at}）")


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
