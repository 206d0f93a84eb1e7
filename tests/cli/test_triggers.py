"""A mail and a webhook begin runs of a real `bofbot serve`; the webhook is called with the lines of docs/schedules.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from tests.cli.conftest import Says
from tests.schedule.dovecot import PROGRAM, Dovecot, dovecot

DOCS = Path(__file__).parents[2] / "docs" / "schedules.md"
ROBOT = """bofbot: 1
name: 受付
owner: 経理部
purpose: 受け取ったものを書き留める
inputs: {月: {type: month, required: false}, 金額: {type: yen, required: false}, ファイル: {required: false}, 会社: {required: false}}
steps:
  - set: {控え: "${inputs.会社}"}
outputs: {金額: "${inputs.金額}", ファイル: "${inputs.ファイル}"}
"""
SCHEDULES = """schedules:
  - {name: 請求, robot: 受付, when: Webhook invoices が呼ばれたら, secret: 外部連携, inputs: {会社: あかね}}
  - name: 書類
    robot: 受付
    when: メールが届いたら
    mail: {mailbox: 経理メール, from: "@akame.example", attachment: "*.pdf"}
    inputs: {ファイル: "${attachments}"}
"""
KEY = "a key for tests only"


@pytest.fixture
def mailbox() -> Iterator[Dovecot]:
    if not PROGRAM:
        pytest.skip("dovecot is not installed")
    with dovecot() as server:
        yield server


def until(project: Path, sql: str, seconds: float = 60) -> list[tuple[object, ...]]:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        with closing(sqlite3.connect(project / "logs" / "bofbot.db")) as database:
            try:
                if rows := database.execute(sql).fetchall():
                    return rows
            except sqlite3.OperationalError:
                pass  # not made yet
        time.sleep(0.1)
    raise AssertionError(sql)


def test_what_they_wait_for_is_written_and_shown_at_a_shell(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "robots").mkdir()
    (tmp_path / "configs").mkdir()
    (tmp_path / "robots" / "受付.yaml").write_text(ROBOT, encoding="utf-8")
    add = ("schedule", "add")
    told = bofbot(
        *add, "書類", "--robot", "受付", "--when", "メールが届いたら", "--mail", "mailbox=経理メール", "--mail", "from=@akame.example",
        "--mail", "mark_read=true", "-i", "ファイル=${attachments}",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "mailbox 経理メール" in told.stdout
    told = bofbot(
        *add, "請求", "--robot", "受付", "--when", "the webhook invoices is called", "--secret", "外部連携"
    )
    assert "webhooks are off" in told.stdout
    told = bofbot("schedule", "edit", "書類", "--mail", "subject=請求書")
    assert told.returncode == 0, told.stderr
    written = (tmp_path / "configs" / "schedules.yaml").read_text(encoding="utf-8")
    assert "mailbox: 経理メール" in written
    assert "subject: 請求書" in written
    (tmp_path / "configs" / "bofbot.yaml").write_text("hooks: {port: 8787}\n")
    shown = bofbot("schedule", "list").stdout
    assert "POST http://127.0.0.1:8787/hooks/invoices" in shown
    assert "mailbox 経理メール" in shown
    told = bofbot(*add, "誤り", "--robot", "受付", "--when", "メールが届いたら")
    assert (told.returncode, "`mail:` is missing" in told.stderr) == (3, True)


@pytest.mark.xdist_group("dovecot")
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX matter")
@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="curl or openssl is missing"
)
def test_a_mail_and_a_call_begin_one_run_each(mailbox: Dovecot, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for folder in ("robots", "configs", "logs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "robots" / "受付.yaml").write_text(ROBOT, encoding="utf-8")
    (tmp_path / "configs" / "schedules.yaml").write_text(SCHEDULES, encoding="utf-8")
    (tmp_path / "configs" / "bofbot.yaml").write_text(
        f"hooks: {{port: {port}}}\nsecrets: {{外部連携: {{env: HOOK}}, 経理メール: {{env: MAIL}}}}\n",
        encoding="utf-8",
    )
    mail = {f"MAIL_{name.upper()}": value for name, value in mailbox.fields.items()}
    environ = {**os.environ, "BOFBOT_LANG": "en", "HOOK_KEY": KEY, **mail}
    mailbox.deliver(b"From: before@akame.example\r\n\r\n")
    words = [sys.executable, "-m", "bofbot.cli", "serve"]
    with subprocess.Popen(words, cwd=tmp_path, env=environ, stderr=subprocess.DEVNULL) as serve:
        try:
            until(tmp_path, "SELECT 1 FROM positions")
            told = called(port, environ)
            assert (told["message"], called(port, environ)["run"]) == ("taken", told["run"])
            assert told["run"]
            (run,) = until(
                tmp_path, "SELECT state, run FROM slots WHERE schedule = '請求' AND state = 'done'"
            )
            assert run == ("done", told["run"])
            mailbox.deliver(invoice())
            serve.send_signal(signal.SIGTERM)
            assert serve.wait(60) == 0
        finally:
            serve.kill()
    with subprocess.Popen(words, cwd=tmp_path, env=environ, stderr=subprocess.DEVNULL) as serve:
        try:
            until(tmp_path, "SELECT 1 FROM slots WHERE schedule = '書類' AND state = 'done'")
        finally:
            serve.kill()
    (saved,) = (tmp_path / "inbox").glob("*/01_請求書.pdf")
    assert saved.read_bytes() == b"%PDF"
    assert until(tmp_path, "SELECT schedule, count(*) FROM slots GROUP BY schedule ORDER BY 1") == [
        ("書類", 1),
        ("請求", 1),
    ]


def invoice() -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"], message["Message-ID"] = (
        "keiri@akame.example",
        "請求書",
        "<1@akame.example>",
    )
    message.set_content("請求書を送ります")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="請求書.pdf")
    return message.as_bytes()


def called(port: int, environ: dict[str, str]) -> dict[str, str]:
    """The lines that the page shows, at a shell."""
    (lines,) = re.findall(r"```bash\n(body=.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    script = lines.replace("8787", str(port))
    said = subprocess.run(
        ["sh", "-c", script], env={**environ, "KEY": KEY}, capture_output=True, timeout=60, check=True
    )
    told: dict[str, str] = json.loads(said.stdout)
    return told
