"""The one door to LibreOffice: converts a file without a window, in a profile of its own that computes every formula anew."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from bofbot.errors import ApplicationError, NotReady, Sighting
from bofbot.words import Sentence

_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
    "<value>0</value></prop></item>"
    '<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">'
    "<value>3</value></prop></item></oor:items>"
)
"""Recalculate always (without this, sums stay as they were saved); run no macros."""
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)


def program() -> str | None:
    """The command that starts LibreOffice, or None where there is none."""
    return shutil.which("soffice") or next((place for place in _PLACES if Path(place).is_file()), None)


def recomputed(data: bytes, *, seconds: float = 120.0) -> bytes:
    """An xlsx workbook as LibreOffice saves it after computing every formula. The bytes given are not changed.

    Raises NotReady (no LibreOffice here) and ApplicationError (it does not end in time, or cannot read the book)."""
    command = program()
    if command is None:
        raise NotReady(
            Sentence(en="LibreOffice is not on this machine", ja="このパソコンに LibreOffice がありません"),
            fix=Sentence(
                en="install LibreOffice Calc (Debian: apt-get install libreoffice-calc-nogui)",
                ja="LibreOffice Calc を入れてください（Debian では apt-get install libreoffice-calc-nogui）",
            ),
        )
    with tempfile.TemporaryDirectory(prefix="libreoffice-") as name:
        folder = Path(name)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        (folder / "book.xlsx").write_bytes(data)
        said = _run(
            [
                command, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
                "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(folder / "book.xlsx"),
            ],
            folder,
            seconds,
        )  # fmt: skip
        made = folder / "out" / "book.xlsx"
        if not made.is_file():
            raise _failed(said or "no file came out")
        return made.read_bytes()


def _run(command: list[str], folder: Path, seconds: float) -> str:
    """Runs in a process group of its own: `soffice` is a script, and ending it alone leaves the office behind."""
    with subprocess.Popen(  # noqa: S603, the program's own path and files of our own
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True
    ) as process:  # fmt: skip
        try:
            said, _ = process.communicate(timeout=seconds)
        except BaseException as error:
            _end(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise _failed(f"not done after {seconds:.0f} s") from error
            raise
    return said.strip().splitlines()[-1] if said.strip() else ""


def _end(process: subprocess.Popen[str]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (OSError, AttributeError):
        process.kill()
    process.wait()


def _failed(detail: str) -> ApplicationError:
    return ApplicationError(
        Sentence(
            en=f"LibreOffice could not compute the workbook: {detail}",
            ja=f"LibreOffice でブックを計算できませんでした（{detail}）",
        ),
        sighting=Sighting(looked_for="LibreOffice"),
    )
