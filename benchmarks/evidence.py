"""Evidence: whole runs with pictures kept never, on failure only, and always; beside naive Playwright with its tracing.

    python benchmarks/evidence.py [repeats]

Two robots in one process each time, browser start and end included: the ten rounds of benchmarks/forms.py (no network to
wait for: the hardest case) and ten claims registered on the practice portal. All ways of one round follow each other, and
ratios are taken within the round. CPU is that of this process and all below it (Linux only); it is steadier than the clock
on a busy machine. "never" takes no picture of a submit either; pictures of failures are taken in every mode."""

from __future__ import annotations

import asyncio
import functools
import http.server
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from forms import LABELS, PAGE, cpu_seconds, naive, rows
from playwright.async_api import async_playwright

from bofbot.actions import VerbTable
from bofbot.adapters import machine
from bofbot.events import Event, Filmed, StepFinished
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import Extent, make_plan
from bofbot.practice.company import USERS
from bofbot.practice.data import write_demo_files
from bofbot.practice.portal import Portal
from bofbot.secret import Secret
from bofbot.settings import Settings

ROBOTS = Path(__file__).parents[1] / "robots"
MODES = ("never", "failures", "always")


@dataclass
class Seen:
    """What a run left: counted from its events."""

    steps: int = 0
    frames: int = 0
    pictures: int = 0
    bytes: int = 0
    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.steps += isinstance(event, StepFinished)
        if isinstance(event, Filmed):
            self.frames += len(event.frames)
            self.pictures += sum(bool(frame.path) for frame in event.frames)

    def close(self) -> None:
        pass


class PracticeSecrets:
    def get(self, name: str) -> Mapping[str, Secret]:
        return {"user": Secret("yamada"), "password": Secret(USERS["yamada"].password)}

    def burn(self, name: str) -> None:
        raise SystemExit("the practice password was refused")


def play(
    folder: Path, robot: Path, record: str, given: dict[str, str], items: tuple[int, int] | None
) -> Seen:
    seen = Seen()
    plan = make_plan(
        load_robot(robot, VerbTable()), given, lambda: datetime.now().astimezone(), Extent(items=items)
    )
    with Office.at(folder, settings=Settings(record=record)) as office:  # type: ignore[arg-type]
        office.secrets = PracticeSecrets()
        finished = asyncio.run(office.play(plan, (seen,)))
        files = [*office.run_folder(finished.run).rglob("*.jpg")]
    if finished.outcome not in ("done", "partial"):
        raise SystemExit(f"{robot}: {finished.outcome} {finished.failure}")
    seen.bytes = sum(file.stat().st_size for file in files)
    seen.pictures = len(files)
    return seen


def challenge(record: str, folder: Path, page: str) -> Seen:
    """Ten rounds of seven fields, played as a robot."""
    robot = folder / "challenge.yaml"
    lines = ["bofbot: 1", "name: challenge", "owner: x", "purpose: x", "steps:", f"  - open: {page}"]
    for row in rows():
        lines += (
            ["  - fill:"]
            + [f'      {label}: "{value}"' for label, value in row.items()]
            + ["  - click: Submit"]
        )
    robot.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return play(folder, robot, record, {}, None)


def claims(record: str, folder: Path, page: str) -> Seen:
    """Ten claims on the practice portal, one of them refused."""
    write_demo_files(folder / "data")
    with Portal() as portal:
        return play(folder, ROBOTS / "1_経費申請.yaml", record, {"portal": portal.url}, (2, 11))


async def with_playwright(traced: bool, page_url: str) -> None:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=machine.find_browser(), args=list(machine.QUIET), chromium_sandbox=False
        )
        context = await browser.new_context(viewport={"width": 1280, "height": 900})
        if traced:
            await context.tracing.start(screenshots=True, snapshots=True)
        page: Any = await context.new_page()
        await page.goto(page_url)
        await naive(page)
        if traced:
            await context.tracing.stop()  # thrown away, as on success
        await browser.close()


@contextmanager
def served() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp())
    (folder / "index.html").write_text(PAGE % list(LABELS), encoding="utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/index.html"
    finally:
        server.shutdown()
        server.server_close()
        shutil.rmtree(folder)


def measured(way: Any, *given: Any) -> tuple[float, float, Any]:
    used, began = cpu_seconds(), time.perf_counter()
    seen = way(*given)
    return time.perf_counter() - began, cpu_seconds() - used, seen


def tell(title: str, base: str, taken: dict[str, list[tuple[float, float, Any]]]) -> None:
    print(title)
    for name, some in taken.items():
        wall = statistics.median(one[0] / other[0] for one, other in zip(some, taken[base], strict=True))
        cpu = sum(one[1] for one in some) / sum(one[1] for one in taken[base])
        seen = some[-1][2]
        left = f"   {seen.pictures} pictures, {seen.bytes / 1000:.0f} KB, {seen.steps} steps" if seen else ""
        print(
            f"  {name:20} {statistics.median(one[0] for one in some):6.2f} s   {wall:.2f}x   CPU {cpu:.2f}x{left}"
        )


def main(repeats: int) -> None:
    for title, way, base in (("challenge", challenge, "never"), ("ten claims", claims, "never")):
        taken: dict[str, list[tuple[float, float, Any]]] = {}
        with served() as page:
            for _ in range(repeats):
                for record in MODES:
                    folder = Path(tempfile.mkdtemp())
                    taken.setdefault(record, []).append(measured(way, record, folder, page))
                    shutil.rmtree(folder)
                for traced in (False, True) if way is challenge else ():
                    name = "naive, traced" if traced else "naive Playwright"
                    done = measured(lambda traced=traced: asyncio.run(with_playwright(traced, page)))
                    taken.setdefault(name, []).append(done)
        tell(title, base, taken)
        if "naive, traced" in taken:
            pairs = zip(taken["naive, traced"], taken["naive Playwright"], strict=True)
            print(f"  tracing costs naive Playwright {statistics.median(a[0] / b[0] for a, b in pairs):.2f}x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
