"""A stage without a display: what opens a screen gets one of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.actions.stage import Stage


@pytest_asyncio.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.delenv("DISPLAY", raising=False)
    stage = Stage(tmp_path, timeout=20.0)
    yield stage
    await stage.close()
