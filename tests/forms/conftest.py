"""One real browser for all tests of forms, a fresh page for each."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bofbot.adapters import machine

PAGES = Path(__file__).parent / "pages"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Any]:
    path = machine.find_browser()
    if path is None:
        pytest.skip("no browser on this machine")
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=path, args=list(machine.QUIET), chromium_sandbox=False
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Any) -> AsyncIterator[Any]:
    page = await chromium.new_page(viewport={"width": 1000, "height": 800}, locale="ja-JP")
    yield page
    await page.close()


@pytest.fixture(scope="session")
def npm(request: Any) -> Callable[[str, str], str]:
    """`npm("react@18.3.1", "umd/react.production.min.js")`: a file of a package as it is published.

    Fetched once by npm and kept in pytest's cache, where it appears whole (other workers of pytest look for it too);
    skipped aloud where npm or its registry cannot be reached."""
    client = shutil.which("npm")
    folder = Path(request.config.cache.mkdir("npm"))

    def file(package: str, member: str) -> str:
        packed = folder / f"{package.lstrip('@').replace('/', '-').replace('@', '-')}.tgz"
        if not packed.exists():
            if client is None:
                pytest.skip(f"no npm on this machine: {package} is not tried")
            with tempfile.TemporaryDirectory(dir=folder) as own:
                try:
                    subprocess.run([client, "pack", "--silent", package], cwd=own, check=True, timeout=90, stdout=subprocess.DEVNULL)  # fmt: skip
                except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
                    pytest.skip(f"npm could not fetch {package} (no network?): it is not tried")
                (Path(own) / packed.name).replace(packed)
        with tarfile.open(packed) as archive:
            content = archive.extractfile(f"package/{member}")
            assert content is not None
            return content.read().decode()

    return file
