"""Contexts: what many items and many pages at once cost, on the offline challenge of forms.py.

    python benchmarks/contexts.py [items] [rounds]

First one run of `items` items through the whole of bofbot (robot, ledger, journal, recorder): the memory of Python, of
Playwright's driver and of the browser after every tenth of them. Then pages in 1, 2, 4 and 8 contexts of one browser, and
in browsers of their own: forms per second, and memory for each further one. Memory is PSS (shared pages counted once
over all who share them), in MB; Linux only."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from forms import LABELS, PAGE, rows
from peers import ROBOT, Site
from playwright.async_api import async_playwright

from bofbot.actions import VerbTable
from bofbot.adapters import machine
from bofbot.events import Event, ItemFinished
from bofbot.forms import click_button, fill
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import make_plan

KINDS = ("python", "driver", "browser")


def memory() -> dict[str, float]:
    """PSS in MB of this process and of all below it, by kind."""
    parents: dict[str, str] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[file.parent.name] = file.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
    family = {str(os.getpid())}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    used = dict.fromkeys(KINDS, 0.0)
    for pid in family:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        kind = "browser"
        if pid == str(os.getpid()) or command[0].endswith((b"python", b"python3")):
            kind = "python"
        elif command[0].endswith(b"node"):
            kind = "driver"
        used[kind] += int(rollup.split("Pss:")[1].split()[0]) / 1024
    return used


def many_items(items: int) -> None:
    """One run over many rows; tells the memory as it goes."""
    site = Site()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "robots").mkdir()
        (home / "data").mkdir()
        ten = [",".join(row.values()) for row in rows()]
        lines = [",".join(LABELS), *(ten[n % 10] for n in range(items))]
        (home / "data" / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        fields = ", ".join(f"{label}: \"${{row['{label}']}}\"" for label in LABELS)
        text = ROBOT.format(url=site.url, fields=fields).replace("  - expect: round 10\n", "")
        (home / "robots" / "challenge.yaml").write_text(text, "utf-8")
        robot = load_robot(home / "robots" / "challenge.yaml", VerbTable())
        done, began, curve = 0, time.perf_counter(), []

        def watch(event: Event) -> None:
            nonlocal done
            if isinstance(event, ItemFinished):
                done += 1
                if done == 1 or done % max(1, items // 10) == 0:
                    curve.append((done, time.perf_counter() - began, memory()))

        with Office.at(home) as office:
            plan = make_plan(robot, {}, lambda: datetime.now().astimezone())
            end = asyncio.run(office.play(plan, (watch,)))
        site.close()
        if end.items_done != items:
            raise SystemExit(f"{end.items_done} of {items} items done: {end.failure}")
    print(f"one run of {items} items (7 fields each, with ledger, journal and recorder)")
    print(f"{'items':>8}{'seconds':>9}" + "".join(f"{kind:>9}" for kind in KINDS) + "   MB")
    for count, seconds, used in curve:
        print(f"{count:8}{seconds:9.1f}" + "".join(f"{used[kind]:9.1f}" for kind in KINDS))


async def _fill(page: Any, rounds: int) -> None:
    for _ in range(rounds):
        for row in rows():
            await fill(page, row)
            await click_button(page, "Submit")


async def at_once(rounds: int) -> None:
    """The same pages in contexts of one browser, and in browsers of their own."""
    async with async_playwright() as driver:

        async def browser() -> Any:
            return await driver.chromium.launch(
                executable_path=machine.find_browser(), args=list(machine.QUIET), chromium_sandbox=False
            )

        one = await browser()
        many = [await browser() for _ in range(4)]
        idle = memory()["browser"]

        async def context() -> Any:
            return await one.new_context()

        async def own(n: list[int] = [0]) -> Any:  # noqa: B006, counts its calls
            n[0] += 1
            return await many[n[0] % 4].new_context()

        print(f"\nbrowser with nothing open: {idle / 5:.0f} MB (mean of 5)")
        print(f"{'':24}{'forms/s':>9}{'of one':>8}{'MB each':>9}")
        for name, make, sizes in (
            ("contexts of one browser", context, (1, 2, 4, 8)),
            ("browsers of their own", own, (1, 2, 4)),
        ):
            first = 0.0
            for size in sizes:
                rate, each = await _rate(make, size, rounds)
                first = first or rate
                print(f"{size:3} {name:20}{rate:9.1f}{rate / first:8.2f}{each:9.1f}")
        for closing in (one, *many):
            await closing.close()


async def _rate(make: Callable[[], Awaitable[Any]], size: int, rounds: int) -> tuple[float, float]:
    before = memory()["browser"]
    contexts = [await make() for _ in range(size)]
    pages = [await one.new_page() for one in contexts]
    for page in pages:
        await page.set_content(PAGE % list(LABELS))
    await asyncio.gather(*(_fill(page, 1) for page in pages))
    began = time.perf_counter()
    await asyncio.gather(*(_fill(page, rounds) for page in pages))
    seconds = time.perf_counter() - began
    each = (memory()["browser"] - before) / size
    for context in contexts:
        await context.close()
    return size * rounds * len(rows()) / seconds, each


if __name__ == "__main__":
    many_items(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    asyncio.run(at_once(int(sys.argv[2]) if len(sys.argv) > 2 else 3))
