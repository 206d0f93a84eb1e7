"""A step whose page has changed: what it follows, what it only proposes, and what it says."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bofbot.action import Action
from bofbot.actions.pages.form import Fill, Upload
from bofbot.actions.pages.moving import Click
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError, BusinessError
from bofbot.events import Drift
from bofbot.secret import Secret

from .stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio]

FORM = """<h1>申請</h1><form action="/claims"><p><label for=amount>金額</label><input id=amount name=amount></p>
<p><label for=count>件数</label><input id=count name=count></p><p><label for=paper>添付</label><input type=file id=paper name=paper></p>
<button type=button id=check onclick="document.title = '確認済み'">確認</button></form>
<form method=post action="/send"><button id=send>送る</button></form>"""


class Remembers:
    """A memory that is kept from one run of the test to the next."""

    robot = "robots/試験.yaml"

    def __init__(self) -> None:
        self.strict = False
        self.kept: dict[str, Any] = {}
        self.other_words: dict[str, str] = {}
        self.told: set[tuple[str, ...]] = set()

    def known(self, label: str, page: str) -> Mapping[str, Any] | None:
        signals = self.kept.get(label)
        return (
            {"signals": signals, "trust": dict.fromkeys(signals, 1.0), "age": dict.fromkeys(signals, 2)}
            if signals
            else None
        )

    def others(self, page: str) -> tuple[str, ...]:
        return tuple(self.kept)

    def seen(self, label: str, page: str, signals: Mapping[str, Any] | None) -> None:
        self.kept[label] = signals if signals is not None else self.kept[label]

    def follows(self, label: str, page: str) -> str:
        return self.other_words.get(label, "")

    def followed(self, label: str, page: str, words: str) -> None:
        self.other_words[label] = words

    def first(self, *what: str) -> bool:
        new = what not in self.told
        self.told.add(what)
        return new


class Desk:
    """A step's surroundings with one page."""

    def __init__(self, stage: Stage, browser: Browser) -> None:
        self.stage, self.browser, self.memory = stage, browser, stage.memory

    async def play(self, html: str, verb: Action) -> None:
        self.stage.notes.clear()
        await self.browser.page.set_content(html)
        await verb.run(self.stage)  # type: ignore[arg-type]

    @property
    def drifts(self) -> list[Drift]:
        return self.stage.drifts

    async def value(self, name: str) -> str:
        return str(await self.browser.page.evaluate(f"document.getElementById('{name}').value"))


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    if not (shutil.which("chromium-headless-shell") or shutil.which("chromium")):
        pytest.skip("no Chromium on this machine")
    stage = Stage(tmp_path, memory=Remembers(), timeout=6.0)
    browser = await stage.resource(Browser)
    yield Desk(stage, browser)
    await browser.close()


async def test_followed_once_told_once_and_never_learned(desk: Desk) -> None:
    fill = Fill(fill={"金額": "1200", "件数": "3"})
    await desk.play(FORM, fill)
    before = dict(desk.memory.kept)
    changed = FORM.replace(">金額<", ">お支払額<")
    await desk.play(changed, fill)
    assert (await desk.value("amount"), await desk.value("count")) == ("1200", "3")
    [drift] = desk.drifts
    assert (drift.state, drift.looked_for, drift.found) == ("followed", "金額", "お支払額")
    assert drift.picture is not None
    assert (desk.stage.evidence_folder / drift.picture.path).is_file()
    assert desk.memory.kept["金額"] == before["金額"]
    await desk.play(changed, fill)  # the next item: at once, and without a word
    assert (await desk.value("amount"), len(desk.drifts)) == ("1200", 1)
    await desk.play(FORM, fill)  # and back again
    assert await desk.value("amount") == "1200"


async def test_a_button_that_posts_is_proposed_not_pressed(desk: Desk) -> None:
    await desk.play(FORM, Click(click="確認"))
    await desk.play(FORM.replace(">確認<", ">見直す<"), Click(click="確認"))
    assert await desk.browser.page.title() == "確認済み"
    with pytest.raises(ApplicationError, match="not used unasked"):
        await desk.play(FORM.replace(">確認<", ">見直す<"), Click(click="確認", posts=True))
    desk.memory.other_words.clear()
    desk.memory.kept["送る"] = {"kind": "button:submit", "id": "send"}
    with pytest.raises(ApplicationError, match="not used unasked"):
        await desk.play(FORM.replace(">送る<", ">送信<"), Click(click="送る"))
    assert [drift.state for drift in desk.drifts] == ["followed", "proposed", "proposed"]


async def test_drift_stop_names_what_it_would_have_been(desk: Desk) -> None:
    fill = Fill(fill={"金額": "1200"})
    await desk.play(FORM, fill)
    desk.memory.strict = True
    with pytest.raises(ApplicationError, match="drift: stop") as stopped:
        await desk.play(FORM.replace(">金額<", ">お支払額<"), fill)
    assert "お支払額" in stopped.value.message.ja
    assert stopped.value.fix is not None
    assert "bofbot heal robots/試験.yaml" in stopped.value.fix.ja
    assert stopped.value.sighting.candidates[0].label == "お支払額"
    assert await desk.value("amount") == ""


async def test_what_is_filled_from_a_secret_is_not_looked_for(desk: Desk) -> None:
    await desk.play(FORM, Fill(fill={"金額": "1200"}))
    with pytest.raises(ApplicationError, match="is not on the page"):
        await desk.play(FORM.replace(">金額<", ">お支払額<"), Fill(fill={"金額": Secret("s3cret")}))
    assert desk.drifts == []


async def test_a_file_field_too(desk: Desk) -> None:
    (desk.stage.work_folder / "a.pdf").write_bytes(b"%PDF")
    upload = Upload(upload={"添付": "a.pdf"})
    await desk.play(FORM, upload)
    await desk.play(FORM.replace(">添付<", ">証憑ファイル<"), upload)
    assert await desk.browser.page.evaluate("paper.files[0].name") == "a.pdf"
    assert desk.drifts[0].found == "証憑ファイル"
    gone = FORM.replace("<p><label for=paper>添付</label><input type=file id=paper name=paper></p>", "")
    with pytest.raises(BusinessError):
        await desk.play(gone, upload)


async def test_within_a_section_the_new_words_are_looked_for_there(desk: Desk) -> None:
    html = "<h2>請求先</h2><p><label>住所 <input id=a name=bill></label></p><h2>送付先</h2><p><label>住所 <input id=b name=ship></label></p>"
    desk.browser.section = "送付先"
    fill = Fill(fill={"住所": "東京都"})
    await desk.play(html, fill)
    await desk.play(html.replace("住所", "所在地"), fill)
    assert (await desk.value("a"), await desk.value("b")) == ("", "東京都")
    assert desk.drifts[0].found == "所在地"


async def test_a_label_whose_field_changed_much_is_told_without_a_stop(desk: Desk) -> None:
    fill = Fill(fill={"金額": "1200"})
    await desk.play(FORM, fill)
    await desk.play("<h2>別の画面</h2><p><label>金額 <input id=total></label></p>", fill)
    assert await desk.value("total") == "1200"
    [drift] = desk.drifts
    assert drift.state == "changed"
    assert {"id", "name"} <= set(drift.differs)
