"""Events nest: loops hold items, parts hold steps of another file, and what was never told ended is seen."""

from __future__ import annotations

from bofbot.events import Failure
from bofbot.sinks.story import tell
from bofbot.sinks.told import is_failed, walk
from tests.sinks.tales import SLOW, Teller, broken, expenses, interrupted, said, smooth, waiting


def names(story_steps: object) -> list[str]:
    return [step.first.name for step in story_steps]  # type: ignore[attr-defined]


def test_a_loop_holds_its_items_and_only_the_steps_of_those_that_matter() -> None:
    story = tell(expenses())
    loop = story.steps[2]
    assert (loop.total, loop.count("done"), loop.count("failed")) == (42, 39, 3)
    assert [item.key for item in loop.failed_items] == ["K-0107", "K-0119", "K-0133"]
    assert [item.culprit.first.verb for item in loop.failed_items if item.culprit] == [
        "submit",
        "submit",
        "fill",
    ]
    kept = [item.key for item in loop.items if item.steps]
    assert kept == ["K-0101", "K-0107", "K-0119", "K-0133"]
    assert (story.retries, story.open_steps, story.cause) == (1, (), loop)


def test_a_part_ends_with_the_step_that_failed_in_it() -> None:
    story = tell(broken())
    part, finally_ = story.steps
    assert (part.state, names(part.steps)) == ("failed", ["トップページを開く", "経費システムにログイン"])
    assert is_failed(part)
    assert (finally_.first.step, finally_.state) == ("finally.1", "done")


def test_parts_in_loops_and_loops_in_parts_find_their_way_back() -> None:
    tell_ = Teller()
    loop, inner = tell_.step("1", "各件", "for_each"), "parts/a.yaml"
    tell_.items(loop, 2)

    def play(key: str) -> Failure | None:
        part = tell_.step("1.1", "部品", "use", item=key)
        tell_.start(part)
        deep = tell_.step("1", "部品の中の繰り返し", "for_each", item=key, file=inner)
        tell_.items(deep, 1)
        tell_.item(deep, 1, f"{key}/x", lambda _: tell_.done(tell_.step("1.1", "奥", "set", file=inner)))
        tell_.finish(deep)
        tell_.finish(part)
        tell_.done(tell_.step("1.2", "後", "set", item=key))
        return SLOW if key == "b" else None

    tell_.item(loop, 1, "a", play)
    tell_.item(loop, 2, "b", play)
    tell_.finish(loop)
    tell_.done(tell_.step("2", "次", "set"))
    story = tell(tell_.end("partial", 4, items_done=1, items_failed=1, failure=SLOW))
    assert names(story.steps) == ["各件", "次"]
    assert [item.state for item in story.steps[0].items] == ["done", "failed"]
    assert names(walk(story.steps[0].items[1].steps)) == ["部品", "部品の中の繰り返し", "後"]
    assert all(step.state == "done" for step in walk(story.steps))


def test_what_was_cut_off_is_interrupted() -> None:
    story = tell(interrupted())
    assert [step.state for step in story.steps] == ["interrupted", "done"]
    assert [item.state for item in story.steps[0].items] == ["done", "skipped"]
    running = tell(expenses()[:20])
    assert running.finished is None
    assert running.loop is running.steps[2]


def test_a_tolerated_failure_is_no_cause() -> None:
    tell_ = Teller()
    optional = tell_.step("1", "バナーを閉じる", "press")
    tell_.start(optional)
    tell_.fail(optional, SLOW, tolerated=True)
    story = tell(tell_.end("done", 0))
    assert story.cause is None
    assert story.steps[0].failure == SLOW


def test_warnings_and_waiting_items_are_counted() -> None:
    tell_ = Teller()
    step = tell_.step("1", "読む", "read_table")
    tell_.start(step)
    tell_.note(step, said("slow", "遅い"), "warning")
    tell_.finish(step)
    assert tell(tell_.end("done", 0)).warnings == 1
    assert tell(smooth()).warnings == 0
    assert [item.key for item in tell(waiting()).steps[0].failed_items] == ["K-0102"]
