"""The canary in a whole office: the practice portal with a second factor, runs that go well, fail, break and are killed,
notices by mail and webhook, a stranger's verb that tells its secret in every way it can, and every command that shows a run.

Searched are all files, all that was printed, all that was sent, and the command lines and environments of every process
that a run starts, while it lives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from PIL import Image

from bofbot.adapters.credentials.vault import Vault
from bofbot.adapters.machine import find_browser
from bofbot.practice.company import USERS, User
from bofbot.practice.portal import Portal
from bofbot.settings import Settings
from bofbot.words import Sentence

from .searching import dresses, find
from .stranger import installed
from .test_browser_kills import family

VALUES = {
    "user": "kanariya-4471",
    "password": 'Vb3鍵穴の十字路ポ"&<7>',
    "totp": "MFRGGZDFMZTWQ2LK",
    "name": "榊原ツユ草右衛門",
    "hook": "hooktoken-9f31c6d2ab",
    "mail": "mailpass-77d0be41",
}
NEEDLES = {
    "user": "kanariya-44",
    "password": "鍵穴の十字路",
    "totp": "RGGZDFMZTWQ",
    "name": "榊原ツユ草右",
    "hook": "token-9f31c6d2",
    "mail": "pass-77d0be4",
}
WAYS = (
    "message",
    "cause",
    "group",
    "note",
    "business",
    "application",
    "environment",
    "person",
    "resource",
    "loud",
)
ROBOT = """bofbot: 1
name: {name}
owner: 経理部
purpose: 秘密がどこにも残らないことを確かめる
secrets: [金庫]
inputs:
  portal: {{type: text}}
  氏名: {{type: text, personal: true}}
defaults: {{at: "${{inputs.portal}}", timeout: 8s, retry: {{times: 0}}}}
steps:
{steps}
on_failure:
  - {{notify: 経理, message: "${{inputs.氏名}} さんの件"}}
"""
LOGIN = """  - {login: 金庫, at: "${inputs.portal}/login", expect: ログアウト, timeout: 30s, optional: %s}"""
STEPS = {
    "通し": """{login}
  - {{open: /claims/new}}
  - {{fill: {{申請番号: C-0001, 日付: 2026/10/05, 社員番号: "100101", 科目: 消耗品費, 支払先: "${{inputs.氏名}}", 金額: 1200, 摘要: "${{secrets.金庫.password}}"}}}}
  - {{blab: picture, optional: true}}
  - {{submit: 登録, expect: 登録しました, receipt: 受付番号, verify: {{open: "/claims?q=C-0001", see: C-0001}}, optional: true}}
  - {{open: "/claims?q=${{inputs.氏名}}"}}
{blabs}
  - {{expect: 来ない言葉}}""",
    "誤り": "{login}",
    "壊れる": "{login}\n  - {{blab: base}}",
    "抜ける": "{login}\n  - {{blab: exit}}",
    "途中": "{login}\n  - {{open: /claims/new}}\n  - {{wait: 60s}}",
}  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are looked into by /proc"),
]


@dataclass
class Cage:
    """An office below one folder, and all that was said, sent or could be seen of its processes."""

    folder: Path
    portal: Portal
    environ: dict[str, str]
    said: dict[str, bytes] = field(default_factory=dict)
    seen: dict[bytes, bytes] = field(default_factory=dict)

    def bofbot(self, *words: str, kill_after: float = 0) -> int:
        command = [sys.executable, "-m", "bofbot.cli", *words]
        pipe = subprocess.PIPE
        run = subprocess.Popen(command, cwd=self.folder / "office", env=self.environ, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)  # fmt: skip
        watch = threading.Thread(target=self._watch, args=(run,))
        if words[0] != "doctor":  # its browser shows one page of its own and ends
            watch.start()
        if kill_after:
            time.sleep(kill_after)
            run.kill()
        out, err = run.communicate(timeout=120)
        if watch.ident:
            watch.join()
        self.said[f"{len(self.said)} stdout of {' '.join(words[:2])}"] = out
        self.said[f"{len(self.said)} stderr of {' '.join(words[:2])}"] = err
        return run.returncode

    def play(self, name: str, *options: str, kill_after: float = 0) -> int:
        given = ("-i", f"portal={self.portal.url}", "-i", f"氏名={VALUES['name']}")
        return self.bofbot("run", f"{name}.yaml", *given, *options, kill_after=kill_after)

    def _watch(self, run: subprocess.Popen[bytes]) -> None:
        """Look into every process that the run has started, a few times in a second. What it was told itself, it was told."""
        while run.poll() is None:
            for pid in _children(run.pid):
                try:
                    words = Path(f"/proc/{pid}/cmdline").read_bytes()
                    self.seen[words[:80]] = words + b"\n" + Path(f"/proc/{pid}/environ").read_bytes()
                except OSError:
                    continue
            time.sleep(0.25)


def _children(pid: int) -> list[int]:
    try:
        return [one for one in family(pid) if one != pid]
    except (OSError, KeyError):
        return []  # it has just ended


class PostOffice:
    """Takes every mail of who knows the password."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        return "250 OK"


def _check(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    return AuthResult(success=data.password.decode() == VALUES["mail"], handled=False)


class OwnPort(Controller):
    def _trigger_server(self) -> None:  # port 0: ask the socket which port it got
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def listeners() -> Iterator[tuple[list[bytes], list[bytes], int, int]]:
    """A mail server and a webhook: what they were sent, and their ports."""
    office, hooked = PostOffice(), list[bytes]()
    mail = OwnPort(office, hostname="127.0.0.1", port=0, authenticator=_check, auth_required=True, auth_require_tls=False)  # fmt: skip

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hooked.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200 if VALUES["hook"] in self.path else 403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    web = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=web.serve_forever, args=(0.05,))
    mail.start()
    thread.start()
    try:
        yield office.mails, hooked, mail.port, web.server_port
    finally:
        web.shutdown()
        thread.join()
        web.server_close()
        mail.stop()


def furnish(folder: Path, mail: int, hook: int) -> dict[str, str]:
    """The office with its robots, settings and secret. The environment to play in."""
    office = folder / "office"
    (office / "configs").mkdir(parents=True)
    (folder / "tmp").mkdir()
    to = f"mailto://robot:${{MAIL}}@127.0.0.1:{mail}?from=robot@example.co.jp&to=keiri@example.co.jp&mode=insecure"
    settings = f'notify:\n  経理: {{to: ["{to}", "json://127.0.0.1:{hook}/${{HOOK}}"]}}\n'
    (office / "configs" / "bofbot.yaml").write_text(settings, encoding="utf-8")
    blabs = "\n".join(f"  - {{blab: {way}, optional: true}}" for way in WAYS)
    for name, steps in STEPS.items():
        text = steps.format(login=LOGIN % ("true" if name == "通し" else "false"), blabs=blabs)
        (office / f"{name}.yaml").write_text(ROBOT.format(name=name, steps=text), encoding="utf-8")
    return {
        **os.environ,
        "LANG": "ja_JP.UTF-8",
        "XDG_CONFIG_HOME": str(folder / "config"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONPATH": str(installed(folder / "plugins", "blab_plugin", "blab = blab_plugin:Blab")),
        "MAIL": VALUES["mail"],
        "HOOK": VALUES["hook"],
    }


def vault_of(cage: Cage) -> Vault:
    return Vault.at(cage.folder / "office", Settings(), {"XDG_CONFIG_HOME": str(cage.folder / "config")})


def test_a_whole_office_tells_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: Callable[[str], None]
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    account = {name: VALUES[name] for name in ("user", "password", "totp")}
    known = User(account["user"], account["password"], Sentence.same("Kanariya"), account["totp"])
    monkeypatch.setitem(USERS, account["user"], known)
    with listeners() as (mails, hooked, mail, hook), Portal() as portal:
        cage = Cage(tmp_path, portal, furnish(tmp_path, mail, hook))
        vault_of(cage).put("金庫", account, "file")
        codes = {name: cage.play(name) for name in ("通し", "壊れる", "抜ける")}
        cage.play("通し", "--dry-run", "--json")
        cage.play("通し", "--events")
        codes["途中"] = cage.play("途中", kill_after=6)
        vault_of(cage).put("金庫", account | {"password": VALUES["password"] + "x"}, "file")
        codes["誤り"] = cage.play("誤り")
        for words in LOOKS:
            cage.bofbot(*words)
    told = {f"mail {n}": text for n, text in enumerate(mails)} | {
        f"hook {n}": text for n, text in enumerate(hooked)
    }
    seen = {f"process {words!r}": text for words, text in cage.seen.items()}
    found, read = find(tmp_path, NEEDLES, cage.said | told | seen)
    figures(
        f"canary in an office: {len(cage.said) // 2} commands, {read} pieces read, {len(told)} notices,"
        f" {len(seen)} command lines and environments, {len(NEEDLES)} needles x {len(list(dresses('ソ')))} dresses, {len(found)} found"
    )
    assert codes == {"通し": 1, "壊れる": 1, "抜ける": 1, "途中": -9, "誤り": 5}
    assert len(mails) == len(hooked) >= 4
    assert portal.book.count("claims") >= 1, "the secret was really typed in and sent"
    assert any(b"headless" in words for words in cage.seen), "its browsers were looked into"
    assert list((tmp_path / "tmp").iterdir()) == []
    assert_masked(tmp_path / "office")
    assert found == [], "\n".join(found)


def assert_masked(office: Path) -> None:
    """In the pictures of a failed step and of a submit, boxes that held a secret or a person's name are of one colour."""
    boxes = json.loads((office / "boxes.json").read_text())
    for name in ("4-blab.png", "5-before.jpg"):
        with Image.open(office / "logs" / "1001" / name) as picture:
            grey = picture.convert("L")
            darkest = {box: grey.crop(_within(place)).getextrema() for box, place in boxes.items()}
        spread = {box: high - low for box, (low, high) in darkest.items()}
        assert max(spread["note"], spread["payee"]) < 25, (name, spread)  # JPEG blurs the edges
        assert spread["number"] > 100, (name, "what is no secret can be read")


def _within(box: dict[str, float]) -> tuple[int, int, int, int]:
    left, top = box["x"] + 3, box["y"] + 3
    return int(left), int(top), int(left + box["width"] - 6), int(top + box["height"] - 6)


LOOKS = (
    ("waiting", "--json"),
    ("list", "--json"),
    ("list", "--runs", "--json"),
    ("show", "1001", "--json"),
    ("logs", "1001", "--events"),
    ("logs", "1001", "--level", "DEBUG"),
    ("report", "1001"),
    ("plan", "通し.yaml", "--json"),
    ("explain", "blab"),
    ("journal", "head"),
    ("journal", "verify"),
    ("doctor",),
)
