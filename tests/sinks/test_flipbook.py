"""The flip-book of a report: its parts, what stands in the page itself, and how a real browser plays it."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lxml import html
from playwright.async_api import Page, async_playwright

from bofbot.events import Event, Evidence, Failure, Filmed, Frame
from bofbot.sinks.flipbook import parts_of
from bofbot.sinks.pictures import Embedding
from bofbot.sinks.report import report_html, write_report
from bofbot.sinks.story import tell
from bofbot.words import Sentence
from tests.sinks.tales import Teller, broken
from tests.sinks.test_report import ARGUMENTS, BROWSER, listen, png

REFUSED = Sentence(en="the site refused it", ja="サイトに拒否されました")


def frame(teller: Teller, step: dict[str, Any], path: str = "", **facts: Any) -> Frame:
    return Frame(teller.now, step["step"], step["name"], step["verb"], step["item"], path=path, **facts)


def filmed(teller: Teller, step: dict[str, Any], *frames: Frame) -> None:
    teller._add(Filmed, **step, frames=frames)


def failing(items: int = 3, bad: tuple[int, ...] = (3,), each: bool = False) -> list[Event]:
    """A loop of items; some fail at the submit. `each`: every step was kept."""
    teller = Teller()
    loop = teller.step("3", "1行ずつ登録する", "for_each")
    teller.items(loop, items)

    def play(key: str) -> Failure | None:
        number = int(key[2:])
        fill, submit = (
            teller.step("3.1", "入力", "fill", item=key),
            teller.step("3.2", "登録", "submit", item=key),
        )
        teller.start(fill)
        first = frame(teller, fill, f"film/{number:04}-fill.jpg", title="経費申請")
        if each:
            filmed(teller, fill, first)
        teller.finish(fill)
        teller.start(submit)
        before = Evidence("picture", f"3-2-{key}-before.jpg", "before")
        if number not in bad:
            after = Evidence("picture", f"3-2-{key}-after.jpg", "after")
            if each:
                filmed(teller, submit, frame(teller, submit, after.path))
            teller.finish(submit, evidence=(before, after))
            return None
        failure = Failure("business", REFUSED, evidence=(before, Evidence("picture", f"3-2-{key}-登録.png")))
        last = frame(teller, submit, f"3-2-{key}-登録.png", failed=True)
        words = frame(teller, fill, entries=(("金額", "68000"), ("摘要", "</script><b>x")))
        for part in ((last,),) if each else ((first, words, last),):
            filmed(teller, submit, *part)
        teller.fail(submit, failure)
        return failure

    for number in range(1, items + 1):
        teller.item(loop, number, f"K-{number:04}", play)
    teller.finish(loop)
    return teller.end(
        "partial" if bad else "done", 4 if bad else 0, items_done=items - len(bad), items_failed=len(bad)
    )


def pictures_of(events: list[Event], folder: Path) -> None:
    """Real pictures wherever the events name one."""
    folder.mkdir(parents=True, exist_ok=True)
    png(folder / "one.png")
    data = (folder / "one.png").read_bytes()
    for path in set(_paths(events)):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)


def _paths(value: Any) -> list[str]:
    if isinstance(value, Evidence | Frame):
        return [value.path] if value.path else []
    if isinstance(value, list | tuple):
        return [path for one in value for path in _paths(one)]
    names = getattr(value, "__dataclass_fields__", {})
    return [path for name in names for path in _paths(getattr(value, name))]


def test_each_failure_is_a_part_of_its_own() -> None:
    parts = parts_of(tell(failing(5, (2, 5))))
    assert [(part.item.key if part.item else "", len(part.frames), part.failed) for part in parts] == [
        ("K-0002", 3, True),
        ("K-0005", 3, True),
    ]
    assert parts[0].message == REFUSED


def test_where_every_step_was_kept_each_item_is_a_part() -> None:
    parts = parts_of(tell(failing(4, (3,), each=True)))
    assert [(part.item.key if part.item else "", len(part.frames), part.failed) for part in parts] == [
        ("K-0001", 2, False),
        ("K-0002", 2, False),
        ("K-0003", 2, True),
        ("K-0004", 2, False),
    ]


def test_no_text_of_a_page_ends_the_script() -> None:
    root = html.document_fromstring(report_html(failing(), "ja"))
    [data] = root.xpath("//script[@id='film']")
    [part] = json.loads(data.text_content())
    assert part["title"] == "4行目 K-0003"
    assert part["frames"][1]["entries"] == [["金額", "68000"], ["摘要", "</script><b>x"]]
    assert len(root.xpath("//script")) == 2


def test_pictures_stand_in_the_page_as_far_as_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x" * 900)
    (tmp_path / "b.jpg").write_bytes(b"x" * 900)
    (tmp_path / "c.jpg").symlink_to("/etc/hostname")
    monkeypatch.setattr("bofbot.sinks.pictures.ROOM", 1000)
    inside = Embedding(tmp_path)
    assert inside.source("a.jpg").startswith("data:image/jpeg;base64,")
    assert inside.source("a.jpg") == "a.jpg", "once is enough"
    assert inside.source("b.jpg") == "b.jpg", "there is no room left"
    assert inside.source("c.jpg") == "c.jpg"
    assert inside.source("../a.jpg") == ""
    assert inside.source("gone.jpg") == "gone.jpg"


def test_what_needs_somebody_stands_first_those_who_wait_before_those_who_failed() -> None:
    root = html.document_fromstring(report_html(failing(9, (1, 2, 3, 4, 5, 6, 7)), "ja"))
    told = [" ".join(one.text_content().split()) for one in root.xpath("//ul[@class='urgent']/li")]
    assert told[0] == "失敗 2行目 K-0001 サイトに拒否されました"
    assert len(told) == 5
    assert "ほか 2件は下にあります" in root.xpath("string(//section[contains(@class, 'todo')])")
    assert root.xpath("//ul[@class='urgent']/li/a/@href")[0] == "#item-1"
    assert root.xpath("//div[@id='item-1']")


@pytest_asyncio.fixture
async def view(tmp_path: Path) -> AsyncIterator[Page]:
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield await browser.new_page(viewport={"width": 1280, "height": 900})
        await browser.close()


@pytest.mark.browser
async def test_it_plays_by_mouse_and_by_keyboard(view: Page, tmp_path: Path) -> None:
    events = failing(4, (2, 4))
    pictures_of(events, tmp_path / "1044")
    troubles = listen(view)
    await view.goto(write_report(events, tmp_path / "1044", "en").as_uri())
    book = view.locator("#flipbook")
    assert await book.locator(".place").text_content() == "3 / 3", "it opens where it failed"
    assert await book.locator(".said").text_content() == "3.2  登録"
    assert "the site refused it" in (await book.locator(".why").text_content() or "")
    assert (
        await book.locator(".stage img").evaluate("(one) => one.decode().then(() => one.naturalWidth)")
        == 1280
    )
    assert await book.locator(".strips").is_hidden()
    await book.locator("[data-do=back]").click()
    assert await book.locator(".inwords dd").all_text_contents() == ["68000", "</script><b>x"]
    await view.keyboard.press("ArrowLeft")
    assert await book.locator(".place").text_content() == "1 / 3"
    await view.keyboard.press("End")
    assert await book.locator(".place").text_content() == "3 / 3"
    await book.locator("select").select_option("1")
    assert await book.locator(".whose").text_content() == "row 5 K-0004 · 09:00:15"
    await view.locator("[data-part='1']").click()
    assert await book.locator(".place").text_content() == "1 / 3"
    assert await book.locator("[data-do=play]").get_attribute("aria-pressed") == "true"
    await book.get_by_text("3 / 3").wait_for(timeout=5000)
    await view.keyboard.press("Space")
    assert troubles == []


@pytest.mark.browser
async def test_pictures_of_a_submit_stand_side_by_side(view: Page, tmp_path: Path) -> None:
    events = failing(3, ())
    pictures_of(events, tmp_path / "1044")
    troubles = listen(view)
    await view.goto(write_report(events, tmp_path / "1044", "ja").as_uri())
    assert await view.locator("#flipbook").count() == 0
    await view.locator("summary").click()
    await view.locator("a.shot").first.click()
    dialog = view.locator("dialog")
    assert await dialog.locator("h2").text_content() == "2行目 K-0001"
    assert await dialog.locator("figcaption").all_text_contents() == ["登録前", "登録後"]
    left, right = [await one.bounding_box() for one in await dialog.locator("img").all()]
    assert left
    assert right
    assert left["y"] == right["y"]
    assert left["width"] > 400
    await view.keyboard.press("ArrowRight")
    assert await dialog.locator("h2").text_content() == "3行目 K-0002"
    await view.keyboard.press("Escape")
    assert not await dialog.is_visible()
    assert troubles == []


@pytest.mark.browser
async def test_alone_in_a_mail_it_still_shows_the_failure(view: Page, tmp_path: Path) -> None:
    events = failing()
    pictures_of(events, tmp_path / "1044")
    report = write_report(events, tmp_path / "1044", "ja")
    alone = tmp_path / "mailed.html"
    shutil.copy(report, alone)
    shutil.rmtree(tmp_path / "1044")
    await view.goto(alone.as_uri())
    assert (
        await view.locator("#flipbook .stage img").evaluate(
            "(one) => one.decode().then(() => one.naturalWidth)"
        )
        == 1280
    )
    shown = view.locator(".failure img")
    assert await shown.count() == 2
    for one in await shown.all():
        await one.scroll_into_view_if_needed()
        assert await one.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 1280


@pytest.mark.browser
async def test_on_paper_on_a_phone_and_in_the_dark(view: Page, tmp_path: Path) -> None:
    events = failing()
    pictures_of(events, tmp_path / "1044")
    await view.goto(write_report(events, tmp_path / "1044", "ja").as_uri())
    await view.emulate_media(media="print")
    assert await view.locator("#flipbook .player").is_hidden()
    assert await view.locator("#flipbook .strips img").count() == 2
    assert await view.locator("#flipbook .strips img").first.is_visible()
    await view.emulate_media(media="screen", color_scheme="dark")
    paper, ink = await view.evaluate(
        "[getComputedStyle(document.querySelector('.card')).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (paper, ink) == ("rgb(27, 34, 42)", "rgb(227, 232, 238)")
    await view.set_viewport_size({"width": 390, "height": 844})
    assert await view.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
async def test_without_scripts_the_frames_stand_in_a_row(tmp_path: Path) -> None:
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    events = failing()
    pictures_of(events, tmp_path / "1044")
    report = write_report(events, tmp_path / "1044", "ja")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        view = await (await browser.new_context(java_script_enabled=False)).new_page()
        await view.goto(report.as_uri())
        assert await view.locator("#flipbook .strips li").count() == 3
        assert await view.locator("#flipbook .strips li").first.is_visible()
        assert await view.locator("#flipbook .player").is_hidden()
        await browser.close()


@pytest.mark.browser
async def test_a_thousand_recorded_items_stay_quick(view: Page, tmp_path: Path) -> None:
    events = failing(1000, (500,), each=True)
    report = write_report(events, tmp_path / "1044", "ja")
    assert report.stat().st_size < 2_000_000
    await view.goto(report.as_uri())
    loaded = await view.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
    took = await view.evaluate(
        """() => { const began = performance.now(); const pick = document.querySelector('#flipbook select');
          pick.value = '900'; pick.dispatchEvent(new Event('change', {bubbles: true}));
          document.querySelector('details').open = true; document.body.offsetHeight; return performance.now() - began; }"""
    )
    assert "902行目 K-0901" in (await view.locator("#flipbook .whose").text_content() or "")
    assert loaded < 10_000
    assert took < 5_000


def test_a_run_that_broke_off_says_why_at_once() -> None:
    root = html.document_fromstring(report_html(broken(), "ja"))
    [said] = [" ".join(one.text_content().split()) for one in root.xpath("//ul[@class='urgent']/li")]
    assert said.startswith("経費システムにログイン ")
    assert "bofbot resume" in root.xpath("string(//section[contains(@class, 'todo')])")
