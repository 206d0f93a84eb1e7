"""The last lines of a run: what came of it, who must do what, and the command that goes on from here."""

from __future__ import annotations

from collections.abc import Iterator

from bofbot.events import RunFinished, StepFinished
from bofbot.sinks.columns import pad
from bofbot.sinks.drifts import heal_command
from bofbot.sinks.story import Story
from bofbot.sinks.wording import duration, failure_lines
from bofbot.values.text import width
from bofbot.words import Language, Sentence


def ending_lines(story: Story, language: Language) -> list[str]:
    """For a run that has finished; [] before."""
    end = story.finished
    if end is None:
        return []
    told = ("" if language == "ja" else " ").join([_counted(end).said_in(language), *_told(story, language)])
    return [told, *_reason(story, end, language), *_commands(story, end, language)]


def _counted(end: RunFinished) -> Sentence:
    took = duration(end.seconds)
    counts = [
        (end.items_done, Sentence(en=f"{end.items_done} done", ja=f"完了 {end.items_done}件")),
        (
            end.items_already,
            Sentence(en=f"{end.items_already} done before", ja=f"処理済み {end.items_already}件"),
        ),
        (end.items_failed, Sentence(en=f"{end.items_failed} failed", ja=f"失敗 {end.items_failed}件")),
        (
            end.items_waiting,
            Sentence(en=f"{end.items_waiting} waiting for a person", ja=f"確認待ち {end.items_waiting}件"),
        ),
    ]
    said = [sentence for count, sentence in counts if count]
    en, ja = ", ".join(part.en for part in said), "、".join(part.ja for part in said)
    outcome = _OUTCOMES[end.outcome]
    if not said:
        return Sentence(en=f"{outcome.en}; took {took.en}.", ja=f"{outcome.ja}（{took.ja}）。")
    if end.outcome in ("failed", "interrupted"):
        return Sentence(en=f"{outcome.en}: {en}; took {took.en}.", ja=f"{outcome.ja}。{ja}（{took.ja}）。")
    return Sentence(en=f"{en}; took {took.en}.", ja=f"{ja}（{took.ja}）。")


def _told(story: Story, language: Language) -> Iterator[str]:
    """Who was told of the failure."""
    for step in story.steps:
        if (
            step.first.verb == "notify"
            and isinstance(step.end, StepFinished)
            and step.end.summary
            and step.first.step.startswith("on_failure")
        ):
            yield step.end.summary.said_in(language) + ("。" if language == "ja" else ".")


def _reason(story: Story, end: RunFinished, language: Language) -> Iterator[str]:
    """Waiting runs say who must do what; a failure that no step told (a time limit) is told here."""
    if end.outcome == "waiting" and end.failure is not None:
        owner = story.started.owner if story.started else ""
        who = Sentence(en=owner or "somebody", ja=owner or "担当者")
        yield Sentence(
            en=f"waiting for {who.en}: {end.failure.message.en}",
            ja=f"{who.ja}の確認待ち：{end.failure.message.ja}",
        ).said_in(language)
        if end.failure.fix:
            yield "  " + end.failure.fix.said_in(language)
    elif end.failure is not None and not any(
        _tells(step.failure, end) or step.failed_items for step in story.all_steps()
    ):
        yield from (
            "  " + line
            for line in failure_lines(end.failure, story.started.folder if story.started else "", language)
        )


def _tells(failure: object, end: RunFinished) -> bool:
    return failure is not None and failure == end.failure


def _commands(story: Story, end: RunFinished, language: Language) -> list[str]:
    rows: list[tuple[Sentence, str, Sentence]] = []
    left = story.not_played
    if end.items_failed and left:
        rest = Sentence(
            en=f"the {end.items_failed} that failed and the {left} not played",
            ja=f"失敗した{end.items_failed}件と、まだの{left}件",
        )
        rows.append(
            (Sentence(en="mend it, then:", ja="原因を取り除いてから："), f"bofbot resume {end.run}", rest)
        )
    elif end.items_failed:
        count = end.items_failed
        only = (
            Sentence(en=f"only the {count} that failed", ja=f"失敗した{count}件だけ")
            if count > 1
            else Sentence(en="only the one that failed", ja="失敗した1件だけ")
        )
        rows.append(
            (Sentence(en="mend the rows, then:", ja="データを直してから："), f"bofbot retry {end.run}", only)
        )
    if end.outcome in ("waiting", "interrupted") or (end.outcome == "failed" and not end.items_failed):
        rows.append(
            (
                Sentence(en="go on:", ja="続きから："),
                f"bofbot resume {end.run}",
                Sentence(en="where it stopped", ja="止まったところから"),
            )
        )
    if end.outcome != "done":
        rows.append(
            (Sentence(en="look:", ja="確認する："), f"bofbot show {end.run} --open", Sentence.same(""))
        )
    if heal := heal_command(story):
        changed = Sentence(en="the page has changed:", ja="画面の変化：")
        rows.append((changed, heal, Sentence(en="proposes the change of the robot", ja="ロボットの修正案")))
    said = [(what.said_in(language), command, remark.said_in(language)) for what, command, remark in rows]
    first = max((width(what) for what, _, _ in said), default=0)
    second = max((len(command) for _, command, _ in said), default=0)
    return [
        f"  {pad(what, first)}  {pad(command, second)}  {remark}".rstrip() for what, command, remark in said
    ]


_OUTCOMES = {
    "done": Sentence(en="done", ja="完了"),
    "partial": Sentence(en="finished, with failures", ja="一部に失敗がありました"),
    "failed": Sentence(en="failed", ja="失敗しました"),
    "waiting": Sentence(en="waiting for a person", ja="担当者の確認待ちです"),
    "interrupted": Sentence(en="interrupted", ja="中断しました"),
}
