"""Light looks at a real page: what is secret or personal is covered in the JPEG too, and the page stays as it was."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bofbot.actions.pages.form import Fill
from bofbot.secret import Secret

from .test_masks import PAGE, boxes

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SHADE = 0x55
FRAMED = """<!doctype html><title>外側</title><body style="margin:0;font:20px sans-serif">
<p id=plain>だれが見てもよい文章</p>
<iframe id=own style="position:absolute;left:40px;top:100px;width:400px;height:120px;border:2px solid" srcdoc="<body style='margin:0;font:20px sans-serif'><p id=in style='margin:20px'>氏名 小鳥遊ソラ子</p><p id=free style='margin:20px'>自由な文章</p>"></iframe>
<iframe id=foreign style="position:absolute;left:40px;top:300px;width:400px;height:120px" src="data:text/html;charset=utf-8,<p>小鳥遊ソラ子</p>"></iframe></body>"""


def levels(picture: bytes, box: tuple[int, int, int, int]) -> tuple[int, int]:
    """The darkest and the brightest grey in a box of a JPEG."""
    image = Image.open(io.BytesIO(picture)).convert("L").crop(box)
    low, high = image.getextrema()
    return int(low), int(high)  # type: ignore[arg-type]


def is_covered(picture: bytes, box: tuple[int, int, int, int]) -> bool:
    low, high = levels(picture, box)
    return SHADE - 12 <= low <= high <= SHADE + 12


async def filled(desk: Any) -> None:
    desk.stage.redact.add(Secret("小鳥遊ソラ子", "氏名"))
    desk.stage.redact.add(Secret("7315508", "口座番号"))
    async with desk.browser.step(desk.stage):
        await desk.browser.page.set_content(PAGE)
    values = {"氏名": "小鳥遊ソラ子", "会員番号": Secret("M-889-15", "会員"), "暗証": Secret("4711", "暗証")}
    await desk.do(Fill(fill={**values, "摘要": "出張"}))
    async with desk.browser.step(desk.stage):
        await desk.browser.page.locator("#account").fill("7315508")
        desk.browser.shaded.append(await desk.browser.page.query_selector("#account"))


async def test_a_light_picture_covers_what_a_failure_picture_covers(desk: Any) -> None:
    await filled(desk)
    before = await desk.browser.page.evaluate("document.documentElement.outerHTML")
    seen = await desk.browser.glimpse(True)
    where = await boxes(desk.browser.page)
    for covered in ("name", "account", "member", "pin", "echo", "pieces", "inside"):
        assert is_covered(seen.picture, where[covered]), covered
    for open_ in ("note", "plain", "choice"):
        low, high = levels(seen.picture, where[open_])
        assert high - low > 100, f"{open_} can be read"
    assert await desk.browser.page.evaluate("document.documentElement.outerHTML") == before
    assert desk.browser.shaded == [], "each control is stamped once, and not kept for ever"
    assert len(seen.picture) < 60_000


async def test_in_words_hidden_fields_say_nothing(desk: Any) -> None:
    await filled(desk)
    seen = await desk.browser.glimpse(False)
    told = dict(seen.entries)
    assert told["摘要"] == "出張"
    assert told["氏名"] == told["口座番号"] == told["会員番号"] == told["暗証"] == "●●●"
    assert seen.picture == b""


async def test_frames_are_covered_inside_or_whole(desk: Any) -> None:
    desk.stage.redact.add(Secret("小鳥遊ソラ子", "氏名"))
    async with desk.browser.step(desk.stage):
        await desk.browser.page.set_content(FRAMED)
        await desk.browser.page.frames[1].wait_for_selector("#free")
        seen = await desk.browser.glimpse(True)
    assert is_covered(seen.picture, (66, 126, 400, 140)), "the name inside a frame of the same site"
    low, high = levels(seen.picture, (62, 165, 300, 200))
    assert high - low > 100, "the rest of that frame can be read"
    assert is_covered(seen.picture, (44, 304, 436, 416)), (
        "nobody can look into a foreign frame: it is covered whole"
    )
    low, high = levels(seen.picture, (0, 15, 300, 50))
    assert high - low > 100


async def test_a_small_picture_of_a_scrolled_page_is_covered_at_the_same_places(desk: Any) -> None:
    desk.stage.redact.add(Secret("小鳥遊ソラ子", "氏名"))
    long = """<body style="margin:0;font:20px sans-serif"><div style="height:1500px"></div>
      <p style="position:absolute;left:100px;top:1200px;margin:0;width:200px;height:40px">小鳥遊ソラ子</p>
      <p style="position:absolute;left:100px;top:1300px;margin:0;width:200px;height:40px">だれが見てもよい</p>
      <script>let resized = 0; addEventListener('resize', () => { resized++; });</script>"""
    async with desk.browser.step(desk.stage):
        await desk.browser.page.set_content(long)
        await desk.browser.page.evaluate("scrollTo(0, 600)")
        seen = await desk.browser.glimpse(True, small=True)
        left, top, width, height = await desk.browser.page.evaluate(
            "[scrollX, scrollY, innerWidth, innerHeight]"
        )
        assert await desk.browser.page.evaluate("resized") == 0
    assert (left, top) == (0, 600)
    size = Image.open(io.BytesIO(seen.picture)).size
    assert size == (round(width * 0.6), round(height * 0.6))
    at = [round(part * 0.6) for part in (105, 605, 295, 635)]
    assert is_covered(seen.picture, (at[0], at[1], at[2], at[3]))
    at = [round(part * 0.6) for part in (105, 705, 295, 735)]
    low, high = levels(seen.picture, (at[0], at[1], at[2], at[3]))
    assert high - low > 100


async def test_what_stands_before_everything_else_is_covered_too(desk: Any) -> None:
    desk.stage.redact.add(Secret("小鳥遊ソラ子", "氏名"))
    modal = """<p>うしろ</p><dialog id=d style="position:fixed;left:100px;top:100px;margin:0;width:300px;height:80px;padding:0;border:0">
      <p id=in style="margin:10px">小鳥遊ソラ子</p></dialog><script>d.showModal()</script>"""
    async with desk.browser.step(desk.stage):
        await desk.browser.page.set_content(modal)
        seen = await desk.browser.glimpse(True)
        assert await desk.browser.page.evaluate("d.matches(':modal')"), "the dialog stays open"
    assert is_covered(seen.picture, (114, 114, 385, 126))


async def test_a_page_that_moves_while_it_is_looked_at_gives_no_picture(desk: Any) -> None:
    desk.stage.redact.add(Secret("小鳥遊ソラ子", "氏名"))
    restless = "<p id=a style='position:absolute;left:0'>小鳥遊ソラ子</p><script>let x = 0; setInterval(() => { a.style.left = `${x += 7}px`; }, 1);</script>"
    async with desk.browser.step(desk.stage):
        await desk.browser.page.set_content(restless)
        seen = await desk.browser.glimpse(True)
    assert seen is not None
    assert seen.picture == b""


async def test_a_value_that_becomes_hidden_meanwhile_spoils_the_picture(desk: Any, monkeypatch: Any) -> None:
    from bofbot.adapters.browser import flight

    async with desk.browser.step(desk.stage):
        await desk.browser.page.set_content("<p>鬼頭ナギサ</p>")
        real = flight._shot

        async def late(*given: Any) -> bytes:
            desk.stage.redact.add(Secret("鬼頭ナギサ", "氏名"))
            return await real(*given)

        monkeypatch.setattr(flight, "_shot", late)
        seen = await desk.browser.glimpse(True)
    assert seen.picture == b""


async def test_a_page_that_hangs_is_left_after_two_seconds(desk: Any) -> None:
    async with desk.browser.step(desk.stage):
        await desk.browser.page.set_content("<p>待つ</p>")
        await desk.browser.page.evaluate(
            "setTimeout(() => { const end = Date.now() + 8000; while (Date.now() < end); }, 20); 0"
        )
        time.sleep(1)  # noqa: ASYNC251, the page must be hanging by now
        assert await desk.browser.glimpse(True) is None  # had it waited, there would be something to see


async def test_a_picture_that_cannot_be_written_is_none(desk: Any, tmp_path: Path) -> None:
    await desk.open("/form")
    async with desk.browser.step(desk.stage):
        assert await desk.browser.picture(tmp_path / "not there" / "a.png", "") is None
        seen = await desk.browser.evidence(tmp_path / "not there" / "a")
    assert seen.files == ()
    assert seen.sighting.title, "what was seen is told all the same"
