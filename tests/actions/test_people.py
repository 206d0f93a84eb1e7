"""Ask and notify, with the part of a run that they need."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from bofbot.action import Context
from bofbot.actions.people import Ask, Notify
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

    async def ask(self, question: Sentence, choices: tuple[str, ...] = (), secret: bool = False) -> str:
        self.heard.append((question.ja, choices, secret))
        return self.answer

    async def tell(self, channel: str, title: str, body: str, attachments: tuple[Path, ...] = ()) -> None:
        self.heard.append((channel, title, body, attachments))


async def test_ask_yields_the_answer() -> None:
    run = Run(answer="はい")
    result = await Ask(ask="登録してよいですか", choices=("はい", "いいえ")).run(cast(Context, run))
    assert result.value == "はい"
    assert run.heard == [("登録してよいですか", ("はい", "いいえ"), False)]


async def test_a_secret_answer_is_a_secret_everywhere() -> None:
    run = Run(answer="123456")
    result = await Ask(ask="認証コード", secret=True).run(cast(Context, run))
    assert isinstance(result.value, Secret)
    assert result.value.reveal() == "123456"
    assert result.summary is not None
    assert "123456" not in result.summary.en + result.summary.ja
    assert run.redact("code 123456") == "code ●●●"


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
