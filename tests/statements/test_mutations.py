"""Files that verify, damaged at random: what is still called verified must say the same, or tell what nothing proves."""

from __future__ import annotations

import os
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from bofbot.statements.model import Proof, Refused, Statement
from tests.statements.dialects import outcome
from tests.statements.test_dialects_bai2 import DIALECTS as BAI2
from tests.statements.test_dialects_camt import DIALECTS as CAMT
from tests.statements.test_dialects_csv import JAPANESE, WESTERN
from tests.statements.test_dialects_mt940 import DIALECTS as MT940

Found = list[tuple[Statement, Proof]]
SAMPLES = Path(__file__).parent / "samples"
ROUNDS = 60 if os.environ.get("BOFBOT_NIGHTLY") else 6
TOLD = {"first-amount", "pending-entries"}
"""Checks that say which amounts nothing proves."""


def _verified() -> dict[str, tuple[bytes, Found]]:
    files = {
        path.name: path.read_bytes()
        for path in sorted(SAMPLES.iterdir())
        if path.suffix in (".csv", ".sta", ".xml", ".bai", ".txt")
    }
    files |= {one.name: one.bytes for one in (*MT940, *CAMT, *BAI2, *JAPANESE, *WESTERN)}
    read = {name: (data, outcome(data)) for name, data in files.items()}
    return {
        name: (data, found) for name, (data, found) in read.items()
        if not isinstance(found, Refused) and all(proof.outcome == "verified" for _, proof in found)
    }  # fmt: skip


VERIFIED = _verified()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """One digit, byte or line changed, lost, doubled or moved, or the end cut off."""
    at = chance.randrange(len(data))
    lines = data.split(b"\n")
    line = chance.randrange(len(lines))
    how = chance.randrange(8)
    digits = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
    if how < 3 and digits:
        at = chance.choice(digits)
        return (
            data[:at] + bytes([chance.choice([d for d in b"0123456789" if d != data[at]])]) + data[at + 1 :]
        )
    if how == 3:
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    if how == 4:
        return data[:at]
    if how == 5:
        return data[:at] + data[at + chance.randrange(1, 9) :]
    changed = [*lines[:line], *lines[line + 1 :]] if how == 6 else [*lines[:line], lines[line], *lines[line:]]
    return b"\n".join(changed)


def test_enough_files_verify() -> None:
    assert len(VERIFIED) > 120


@pytest.mark.parametrize("name", VERIFIED)
def test_damage_is_refused_told_or_harmless(name: str) -> None:
    data, before = VERIFIED[name]
    chance = random.Random(name)
    for _ in range(ROUNDS):
        mutated = damaged(data, chance)
        after = outcome(mutated)
        if isinstance(after, Refused):
            assert after.reason != "reader-fault", (mutated, after)
            continue
        if all(proof.outcome == "verified" for _, proof in after):
            assert _harmless(before, after), (mutated, after)


def _harmless(before: Found, after: Found) -> bool:
    """Every amount that is there was there before, or what nothing proves is told. Entries may be lost where nothing
    states how a file ends: behind the last running balance, or between two statements."""
    if any(check.id in TOLD for _, proof in after for check in proof.checks):
        return True
    return not _amounts(after) - _amounts(before)


def _amounts(found: Found) -> Counter[Decimal]:
    return Counter(entry.amount for statement, _ in found for entry in statement.entries if entry.amount)
