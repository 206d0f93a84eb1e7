"""What the way out and the gate cost: a page with and without the egress, a submit with and without the gate.

    python benchmarks/egress.py [--pages 60] [--submits 20]

Everything is real: Chromium, the practice portal, the proxy of a run, and the ledger's commit before each submit.
The ways take turns, so that a busy machine slows them all alike; told are medians and their ratios (wanted: ≤ 1.10).
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bofbot.adapters.browser.gate import Gate
from bofbot.adapters.browser.held import hold
from bofbot.adapters.machine import QUIET, find_browser, needs_no_sandbox
from bofbot.adapters.network.allowed import Allowed
from bofbot.adapters.network.egress import Egress
from bofbot.effects import Identity
from bofbot.practice.company import USERS
from bofbot.practice.portal import Portal
from bofbot.store import Store, open_store

CLAIM = {"day": "2026/10/05", "employee": "100101", "payee": "文具店", "amount": "1200", "note": "計測"}


@dataclass
class Way:
    """One way to the site, and what it took, in milliseconds."""

    name: str
    page: Any
    gate: Gate | None = None
    pages: list[float] = field(default_factory=list)
    submits: list[float] = field(default_factory=list)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=60)
    options.add_argument("--submits", type=int, default=20)
    chosen = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        Portal() as portal,
        open_store(Path(name) / "bofbot.db") as store,
    ):
        asyncio.run(measure(portal, store, chosen.pages, chosen.submits))


async def measure(portal: Portal, store: Store, pages: int, submits: int) -> None:
    from playwright.async_api import async_playwright

    egress = await Egress.open(Allowed.of([portal.url]))
    async with async_playwright() as driver:
        ways = [
            await way(driver, portal, "nothing between", None, None),
            await way(driver, portal, "egress", egress, None),
            await way(driver, portal, "egress and gate", egress, Gate()),
        ]
        for number in range(pages + 3):
            for one in ways:
                one.pages.append(await timed(one.page.goto(f"{portal.url}/claims/new")))
                if number < 3:
                    one.pages.clear()  # the first loads fill caches
        for number in range(submits):
            for index, one in enumerate(ways):
                one.submits.append(await submit(one, portal, store, f"B-{number:03d}{index}"))
        for one in ways:
            await one.page.context.browser.close()
    await egress.close()
    assert portal.book.count("claims") == submits * len(ways)
    assert portal.book.twice() == []
    for kind in ("pages", "submits"):
        base = statistics.median(getattr(ways[0], kind))
        for one in ways:
            taken = statistics.median(getattr(one, kind))
            print(f"{kind:<8} {one.name:<18}{taken:8.1f} ms   {taken / base:5.2f}x")


async def way(driver: Any, portal: Portal, name: str, egress: Egress | None, gate: Gate | None) -> Way:
    proxy: dict[str, Any] = {"proxy": {"server": egress.url}} if egress else {}
    browser = await driver.chromium.launch(
        executable_path=find_browser(), args=list(QUIET), chromium_sandbox=not needs_no_sandbox(), **proxy
    )
    context = await browser.new_context(locale="ja-JP")
    page = await context.new_page()
    await page.goto(f"{portal.url}/login")
    await page.get_by_label("ユーザーID").fill("yamada")
    await page.get_by_label("パスワード").fill(USERS["yamada"].password)
    await page.get_by_role("button", name="ログイン").click()
    await page.wait_for_url("**/home")
    if gate:
        await hold(browser, context, gate.handle)
    return Way(name, page, gate)


async def submit(one: Way, portal: Portal, store: Store, key: str) -> float:
    """From the click to the words that prove it."""
    await one.page.goto(f"{portal.url}/claims/new")
    for name, value in {"number": key, **CLAIM}.items():
        await one.page.locator(f"[name={name}]").fill(value)
    await one.page.locator("[name=subject]").select_option("消耗品費")
    now = datetime.now(UTC)
    item = store.ledger.lease(Identity("b", "submit 1", key), payload="", run="1", owner=store.owner, at=now)

    def arm(request: Mapping[str, str]) -> None:
        store.ledger.arm(item, request=request, at=now)

    if one.gate:
        one.gate.begin("submit", arm)
    taken = await timed(press(one.page))
    if one.gate:
        one.gate.end()
    return taken


async def press(page: Any) -> None:
    await page.get_by_role("button", name="登録", exact=True).click()
    await page.get_by_text("登録しました").first.wait_for()


async def timed(work: Any) -> float:
    started = time.perf_counter()
    await work
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
