"""A rejected password is tried once, by one robot, and by no robot again until somebody has set another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bofbot.actions import VerbTable
from bofbot.adapters.credentials.vault import Vault
from bofbot.adapters.machine import find_browser
from bofbot.events import RunFinished
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import make_plan
from bofbot.practice.portal import Portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine"),
]
ROBOT = """bofbot: 1
name: {name}
owner: 経理部
purpose: 誤ったパスワードは一度しか試さない
secrets: [練習ポータル]
inputs: {{portal: {{type: text}}}}
defaults: {{at: "${{inputs.portal}}", timeout: 10s, retry: {{times: 3, wait: 100ms}}}}
steps:
  - login: 練習ポータル
    at: ${{inputs.portal}}/login
    expect: ログアウト
"""


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal() as portal:
        yield portal


def play(folder: Path, name: str, portal: Portal) -> RunFinished:
    file = folder / f"{name}.yaml"
    file.write_text(ROBOT.format(name=name), encoding="utf-8")
    plan = make_plan(
        load_robot(file, VerbTable()), {"portal": portal.url}, lambda: datetime.now().astimezone()
    )
    with Office.at(folder) as office:
        return asyncio.run(office.play(plan))


def test_a_wrong_password_is_tried_once_whoever_asks(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with Office.at(tmp_path) as office:
        vault = office.secrets
    assert isinstance(vault, Vault)
    vault.put("練習ポータル", {"user": "yamada", "password": "keiri-2025"}, "file")
    tried = portal.office.wrong_passwords

    refused = play(tmp_path, "一番", portal)
    assert (refused.outcome, refused.exit_code, tried) == ("waiting", 5, {"yamada": 1}), (
        "three tries were allowed"
    )
    assert refused.failure
    assert "パスワードが正しくありません" in refused.failure.message.ja
    for name in ("一番", "二番"):
        again = play(tmp_path, name, portal)
        assert (again.outcome, again.exit_code) == ("waiting", 5)
        assert again.failure
        assert "以前サイトに拒否された" in again.failure.message.ja
    assert tried == {"yamada": 1}, "the site never heard of it again"
    assert portal.office.logins == 0

    vault.put("練習ポータル", {"user": "yamada", "password": "keiri-2026"}, "file")
    assert play(tmp_path, "一番", portal).outcome == "done"
    assert (tried, portal.office.logins) == ({}, 1)
