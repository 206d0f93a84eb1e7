"""`bofbot record` and `bofbot pick` as people start them: processes of their own, on a screen of their own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from bofbot.adapters import machine
from bofbot.adapters.screen.display import NEEDED, Display

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = """<!doctype html><meta charset="utf-8"><title>住所録</title><h2>請求先</h2><p>住所 <input name="a"></p>
<h2>送付先</h2><p>住所 <input name="b" value="himitsu"></p><button>登録</button>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    file = tmp_path / "住所録.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


@pytest_asyncio.fixture
async def screen(tmp_path: Path) -> AsyncIterator[Mapping[str, str]]:
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking or machine.find_browser(headed=True) is None:
        pytest.skip(f"no window here: {', '.join(lacking) or 'no browser'}")
    bare = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    display = await Display.open(tmp_path, bare)
    yield display.environ
    await display.close()


async def started(
    folder: Path, *words: str, environ: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bofbot.cli",
        *words,
        cwd=folder,
        env={**(environ or os.environ), "LANG": "ja_JP.UTF-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    async with asyncio.timeout(60):
        out, complaints = await process.communicate()
    return process.returncode, out.decode(), complaints.decode()


async def test_ctrl_c_ends_a_recording_and_leaves_a_valid_robot(
    tmp_path: Path, page: Path, screen: Mapping[str, str]
) -> None:
    asked = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        body = PAGE.encode()
        writer.write(
            b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        await writer.drain()
        writer.close()
        asked.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        process = await started(
            tmp_path, "record", f"http://127.0.0.1:{port}/list", "--name", "住所録", environ=screen
        )
        async with asyncio.timeout(60):
            await asked.wait()
        await asyncio.sleep(1.5)
        process.send_signal(signal.SIGINT)
        code, out, complaints = await ended(process)
    assert (code, out) == (0, "robots/住所録.yaml\n"), complaints
    assert "open: /list" in (tmp_path / "robots" / "住所録.yaml").read_text("utf-8")
    again = await ended(await started(tmp_path, "record", "http://127.0.0.1:1", "--name", "住所録"))
    assert again[0] == 2
    assert "住所録.yaml は既にあります" in again[2]


async def test_a_recording_needs_a_screen(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    code, _, complaints = await ended(await started(tmp_path, "record", "http://127.0.0.1:1", environ=bare))
    if sys.platform.startswith("linux"):
        assert code == 6
        assert "画面がありません" in complaints


async def test_pick_names_the_control_the_runner_up_and_what_is_near(tmp_path: Path, page: Path) -> None:
    picture = tmp_path / "枠.png"
    words = ("pick", page.as_uri(), "送付先 > 住所", "--json", "--picture", str(picture))
    code, out, complaints = await ended(await started(tmp_path, *words))
    assert code == 0, complaints
    told = json.loads(out)
    assert (told["outcome"], told["control"]) == ("found", '<input name="b">')
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "himitsu" not in out

    code, out, _ = await ended(await started(tmp_path, "pick", page.as_uri(), "住所"))
    assert code == 1
    assert "複数あります" in out
    assert out.count("textbox") == 2
    code, out, _ = await ended(await started(tmp_path, "pick", page.as_uri(), "住処"))
    assert code == 1
    assert "このページにありません" in out
