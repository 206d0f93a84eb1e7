"""CSV files in the encodings of Japanese offices: read without a lossy character, written so that nothing runs."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bofbot.adapters.csvfiles.csvfile import csv_bytes, field_text, python_name, read_csv
from bofbot.errors import BofbotError, BusinessError

TEXT = '取引日,摘要,入金額\r\n2026/11/22,ｶ)ﾔﾏﾀﾞ 髙﨑①,"1,200"\r\n'
ROWS = [(1, ["取引日", "摘要", "入金額"]), (2, ["2026/11/22", "ｶ)ﾔﾏﾀﾞ 髙﨑①", "1,200"])]


@pytest.mark.parametrize(
    ("written", "found"),
    [("cp932", "cp932"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_found(tmp_path: Path, written: str, found: str) -> None:
    path = tmp_path / "入金.csv"
    path.write_bytes(TEXT.encode(written))
    file = read_csv(path)
    assert (file.encoding, file.delimiter, list(file.rows())) == (found, ",", ROWS)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_voted_for(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    lines = [["日付", "摘要", "金額"], ["2026-11-22", "東京, 大阪; 他|x", "1,200"], ["2026-11-23", "", "5"]]
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    path.write_text(out.getvalue(), encoding="utf-8")
    file = read_csv(path)
    assert file.delimiter == delimiter
    assert [fields for _, fields in file.rows()] == lines


def test_a_record_is_known_by_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'a,b\n"one\ntwo\n",x\n\n3,4')
    assert list(read_csv(path).rows()) == [
        (1, ["a", "b"]),
        (2, ["one\ntwo\n", "x"]),
        (5, []),
        (6, ["3", "4"]),
    ]


@pytest.mark.parametrize(
    ("content", "options", "en"),
    [
        (b"", {}, "it is empty"),
        (b" \r\n \n", {}, "it is empty"),
        (b"a,b\n1,\xff\xfe\xfd\n", {}, "cannot be read as utf-8, cp932 (line 2)"),
        ("髙".encode("cp932"), {"encoding": "utf-8"}, "cannot be read as utf-8 (line 1)"),
        (b"a\0b,c\n", {}, "not a text file"),
        (b"<!DOCTYPE html><html><body>login</body></html>", {}, "web page (HTML)"),
    ],
)
def test_what_is_no_csv_is_named(tmp_path: Path, content: bytes, options: dict[str, str], en: str) -> None:
    path = tmp_path / "入金.csv"
    path.write_bytes(content)
    with pytest.raises(BusinessError) as caught:
        read_csv(path, **options)
    assert en in caught.value.message.en
    assert caught.value.message.ja.startswith("入金.csv")


def test_a_broken_quote_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'a,b\n1,2\n"3" x,4\n')
    with pytest.raises(BusinessError, match="begins at line 3") as caught:
        list(read_csv(path).rows())
    assert caught.value.sighting.cell
    assert caught.value.sighting.cell.row == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+81-3-1234", "'+81-3-1234"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-1,234.5", "-1,234.5"),
        ("0012", "0012"),
        (Decimal("-5.50"), "-5.50"),
        (-3, "-3"),
        (date(2026, 11, 22), "2026-11-22"),
        (True, "true"),
        (None, ""),
    ],
)
def test_text_from_data_never_runs_in_a_spreadsheet(value: Any, text: str) -> None:
    assert field_text(value) == text


def test_a_character_without_a_place_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with pytest.raises(BusinessError, match=r"line 2: cp932 has no character “𠮷” \(U\+20BB7\)"):
        csv_bytes([["名前"], ["𠮷野"]], encoding="cp932", path=path)
    assert csv_bytes([["髙﨑①"]], encoding="cp932", path=path) == "髙﨑①\r\n".encode("cp932")


def test_names_of_encodings() -> None:
    assert {python_name(name) for name in ("Shift_JIS", "sjis", "SJIS", "ms932", "windows-31j", "cp932")} == {
        "cp932"
    }
    assert python_name("UTF-8") == "utf-8"
    with pytest.raises(ValueError, match="unknown encoding"):
        python_name("utf-9")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_read_exactly_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    try:
        file = read_csv(path)
        rows = list(file.rows())
    except BofbotError as error:
        assert error.message.ja  # noqa: PT017  (either outcome is right)
        return
    assert "\ufffd" not in file.text or "\ufffd".encode() in content
    assert [number for number, _ in rows] == sorted({number for number, _ in rows})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=8),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_reads_back(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "a.csv"
    rows = [["見出し1", "見出し2"], *rows]
    path.write_bytes(csv_bytes(rows, path=path))
    assert [fields for _, fields in read_csv(path, delimiter=",").rows()] == [
        [field_text(v) for v in row] for row in rows
    ]
