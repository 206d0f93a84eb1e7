"""Pressing: the click lands on the button or link that was meant, wherever its words are broken."""

from __future__ import annotations

from typing import Any

import pytest

from bofbot.forms import click_button

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("before", ["", "あ", "ああああ"])
async def test_a_link_broken_over_two_lines_is_hit(page: Any, before: str) -> None:
    """Its box is that of both lines; in the middle of it stands the cell, not the link."""
    await page.set_content(
        f"<table style='width:140px;font:16px/40px serif'><tr><td>{before} <a href='#' onclick='hit = 1'>ダウンロード</a> いろいろ</table>"
    )
    await click_button(page, "ダウンロード")
    assert await page.evaluate("window.hit") == 1


async def test_a_link_in_a_narrow_cell_is_hit(page: Any) -> None:
    await page.set_content(
        "<table><tr><td style='width:64px;max-width:64px;font:16px/50px serif'><a href='#' onclick='hit = 1'>ダウンロード</a></table>"
    )
    await click_button(page, "ダウンロード")
    assert await page.evaluate("window.hit") == 1
