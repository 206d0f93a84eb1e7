"""Forms: an offline twin of the RPA Challenge (7 fields in shuffled places, 10 rounds) in one run with naive Playwright.

    python benchmarks/forms.py [repeats]

Naive Playwright is given stable attributes to find its fields by; bofbot only the words beside them, and reads every
value back. "recorded" has the flight recorder of a run looking on after every step, as it does unless told otherwise, and
"filmed" keeps a picture of every step (`--record`). CPU seconds are those of this process, Playwright's driver and the
browser together (Linux only); they are steadier than the clock on a busy machine."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, cast

from playwright.async_api import async_playwright

from bofbot.action import Context, Glimpse, Resource
from bofbot.adapters import machine
from bofbot.adapters.browser.flight import glimpse
from bofbot.events import Frame
from bofbot.forms import click_button, fill
from bofbot.runner.flight import Record, Recorder
from bofbot.secret import Redactor

LABELS = ("First Name", "Last Name", "Company Name", "Role in Company", "Address", "Email", "Phone Number")
ROUNDS = 10
PAGE = """<!doctype html><meta charset=utf-8><title>challenge</title><style>.row{display:flex;flex-wrap:wrap;width:900px}.cell{width:280px;margin:8px}label{display:block}</style>
<form onsubmit="return false"><div class=row id=row></div><button id=go>Submit</button></form><p id=state></p><script>
const LABELS = %s; window.taken = []; let round = 0;
const draw = () => { const order = [...LABELS].sort(() => Math.random() - 0.5);
  row.innerHTML = order.map((l) => `<div class=cell><div><span>${l}</span></div><div><input data-field="${l}"></div></div>`).join(''); };
go.onclick = () => { taken.push(Object.fromEntries([...row.querySelectorAll('input')].map((el) => [el.dataset.field, el.value]))); round += 1; state.textContent = `round ${round}`; draw(); };
draw();</script>"""


def rows() -> list[dict[str, str]]:
    return [{label: f"{label} {n} 値" for label in LABELS} for n in range(ROUNDS)]


async def naive(page: Any) -> None:
    for row in rows():
        for label, value in row.items():
            await page.locator(f'[data-field="{label}"]').fill(value)
        await page.locator("#go").click()


async def ours(page: Any) -> None:
    for row in rows():
        await fill(page, row)
        await click_button(page, "Submit")


async def recorded(page: Any) -> None:
    await watched(page, "failures")


async def filmed(page: Any) -> None:
    await watched(page, "always")


async def watched(page: Any, record: Record) -> None:
    with tempfile.TemporaryDirectory() as folder:
        recorder, shown = Recorder(record, Path(folder)), (Shown(page),)
        for row in rows():
            await fill(page, row)
            await recorder.look(frame("fill"), shown)
            await click_button(page, "Submit")
            await recorder.look(frame("click"), shown)


def frame(verb: str) -> Frame:
    return Frame(datetime.now(UTC), "1", verb, verb)


class Shown(Resource):
    """A bare page, as the flight recorder sees the one of a run."""

    def __init__(self, page: Any) -> None:
        self.page, self.url = page, page.url
        self.redact, self.hidden, self.shaded = Redactor(), set[str](), list[Any]()

    @classmethod
    async def open(cls, context: Context) -> Self:
        raise NotImplementedError  # it stands open already

    async def close(self) -> None: ...

    async def glimpse(self, picture: bool, small: bool = False) -> Glimpse | None:
        return await glimpse(cast(Any, self), picture, small)


def cpu_seconds() -> float:
    """CPU time used so far by this process and all below it; those that ended keep theirs with their parent."""
    stats: dict[int, list[str]] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            stats[int(file.parent.name)] = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended
    family, grown = {os.getpid()}, True
    while grown:
        more = {pid for pid, stat in stats.items() if int(stat[1]) in family} - family
        family, grown = family | more, bool(more)
    ticks = sum(int(part) for pid in family if pid in stats for part in stats[pid][11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


async def timed(browser: Any, way: Any) -> tuple[float, float]:
    page = await browser.new_page()
    await page.set_content(PAGE % list(LABELS))
    used, began = cpu_seconds(), time.perf_counter()
    await way(page)
    seconds = time.perf_counter() - began
    cpu = cpu_seconds() - used
    if await page.evaluate("taken") != rows():
        raise SystemExit(f"{way.__name__}: a field is wrong")
    await page.close()
    return seconds, cpu


async def main(repeats: int) -> None:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=machine.find_browser(), args=list(machine.QUIET), chromium_sandbox=False
        )
        times: dict[str, list[float]] = {}
        cpu: dict[str, float] = {}
        for _ in range(repeats):
            for way in (naive, ours, recorded, filmed):
                seconds, used = await timed(browser, way)
                times.setdefault(way.__name__, []).append(seconds)
                cpu[way.__name__] = cpu.get(way.__name__, 0.0) + used
        await browser.close()
    base = statistics.median(times["naive"])
    print(f"{ROUNDS} rounds of {len(LABELS)} fields, median of {repeats} paired runs, 100 % of fields right")
    for name, some in times.items():
        median = statistics.median(some)
        ratio = statistics.median(one / other for one, other in zip(some, times["naive"], strict=True))
        print(
            f"{name:10} {median * 1000:7.0f} ms   {ratio:.3f} of naive, CPU {cpu[name] / cpu['naive']:.3f}"
            + (f"  ({base * 1000:.0f} ms)" if name == "naive" else "")
        )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
