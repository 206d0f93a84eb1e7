"""A run summed up: its outcome in one sentence, the colour of it, and the command that goes on from here."""

from __future__ import annotations

from bofbot.events import RunFinished
from bofbot.sinks.story import Story
from bofbot.sinks.told import walk
from bofbot.words import Sentence


def headline(story: Story) -> Sentence:
    """The outcome in one sentence."""
    end = story.finished
    if end is None:
        return Sentence(
            en="The record of this run has no end: it is still running, or it broke off.",
            ja="この実行には終わりの記録がありません。実行中か、途中で異常終了しています。",
        )
    total = end.items_done + end.items_already + end.items_failed + end.items_waiting
    before = (
        Sentence(
            en=f" {end.items_already} were done before.",
            ja=f"うち{end.items_already}件は以前に処理済みです。",
        )
        if end.items_already
        else ""
    )
    counted = _counted(end, total)
    match end.outcome:
        case "done":
            if not total:
                return Sentence(en="Every step was done.", ja="すべての手順が完了しました。")
            return Sentence(en=f"All {total} items are done.", ja=f"{total}件すべて完了しました。") + before
        case "partial":
            return (
                counted
                if end.items_failed
                else Sentence(
                    en="Finished, but a step failed.", ja="最後まで実行しましたが、失敗した手順があります。"
                )
            )
        case "waiting":
            owner = story.started.owner if story.started else ""
            who = Sentence(en=owner or "a person", ja=owner or "担当者")
            return Sentence(en=f"Waiting for {who.en}. ", ja=f"{who.ja}の確認を待っています。") + (
                counted if total else ""
            )
        case "interrupted":
            return Sentence(en="Somebody stopped the run. ", ja="途中で中断されました。") + (
                counted if total else ""
            )
        case _:
            failed = [step for step in walk([story.cause]) if step.failure] if story.cause else []
            name = failed[-1].first.name if failed else ""
            at = Sentence(en=f" at “{name}”", ja=f"「{name}」で") if name else Sentence.same("")
            return Sentence(en=f"The run failed{at.en}. ", ja=f"{at.ja}失敗しました。") + (
                counted if total else ""
            )


def commands_of(story: Story) -> list[tuple[Sentence, str]]:
    """What to type to go on from here."""
    end = story.finished
    if end is None or end.outcome == "done":
        return []
    if end.items_failed and story.not_played:
        left = Sentence(
            en=f"Mend it, then play the {end.items_failed} that failed and the {story.not_played} not played:",
            ja=f"原因を取り除いてから、失敗した{end.items_failed}件と、まだの{story.not_played}件を実行します。",
        )
        return [(left, f"bofbot resume {end.run}")]
    if end.items_failed:
        said = Sentence(
            en="Mend the data, then play the failed items only:",
            ja="データを直してから、失敗した件だけを再実行します。",
        )
        return [(said, f"bofbot retry {end.run}")]
    if end.outcome == "partial":
        return []
    return [
        (
            Sentence(en="Go on where it stopped:", ja="止まったところから続けます。"),
            f"bofbot resume {end.run}",
        )
    ]


def tone_of(outcome: str, story: Story) -> str:
    """green, amber, red or grey."""
    if outcome == "done":
        return "amber" if story.retries or story.warnings else "green"
    return {"failed": "red", "partial": "red", "interrupted": "grey", "running": "grey"}.get(outcome, "amber")


def _counted(end: RunFinished, total: int) -> Sentence:
    good, bad, open_ = end.items_done + end.items_already, end.items_failed, end.items_waiting
    if not bad and not open_:
        return Sentence(en=f"{good} items were done.", ja=f"{good}件が完了しています。")
    failed = (
        Sentence(en=f"{bad} failed", ja=f"{bad}件が失敗し" + ("、" if open_ else "ました"))
        if bad
        else Sentence.same("")
    )
    waits = (
        Sentence(en=f"{open_} must be looked at by a person", ja=f"{open_}件が確認待ちです")
        if open_
        else Sentence.same("")
    )
    en = ", ".join(part for part in (failed.en, waits.en) if part)
    return Sentence(
        en=f"{good} of {total} items are done, {en}.",
        ja=f"{total}件のうち{good}件が完了し、{failed.ja}{waits.ja}。",
    )
