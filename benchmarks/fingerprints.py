"""Fingerprints: what it costs to know a page: a form filled and its button pressed, without, while learning, and knowing.

    python benchmarks/fingerprints.py [repeats]

A form of 7 fields and one of 40, the three ways taken in turn in one browser; medians of CPU seconds (this process,
Playwright's driver and the browser) and of the clock, as ratios to filling without. Also: what is sent to and fro."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from bofbot.adapters import machine
from bofbot.forms import click_button, fill

sys.path.insert(0, str(Path(__file__).parent))
from forms import cpu_seconds

ROUNDS = 10


def page_of(count: int) -> str:
    rows = "".join(
        f'<tr><th><label for="f{n}x">項目{n}番</label></th><td><input id="f{n}x" name="field_{n}_x"></td></tr>'
        for n in range(count)
    )
    return f'<!doctype html><meta charset=utf-8><h1>申請</h1><form action="/x" onsubmit="return false"><h2>内容</h2><table>{rows}</table><button id="go">確認</button></form>'


class Prints:
    """Knows what it has seen; `learning` knows nothing and is told everything."""

    def __init__(self, known: dict[str, Any] | None) -> None:
        self._known = known
        self.told: dict[str, Any] = {}

    def known(self, label: str) -> Any:
        return None if self._known is None else self._known.get(label)

    def seen(self, label: str, answer: Any) -> None:
        self.told[label] = answer

    async def pursue(self, page: Any, label: str, trouble: Any) -> str:
        raise AssertionError(f"{label}: {trouble}")


async def round_of(page: Any, values: dict[str, str], prints: Prints | None) -> tuple[float, float]:
    clock, cpu = time.perf_counter(), cpu_seconds()
    for _ in range(ROUNDS):
        await fill(page, values, prints=prints)
        await click_button(page, "確認", prints=prints)
    return time.perf_counter() - clock, cpu_seconds() - cpu


async def measure(browser: Any, count: int, repeats: int) -> None:
    page = await browser.new_page()
    await page.set_content(page_of(count))
    values = {f"項目{n}番": f"値{n}" for n in range(count)}
    learning = Prints(None)
    await round_of(page, values, learning)
    signals = {label: answer["signals"] for label, answer in learning.told.items()}
    known = {
        label: {"signals": one, "trust": dict.fromkeys(one, 1.0), "age": dict.fromkeys(one, 2)}
        for label, one in signals.items()
    }
    ways = {"without": None, "learning": learning, "knowing": Prints(known)}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, prints in ways.items():
            times[name].append(await round_of(page, values, prints))
    assert all(answer == 1 for answer in ways["knowing"].told.values())  # type: ignore[union-attr]
    base = times["without"]
    print(
        f"{count} fields, {ROUNDS} rounds, {repeats} repeats: without {statistics.median(w for w, _ in base):.3f} s"
    )
    for name in ("learning", "knowing"):
        clock, cpu = (
            statistics.median(a[k] / b[k] for a, b in zip(times[name], base, strict=True)) for k in (0, 1)
        )
        print(f"  {name:<9} clock × {clock:.2f}  CPU × {cpu:.2f}")
    sent = len(json.dumps(known, ensure_ascii=False).encode()) / len(known)
    print(
        f"  sent along: {sent:.0f} bytes a field; answered: {len(json.dumps(1))} byte a field that is as known"
    )
    await page.close()


async def main(repeats: int) -> None:
    async with async_playwright() as driver:
        path = machine.find_browser()
        browser = await driver.chromium.launch(
            executable_path=path, args=list(machine.QUIET), chromium_sandbox=False
        )
        for count in (7, 40):
            await measure(browser, count, repeats)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
