"""Control totals: compared before the first item, told at the end, and closed in count and in every column."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bofbot.action import Item
from bofbot.errors import ApplicationError, BusinessError
from bofbot.events import ItemsStarted, ItemsTotalled, StepFailed
from bofbot.plan import Extent
from bofbot.runner.totals import Totals, check_control
from bofbot.words import Sentence

ROWS = '番号,金額\nA-1,"1,000円"\nA-2,¥250\nA-3,30\nA-4,\n'
LOOP = """inputs:
  件数: {type: integer, default: 4}
  合計: {type: yen, default: 1280}
steps:
  - read_table: rows.csv
    save_as: rows
  - name: 登録
    for_each: ${rows}
    as: row
    key: ${row.番号}
    on_error: collect
    control: {count: "${inputs.件数}", 金額: "${inputs.合計}"}
    steps:
      - send: ${row.番号}
"""


def batch(stage: Any, control: str = '{count: "${inputs.件数}", 金額: "${inputs.合計}"}') -> Any:
    (stage.folder / "rows.csv").write_text(ROWS, encoding="utf-8")
    return LOOP.replace('{count: "${inputs.件数}", 金額: "${inputs.合計}"}', control)


async def test_a_batch_that_agrees_is_played_and_its_totals_close(stage: Any, world: Any) -> None:
    world.failures["A-2"] = [BusinessError(Sentence.same("over the budget"))]
    world.after["A-3"] = [ApplicationError(Sentence.same("cut"))]
    end = await stage.play(stage.robot(batch(stage)))
    assert (end.items_done, end.items_failed, end.items_waiting) == (2, 1, 1)
    assert stage.of(ItemsStarted)[0].sums == {"金額": "1280"}
    assert stage.of(ItemsTotalled)[0].totals == {
        "total": {"count": "4", "金額": "1280"},
        "done": {"count": "2", "金額": "1000"},
        "failed": {"count": "1", "金額": "250"},
        "waiting": {"count": "1", "金額": "30"},
    }


async def test_a_batch_that_differs_sends_nothing_and_says_both_figures_and_the_difference(
    stage: Any, world: Any
) -> None:
    end = await stage.play(stage.robot(batch(stage)), 件数="5", 合計="1300")
    assert (end.outcome, end.exit_code, world.booked) == ("failed", 4, [])
    [failed] = stage.of(StepFailed)
    assert failed.failure.kind == "business"
    assert "count should be 5 and is 4 (difference -1)" in failed.failure.message.en
    assert "金額 予定 1,300・実際 1,280（差 -20）" in failed.failure.message.ja


async def test_the_whole_batch_is_compared_also_when_a_part_of_it_is_played(stage: Any, world: Any) -> None:
    end = await stage.play(stage.robot(batch(stage)), Extent(items=(1, 2)))
    assert (end.outcome, world.booked) == ("done", ["A-1", "A-2"])
    assert stage.of(ItemsTotalled)[0].totals["total"] == {"count": "2", "金額": "1250"}


async def test_a_second_run_tells_what_was_done_before(stage: Any, world: Any) -> None:
    robot = stage.robot(batch(stage, "[金額]"))
    await stage.play(robot)
    stage.events.clear()
    await stage.play(robot)
    assert stage.of(ItemsTotalled)[0].totals["already"] == {"count": "4", "金額": "1280"}


async def test_what_a_stopped_loop_has_not_played_is_told_as_left(stage: Any, world: Any) -> None:
    world.failures["A-2"] = [BusinessError(Sentence.same("over the budget"))]
    await stage.play(stage.robot(batch(stage).replace("on_error: collect", "on_error: stop")))
    totals = stage.of(ItemsTotalled)[0].totals
    assert totals["left"] == {"count": "2", "金額": "30"}
    assert totals["failed"]["金額"] == "250"


@pytest.mark.parametrize(
    ("control", "said"),
    [
        ("{金かく: 1}", "no column 金かく"),
        ("{件数: 4}", "did you mean count"),
        ("{count: 四件}", "the figure for count"),
        ("{番号: 4}", "番号 of rows.csv › 2 cannot be added up"),
    ],
)
async def test_what_cannot_be_totalled_sends_nothing(stage: Any, world: Any, control: str, said: str) -> None:
    await stage.play(stage.robot(batch(stage, control)))
    [failed] = stage.of(StepFailed)
    assert world.booked == []
    assert said in failed.failure.message.en + (failed.failure.fix.en if failed.failure.fix else "")


async def test_a_batch_other_than_the_approved_one_is_refused(stage: Any, world: Any) -> None:
    stage.approved = {"2": {"count": "4", "金額": "1281"}}
    await stage.play(stage.robot(batch(stage, "[金額]")))
    assert world.booked == []
    assert "not the batch that was approved" in stage.of(StepFailed)[0].failure.message.en
    stage.approved = {"2": {"count": "4", "金額": "1280"}}
    await stage.play(stage.robot(batch(stage, "[金額]")))
    assert len(world.booked) == 4


def test_a_row_that_changes_while_it_is_played_does_not_close() -> None:
    rows: list[dict[str, Any]] = [{"金額": 100}, {"金額": 200}]
    items = [Item(str(index), index, row) for index, row in enumerate(rows, 1)]
    totals = Totals.of(("金額",), items)
    totals.tell(items[0], "done")
    rows[1]["金額"] = 250
    totals.tell(items[1], "done")
    with pytest.raises(ApplicationError, match=r"金額 should be 300 and is 350 \(difference \+50\)"):
        totals.close()


def test_amounts_are_exact() -> None:
    items = [Item(str(index), index, {"金額": Decimal("0.1")}) for index in range(1, 11)]
    check_control({"金額": "1.0", "count": 10}, items, {})
    with pytest.raises(BusinessError):
        check_control({"金額": "1.01"}, items, {})
