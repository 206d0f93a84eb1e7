"""Labels on pages of every layout: the right control, an honest "ambiguous", or "missing"; never the wrong one."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from bofbot.forms import resolve

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("truth", HERE / "truth.py")
assert _spec is not None
assert _spec.loader is not None
_truth = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_truth)
CASES = [(name, label, meant) for name, rows in _truth.TRUTH.items() for label, meant in rows.items()]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("name", list(_truth.TRUTH))
async def test_every_label_of_a_page(page: Any, name: str) -> None:
    await page.goto((HERE / "pages" / f"{name}.html").as_uri())
    for label, meant in _truth.TRUTH[name].items():
        found = await resolve(page, label)
        if meant in ("?", ""):
            assert found.outcome == ("ambiguous" if meant else "missing"), label
            assert found.control is None
        else:
            assert found.outcome == "found", f"{label}: {found.reason.en} {found.candidates}"
            assert await found.control.evaluate("(el, meant) => el.matches(meant)", meant), label


@pytest.mark.parametrize(
    "written", ["金額", "金額：", "金額 *", "金額（必須）", "【必須】金額", "金　額", "※金額", "金額(円)"]
)
@pytest.mark.parametrize("wanted", ["金額", "金額（円）"])
async def test_what_a_form_writes_beside_a_label_does_not_count(page: Any, written: str, wanted: str) -> None:
    await page.set_content(
        f"<table><tr><th>{written}</th><td><input id=x></td></tr><tr><th>摘要</th><td><input></td></tr></table>"
    )
    found = await resolve(page, wanted)
    assert found.outcome == "found"
    assert await found.control.get_attribute("id") == "x"


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("氏名（カナ）", "氏名"),
        ("口座名義カナ", "口座名義"),
        ("電話番号（自宅）", "電話番号（携帯）"),
        ("住所2", "住所"),
        ("Company name", "Name"),
    ],
)
async def test_a_label_that_says_something_else_is_not_taken(page: Any, written: str, wanted: str) -> None:
    await page.set_content(f"<p>{written} <input></p>")
    assert (await resolve(page, wanted)).outcome != "found"


async def test_full_width_case_and_spaces_do_not_count(page: Any) -> None:
    await page.set_content("<p>Ｔａｘ　ＩＤ <input id=x></p>")
    found = await resolve(page, "tax id")
    assert found.outcome == "found"


async def test_two_of_the_same_are_ambiguous_and_both_are_named(page: Any) -> None:
    await page.set_content("<p>備考 <input></p><p>備考 <textarea></textarea></p>")
    found = await resolve(page, "備考")
    assert (found.outcome, found.control) == ("ambiguous", None)
    assert len(found.candidates) == 2
    assert "複数" in found.reason.ja
