"""Only the content proves a document: whole ones, cut ones, and web pages in their place."""

from __future__ import annotations

import pytest

from bofbot.actions.documents.document import KINDS, fault_of, kind_of_name
from bofbot.words import Sentence

from .counter_site import CSV, PDF, a_zip


@pytest.mark.parametrize(
    ("kind", "data", "whole"),
    [
        ("pdf", PDF, True), ("pdf", PDF[:900], False), ("zip", a_zip(), True), ("zip", a_zip()[:60], False), ("xlsx", a_zip(), False),
        ("csv", CSV, True), ("csv", CSV[:-5], True), ("csv", b"a,b,c\n1,2,3\n4,5", False), ("csv", b'a,b\n"x', False), ("csv", PDF, False),
        ("xml", b"<?xml version='1.0'?><a><b/></a>\n", True), ("xml", b"<?xml version='1.0'?><a><b/>", False),
        ("ofx", b"OFXHEADER:100\n<OFX><X></OFX>\n", True), ("ofx", b"OFXHEADER:100\n<OFX><X>", False), ("any", b"\x00", True), ("txt", b"<html>", False),
    ],
)  # fmt: skip
def test_only_the_content_proves_that_a_document_is_whole(kind: str, data: bytes, whole: bool) -> None:
    assert (fault_of(data, kind) is None) is whole


def test_the_kind_follows_from_the_name() -> None:
    assert [kind_of_name(name) for name in ("a.PDF", "b.tsv", "c", "d.qfx", "明細.xlsx")] == [
        "pdf",
        "csv",
        "any",
        "ofx",
        "xlsx",
    ]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("html", "any")])
@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><body>log in</body></html>",
        b"\xef\xbb\xbf\n<!-- x --><HTML lang=ja><body>",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'></html>",
    ],
)
def test_a_web_page_in_place_of_a_file_is_told_as_that(kind: str, page: bytes) -> None:
    fault = fault_of(page, kind)
    assert fault is not None
    assert fault.en == f"a web page came in place of the {kind} file"


def test_an_empty_or_a_small_file_is_told_before_anything_else() -> None:
    empty, small = fault_of(b"", "any"), fault_of(b"a,b\n", "csv", at_least=1000)
    assert (empty and empty.ja) == "届いたファイルが空です（0バイト）"
    assert (small and small.en) == "the file has 4 bytes; at least 1000 were expected"


@pytest.mark.parametrize(
    ("kind", "data", "fault"),
    [
        ("csv", b"a,b\x00,c\n", "not a csv"),
        ("csv", "番号,摘要\n1,㈱山田\n".encode("cp932"), None),
        ("csv", "a,b\n1,2\n".encode("utf-16"), None),
        ("txt", b"a line without an end", None),
        ("xml", b"<a/>", None),
        ("xml", b"no markup", "not a xml"),
        ("ofx", b"no markup", "not a ofx"),
        ("xls", b"\xd0\xcf\x11\xe0\xa1", None),
        ("xls", b"\x00\x01\x02", "not a xls"),
        ("json", b"{", None),
    ],
)
def test_kinds_are_told_by_how_they_begin_and_end(kind: str, data: bytes, fault: str | None) -> None:
    said: Sentence | None = fault_of(data, kind)
    assert (said is None) if fault is None else (said is not None and fault in said.en)
