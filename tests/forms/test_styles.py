"""Pages as the office programs of today write them (pages/styles, truth.json): component libraries, ERP screens, forms of the authorities."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bofbot.forms import resolve

STYLES = Path(__file__).parent / "pages" / "styles"
TRUTH: dict[str, dict[str, str]] = json.loads((STYLES / "truth.json").read_text("utf-8"))
"""Page → label → selector of what it means; "?" for ambiguous, "" for a label that names no field of the page."""
MARK = """(meant) => {
  const all = (root) => [...root.querySelectorAll('*')].flatMap((el) => [el, ...(el.shadowRoot ? all(el.shadowRoot) : [])]);
  for (const el of all(document)) el.meant = meant.filter((one) => el.matches(one));
}"""
ONLY_SEEN = """() => {
  for (const label of [...document.querySelectorAll('label')]) {
    const span = document.createElement('span');
    for (const a of ['class', 'style']) if (label.hasAttribute(a)) span.setAttribute(a, label.getAttribute(a));
    span.append(...label.childNodes);
    label.replaceWith(span);
  }
  const gone = ['aria-label', 'aria-labelledby', 'aria-describedby', 'placeholder', 'title', 'name', 'id', 'autocomplete'];
  for (const el of document.querySelectorAll('*')) for (const a of gone) el.removeAttribute(a);
}"""
CUT_OFF = {
    "placeholder_icons": {
        "企業コード",
        "ユーザーID または メールアドレス",
        "パスワード",
    },  # said by placeholders alone
    "hidden_native_ticks": {"お客様区分", "法人", "ご興味のある分野", "給与"},  # drawn by labels alone
    "lying_for": {"担当部署", "連絡先", "緊急連絡先"},  # in doubt only while `for` lies
}
NO_FIELD = {
    "transfer_groups": ["手数料"],
    "captions_under": ["Employer's report"],
    "portal_select": ["Osaka"],
    "outlined_after": ["This field is required"],
}
"""Words beside a field that are shown, a heading, a value chosen or an error: they take no field."""
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("name", list(TRUTH))
async def test_every_label_of_a_page(page: Any, name: str) -> None:
    await page.goto((STYLES / f"{name}.html").as_uri())
    for frame in page.frames:
        await frame.evaluate(MARK, [one for one in TRUTH[name].values() if one not in ("?", "")])
    await _all_right(page, TRUTH[name])


@pytest.mark.parametrize("name", list(TRUTH))
async def test_the_same_with_only_what_a_person_sees(page: Any, name: str) -> None:
    await page.goto((STYLES / f"{name}.html").as_uri())
    for frame in page.frames:
        await frame.evaluate(MARK, [one for one in TRUTH[name].values() if one not in ("?", "")])
        await frame.evaluate(ONLY_SEEN)
    cut_off = CUT_OFF.get(name, set())
    await _all_right(page, {label: meant for label, meant in TRUTH[name].items() if label not in cut_off})


@pytest.mark.parametrize("name", list(NO_FIELD))
async def test_words_that_are_only_shown_take_no_field(page: Any, name: str) -> None:
    await page.goto((STYLES / f"{name}.html").as_uri())
    for words in NO_FIELD[name]:
        assert (await resolve(page, words)).outcome != "found", words


async def _all_right(page: Any, truth: dict[str, str]) -> None:
    for label, meant in truth.items():
        found = await resolve(page, label)
        if meant in ("?", ""):
            assert found.outcome == ("ambiguous" if meant else "missing"), label
        else:
            assert found.outcome == "found", f"{label}: {found.reason.en} {found.candidates}"
            assert meant in await found.control.evaluate("el => el.meant"), label
