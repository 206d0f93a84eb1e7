"""Ask and notify, with the part of a run that they need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from bofbot.action import Context
from bofbot.actions.people import Ask, Notify
from bofbot.errors import BusinessError
from bofbot.questions import Answer, Question, as_typed, read_answer
from bofbot.secret import Redactor, Secret
from bofbot.words import Sentence


@dataclass
class Run:
    """As much of a run as these verbs ask for; it answers and remembers."""

    answer: str = ""
    robot_name: str = "経費申請の登録"
    step_name: str = "確認"
    redact: Redactor = field(default_factory=Redactor)
    heard: list[Any] = field(default_factory=list)

    def path(self, text: str) -> Path:
        return Path("/project") / text

    async def put(self, question: Question) -> Answer:
        self.heard.append(question)
        kind = "text" if question.kind == "secret" else question.kind
        return Answer(read_answer(kind, question.choices, self.answer), "hanako")

    async def tell(self, channel: str, title: str, body: str, attachments: tuple[Path, ...] = ()) -> None:
        self.heard.append((channel, title, body, attachments))


async def test_ask_yields_the_answer() -> None:
    run = Run(answer="はい")
    result = await Ask(ask="登録してよいですか", choices=("はい", "いいえ")).run(cast(Context, run))
    assert result.value == "はい"
    assert run.heard == [Question(Sentence.same("登録してよいですか"), "choice", ("はい", "いいえ"))]


async def test_a_secret_answer_is_a_secret_everywhere() -> None:
    run = Run(answer="123456")
    result = await Ask(ask="認証コード", secret=True).run(cast(Context, run))
    assert isinstance(result.value, Secret)
    assert result.value.reveal() == "123456"
    assert result.summary is not None
    assert "123456" not in result.summary.en + result.summary.ja
    assert run.redact("code 123456") == "code ●●●"


@pytest.mark.parametrize(
    ("kind", "typed", "value", "kept"),
    [
        ("yes/no", "y", True, "yes"),
        ("yes/no", "いいえ", False, "no"),
        ("number", "1,234.5", Decimal("1234.5"), "1234.5"),
        ("date", "2026/11/24", date(2026, 11, 24), "2026-11-24"),
        ("text", " 東京 ", "東京", "東京"),
    ],
)
async def test_an_answer_is_read_by_its_kind(kind: Any, typed: str, value: Any, kept: str) -> None:
    run = Run(answer=typed)
    result = await Ask(ask="?", type=kind).run(cast(Context, run))
    assert result.value == value
    assert as_typed(kind, value) == kept
    assert result.summary is not None
    assert kept in result.summary.en
    assert "hanako" in result.summary.ja


async def test_what_counts_when_nobody_answers_must_fit_the_question() -> None:
    run = Run(answer="yes")
    await Ask(ask="?", type="yes/no", to="経理課長", within="2 days", otherwise="いいえ").run(
        cast(Context, run)
    )
    assert (run.heard[0].to, run.heard[0].within, run.heard[0].otherwise) == ("経理課長", 172800.0, "no")
    await Ask(ask="?", within="1h", otherwise="stop").run(cast(Context, run))
    assert run.heard[1].otherwise is None
    late = Ask(ask="?", choices=("a", "b"), within="1h", otherwise="a").model_copy(update={"otherwise": "c"})
    with pytest.raises(BusinessError, match="otherwise"):  # it was computed, and is none of them
        await late.run(cast(Context, run))


async def test_notify_tells_the_channel_under_the_robots_name() -> None:
    run = Run()
    await Notify(notify="経理チャット", message="3 行が失敗しました", attach="out/結果.xlsx").run(
        cast(Context, run)
    )
    assert run.heard == [
        ("経理チャット", "経費申請の登録", "3 行が失敗しました", (Path("/project/out/結果.xlsx"),))
    ]


def test_telling_people_is_neither_repeated_nor_rehearsed() -> None:
    assert not Notify.repeatable
    assert not Notify.rehearsed
    assert Notify(notify="経理チャット", message="m").touches()[0].kind == "tells"
    assert not Ask.bounded
