"""What bofbot needs of a machine, each need looked at for real: Python, a browser, a screen, room on the disk."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from importlib import metadata
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bofbot.adapters import machine
from bofbot.adapters.browser.finder import no_browser
from bofbot.cli.commands.finding import Finding, Patient, State
from bofbot.words import Sentence

_MB = 1024 * 1024


def python(patient: Patient) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    yield Finding(
        Sentence.same("Python"),
        "ok" if good else "missing",
        Sentence.same(version),
        None if good else Sentence(en="install Python 3.11 or newer", ja="Python 3.11 以降を入れてください"),
    )


def packages(patient: Patient) -> Iterator[Finding]:
    names = [
        line.split(";")[0].strip() for line in metadata.requires("bofbot") or [] if "extra ==" not in line
    ]
    bare = [
        next((name[:i] for i, c in enumerate(name) if not (c.isalnum() or c in "-_.")), name)
        for name in names
    ]
    absent = [name for name in bare if not _installed(name)]
    yield Finding(
        Sentence(en="packages", ja="パッケージ"),
        "missing" if absent else "ok",
        Sentence(en=f"not installed: {', '.join(absent)}", ja=f"入っていません：{', '.join(absent)}")
        if absent
        else Sentence(en=f"all {len(bare)} of them", ja=f"{len(bare)} 個すべてあり"),
        Sentence.same("pip install bofbot") if absent else None,
    )


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def browser(patient: Patient) -> Iterator[Finding]:
    subject = Sentence(en="browser", ja="ブラウザー")
    chosen = patient.settings.browser
    path = chosen.executable or (
        machine.find_channel(chosen.channel) if chosen.channel else machine.find_browser()
    )
    if path is None and chosen.channel:
        absent = no_browser(chosen)
        yield Finding(subject, "missing", absent.message, absent.fix or _GET_BROWSER)
        return
    if path is None and patient.repair:
        machine.install_browser(patient.say)
        path = machine.find_browser()
    if path is None:
        yield Finding(subject, "missing", Sentence(en="none found", ja="見つかりません"), _GET_BROWSER)
        return
    trouble = machine.try_browser(path)
    if trouble == "boxes" and patient.repair and machine.install_font(patient.say):
        trouble = machine.try_browser(path)
    if trouble in ("", "boxes"):
        yield Finding(subject, "ok", Sentence(en=f"starts: {path}", ja=f"起動しました：{path}"))
        yield _font(not trouble)
    else:
        yield Finding(
            subject,
            "missing",
            Sentence(en=f"{path} does not start: {trouble}", ja=f"{path} が起動しません：{trouble}"),
            _GET_BROWSER,
        )


def _font(readable: bool) -> Finding:
    return Finding(
        Sentence(en="Japanese font", ja="日本語フォント"),
        "ok" if readable else "warn",
        Sentence(en="pages show Japanese letters", ja="画面に日本語が表示されます")
        if readable
        else Sentence(en="Japanese letters show as boxes in pictures", ja="画像の日本語が□になります"),
        None
        if readable
        else Sentence(
            en="Debian, Ubuntu: apt-get install fonts-ipafont-gothic (as root: bofbot doctor --fix)",
            ja="Debian・Ubuntu では apt-get install fonts-ipafont-gothic（root なら bofbot doctor --fix）",
        ),
    )


def display(patient: Patient) -> Iterator[Finding]:
    shown = sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    virtual = shutil.which("Xvfb") is not None
    yield Finding(
        Sentence(en="display", ja="画面"),
        "ok" if shown else "warn",
        Sentence(en="a screen is there", ja="画面があります")
        if shown
        else Sentence(en="none: --headed shows nothing here", ja="ありません：--headed では表示されません")
        + (Sentence(en=" (Xvfb is there)", ja="（Xvfb はあります）") if virtual else ""),
        None
        if shown
        else Sentence(
            en="to watch: xvfb-run bofbot run … --headed, or a desktop",
            ja="見たいときはデスクトップ環境か xvfb-run で実行してください",
        ),
    )


def desktop(patient: Patient) -> Iterator[Finding]:
    from bofbot.adapters.screen.display import missing, not_there

    subject = Sentence(en="desktop robots", ja="デスクトップ操作")
    lacking = missing(os.environ)
    if not _installed("pyautogui"):
        yield Finding(
            subject,
            "warn",
            Sentence(en="pyautogui is not installed", ja="pyautogui が入っていません"),
            Sentence.same('pip install "bofbot[desktop]"'),
        )
    elif lacking:
        absent = not_there(lacking)
        yield Finding(subject, "warn", absent.message, absent.fix)
    else:
        own = sys.platform.startswith("linux") and not os.environ.get("DISPLAY")
        yield Finding(
            subject,
            "ok",
            Sentence(en="ready, each run on a screen of its own", ja="使えます（実行ごとに専用の画面）")
            if own
            else Sentence(en="ready, on the real screen", ja="使えます（実際の画面を操作）"),
        )


def vault(patient: Patient) -> Iterator[Finding]:
    from bofbot.adapters.credentials.keyring_vault import SystemKeyring

    ring = SystemKeyring()
    trouble = ring.trouble()
    yield Finding(
        Sentence(en="keyring", ja="キーリング"),
        "warn" if trouble else "ok",
        Sentence(en=f"not usable: {trouble}", ja=f"使えません：{trouble}")
        if trouble
        else Sentence.same(ring.backend()),
        Sentence(
            en="secrets go into the encrypted file .bofbot/secrets.age instead",
            ja="秘密情報は暗号化ファイル .bofbot/secrets.age に保管されます",
        )
        if trouble
        else None,
    )


def disk(patient: Patient) -> Iterator[Finding]:
    subject = Sentence(en="disk", ja="ディスク")
    logs = patient.folder / patient.settings.logs
    try:
        logs.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=logs):
            pass
    except OSError as refused:
        reason = refused.strerror or type(refused).__name__
        yield Finding(
            subject,
            "missing",
            Sentence(en=f"cannot write into {logs}: {reason}", ja=f"{logs} に書き込めません：{reason}"),
            Sentence(
                en="mend its permissions, or set `logs:` in configs/bofbot.yaml",
                ja="権限を直すか、configs/bofbot.yaml の `logs:` を変えてください",
            ),
        )
        return
    room = shutil.disk_usage(logs).free // _MB
    state: State = "ok" if room > 1024 else "warn" if room > 200 else "missing"
    more = Sentence(
        en="make room: delete old folders of runs in logs/",
        ja="logs/ の古い実行フォルダーを消して空きを作ってください",
    )
    yield Finding(
        subject,
        state,
        Sentence(en=f"{room:,} MB free in {logs}", ja=f"{logs} の空き {room:,} MB"),
        None if state == "ok" else more,
    )


def clock(patient: Patient) -> Iterator[Finding]:
    subject = Sentence(en="time zone", ja="タイムゾーン")
    name = patient.settings.browser.time_zone
    try:
        now = datetime.now().astimezone()
        same = now.astimezone(ZoneInfo(name)).utcoffset() == now.utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        yield Finding(
            subject,
            "missing",
            Sentence(en=f"this machine does not know {name}", ja=f"{name} がわかりません"),
            Sentence.same("pip install tzdata"),
        )
        return
    yield Finding(
        subject,
        "ok" if same else "warn",
        Sentence(en=f"this machine {now:%z}, pages {name}", ja=f"この端末 {now:%z}、画面 {name}"),
        None
        if same
        else Sentence(
            en="set TZ, or `browser: {time_zone: …}` in configs/bofbot.yaml",
            ja="環境変数 TZ か configs/bofbot.yaml の `browser: {time_zone: …}` をそろえてください",
        ),
    )


_GET_BROWSER = Sentence(
    en="bofbot doctor --fix, or: playwright install chromium (Debian: apt-get install chromium-headless-shell)",
    ja="bofbot doctor --fix を実行するか、playwright install chromium（Debian では apt-get install chromium-headless-shell）で入れてください",
)
