"""One label is reworded where it stands; nothing else of the text moves."""

from __future__ import annotations

import pytest

from bofbot.errors import Place
from bofbot.language.rewording import Unchangeable, reword

TEXT = """# ロボット
steps:
  - fill:
      金額: "1200"   # 税込み
      '件数': 3
      振込先 > 口座番号: x
  - fill: {金額: 1, 摘要: b}  # flow
  - for_each: ${rows}
    steps:
      - click: 検索
      - click: "検 索"    # もう一度
      - click: ${row.番号}
"""


def _changed(text: str, line: int, verb: str, old: str, new: str) -> tuple[list[str], Place]:
    said, place = reword(text, Place("a.yaml", line, 5), verb, old, new)
    before, after = text.splitlines(), said.splitlines()
    assert len(before) == len(after)
    return [now for was, now in zip(before, after, strict=True) if was != now], place


@pytest.mark.parametrize(
    ("line", "verb", "old", "new", "becomes", "at"),
    [
        (3, "fill", "金額", "ご請求額", '      ご請求額: "1200"   # 税込み', (4, 7)),
        (3, "fill", "件数", "it's", "      'it''s': 3", (5, 7)),
        (3, "fill", "振込先 > 口座番号", "お振込先 > 口座番号", "      お振込先 > 口座番号: x", (6, 7)),
        (7, "fill", "金額", "金額, 税込", '  - fill: {"金額, 税込": 1, 摘要: b}  # flow', (7, 12)),
        (10, "click", "検索", "さがす: 今", '      - click: "さがす: 今"', (10, 16)),
        (10, "click", "検索", "探す", "      - click: 探す", (10, 16)),
        (11, "click", "検 索", "探す", '      - click: "探す"    # もう一度', (11, 16)),
        (3, "fill", "金額", "#1 - 額", '      "#1 - 額": "1200"   # 税込み', (4, 7)),
        (3, "fill", "金額", "yes", '      "yes": "1200"   # 税込み', (4, 7)),
    ],
)  # fmt: skip
def test_a_label_is_reworded_as_it_was_written(
    line: int, verb: str, old: str, new: str, becomes: str, at: tuple[int, int]
) -> None:
    changed, place = _changed(TEXT, line, verb, old, new)
    assert changed == [becomes]
    assert (place.file, place.line, place.column) == ("a.yaml", *at)


@pytest.mark.parametrize(
    ("line", "verb", "old", "new", "why"),
    [
        (3, "fill", "金額", "件数", "taken"),
        (3, "fill", "納期", "期限", "gone"),
        (99, "fill", "金額", "請求額", "gone"),  # two steps have it, and neither stands there
        (10, "click", "検索", "${x}", "computed"),
        (12, "click", "K-1", "K-2", "gone"),  # the words were computed from a row
    ],
)
def test_what_is_not_to_be_changed_by_a_machine(line: int, verb: str, old: str, new: str, why: str) -> None:
    with pytest.raises(Unchangeable) as no:
        reword(TEXT, Place("a.yaml", line, 5), verb, old, new)
    assert no.value.why == why


def test_a_step_that_has_moved_is_found_by_its_label() -> None:
    changed, place = _changed(TEXT, 99, "click", "検索", "探す")
    assert (changed, place.line) == (["      - click: 探す"], 10)


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    text = "\ufeff" + TEXT.replace("\n", "\r\n")
    said, _ = reword(text, Place("a.yaml", 3, 5), "fill", "金額", "ご請求額")
    assert said == text.replace('金額: "1200"', 'ご請求額: "1200"')
