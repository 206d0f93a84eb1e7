"""The quick way for what most MT940 files are made of: an entry on one line (:61:) and its description (:86:) below it.

Whole runs of such pairs are read column by column. It never decides what is wrong: what does not fit is left to the
careful reader, field by field, and so are the balances, heads and notes between the runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate, repeat
from operator import add

from bofbot.statements.model import Entry

Days = Callable[[str, str | None], tuple[date | None, date | None]]

_PAIR = re.compile(
    r"\n:61:(\d{6}(?:\d{4})?+)([CD])[A-Z]?(\d{1,15},\d{0,9}+)[A-Z][A-Z0-9]{3}([^\n/]*+)(?://([^\n]*+))?+"
    r"\n:86:([^\n]*+(?:\n(?![ \t]*[:-])[^\n]*+)*+)(?=\n:61:|\Z)",
    re.ASCII,
)
_GROUPS = 6
_CHUNK = 64 * 1024
"""So many characters are tried at once: a large file is never held as columns whole."""
_MARK = "\x1e"
"""Before each of the descriptions that are looked at in one go."""
_TOLD = re.compile(
    r"\x1e\d{3}\?00([^?\x1e]*+)(?:\?10[^?\x1e]*+)?+((?:\?2\d[^?\x1e]*+)*+)(?:\?3[01][^?\x1e]*+)*+"
    r"(?:\?32([^?\x1e]*+))?+(?:\?33([^?\x1e]*+))?+(?:\?34[^?\x1e]*+)?+(?=\x1e|\Z)",
    re.ASCII,
)
_PURPOSE = re.compile(r"\?2\d", re.ASCII)
Piece = tuple[str, list[Entry], int]


def pieces(text: str, days: Days) -> Iterator[Piece]:
    """The text in its order: what the careful reader must see, the entries of the run after it, and the lines before.

    `text` begins with a line end that is no line's, and so does every piece. `days` reads value date and booking day."""
    before = 0
    for chunk in _chunks(text):
        try:
            yield from list(_chunk(chunk, before, days))
        except ValueError:  # a day that is none: the careful reader says which
            yield chunk, [], before
        before += chunk.count("\n")


def _chunks(text: str) -> Iterator[str]:
    """The text, cut before entries."""
    at = 0
    while at < len(text):
        end = text.find("\n:61:", at + _CHUNK)
        end = len(text) if end < 0 else end
        yield text[at:end]
        at = end


def _chunk(chunk: str, before: int, days: Days) -> Iterator[Piece]:
    """Raises ValueError when a day is none."""
    parts = _PAIR.split(chunk)
    careful = [at for at in range(0, len(parts), _GROUPS + 1) if at == 0 or parts[at]]
    for at, following in zip(careful, [*careful[1:], len(parts)], strict=True):
        line = before + parts[at].count("\n")
        columns = [parts[at + group : following : _GROUPS + 1] for group in range(1, _GROUPS + 1)]
        ends = map(str.count, columns[-1], repeat("\n"))
        lines = list(accumulate(map(add, ends, repeat(2)), initial=line + 1))
        yield parts[at], _entries(columns, lines, days), before
        before = lines[-1] - 1


def _entries(columns: Sequence[Sequence[str]], lines: Sequence[int], days: Days) -> list[Entry]:
    """Raises ValueError when a day is none."""
    days_written, marks, amounts, owners, banks, told = columns
    known = {written: days(written[:6], written[6:] or None) for written in set(days_written)}
    if any(value is None for _, value in known.values()):
        raise ValueError
    read = [known[written] for written in days_written]
    money = map(Decimal, " ".join(amounts).replace(",", ".").split())
    texts, parties = _told(told)
    rows = zip(
        [day or value for day, value in read],
        [-amount if mark == "D" else amount for mark, amount in zip(marks, money, strict=True)],
        texts,
        repeat(None),
        [value for _, value in read],
        [
            (bank and bank.strip()) or ("" if owner.startswith("NONREF") else owner.strip())
            for owner, bank in zip(owners, banks, strict=True)
        ],
        parties,
        lines,
    )  # an entry more of `lines` is where the run ends
    return list(map(tuple.__new__, repeat(Entry), rows))


def _told(told: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Texts and counterparties: all descriptions in one go where they are structured alike, else one by one."""
    written = _MARK + _MARK.join(told)
    found = _TOLD.findall(written.replace("\n", ""))
    if not len(found) == len(told) == written.count(_MARK):
        pairs = [described(one) for one in told]
        return [text for text, _ in pairs], [who for _, who in pairs]
    purposes = map(str.strip, _PURPOSE.sub("", _MARK.join([one[1] for one in found])).split(_MARK))
    texts = [
        f"{one[0]} {purpose}" if one[0] and purpose else one[0] or purpose
        for one, purpose in zip(found, purposes, strict=True)
    ]
    return texts, [f"{one[2]}{one[3]}".strip() for one in found]


def described(content: str) -> tuple[str, str]:
    """Text and counterparty of one description: structured (?20 … ?33) or plain."""
    if "?" in content[:6]:
        return _structured(content.replace("\n", "") if "\n" in content else content)
    return content.strip().replace("\n", " "), ""


_SLOTS = {"00": 0, "32": 2, "33": 2} | {str(code): 1 for code in (*range(20, 30), *range(60, 64))}


def _structured(content: str) -> tuple[str, str]:
    """Text and counterparty: ?00 says the kind of booking, ?20-?29 and ?60-?63 the purpose, ?32 and ?33 the other party."""
    booking = purpose = who = ""
    slot = 3
    for part in content.split("?")[1:]:
        code = part[:2]
        slot = _SLOTS.get(code, 3 if code.isdigit() else slot + 10)
        if slot > 9:  # a question mark of the text itself
            slot, said = slot - 10, f"?{part}"
        else:
            said = part[2:]
        if slot == 1:
            purpose += said
        elif slot == 2:
            who += said
        elif slot == 0:
            booking += said
    purpose = purpose.strip()
    return f"{booking} {purpose}" if booking and purpose else booking or purpose, who.strip()
