"""Readers under fire: any bytes lead to statements or a named refusal, soon, and never to another error."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bofbot.adapters.workbooks.statement_sheets import sheet_rows
from bofbot.statements.formats import FORMATS, format_named
from bofbot.statements.model import Refused, Statement
from bofbot.statements.options import Options
from bofbot.statements.reading import proved, read_bytes

SAMPLES = Path(__file__).parent / "samples"
SEEDS = sorted(
    path for path in SAMPLES.iterdir() if path.suffix != ".json" and 0 < path.stat().st_size < 20_000
)
FEW = settings(max_examples=150, deadline=2000, suppress_health_check=list(HealthCheck), derandomize=True)
OPTIONS = Options(sheets=sheet_rows)


def only_statements_or_a_refusal(data: bytes, format_: str = "") -> list[Statement]:
    """Read and prove; anything but a named refusal fails the test."""
    refusal = None
    found: list[Statement] = []
    try:
        found = read_bytes(data, name="fuzz", options=Options(sheets=sheet_rows, format=format_))
    except Refused as error:
        refusal = error
    if refusal is not None:
        assert refusal.reason != "reader-fault", str(refusal)
        assert refusal.reason
        assert refusal.message.ja
    for statement, proof in proved(found):
        assert proof.outcome in ("verified", "discrepancy", "unverifiable")
        assert all(isinstance(check.ok, bool | None) for check in proof.checks)
        assert statement.sum.is_finite()
    return found


@FEW
@given(st.binary(max_size=2000))
@example(b"")
@example(b"\x00" * 100)
def test_any_bytes(data: bytes) -> None:
    only_statements_or_a_refusal(data)


@pytest.mark.parametrize("name", sorted(FORMATS))
@settings(parent=FEW, max_examples=60)
@given(data=st.binary(max_size=400))
def test_any_bytes_given_to_a_format_by_name(name: str, data: bytes) -> None:
    only_statements_or_a_refusal(data, name)


@settings(parent=FEW, max_examples=300)
@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False))
def test_samples_with_damage(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 5)))
        elif kind == 1:
            del data[at : at + chance.randrange(1, 40)]
        elif kind == 2 and at < len(data):
            data[at] = chance.randrange(256)
        else:
            start = chance.randrange(len(data) + 1)
            data[at:at] = data[start : start + 60]
    only_statements_or_a_refusal(bytes(data))


@settings(parent=FEW, max_examples=200)
@given(st.sampled_from(SEEDS), st.floats(0, 1))
def test_samples_cut_anywhere(path: Path, share: float) -> None:
    data = path.read_bytes()
    only_statements_or_a_refusal(data[: int(len(data) * share)])


@settings(parent=FEW, max_examples=200)
@given(
    st.lists(
        st.lists(
            st.text(st.sampled_from("0123456789/.,-()¥年月日円令和abE \"'残高"), max_size=12),
            min_size=2,
            max_size=6,
        ),
        max_size=8,
    )
)
def test_any_table(rows: list[list[str]]) -> None:
    text = "日付,金額,残高,摘要\n" + "\n".join(",".join(row) for row in rows)
    only_statements_or_a_refusal(text.encode())


BOMB = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 20}">' for n in range(10)
) + "]><Document><BkToCstmrStmt>&k;</BkToCstmrStmt></Document>"  # fmt: skip
XXE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document><BkToCstmrStmt>&x;</BkToCstmrStmt></Document>'
DEEP = "<Document><BkToCstmrStmt>" + "<a>" * 200_000


def _zip(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "billion laughs": (BOMB.encode(), {"entities"}),
    "billion laughs in UTF-16": (BOMB.encode("utf-16"), {"entities", "unknown-format", "unknown-columns"}),
    "external entity": (XXE.encode(), {"entities"}),
    "entity after a long comment": (b"<!--" + b" " * 20_000 + b"-->" + XXE[21:].encode(), {"entities"}),
    "depth without end": (DEEP.encode(), {"broken-xml", "cut-file"}),
    "zip bomb": (_zip({"a.csv": b"0" * 50_000_000}), {"zip-bomb"}),
    "zips in zips": (_zip({"a.zip": _zip({"b.zip": _zip({"c.csv": b"x"})})}), {"nested-zip"}),
    "zip with 6000 files": (_zip({f"{n}.csv": b"" for n in range(6000)}), {"zip-bomb"}),
    "pdf that ends early": (b"%PDF-1.7\n" + b"x" * 1000, {"cut-file"}),
    "pdf of nothing": (b"%PDF-1.7\n%%EOF", {"broken-pdf"}),
    "one line of 10 MB": (b"a," * 5_000_000, {"unknown-columns", "broken-csv"}),
    "ten million quotes": (
        b'"' * 10_000_000,
        {"unknown-format", "broken-csv", "unknown-columns", "cut-file"},
    ),
    "digits without end": (b"date,amount\n2026-01-01," + b"9" * 1_000_000, {"bad-amount", "broken-csv"}),
    "spaces in an OFX tag": (b"<OFX>" + b"<STMTTRN " * 200_000, {"cut-file"}),
    "open OFX tags": (
        b"<OFX><STMTRS>" + b"<BANKTRANLIST><STMTTRN>" * 50_000 + b"</OFX>",
        {"bad-date", "missing-amount"},
    ),
    "MT940 of colons": (b":20:X\n:25:1\n" + b":" * 1_000_000, set()),
    "OLE that is none": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 5000, {"broken-workbook"}),
    "UTF-8 broken in the middle": (
        "日付,金額,摘要\n2026-09-01,100,あいう".encode() + b"\xe3\x81\n2026-09-02,1,a\n",
        {"wrong-encoding"},
    ),
    "zeros in text": (b"date,amount\x00\n2026-01-01,1\n", {"unknown-format", "not-text"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_soon(name: str) -> None:
    data, reasons = HOSTILE[name]
    began = time.process_time()
    if not reasons:
        only_statements_or_a_refusal(data)
    else:
        with pytest.raises(Refused) as refused:
            read_bytes(data, name=name, options=OPTIONS)
        assert refused.value.reason in reasons
    assert time.process_time() - began < 5


def test_every_format_says_its_name_and_recognises_without_raising() -> None:
    for name in FORMATS:
        found = format_named(name)
        assert name == found.NAME
        for head in (b"", b"\x00", b"PK\x03\x04", "あ".encode("utf-16"), b"<" * 100):
            assert found.recognise(head) in (True, False)


LONG = 100_000
LONG_CELLS = {
    "blanks before the end of a label": "Date,Amount,Text\n2026-01-01,5,x\nTotal"
    + " " * LONG
    + "as of 1,,\n",
    "blanks in an amount": "Date;Amount;Text\n2026-01-01;5" + " " * LONG + "x;y\n",
    "brackets that never close": "Date;Amount;" + "(" * LONG + "\n2026-01-01;5;y\n",
    "signs": "Date;Amount\n2026-01-01;" + "-" * LONG + "\n",
    "figures": "Date;Amount\n2026-01-01;" + "9" * LONG + "\n",
    "figures with marks": "Date;Amount\n2026-01-01;" + "1," * (LONG // 2) + "1\n",
    "wide figures": "日付;金額\n2026-01-01;" + "１" * (LONG // 2) + "\n",
}


@pytest.mark.parametrize("name", LONG_CELLS)
def test_a_cell_as_long_as_a_book_takes_no_time(name: str) -> None:
    """Time grows with the length, not with its square: minutes once, milliseconds now."""
    began = time.process_time()
    only_statements_or_a_refusal(LONG_CELLS[name].encode())
    assert time.process_time() - began < 5
