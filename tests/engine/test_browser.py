"""A real Chromium on the practice portal, played by workers that are killed: every claim booked once, one session at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from bofbot.adapters.machine import find_browser
from bofbot.engine.order import order_for
from bofbot.practice.company import USERS
from bofbot.practice.portal import Portal
from tests.engine.conftest import Trial
from tests.proofs.test_kills import ROBOT

CLAIMS = 4

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(280),
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and fork are a POSIX matter"),
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine"),
]


def test_claims_are_booked_once_whoever_dies(trial: Trial, figures: Callable[[str], None]) -> None:
    (trial.folder / "configs").mkdir()
    (trial.folder / "configs" / "bofbot.yaml").write_text(
        "secrets:\n  練習ポータル: {env: PORTAL}\n", encoding="utf-8"
    )
    rows = "".join(f"S-000{number},1{number}00,\n" for number in range(1, CLAIMS + 1))
    (trial.folder / "経費.csv").write_text("申請番号,金額,受付番号\n" + rows, encoding="cp932")
    (trial.folder / "robots" / "経費.yaml").write_text(ROBOT, encoding="utf-8")
    with Portal() as portal:
        trial.environment |= {"PORTAL_USER": "yamada", "PORTAL_PASSWORD": USERS["yamada"].password}
        order = order_for(trial.folder / "robots" / "経費.yaml", {"portal": portal.url})
        assert (order.queue, order.account) == ("browser", "練習ポータル")
        trial.put({"claims": order})
        for booked in (1, 2):
            worker = trial.start()
            trial.until(lambda booked=booked: portal.book.count("claims") >= booked, 120)
            trial.kill(worker)
        trial.start()
        (result,) = trial.results_of(["claims"], 120)
        booked = portal.book.count("claims")
        twice = portal.book.twice()
    kind = "postgres" if trial.store else "sqlite"
    figures(
        f"engine with Chromium, {kind}: 2 kill -9, {booked} of {CLAIMS} booked, {len(twice)} twice; {result['outcome']}"
    )
    assert (booked, twice) == (CLAIMS, [])
    assert result["outcome"] == "done"
