"""The quick way through MT940 tells what the careful way tells, entry by entry, for whole and for damaged files."""

from __future__ import annotations

import random
import re

import pytest

from bofbot.statements import mt940_pairs
from bofbot.statements.formats import mt940
from bofbot.statements.model import Refused
from bofbot.statements.options import NO_OPTIONS, Options

_DESCRIPTIONS = (
    "166?00TRANSFER?20Invoice 12?21of May?32EXAMPLE LTD?33Branch",
    "166?00TRANSFER?20wrapped by\n the bank?30BANK?31DE1?32EXAMPLE?34000",
    "020?20no kind?60more?32WHO",
    "166?00WHY?20really?yes",
    "plain text\nof two lines",
    "plain text, is it?",
    "166?00",
    "",
)
_ENTRIES = (
    "2601020103D12,50NTRFNONREF//B1",
    "260103C7,NMSCREF 9",
    "2601040104CR1000,00FMSCREF//",
    "2601050105RC3,10NTRFNONREF",
    "2601050105D3,10NTRFa/b//c\nsupplementary",
    "2601069999D0,00NTRF",
)


def _file(count: int = 300) -> str:
    pairs = "".join(
        f":61:{_ENTRIES[n % len(_ENTRIES) if n % 7 == 0 else n % 3]}\n:86:{_DESCRIPTIONS[n % len(_DESCRIPTIONS) if n % 11 == 0 else 0]}\n"
        for n in range(count)
    )
    return f":20:A\n:25:1/42\n:60F:C260101EUR10,00\n{pairs}:62F:C260131EUR10,00\n:86:of the statement\n-\n"


def _told(text: str) -> object:
    try:
        return mt940.read(text.encode(), NO_OPTIONS)
    except Refused as refusal:
        return refusal.reason, refusal.line, refusal.message


def _damaged(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    for _ in range(3):
        at = chance.randrange(len(lines))
        what = chance.choice(("drop", "twice", "cut", "between", "character"))
        if what == "drop":
            del lines[at]
        elif what == "twice":
            lines.insert(chance.randrange(len(lines)), lines[at])
        elif what == "cut":
            lines[at] = lines[at][: len(lines[at]) // 2]
        elif what == "between":
            lines.insert(
                at,
                chance.choice(
                    (":86:more", ":NS:17x", "-", ":20:B", "x:61:", " :61:", "\x1e", ":62M:C260101EUR1,00")
                ),
            )
        else:
            lines[at] = lines[at].replace(chance.choice("012?,:/"), chance.choice("9?:-\x1e "), 1)
    return "\n".join(lines)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_quick_way_is_the_careful_way(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    monkeypatch.setattr(mt940_pairs, "_CHUNK", 2000)
    chance = random.Random(len(end))
    texts = [_file().replace("\n", end)] + [_damaged(chance, _file()).replace("\n", end) for _ in range(60)]
    quick = [_told(text) for text in texts]
    monkeypatch.setattr(mt940_pairs, "_PAIR", re.compile(r"(?!)()()()()()()"))
    assert [_told(text) for text in texts] == quick


def test_whole_runs_take_the_quick_way() -> None:
    plain = "".join(f":61:260102D{n},50NTRFNONREF//B{n}\n:86:{_DESCRIPTIONS[0]}\n" for n in range(1, 100))
    found = list(mt940_pairs.pieces(f"\n:20:A\n{plain}:62F:C260131EUR1,00\n", mt940._days))
    assert sum(len(entries) for _, entries, _ in found) == 98  # a note may still follow the last one
    assert [entry.line for entry in found[0][1]] == list(range(2, 198, 2))


def test_progress_is_told_and_never_goes_back() -> None:
    heard: list[float] = []
    mt940.read(_file(3000).encode(), Options(progress=heard.append))
    assert heard == sorted(heard)
    assert len(heard) > 2
    assert 0 <= heard[0] <= heard[-1] <= 1
