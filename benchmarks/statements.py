"""Speed and memory of the statement readers against the libraries people use, on the same files, in one run.

    python benchmarks/statements.py [--entries 5000] [--peers PYTHON] [--archive DOCUMENTS]

PYTHON is an interpreter that has ofxparse, mt-940, pycamt and bankstatementparser; what it lacks is skipped aloud.
Every reading is a process of its own that parses the file nine times (once when it is large): the best CPU time counts, and its peak memory.
`--archive` measures an archive of so many documents instead: search p95 and verification.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

MEASURE = """
import json, resource, sys, time
path = sys.argv[1]
{load}
best = 1e9
for _ in range({times}):
    began = time.process_time()
    count, total = read(path)
    best = min(best, time.process_time() - began)
try:  # what a child inherits of its parent counts in ru_maxrss, but not here
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([best, peak, count, str(total)]))
"""
OURS = """
from pathlib import Path
from bofbot.statements.formats import FORMATS, format_named
from bofbot.statements.reading import read_file
for name in FORMATS:  # the others' readers are imported before the clock starts, too
    format_named(name)
def read(path):
    statements = read_file(Path(path))
    return sum(s.count for s in statements), sum(s.sum for s in statements)
"""
PEERS: dict[str, tuple[tuple[str, str], ...]] = {
    "ofx": (
        ("ofxparse", """
from ofxparse import OfxParser
def read(path):
    with open(path, "rb") as file:
        found = OfxParser.parse(file).account.statement.transactions
    return len(found), sum(t.amount for t in found)
"""),
        ("bankstatementparser", """
from bankstatementparser import OfxParser
def read(path):
    frame = OfxParser(path).parse()
    return len(frame), frame["amount"].sum()
"""),
    ),
    "mt940": (
        ("mt-940", """
import mt940
def read(path):
    found = mt940.parse(path)
    return len(found), sum(t.data["amount"].amount for t in found)
"""),
        ("bankstatementparser", """
from bankstatementparser import Mt940Parser
def read(path):
    frame = Mt940Parser(path).parse()
    return len(frame), frame["amount"].sum()
"""),
    ),
    "camt": (
        ("pycamt", """
from pycamt.parser import Camt053Parser
def read(path):
    parser = Camt053Parser.from_file(path)
    found = parser.get_transactions()
    return len(found), 0
"""),
        ("bankstatementparser", """
from bankstatementparser import CamtParser
def read(path):
    frame = CamtParser(path).parse()
    return len(frame), frame["Amount"].sum()
"""),
    ),
    "csv": (
        ("bankstatementparser", """
from bankstatementparser import CsvStatementParser
def read(path):
    frame = CsvStatementParser(path).parse()
    return len(frame), frame["amount"].sum()
"""),
    ),
    "zengin": (),
}  # fmt: skip

Entry = tuple[date, Decimal, str, Decimal]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=5000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--formats", nargs="*", default=list(WRITERS))
    options.add_argument("--peers", default=sys.executable)
    options.add_argument("--archive", type=int, default=0)
    chosen = options.parse_args()
    if chosen.archive:
        return _archive(chosen.archive)
    entries = _entries(chosen.entries)
    print(f"{chosen.entries:,} entries        CPU s   MB peak")
    with tempfile.TemporaryDirectory() as name:
        for kind in chosen.formats:
            suffix, write = WRITERS[kind]
            path = Path(name) / f"statement.{suffix}"
            path.write_bytes(write(entries))
            _one_format(kind, path, chosen.peers, len(entries), chosen.rounds)
    return 0


PATIENCE = 600
"""Seconds for the readings of one file."""


def _one_format(kind: str, path: Path, peers: str, count: int, rounds: int) -> None:
    """Everybody in turn, several times; what is told are medians, and the median of the ratios of each turn."""
    programs = {"bofbot": (sys.executable, OURS)} | {peer: (peers, load) for peer, load in PEERS[kind]}
    told: dict[str, list[Any]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, (python, load) in programs.items():
            told[name].append(_measure(python, load, path))
    ours = told.pop("bofbot")
    assert all(one is not None and one[2] == count for one in ours), f"our own reading of {path} failed"
    print(f"{kind:8} bofbot              {median(one[0] for one in ours):8.3f} {ours[0][1]:8.0f}")
    for peer, theirs in told.items():
        if None in theirs:
            print(
                f"{kind:8} {peer:19} skipped: not installed in {peers}, cannot read the file, or not ended in {PATIENCE} s"
            )
            continue
        slower = median(other[0] / one[0] for other, one in zip(theirs, ours, strict=True))
        print(
            f"{kind:8} {peer:19} {median(one[0] for one in theirs):8.3f} {theirs[0][1]:8.0f}   {slower:6.2f}x our time, "
            f"{theirs[0][1] / ours[0][1]:.1f}x our memory"
            + ("" if theirs[0][2] == count else f"   WRONG COUNT {theirs[0][2]}")
        )


def _measure(python: str, load: str, path: Path) -> tuple[float, float, int, str] | None:
    program = MEASURE.format(load=load, times=9 if path.stat().st_size < 2_000_000 else 2)
    try:
        told = subprocess.run(
            [python, "-c", program, str(path)], capture_output=True, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return None
    if told.returncode:
        print(told.stderr.strip().splitlines()[-1][:150], file=sys.stderr)
        return None
    best, peak, count, total = json.loads(told.stdout.splitlines()[-1])
    return best, peak, count, total


def _entries(count: int) -> list[Entry]:
    chance = random.Random(1)
    balance = Decimal("10000.00")
    found = []
    for number in range(count):
        amount = Decimal(chance.randrange(-99_999, 99_999) or 1).scaleb(-2)
        balance += amount
        found.append(
            (
                date(2026, 1, 1) + timedelta(days=number * 300 // count),
                amount,
                f"Payment {number} to Example Ltd",
                balance,
            )
        )
    return found


def _ofx(entries: list[Entry]) -> bytes:
    rows = "\n".join(
        f"<STMTTRN>\n<TRNTYPE>{'CREDIT' if amount > 0 else 'DEBIT'}\n<DTPOSTED>{day:%Y%m%d}120000\n<TRNAMT>{amount}\n"
        f"<FITID>F{number:08d}\n<NAME>{text}\n<MEMO>memo {number}\n</STMTTRN>"
        for number, (day, amount, text, _) in enumerate(entries)
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX>\n<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>"
        "<DTSERVER>20261101<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>\n<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0"
        "<SEVERITY>INFO</STATUS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>42<ACCTTYPE>CHECKING</BANKACCTFROM>\n"
        f"<BANKTRANLIST><DTSTART>20260101<DTEND>20261031\n{rows}\n</BANKTRANLIST>"
        f"<LEDGERBAL><BALAMT>{entries[-1][3]}<DTASOF>20261031</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    ).encode()


def _swift(amount: Decimal) -> str:
    return f"{'C' if amount > 0 else 'D'}{str(abs(amount)).replace('.', ',')}"


def _mt940(entries: list[Entry]) -> bytes:
    rows = "\r\n".join(
        f":61:{day:%y%m%d}{day:%m%d}{_swift(amount)}NTRFNONREF//B{number:08d}\r\n:86:166?00TRANSFER?20{text}?32EXAMPLE LTD"
        for number, (day, amount, text, _) in enumerate(entries)
    )
    return (
        f":20:STATEMENT\r\n:25:10020030/42\r\n:28C:1/1\r\n:60F:C260101EUR10000,00\r\n{rows}\r\n"
        f":62F:{'C' if entries[-1][3] >= 0 else 'D'}261031EUR{str(abs(entries[-1][3])).replace('.', ',')}\r\n-\r\n"
    ).encode()


def _camt(entries: list[Entry]) -> bytes:
    def balance(code: str, amount: Decimal, day: str) -> str:
        side = "CRDT" if amount >= 0 else "DBIT"
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{abs(amount)}</Amt>'
            f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n"
        )

    rows = "\n".join(
        f'<Ntry><Amt Ccy="EUR">{abs(amount)}</Amt><CdtDbtInd>{"CRDT" if amount > 0 else "DBIT"}</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>R{number:08d}</AcctSvcrRef>"
        "<BkTxCd><Prtry><Cd>166</Cd></Prtry></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><RltdPties><Dbtr>"
        f"<Nm>Example Ltd</Nm></Dbtr></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for number, (day, amount, text, _) in enumerate(entries)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-11-01T00:00:00</CreDtTm></GrpHdr><Stmt><Id>1</Id><CreDtTm>2026-11-01T00:00:00"
        "</CreDtTm><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>\n"
        f"{balance('OPBD', Decimal('10000.00'), '2026-01-01')}{balance('CLBD', entries[-1][3], '2026-10-31')}{rows}\n"
        "</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def _csv(entries: list[Entry]) -> bytes:
    rows = "\n".join(f"{day},{text},{amount},{balance}" for day, amount, text, balance in entries)
    return f"date,description,amount,balance\n{rows}\n".encode()


def _zengin(entries: list[Entry]) -> bytes:
    def record(*fields: tuple[str | int, int]) -> str:
        text = "".join(str(v).zfill(w) if isinstance(v, int) else v.ljust(w) for v, w in fields)
        return text.ljust(200)

    lines = [
        record(
            ("1030081101080101081031", 22),
            ("0005", 4),
            ("", 15),
            ("001", 3),
            ("", 15),
            ("0001", 4),
            (42, 10),
            ("", 40),
            ("1", 1),
            ("1", 1),
            (1_000_000, 14),
        )
    ]
    balance, credit, debit = 1_000_000, [0, 0], [0, 0]
    for number, (day, amount, _, _) in enumerate(entries, 1):
        yen = int(amount * 100)
        balance += yen
        side = credit if yen > 0 else debit
        side[0] += 1
        side[1] += abs(yen)
        era = f"08{day:%m%d}"
        lines.append(
            record(
                ("2", 1),
                (number, 8),
                (era, 6),
                (era, 6),
                ("1" if yen > 0 else "2", 1),
                ("11", 2),
                (abs(yen), 12),
                (0, 12),
                (0, 38),
                ("ｶ)ｻﾝﾌﾟﾙ", 48),
            )
        )
    lines.append(
        record(
            ("8", 1),
            (credit[0], 6),
            (credit[1], 13),
            (debit[0], 6),
            (debit[1], 13),
            ("1" if balance >= 0 else "2", 1),
            (abs(balance), 14),
            (len(entries), 7),
        )
    )
    lines.append(record(("9", 1), (len(lines) + 1, 10), (1, 5)))
    return "\r\n".join(lines).encode("cp932")


WRITERS: dict[str, tuple[str, Callable[[list[Entry]], bytes]]] = {
    "ofx": ("ofx", _ofx), "mt940": ("sta", _mt940), "camt": ("xml", _camt), "csv": ("csv", _csv), "zengin": ("txt", _zengin),
}  # fmt: skip


def _archive(documents: int) -> int:
    """Fill an archive (records only count for the index; originals are small), search it, verify it."""
    from bofbot.statements.archive import Archive
    from bofbot.statements.archive_record import Key
    from bofbot.statements.archive_search import Search
    from bofbot.statements.archive_verify import verify

    chance = random.Random(1)
    names = [f"株式会社{a}{b}商事" for a in "青赤白黒金銀東西南北" for b in "山川谷島田原森林池沢"]
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive(Path(folder), lambda: datetime.now().astimezone()) as archive,
    ):
        began = time.perf_counter()
        for number in range(documents):
            key = Key(
                date(2017, 1, 1) + timedelta(days=number * 3650 // documents),
                Decimal(chance.randrange(1, 5_000_000)),
                chance.choice(names),
            )
            archive.add(b"receipt %d" % number, name=f"{number}.txt", key=key)
        print(f"{documents:,} documents filed in {time.perf_counter() - began:.0f} s")
        times = sorted(_searched(archive, Search, chance, names) for _ in range(200))
        print(
            f"search by day, amount and counterparty: median {times[100] * 1000:.1f} ms, p95 {times[190] * 1000:.1f} ms"
        )
        began, worked = time.perf_counter(), time.process_time()
        result = verify(archive)
        took, worked = time.perf_counter() - began, time.process_time() - worked
        print(
            f"verify: {result.records / took:,.0f} records/s, {result.records / worked:,.0f} in a second of one core, "
            f"touched {len(result.touched)}"
        )
        changed = _tampered(archive, chance, documents)
        found = {touched.seq for touched in verify(archive).touched}
        print(
            f"tampering: found and named {len(changed & found)} of {len(changed)}, named besides {len(found - changed)}"
        )
    return 0


def _tampered(archive: Any, chance: random.Random, documents: int) -> set[int]:
    """Change sixty records, search keys and originals behind the archive's back; answers their numbers."""
    import sqlite3

    chosen = chance.sample(range(2, documents), 60)
    index = sqlite3.connect(archive.folder / "index.db", isolation_level=None)
    guards = index.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        index.execute(f"DROP TRIGGER {name}")
    for number, seq in enumerate(chosen):
        if number % 3 == 0:
            index.execute("UPDATE records SET note = 'changed' WHERE seq = ?", (seq,))
        elif number % 3 == 1:
            index.execute("UPDATE keys SET amount = amount + 10000 WHERE seq = ?", (seq,))
        else:
            [(sha256,)] = index.execute("SELECT sha256 FROM records WHERE seq = ?", (seq,)).fetchall()
            path = archive.object_path(sha256)
            path.chmod(0o600)
            path.write_bytes(path.read_bytes() + b"!")
    for _, sql in guards:
        index.execute(sql)
    index.close()
    return set(chosen)


def _searched(archive: object, search: type, chance: random.Random, names: list[str]) -> float:
    low = chance.randrange(1, 4_000_000)
    first = date(2017, 1, 1) + timedelta(days=chance.randrange(3500))
    day = {"day_from": first, "day_to": first + timedelta(days=chance.choice((1, 30, 365)))}
    amount = {"amount_from": Decimal(low), "amount_to": Decimal(low + chance.choice((0, 1000, 1_000_000)))}
    who = {"counterparty": chance.choice(names)[chance.choice((0, 4)) :]}
    wanted = chance.choice((day, amount, who, day | amount, day | who, amount | who, day | amount | who))
    began = time.perf_counter()
    archive.search(search(**wanted, limit=100))  # type: ignore[attr-defined]
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
