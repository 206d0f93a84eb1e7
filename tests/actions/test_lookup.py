"""The look-up of an unknown outcome on the practice portal: present proves done, absent only under every condition."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bofbot.actions.pages.login import Login
from bofbot.actions.pages.lookup import Verify, look_up
from bofbot.adapters.browser import Browser
from bofbot.adapters.machine import find_browser
from bofbot.practice.company import USERS
from bofbot.practice.portal import Portal
from bofbot.secret import Secret

from .stage import Stage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine"),
]


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[tuple[Stage, Portal]]:
    fields = {"user": Secret("yamada"), "password": Secret(USERS["yamada"].password)}
    with Portal() as portal:
        stage = Stage(tmp_path, secrets={"練習": fields}, timeout=30.0)
        await Login(login="練習", at=f"{portal.url}/login").run(stage)
        yield stage, portal
        await stage.close()


async def test_absent_is_proven_only_when_every_condition_holds(history: tuple[Stage, Portal]) -> None:
    stage, _ = history
    browser, now = await stage.resource(Browser), stage.clock()
    long_ago = now - timedelta(hours=1)
    proof = {"open": "/claims?q=K-77", "see": "K-77", "control": "件数", "settle": 60.0, "tries": 1}
    cases = [
        ({}, long_ago, True, "absent"),
        ({}, now, True, "unknown"),  # the site has not had its time to settle
        ({}, long_ago, False, "unknown"),  # whoever sent it may be alive
        ({"control": ""}, long_ago, True, "unknown"),  # the page does not prove that it is whole
        ({"control": "どこにもない"}, long_ago, True, "unknown"),
        ({"open": "/nowhere"}, long_ago, True, "unknown"),
    ]
    for change, since, fenced, state in cases:
        verify = Verify.model_validate({**proof, **change})
        found = await look_up(verify, stage, browser, since=since, fenced=fenced)
        assert found.state == state, (change, fenced, found.why.en)
