"""Tells people of the questions that wait for them: when they are asked, and again in office hours until they answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime, timedelta

from bofbot.errors import BofbotError
from bofbot.settings import Settings
from bofbot.store.questions import QuestionRow, Questions
from bofbot.waiting import how_to_answer
from bofbot.words import Language, Sentence

AGAIN = timedelta(minutes=5)
"""After a notice that no service took."""
_LOG = logging.getLogger("bofbot")

Send = Callable[[Sequence[str], str, str], Awaitable[None]]


async def remind(
    questions: Questions,
    settings: Settings,
    language: Language,
    now: datetime,
    days_off: Collection[date] = (),
    send: Send | None = None,
) -> int:
    """Tell whoever is to be told now; how many notices went out. Of any number of processes one tells; a question whose
    people have no channel counts as told, so that it is late at the same hour as any other."""
    if send is None:
        from bofbot.adapters import notices

        send = notices.send
    sent = 0
    for row in questions.due_to_tell(now):
        to = channel_of(row, settings)
        if not questions.take_to_tell(row, next_time(row, settings, now, days_off)) or not to:
            continue
        try:
            await send(to, f"bofbot: {row.robot}", notice(row).said_in(language))
            sent += 1
        except BofbotError as error:
            _LOG.warning("%s", error.message.said_in(language))
            told = questions.row(row.id)
            if told:
                questions.take_to_tell(told, now + AGAIN)
    return sent


def channel_of(row: QuestionRow, settings: Settings) -> tuple[str, ...]:
    """Where those who are asked are told: their own channel, else the owner's."""
    for name in (row.to, row.owner):
        if name in settings.notify and settings.notify[name].to:
            return settings.notify[name].to
    return ()


def next_time(
    row: QuestionRow, settings: Settings, now: datetime, days_off: Collection[date] = ()
) -> datetime | None:
    """When they are reminded next, after being told at `now`; None: never, or not before the question ends."""
    wait = settings.reminders.every if row.told else settings.reminders.after
    if not wait:
        return None
    local = (now + timedelta(seconds=wait)).astimezone()
    at = settings.office_hours.next_open(local, days_off)
    return None if row.until and at >= row.until else at


def is_late(row: QuestionRow, settings: Settings, now: datetime) -> bool:
    """Nobody has answered although there was time: until the first reminder, or until the question's own end."""
    after = timedelta(seconds=settings.reminders.after or 86400.0)
    return now >= row.asked_at + after or bool(row.until and now >= row.until)


def notice(row: QuestionRow) -> Sentence:
    """What they read."""
    item = f" {row.item}" if row.item else ""
    again = (
        Sentence(en=f" (reminder {row.told})", ja=f"（{row.told}回目のお知らせ）")
        if row.told
        else Sentence.same("")
    )
    until = Sentence.same("")
    if row.until:
        at = row.until.astimezone().strftime("%Y-%m-%d %H:%M")
        then = row.otherwise
        until = Sentence(
            en=f"\nuntil {at}, then: {'it fails' if then is None else then}",
            ja=f"\n期限 {at}（過ぎると{'失敗になります' if then is None else f'「{then}」とみなします'}）",
        )
    asked = Sentence(
        en=f"{row.robot} (run {row.run}{item}) asks {row.to or row.owner or 'somebody'}",
        ja=f"{row.robot}（実行 {row.run}{item}）から{row.to or row.owner or '担当者'}への質問",
    )
    return asked + again + "\n" + row.said + until + "\n" + how_to_answer(row, alone=not row.item)
