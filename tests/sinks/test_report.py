"""The report as a reader meets it: parsed as HTML, and seen in a real browser."""

from __future__ import annotations

import re
import shutil
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from playwright.async_api import Page, async_playwright

from bofbot.errors import ApplicationError
from bofbot.events import Event, Evidence, RunStarted
from bofbot.sinks.figures import figure
from bofbot.sinks.headline import headline
from bofbot.sinks.report import link, report_html, write_report
from bofbot.sinks.story import tell
from bofbot.words import Language
from tests.sinks.tales import SLOW, TALES, Teller, expenses, hostile, smooth, waiting

BROWSER = shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def page(events: list[Event], language: Language = "ja") -> html.HtmlElement:
    return html.document_fromstring(report_html(events, language))


def select(root: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """CSS of tags, classes, attributes, descendants and `>`: all that these tests need."""
    return root.xpath(" | ".join(_xpath(one.strip()) for one in selector.split(",")))


def _xpath(selector: str) -> str:
    path, axis = "", "//"
    for part in selector.split():
        if part == ">":
            axis = "/"
            continue
        found = re.fullmatch(r"(\w*)((?:\.[\w-]+)*)((?:\[[\w-]+\])*)", part)
        assert found, part
        classes = "".join(
            f"[contains(concat(' ', @class, ' '), ' {name} ')]" for name in found[2].split(".")[1:]
        )
        path += f"{axis}{found[1] or '*'}{classes}{found[3].replace('[', '[@')}"
        axis = "//"
    return path


def texts(root: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(node.text_content().split()) for node in select(root, path)]


def test_the_head_tells_outcome_owner_time_and_time_saved() -> None:
    root = page(expenses())
    assert texts(root, ".head .badge") == ["一部失敗"]
    assert texts(root, "h1") == ["経費申請の登録"]
    assert texts(root, ".headline") == ["42件のうち39件が完了し、3件が失敗しました。"]
    assert texts(root, ".facts dt") == ["担当", "開始 (UTC+09:00)", "所要時間", "削減できた時間"]
    assert texts(root, ".facts dd") == ["経理部", "2026-11-22 09:00:12", "2分44秒", "約2時間36分"]
    assert texts(root, ".tile") == ["39完了", "3失敗"]
    assert texts(root, ".todo code") == ["bofbot retry 1044"]


def test_the_steps_stand_in_order_with_cause_and_consequence() -> None:
    root = page(expenses())
    names = [" ".join(node.text.split()) for node in select(root, ".card.steps > li > .line > .name")]
    assert names == [
        "経費ファイルを読む",
        "login 経費システム",
        "1行ずつ登録する",
        "合計を照合する",
        "経理チャットに知らせる",
    ]
    assert texts(root, ".steps .line .badge") == ["成功（再試行あり）", "原因", "その後"]
    assert texts(root, ".steps > li > .line > .time") == ["0.4秒", "2.1秒", "2.0秒", "1.0秒", "0.4秒"]
    assert "09:00:13 試行 1：ページが30秒以内に応答しませんでした（1.5秒後に再試行）" in texts(root, ".note")


def test_a_failed_item_tells_row_key_page_nearest_and_place() -> None:
    root = page(expenses())
    boxes = ["".join(text.split()) for text in texts(root, ".failure")]
    assert boxes[0].startswith(
        "8行目K-0107登録サイトに受け付けられませんでした画面の表示「予算が不足しています」"
    )
    assert "robots/1_経費申請.yaml:42:9" in boxes[0]
    assert "その行を直してください" in boxes[0]
    assert boxes[1].startswith("20行目K-0119登録同じ理由で失敗")
    assert "近いもの交際費選択肢会議費選択肢、選択できません" in boxes[2]
    assert "data/経費.xlsx›経費›33›科目" in boxes[2]
    picture = select(root, ".failure img")[0]
    assert picture.get("loading") == "lazy"
    assert picture.get("src") == "07-%E7%99%BB%E9%8C%B2.png"
    assert picture.getparent().get("href") == picture.get("src")
    assert "K-0101" in texts(root, "details table tr")[1]
    assert len(select(root, "details table tr")) == 40


def cells(root: html.HtmlElement, selector: str) -> list[list[str]]:
    return [[" ".join(cell.text_content().split()) for cell in row] for row in select(root, selector)]


def test_a_reconciliation_shows_both_sides_and_the_difference() -> None:
    assert cells(page(smooth()), "table.balance tr") == [
        ["", "合計", "うち一致", "未一致", "未一致の件数"],
        ["銀行明細", "12,345,678", "12,345,000", "678", "1"],
        ["入金台帳", "12,345,600", "12,345,000", "600", "2"],
        ["差額", "78", "0", "78", ""],
    ]
    assert "一致 118 · 候補あり 1" in texts(page(smooth()), ".note")


def test_other_figures_are_named_amounts_grouped_and_codes_left_alone() -> None:
    rows = cells(page(smooth()), ".inside table.figures tr")
    assert rows == [
        ["口座", "1234567"], ["通貨", "JPY"], ["形式", "csv"], ["件数", "120"], ["合計", "12,345,678"], ["終了残高", "23,456,789"],
        ["最初の日", "2026-10-01"], ["検証", "検証済み"], ["検算", "✔ 残高が連続しています– 開始残高の記載がありません"],
    ]  # fmt: skip
    assert select(page(expenses()), "table.figures") == []  # "42 rows" is said once


def test_files_outputs_and_inputs_are_listed() -> None:
    root = page(smooth())
    assert texts(root, ".tables tr") == ["差額78"]
    assert texts(root, ".steps .skipped .summary") == ["条件に合わないため不要：${inputs.carry}"]
    assert [node.get("href") for node in select(root, ".note a")] == [
        "%E6%98%8E%E7%B4%B0.csv",
        "%E7%AA%81%E5%90%88%E7%B5%90%E6%9E%9C.xlsx",
    ]
    masked = page(expenses())
    assert "暗証番号●●●" in texts(masked, ".tables tr")


@pytest.mark.parametrize(
    ("tale", "badge", "said"),
    [
        ("smooth", "done", "Every step was done."),
        (
            "waiting",
            "waiting for a person",
            "Waiting for 経理部. 1 of 2 items are done, 1 must be looked at by a person.",
        ),
        ("broken", "failed", "The run failed at “経費システムにログイン”."),
        ("interrupted", "interrupted", "Somebody stopped the run. 1 items were done."),
    ],
)
def test_each_outcome_has_its_words(tale: str, badge: str, said: str) -> None:
    root = page(TALES[tale](), "en")
    assert texts(root, ".head .badge") == [badge]
    assert texts(root, ".headline") == [said]


def test_a_success_that_was_not_smooth_is_amber_and_says_so() -> None:
    tell_ = Teller()
    step = tell_.step("1", "開く", "open")
    tell_.start(step)
    tell_.retry(step, SLOW)
    tell_.finish(step, attempts=2)
    root = page(tell_.end("done", 0))
    assert texts(root, ".head .badge") == ["成功（再試行あり）"]
    assert "tone-amber" in select(root, "header")[0].get("class")


def test_a_run_without_an_end_is_told_as_such() -> None:
    root = page(expenses()[:9])
    assert texts(root, ".head .badge") == ["実行中"]
    assert "終わりの記録がありません" in texts(root, ".headline")[0]
    assert page([]) is not None
    assert headline(tell([])).en.startswith("The record of this run has no end")


def test_a_run_limit_that_no_step_told_stands_at_the_top() -> None:
    root = page(Teller().end("failed", 1, failure=SLOW))
    assert texts(root, ".todo .message") == ["ページが30秒以内に応答しませんでした"]


def test_hostile_text_stays_text() -> None:
    source = report_html(hostile(), "ja")
    root = html.document_fromstring(source)
    assert not select(root, "script, iframe, object, embed, form, base, link")
    assert [node for node in root.iter() if any(name.startswith("on") for name in node.attrib)] == []
    addresses = [node.get("href") or node.get("src") for node in select(root, "[href], [src]")]
    assert addresses == []
    assert "\x1b" not in source
    assert "\u202e" not in source
    assert "<script>alert('x')</script>" in texts(root, "h1")[0]


@pytest.mark.parametrize("tale", TALES, ids=str)
def test_a_report_asks_for_nothing_from_elsewhere(tale: str) -> None:
    root = page(TALES[tale]())
    for node in select(root, "img, link, script, source"):
        assert "//" not in (node.get("src") or node.get("href") or "")
    assert "url(" not in "".join(style.text_content() for style in select(root, "style"))


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("07-登録.png", "07-%E7%99%BB%E9%8C%B2.png"),
        ("a b/#1?.png", "a%20b/%231%3F.png"),
        ("..\\up.png", ""),
        ("../up.png", ""),
        ("/etc/passwd", ""),
        ("javascript:alert(1)", ""),
        ("C:\\x.png", ""),
        ("", ""),
    ],
)
def test_links_stay_inside_the_folder_of_the_run(path: str, address: str) -> None:
    assert link(Evidence("picture", path)) == address


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("rows", 1234567, "1,234,567"),
        ("left_total", "-1234567.50", "-1,234,567.50"),
        ("合計金額", "1234567", "1,234,567"),
        ("account", "1234567", "1234567"),
        ("sum", "0012345", "0012345"),
        ("closing", None, ""),
        ("month", "2026-10", "2026-10"),
        ("open", True, "yes"),
    ],
)
def test_figures_are_grouped_and_codes_left_alone(name: str, value: object, shown: str) -> None:
    assert figure(value, name) == shown


def test_a_thousand_failures_stay_readable_and_small() -> None:
    tell_ = Teller()
    loop = tell_.step("1", "登録", "for_each")
    tell_.items(loop, 1000)
    for index in range(1, 1001):
        tell_.item(loop, index, f"K-{index:04}", lambda _: SLOW)
    tell_.finish(loop)
    source = report_html(tell_.end("partial", 4, items_failed=1000, failure=SLOW), "ja")
    assert len(source) < 500_000
    assert len(select(html.document_fromstring(source), ".failure")) == 100
    assert "ほかの失敗 900件" in source


def test_the_report_is_written_whole_into_the_folder_of_the_run(tmp_path: Path) -> None:
    path = write_report(expenses(), tmp_path / "1044", "ja")
    assert path == tmp_path / "1044" / "report.html"
    assert [one.name for one in path.parent.iterdir()] == ["report.html"]
    (tmp_path / "file").write_text("")
    with pytest.raises(ApplicationError):
        write_report(expenses(), tmp_path / "file" / "1044", "ja")


def png(path: Path) -> None:
    """A real, plain picture of 1280 x 900."""
    rows = b"".join(b"\0" + bytes([240, 244, 248]) * 1280 for _ in range(900))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1280, 900, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def listen(view: Page) -> list[str]:
    """Whatever a page should not do: complain, open a dialog, ask the network."""
    troubles: list[str] = []
    view.on("console", lambda message: troubles.append(message.text))
    view.on("dialog", lambda dialog: troubles.append(dialog.message))
    view.on(
        "request",
        lambda request: troubles.append(request.url) if not request.url.startswith("file:") else None,
    )
    return troubles


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
async def test_a_browser_shows_it_at_a_desk_on_a_phone_and_on_paper(tmp_path: Path) -> None:
    for tale in (expenses, hostile, waiting):
        write_report(tale(), tmp_path / tale.__name__, "ja")
    for name in ("07-登録.png", "02-login.png"):
        png(tmp_path / "expenses" / name)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        for size in (1280, 390):
            view = await browser.new_page(viewport={"width": size, "height": 900})
            troubles = listen(view)
            for tale in (expenses, hostile, waiting):
                await view.goto((tmp_path / tale.__name__ / "report.html").as_uri())
                assert await view.evaluate("document.documentElement.scrollWidth <= innerWidth")
            await view.goto((tmp_path / "expenses" / "report.html").as_uri())
            await view.mouse.wheel(0, 3000)
            await view.wait_for_function("[...document.images].every(one => one.naturalWidth === 1280)")
            await view.locator("summary").first.click()
            assert await view.get_by_text("K-0142", exact=True).is_visible()
            assert troubles == []
            await view.close()
        await browser.close()


def test_inputs_stand_under_their_labels() -> None:
    events = [
        replace(event, inputs={"month": "2026-10", "数": 3}, labels={"month": "対象の月 <b>"})
        if isinstance(event, RunStarted)
        else event
        for event in expenses()
    ]
    heads = texts(page(events), "th")
    assert "対象の月 <b>" in heads
    assert "数" in heads
    assert "month" not in heads
