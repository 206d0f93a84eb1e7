"""Entries of lists that a widget draws: meant by their words, by a code alone, or by how they begin and end."""

from __future__ import annotations

from typing import Any

import pytest

from bofbot.errors import BusinessError
from bofbot.forms import fill

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
ENTRIES = {
    "1001 青葉商店": "A-1",
    "1002 青葉物産": "A-2",
    "2001 若葉工業": "B-7",
    "Albania": "al",
    "Algeria": "dz",
    "Oman": "om",
}
PAGE = """<!doctype html><meta charset="utf-8"><p>取引先 <input id="a" aria-autocomplete="list" autocomplete="off"></p>
<ul role="listbox" hidden></ul><p>国 <select id="b"><option value="">-<option value="JP">日本<option value="US">アメリカ合衆国<option value="AE">アラブ首長国連邦</select></p>
<script>
  const [box, list] = [document.querySelector('#a'), document.querySelector('ul')];
  box.addEventListener('input', () => {
    const found = Object.entries(ENTRIES).filter(([words, code]) => words.startsWith(box.value) || code === box.value);
    list.hidden = !found.length;
    list.innerHTML = found.map(([words, code]) => `<li role="option" data-value="${code}">${words}</li>`).join('');
  });
  list.addEventListener('click', (event) => { box.value = event.target.textContent.replace(/^\\d+ /, BARE ? '' : '$&'); list.hidden = true; });
</script>"""


async def _show(page: Any, *, bare: bool = False) -> None:
    """`bare`: the box shows the name of the chosen entry without its code."""
    script = f"<script>const BARE = {str(bare).lower()}; const ENTRIES = {ENTRIES!r};</script>"
    await page.set_content(script + PAGE)


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("1002 青葉物産", "1002 青葉物産"),
        ("2001", "2001 若葉工業"),
        ("B-7", "2001 若葉工業"),
        ("Alb…ia", "Albania"),
        ("Om…Oman", "Oman"),
        ("1001…", "1001 青葉商店"),
    ],
)
async def test_an_entry_is_meant_by_words_code_or_both_ends(page: Any, wanted: str, shown: str) -> None:
    await _show(page)
    await fill(page, {"取引先": wanted})
    assert await page.input_value("#a") == shown


async def test_a_box_that_drops_the_code_of_the_entry_is_believed(page: Any) -> None:
    await _show(page, bare=True)
    (filled,) = await fill(page, {"取引先": "1001"})
    assert (await page.input_value("#a"), filled.read) == ("青葉商店", "青葉商店")


@pytest.mark.parametrize("wanted", ["Al…ia", "Al…x"])
async def test_several_entries_or_no_entry_are_a_business_error(page: Any, wanted: str) -> None:
    await _show(page)
    with pytest.raises(BusinessError):
        await fill(page, {"取引先": wanted})


@pytest.mark.parametrize(
    ("wanted", "value"), [("アラブ…連邦", "AE"), ("アメリカ…", "US"), ("JP", "JP"), ("…本", "JP")]
)
async def test_options_of_a_plain_list_too(page: Any, wanted: str, value: str) -> None:
    await _show(page)
    await fill(page, {"国": wanted})
    assert await page.input_value("#b") == value


async def test_two_options_that_begin_alike_are_refused(page: Any) -> None:
    await _show(page)
    with pytest.raises(BusinessError):
        await fill(page, {"国": "ア…"})
