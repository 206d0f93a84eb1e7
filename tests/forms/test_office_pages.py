"""Back-office pages of many layouts (pages/office, truth.json): every label, as written or with a form's noise, scripts on and off."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bofbot.forms import resolve
from bofbot.forms.reader import source

OFFICE = Path(__file__).parent / "pages" / "office"
TRUTH: dict[str, dict[str, str]] = json.loads((OFFICE / "truth.json").read_text("utf-8"))
"""Page → label → selector of what it means; "?" for ambiguous, "" for a label that names no field of the page."""
NOISE = ("{}", "{}：", "※{}", "{}（必須）", "【{}】", " {} *")
ABSENT: list[str] = json.loads((OFFICE / "absent.json").read_text("utf-8"))
"""Labels of other forms: where a page does not say these words, they must find nothing."""
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session", params=[True, False], ids=["scripts", "no-scripts"])
async def office(chromium: Any, request: Any) -> AsyncIterator[tuple[Any, bool]]:
    """A plain page of Playwright, at its own default size."""
    page = await chromium.new_page(java_script_enabled=request.param)
    yield page, request.param
    await page.close()


@pytest.mark.parametrize("name", list(TRUTH))
async def test_every_label_of_an_office_page(office: tuple[Any, bool], name: str) -> None:
    page, scripts = office
    if name == "shadow" and not scripts:
        pytest.skip("this page is built by its scripts")
    await page.goto((OFFICE / f"{name}.html").as_uri())
    for label, meant in TRUTH[name].items():
        for noise in NOISE if scripts and ">" not in label else NOISE[:1]:
            written = noise.format(label)
            found = await resolve(page, written)
            if meant in ("?", ""):
                assert found.control is None, written
                assert found.outcome != "found", written
                assert meant != "?" or found.outcome == "ambiguous", written
            else:
                assert found.outcome == "found", f"{written}: {found.reason.en} {found.candidates}"
                assert await found.control.evaluate("(el, meant) => el.matches(meant)", meant), written


async def test_labels_that_are_not_on_a_page_find_nothing(page: Any) -> None:
    assert len(ABSENT) >= 200
    said = Counter[str]()
    script = f"labels => {{ const reader = {source()}; return labels.map((label) => reader.resolve(label).plain.outcome); }}"
    for name in TRUTH:
        await page.goto((OFFICE / f"{name}.html").as_uri())
        words = await page.evaluate("() => document.body.innerText.normalize('NFKC').toLowerCase()")
        said.update(await page.evaluate(script, [one for one in ABSENT if one.lower() not in words]))
    assert said.total() > 2000
    assert said["found"] == 0
    assert said["ambiguous"] / said.total() < 0.001  # 電話番号（携帯） where there is 電話番号
