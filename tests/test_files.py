"""Files are written whole or not at all; names are safe; holders are named."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bofbot import files
from bofbot.errors import ApplicationError
from bofbot.files import (
    atomic_write,
    fresh_path,
    lock_holder,
    refuse_when_locked,
    safe_name,
    sha256_of,
    why_refused,
)


def test_bytes_text_and_functions_are_written(tmp_path: Path) -> None:
    def lines(file: BinaryIO) -> None:
        file.write(b"one\n")
        file.seek(0)
        assert file.read() == b"one\n"

    atomic_write(tmp_path / "a.bin", b"\x00\x01")
    atomic_write(tmp_path / "new folder" / "b.txt", "明細\r\n")
    atomic_write(tmp_path / "c.txt", lines)
    assert (tmp_path / "a.bin").read_bytes() == b"\x00\x01"
    assert (tmp_path / "new folder" / "b.txt").read_bytes() == "明細\r\n".encode()
    assert (tmp_path / "c.txt").read_bytes() == b"one\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.bin", "c.txt", "new folder"]


def test_a_failed_write_or_check_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "帳票.xlsx"
    path.write_bytes(b"old")

    def breaks(file: BinaryIO) -> None:
        file.write(b"half of the n")
        raise KeyboardInterrupt

    def refuse(written: Path) -> None:
        assert written.suffix == ".xlsx"
        assert written.read_bytes() == b"new"
        raise ValueError("not a workbook")

    with pytest.raises(KeyboardInterrupt):
        atomic_write(path, breaks)
    with pytest.raises(ValueError, match="not a workbook"):
        atomic_write(path, b"new", check=refuse)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["帳票.xlsx"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_permissions_and_symbolic_links_are_kept(tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(real)
    atomic_write(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    atomic_write(tmp_path / "fresh.csv", b"x")
    umask = os.umask(0o022)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "fresh.csv").stat().st_mode) == 0o666 & ~umask


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_said_in_our_words(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")

    def write(_file: BinaryIO) -> None:
        with Path("/dev/full").open("wb") as full:  # the kernel's own ENOSPC
            full.write(b"x" * 100_000)

    with pytest.raises(ApplicationError) as caught:
        atomic_write(path, write)
    assert caught.value.message.en == "report.xlsx could not be written: the disk is full"
    assert "空き容量" in caught.value.message.ja
    assert caught.value.fix is not None
    assert [p.name for p in tmp_path.iterdir()] == ["report.xlsx"]
    assert path.read_bytes() == b"old"


def test_a_folder_in_the_way_and_a_name_too_long_are_named(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(ApplicationError, match="it is a folder"):
        atomic_write(tmp_path / "out.csv", b"x")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ApplicationError, match=r"could not be written"):
        atomic_write(tmp_path / "file" / "out.csv", b"x")
    with pytest.raises(ApplicationError, match="its name is too long"):
        atomic_write(tmp_path / ("長" * 100), b"x")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "out.csv"]


def test_old_leftovers_are_swept_young_ones_are_not(tmp_path: Path) -> None:
    old, young = tmp_path / ".bofbot-1.csv", tmp_path / ".bofbot-2.csv"
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    atomic_write(tmp_path / "a.csv", b"")
    assert not old.exists()
    assert young.exists()


def excel_owner_file(name: str) -> bytes:
    """165 bytes as Excel writes them: length, name in the code page padded to 54, length and name in UTF-16."""
    ansi = name.encode("cp932")
    wide = name.encode("utf-16-le")
    head = bytes([len(ansi)]) + ansi.ljust(54, b" ")
    return (head + len(name).to_bytes(2, "little") + wide).ljust(165, b" ")


def test_the_holder_in_excels_owner_file_is_named(tmp_path: Path) -> None:
    book = tmp_path / "経費.xlsx"
    book.touch()
    assert lock_holder(book) is None
    refuse_when_locked(book)
    (tmp_path / "~$経費.xlsx").write_bytes(excel_owner_file("経理 花子"))
    assert lock_holder(book) == "経理 花子"
    with pytest.raises(ApplicationError) as caught:
        refuse_when_locked(book)
    assert "経理 花子" in caught.value.message.en
    assert "経理 花子" in caught.value.message.ja
    for nameless in (b"", b"x\n", bytes(165)):
        (tmp_path / "~$経費.xlsx").write_bytes(nameless)
        assert lock_holder(book) == "Excel"


@pytest.mark.parametrize(
    ("content", "holder"),
    [
        (",kimura,pc-07,22.11.2026 09:00,file:///home/kimura/.config/libreoffice/4;", "kimura"),
        ("木村\\, 太郎,kimura,pc-07,22.11.2026 09:00,file:///x;", "木村, 太郎"),
        ("", "LibreOffice"),
    ],
)
def test_the_holder_in_libreoffices_lock_is_named(tmp_path: Path, content: str, holder: str) -> None:
    (tmp_path / ".~lock.経費.xlsx#").write_text(content, encoding="utf-8")
    assert lock_holder(tmp_path / "経費.xlsx") == holder


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("明細 2026年10月.csv", "明細 2026年10月.csv"),
        ("../../etc/passwd", "etc_passwd"),
        ("C:\\Users\\x\\a.pdf", "C__Users_x_a.pdf"),
        ("a\x00b\r\nc\t.txt", "abc.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("CON", "_CON"),
        ("lpt1.txt", "_lpt1.txt"),
        ("NUL .csv", "_NUL .csv"),
        ("report. . ", "report"),
        (".htaccess", "htaccess"),
        ('a<b>:"|?*.csv', "a_b______.csv"),
        ("", "_"),
        ("...", "_"),
        ("..", "_"),
        ("か\u3099.csv", "が.csv"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_long_names_keep_their_extension() -> None:
    cut = safe_name("経費精算書" * 40 + ".xlsx")
    assert 170 < len(cut.encode()) <= 180
    assert safe_name("x" * 50 + "." + "y" * 300, limit=60) == "x" * 50 + "." + "y" * 9


@given(st.text(max_size=300), st.integers(min_value=8, max_value=200))
def test_any_name_becomes_one_safe_part(name: str, limit: int) -> None:
    safe = safe_name(name, limit)
    assert safe
    assert safe not in (".", "..")
    assert len(safe.encode()) <= limit
    assert not set(safe) & set('/\\<>:"|?*')
    assert not safe.endswith((" ", "."))
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in safe)
    assert Path(safe).name == safe


def test_fresh_paths_never_exist(tmp_path: Path) -> None:
    assert fresh_path(tmp_path, "a/b.csv") == tmp_path / "a_b.csv"
    (tmp_path / "a_b.csv").touch()
    (tmp_path / "a_b (2).csv").touch()
    assert fresh_path(tmp_path, "a/b.csv") == tmp_path / "a_b (3).csv"


def test_sha256(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert sha256_of(tmp_path / "x") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_every_reason_speaks_both_languages(tmp_path: Path) -> None:
    for number in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.EISDIR, errno.ENAMETOOLONG):
        failure = files.write_failure(OSError(number, os.strerror(number)), tmp_path / "a.csv")
        assert failure.message.ja.startswith("a.csv に書き込めません：")
        assert failure.message.ja != failure.message.en


def test_what_the_system_refuses_is_said_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xff")
    for name, ja in (
        ("gone", "ファイルがありません"),
        ("", "フォルダーです"),
        ("latin", "UTF-8ではありません"),
    ):
        with pytest.raises((OSError, UnicodeError)) as caught:
            (tmp_path / name).read_text(encoding="utf-8")
        said = why_refused(caught.value)
        assert ja in said.ja
        assert said.en.isascii()
