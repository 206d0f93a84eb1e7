"""The verbs that sample robots are written with: the real ones."""

from __future__ import annotations

import pytest

from bofbot.actions import VerbTable


@pytest.fixture(scope="session")
def verbs() -> VerbTable:
    return VerbTable()
