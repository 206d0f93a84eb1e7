"""Messy back-office pages (pages/messy, truth.json): merged cells, ranges, boxes in a row, lists without a table, words as pictures."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bofbot.forms import resolve
from bofbot.forms.reader import source

MESSY = Path(__file__).parent / "pages" / "messy"
TRUTH: dict[str, dict[str, str]] = json.loads((MESSY / "truth.json").read_text("utf-8"))
"""Page → label → selector of what it means; "?" for ambiguous, "" for a label that names no field of the page."""
NOISE = ("{}", "{}：", "※{}", "{}（必須）", "【{}】", " {} *")
ABSENT: list[str] = json.loads((MESSY.parent / "office" / "absent.json").read_text("utf-8"))
ASK = f"""([labels, truth]) => {{ const reader = {source()}; return labels.map((label, i) => {{
  const found = reader.resolve(label);
  return [found.plain.outcome, Boolean(found.control) && Boolean(truth[i]) && truth[i] !== '?' && found.control.matches(truth[i])]; }}); }}"""
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("name", list(TRUTH))
async def test_every_label_of_a_messy_page(page: Any, name: str) -> None:
    await page.goto((MESSY / f"{name}.html").as_uri())
    asked = [
        (noise.format(label), meant)
        for label, meant in TRUTH[name].items()
        for noise in (NOISE[:1] if set(label) & set(">（(") else NOISE)
    ]
    answers = await page.evaluate(ASK, [[label for label, _ in asked], [meant for _, meant in asked]])
    for (label, meant), (outcome, right) in zip(asked, answers, strict=True):
        if meant in ("?", ""):
            assert outcome == ("ambiguous" if meant else "missing"), label
        else:
            assert (outcome, right) == ("found", True), label


async def test_labels_that_are_not_on_a_messy_page_find_nothing(page: Any) -> None:
    said = Counter[str]()
    for name in TRUTH:
        await page.goto((MESSY / f"{name}.html").as_uri())
        words = await page.evaluate("() => document.body.innerText.normalize('NFKC').toLowerCase()")
        absent = [one for one in ABSENT if one.lower() not in words]
        said.update(one[0] for one in await page.evaluate(ASK, [absent, [""] * len(absent)]))
    assert said.total() > 4000
    assert said["found"] == 0
    assert said["ambiguous"] / said.total() < 0.001


async def test_a_page_whose_scripts_are_off_reads_the_same(chromium: Any) -> None:
    page = await chromium.new_page(java_script_enabled=False)
    try:
        await page.goto((MESSY / "range_boxes.html").as_uri())
        found = await resolve(page, "利用期間（至）")
        assert found.outcome == "found"
        assert await found.control.get_attribute("id") == "b"
    finally:
        await page.close()
