"""Where the questions of a robot arrive: the store's answer, a person at this terminal, or a place among what waits."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

from bofbot.errors import BusinessError, NeedsPerson
from bofbot.questions import Answer, Asked, Kind, Parked, as_typed, hint, read_answer
from bofbot.store.owner import this_person
from bofbot.store.questions import QuestionRow, Questions
from bofbot.terminal import typed_line
from bofbot.values.bad_value import BadValue
from bofbot.waiting import how_to_answer
from bofbot.words import Language, Sentence


class Desk:
    """Answers the questions of one run."""

    def __init__(
        self,
        questions: Questions,
        language: Language,
        clock: Callable[[], datetime],
        *,
        dry_run: bool = False,
        here: bool = True,
    ) -> None:
        """`here`: somebody may be asked at the terminal, if there is one. A dry run puts nothing into the store."""
        self._questions, self._language, self._clock = questions, language, clock
        self._dry_run, self._here = dry_run, here

    async def __call__(self, asked: Asked) -> Answer:
        """The answer, read by its kind. Raises Parked, or BusinessError when nobody answered in time."""
        if not self._dry_run:
            self._questions.expire(self._clock())
            kept = self._questions.find(asked)
            if kept is not None and kept.state == "answered" and kept.kind != "secret":
                return kept.answer()
            if kept is not None and kept.state == "expired":
                return ran_out(kept)
        if self._here and sys.stdin.isatty():
            text = await _prompted(asked, self._language)
            if text is not None:
                return self._told_here(asked, text)
        if self._dry_run:
            raise _nobody_here(asked)
        raise _parked(self._questions.put(asked, self._clock()))

    def _told_here(self, asked: Asked, text: str) -> Answer:
        question, now, by = asked.question, self._clock(), this_person()
        value = read_answer(question.kind if question.kind != "secret" else "text", question.choices, text)
        if not self._dry_run:
            kept = "" if question.kind == "secret" else as_typed(question.kind, value)
            self._questions.told_at_once(asked, kept, by, now)
        return Answer(value, by, now)


def ran_out(row: QuestionRow) -> Answer:
    """What counts when nobody answered in time. Raises BusinessError when nothing does."""
    assert row.until
    until = row.until.astimezone().strftime("%Y-%m-%d %H:%M")
    if row.otherwise is None:
        raise BusinessError(
            Sentence(
                en=f"nobody answered by {until}: {row.said.en}",
                ja=f"{until} までに回答がありませんでした：{row.said.ja}",
            ),
            fix=Sentence(
                en="play the robot again, or say with `otherwise:` what counts then",
                ja="ロボットをもう一度実行してください。期限切れのときの答えは `otherwise:` で決められます",
            ),
        )
    return Answer(read_answer(row.kind, row.choices, row.otherwise), "", row.settled_at)


def _parked(row: QuestionRow) -> Parked:
    said = Sentence(en=f"asked {row.to or 'a person'}: ", ja=f"{row.to or '担当者'}への質問：") + row.said
    if row.until:
        until = row.until.astimezone().strftime("%Y-%m-%d %H:%M")
        said += Sentence(en=f" (until {until})", ja=f"（{until} まで）")
    return Parked(
        said + hint(row.kind, row.choices),
        fix=Sentence.same(how_to_answer(row, alone=not row.item)),
    )


def _nobody_here(asked: Asked) -> NeedsPerson:
    said = asked.question.said
    return NeedsPerson(
        Sentence(en=f"a person must answer: {said.en}", ja=f"担当者の回答が必要です：{said.ja}"),
        fix=Sentence(
            en="a dry run keeps no question: start it at a terminal",
            ja="予行では質問を保留できません。端末から実行してください",
        ),
    )


async def _prompted(asked: Asked, language: Language) -> str | None:
    """What was typed; None when somebody would rather answer later (an empty line, or the end of the input)."""
    question, hidden = asked.question, asked.question.kind == "secret"
    kind: Kind = "text" if hidden else question.kind
    shown = (question.said + hint(kind, question.choices)).said_in(language) + " "
    while True:
        line = await typed_line(shown, hidden=hidden)
        text = (line or "").strip()
        if line is None or (not text and kind != "text") or hidden:
            return text if hidden and text else None
        try:
            read_answer(kind, question.choices, text)
        except BadValue as wrong:
            sys.stderr.write(wrong.reason.said_in(language) + "\n")
        else:
            return text
