"""One run with real Chromium forms, spread over 1, 2 and 4 workers: items a second.

    python benchmarks/workers.py [--items 24] [--postgres]

The practice portal on this machine, its claim form: open, fill, submit with look-up, write back. Whole workers as `bofbot worker`
starts them, each with a browser of its own; `--postgres` starts a server from what is installed here, else the store is SQLite.
The seconds count from the first claim booked to the last, so that starting browsers is left out, and are of this machine: look
at the ratios.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bofbot.practice.company import USERS
from bofbot.practice.portal import Portal

ROOT = Path(__file__).parents[1]
SETTINGS = """secrets:
  練習ポータル: {env: PORTAL}
accounts:
  練習ポータル: {sessions: 4}
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=24)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    server = None
    if options.postgres:
        from tests.postgres_server import PostgresServer

        server = PostgresServer()
    print(f"{options.items} claims, {'PostgreSQL' if server else 'SQLite'}, {os.cpu_count()} cores")
    try:
        first = 0.0
        for workers in (1, 2, 4):
            rate = played(options.items, workers, server.url(f"workers{workers}") if server else "")
            first = first or rate
            print(f"{workers} workers: {rate:.2f} claims/s, {rate / first:.2f} times one worker")
    finally:
        if server is not None:
            server.close()


def played(items: int, workers: int, store: str) -> float:
    """Claims booked a second; raises when one is missing or doubled."""
    with tempfile.TemporaryDirectory() as place, Portal() as portal:
        folder = Path(place)
        furnish(folder, items, store)
        environment = {**os.environ, "PORTAL_USER": "yamada", "PORTAL_PASSWORD": USERS["yamada"].password}
        bofbot = [sys.executable, "-m", "bofbot.cli"]
        asked = [*bofbot, "queue", "add", "経費", "-i", f"portal={portal.url}"]
        asked += ["--spread", str(workers)] if workers > 1 else []
        subprocess.run(asked, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        started = [
            subprocess.Popen(
                [*bofbot, "worker", "--at-most", "1"], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            for _ in range(workers)
        ]  # fmt: skip
        try:
            begun = 0.0
            limit = time.monotonic() + 60 + 10 * items
            while (booked := portal.book.count("claims")) < items and time.monotonic() < limit:
                if booked and not begun:
                    begun, already = time.monotonic(), booked
                time.sleep(0.02)
            seconds = time.monotonic() - begun
        finally:
            for one in started:
                one.send_signal(signal.SIGTERM)
            for one in started:
                one.wait(60)
        assert (portal.book.count("claims"), portal.book.twice()) == (items, []), "every claim, once"
        return (items - already) / seconds


def furnish(folder: Path, items: int, store: str) -> None:
    from tests.proofs.test_kills import ROBOT

    for name in ("configs", "robots"):
        (folder / name).mkdir()
    settings = SETTINGS + (f"store: {store}\n" if store else "")
    (folder / "configs" / "bofbot.yaml").write_text(settings, encoding="utf-8")
    (folder / "robots" / "経費.yaml").write_text(ROBOT, encoding="utf-8")
    rows = "".join(f"S-{number:04d},{1000 + number},\n" for number in range(1, items + 1))
    (folder / "経費.csv").write_text("申請番号,金額,受付番号\n" + rows, encoding="cp932")


if __name__ == "__main__":
    main()
