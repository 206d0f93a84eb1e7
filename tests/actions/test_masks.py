"""Pictures: password boxes and whatever came from a secret or a personal input are covered, proven by their pixels."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bofbot.actions.pages.form import Fill
from bofbot.secret import Secret

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
COVER = (0x55, 0x55, 0x55)
PAGE = """<!doctype html><html><head><title>試験</title></head><body style="font:20px sans-serif"><form>
<p><label>氏名 <input id=name></label></p>
<p><label>口座番号 <input id=account oninput="this.value = this.value.replace(/(\\d{3})(?=\\d)/g, '$1-')"></label></p>
<p><label>会員番号 <input id=member></label></p>
<p><label>暗証 <input id=pin type=password></label></p>
<p><label>摘要 <input id=note></label></p>
<p id=echo>○○様のお申し込み</p>
<p id=pieces></p>
<div id=host></div>
<p><select id=choice><option>公開の選択肢</option></select></p>
<p id=plain>だれが見てもよい文章</p></form>
<script>
  const root = host.attachShadow({ mode: 'open' }); root.innerHTML = '<p id=inside style="margin:0"></p>';
  document.querySelector('#name').addEventListener('change', (e) => {
    echo.textContent = e.target.value + '様のお申し込み';
    pieces.innerHTML = [...e.target.value].map((c) => `<span>${c}</span>`).join('');
    root.querySelector('#inside').textContent = '内側 ' + e.target.value;
  });
</script></body></html>"""


async def boxes(page: Any) -> dict[str, tuple[int, int, int, int]]:
    """Where everything stands, as pixels: left, top, right, bottom, borders left out."""
    script = """() => Object.fromEntries([...document.querySelectorAll('[id]'), document.querySelector('#host').shadowRoot.querySelector('#inside')]
      .map((el) => { const r = el.getBoundingClientRect(); return [el.id, [r.left + 3, r.top + 3, r.right - 3, r.bottom - 3].map(Math.round)]; }))"""
    return {name: tuple(box) for name, box in (await page.evaluate(script)).items()}


def colours(picture: Path, box: tuple[int, int, int, int]) -> set[tuple[int, ...]]:
    image = Image.open(io.BytesIO(picture.read_bytes())).convert("RGB").crop(box)
    return {colour for _, colour in image.getcolors(1 << 20)}


async def test_what_is_secret_or_personal_is_covered_and_nothing_else(desk: Any, tmp_path: Path) -> None:
    desk.stage.redact.add(
        Secret("小鳥遊ソラ子", "氏名")
    )  # a personal input, as the office tells the redactor
    desk.stage.redact.add(Secret("7315508", "口座番号"))
    async with desk.browser.step(desk.stage):
        await desk.browser.page.set_content(PAGE)
    values = {
        "氏名": "小鳥遊ソラ子",
        "会員番号": Secret("M-889-15", "会員"),
        "暗証": Secret("4711", "暗証"),
        "摘要": "出張",
    }
    await desk.do(Fill(fill=values))
    async with desk.browser.step(desk.stage):
        await desk.browser.page.locator("#account").fill("7315508")
        desk.browser.shaded.append(await desk.browser.page.query_selector("#account"))
        assert await desk.browser.page.locator("#account").input_value() == "731-550-8", (
            "shown in the page's own way"
        )
        where = await boxes(desk.browser.page)
        picture = tmp_path / "picture.png"
        assert await desk.browser.picture(picture, "")
        left_over = await desk.browser.page.evaluate(
            "() => document.documentElement.outerHTML.includes('bofbot-masked')"
        )
    for covered in ("name", "account", "member", "pin", "echo", "pieces", "inside"):
        assert colours(picture, where[covered]) == {COVER}, covered
    for open_ in ("note", "plain", "choice"):
        assert len(colours(picture, where[open_])) > 2, f"{open_} can be read"
    assert not left_over, "the page is as it was"


async def test_a_message_about_a_hidden_value_does_not_quote_it(desk: Any) -> None:
    """A box that cuts what is typed: what it shows is the beginning of the secret."""
    desk.stage.redact.add(Secret("小鳥遊ソラ子ハンナ", "氏名"))
    for value in ("小鳥遊ソラ子ハンナ", Secret("小鳥遊ソラ子ハンナ", "x.y")):
        async with desk.browser.step(desk.stage):
            await desk.browser.page.set_content("<form><label>氏名 <input maxlength=5></label></form>")
        with pytest.raises(Exception, match="氏名") as caught:
            await desk.do(Fill(fill={"氏名": value}))
        told = (
            repr(caught.value)
            + repr(getattr(caught.value, "message", ""))
            + repr(getattr(caught.value, "sighting", ""))
        )
        assert "小鳥遊" not in told
