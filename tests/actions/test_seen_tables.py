"""Tables on pages in every way that sites show them: read whole, in order, with the page's own total agreeing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import ValidationError

from bofbot.actions.pages.login import Login
from bofbot.actions.pages.looking import Read
from bofbot.actions.pages.moving import Open
from bofbot.adapters import machine
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError, BusinessError
from bofbot.practice.pages.lists import TOTAL, entries
from bofbot.practice.portal import Portal
from bofbot.secret import Secret

from .stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
COLUMNS = {"受付番号": "code", "日付": "date", "支払先": "text", "金額": "yen"}
NUMBERS = [entry.number for entry in entries()]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    with Portal() as portal:
        secret = {"user": Secret("yamada"), "password": Secret("keiri-2026")}
        stage = Stage(tmp_path_factory.mktemp("lists"), secrets={"練習": secret}, base_url=portal.url)
        await Login(login="練習", at=f"{portal.url}/login").run(stage)
        yield stage
        await stage.close()


async def read(site: Stage, way: str, columns: Any = None, **options: Any) -> Any:
    await Open(open=f"/lists/{way}").run(site)
    result = await Read(columns=columns or COLUMNS, **options).run(site)
    return result.value


def numbers(table: Any) -> list[str]:
    return [row["受付番号"] for row in table]


@pytest.mark.parametrize(
    "way",
    ["pages", "pages?state=none", "numbers", "more", "scroll", "virtual", "virtual?numbered=1", "grid"],
)
async def test_a_long_list_is_read_to_its_end(site: Stage, way: str) -> None:
    table = await read(site, way, pages="all")
    assert numbers(table) == NUMBERS
    assert [row["金額"] for row in table] == [Decimal(entry.net) for entry in entries()]
    assert table[0].source.row == 1


@pytest.mark.parametrize(
    ("way", "said"), [("pages", "123"), ("more", "123"), ("grid", "123"), ("numbers", "2")]
)
async def test_a_part_is_never_taken_for_the_whole(site: Stage, way: str, said: str) -> None:
    with pytest.raises(ApplicationError, match=said) as caught:
        await read(site, way)
    assert caught.value.fix is not None
    assert "pages: all" in caught.value.fix.en


async def test_a_part_may_be_asked_for(site: Stage) -> None:
    assert numbers(await read(site, "pages", pages=1)) == NUMBERS[:20]
    assert numbers(await read(site, "pages", pages=3)) == NUMBERS[:60]


async def test_a_total_that_does_not_agree_is_an_error(site: Stage) -> None:
    with pytest.raises(ApplicationError, match=r"123 rows, but the page says 124"):
        await read(site, "pages?state=124", pages="all")


async def test_rows_that_stand_on_two_pages_count_once(site: Stage) -> None:
    assert len(await read(site, "pages?overlap=1&state=none", pages="all", key="受付番号")) == TOTAL
    with pytest.raises(ApplicationError, match="two alike") as caught:
        await read(site, "pages?overlap=1&state=none", pages="all")
    assert "key" in caught.value.fix.en  # type: ignore[union-attr]
    with pytest.raises(ApplicationError, match="different contents"):
        await read(site, "pages", pages="all", key="支払先")


async def test_a_button_that_brings_nothing_is_an_error(site: Stage) -> None:
    with pytest.raises(ApplicationError, match="no other rows came"):
        await read(site, "pages?stuck=3&state=none", pages="all")


async def test_sorted_by_the_page_itself(site: Stage) -> None:
    table = await read(site, "grid", pages="all", sort={"金額": "down"})
    assert [row["金額"] for row in table] == sorted((Decimal(e.net) for e in entries()), reverse=True)
    first = await read(site, "grid", pages=1, sort={"金額": "up"})
    assert first[0]["金額"] == min(Decimal(e.net) for e in entries())
    with pytest.raises(ApplicationError, match="ascending order of 金額"):
        await read(site, "pages", pages=1, sort={"金額": "up"})


async def test_headings_over_two_rows_and_cells_over_several(site: Stage) -> None:
    columns = {"日付": "date", "受付番号": "code", "税抜": "yen", "金額 > 消費税": "yen"}
    table = await read(site, "headings", columns)
    some = entries()[:24]
    assert [(row["税抜"], row["金額 > 消費税"]) for row in table] == [(e.net, e.tax) for e in some]
    assert [row["日付"].isoformat().replace("-", "/") for row in table] == [e.day for e in some]


@pytest.mark.parametrize("way", ["cards", "boxes", "split"])
async def test_lists_and_boxes_are_tables_too(site: Stage, way: str) -> None:
    table = await read(site, way, {"受付番号": "code", "金額": "yen"})
    assert [(row["受付番号"], row["金額"]) for row in table] == [(e.number, e.net) for e in entries()[:24]]


async def test_bounds_ends_and_cells_that_must_not_be_empty(site: Stage) -> None:
    with pytest.raises(ApplicationError, match="more than 50 rows"):
        await read(site, "pages", pages="all", at_most=50)
    assert numbers(await read(site, "headings", {"受付番号": "code"}, until=NUMBERS[5])) == NUMBERS[:5]
    browser = await site.resource(Browser)
    await Open(open="/lists/headings").run(site)
    await browser.page.evaluate("document.querySelector('tbody td:nth-child(2)').textContent = ''")
    with pytest.raises(BusinessError, match="row 1, 受付番号: empty"):
        await Read(columns={"受付番号": "code"}, required=("受付番号",)).run(site)


async def test_options_name_columns_that_are_read() -> None:
    for wrong in (
        {"sort": {"金額": "up"}},
        {"key": "番号"},
        {"required": ("番号",)},
        {"pages": 0},
        {"sort": {"番号": "big"}},
    ):
        with pytest.raises(ValidationError):
            Read(columns={"名前": "text"}, **wrong)


async def test_an_empty_list_has_no_rows(site: Stage, tmp_path: Path) -> None:
    await Open(open="/claims?q=どこにもない").run(site)
    table = (await Read(columns={"受付番号": "code", "金額": "yen"}).run(site)).value
    assert len(table) == 0
