"""download: every mode of handing out a file gives the right bytes, or an error that says what came instead."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from bofbot.actions.documents.download import Download
from bofbot.actions.pages.login import Login
from bofbot.errors import ApplicationError

from .counter_site import CSV, PDF, a_zip

browser = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BLOB = b"a,b\n1,2\n"
RIGHT = [
    ("attachment", "a.csv", CSV), ("inline", "a.pdf", PDF), ("newtab", "a.pdf", PDF), ("anchor", "a.csv", CSV), ("blob", "a.csv", BLOB),
    ("blobtab", "a.csv", BLOB), ("confirmed", "a.csv", CSV), ("iframe", "a.pdf", PDF), ("double", "a.csv", CSV), ("popuplater", "a.csv", CSV),
    ("hostile", "a.csv", CSV), ("sjis_name", "a.csv", CSV), ("zip", "a.zip", None), ("slow", "a.csv", CSV), ("redirect", "a.csv", CSV),
]  # fmt: skip


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("how", "to", "data"), RIGHT, ids=[how for how, _, _ in RIGHT])
async def test_the_right_bytes(desk: Any, how: str, to: str, data: bytes | None) -> None:
    await desk.open("/files")
    result = await desk.do(Download(download=how, to=f"out/{to}"))
    kept = (desk.stage.work_folder / "out" / to).read_bytes()
    assert kept == (data or a_zip())
    assert result.value["sha256"] == hashlib.sha256(kept).hexdigest()
    assert (result.value["size"], result.value["path"]) == (len(kept), f"out/{to}")
    assert not (desk.stage.work_folder / "CON.csv").exists()


WRONG = [
    ("zero", "a.csv", "empty"), ("none204", "a.csv", "204"), ("html_as_pdf", "a.pdf", "web page came"), ("error500", "a.csv", "500"),
    ("cut_known", "a.csv", "broke off"), ("cut_unknown", "a.pdf", "cut short"), ("nothing", "a.csv", "no file came"), ("attachment", "a.pdf", "not a pdf"),
]  # fmt: skip


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("how", "to", "said"), WRONG, ids=[f"{how}-{to}" for how, to, _ in WRONG])
async def test_what_came_instead_is_said_and_nothing_is_kept(desk: Any, how: str, to: str, said: str) -> None:
    await desk.open("/files")
    desk.stage.timeout = 6.0
    with pytest.raises(ApplicationError, match=said):
        await desk.do(Download(download=how, to=f"out/{to}"))
    assert not (desk.stage.work_folder / "out" / to).exists()


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_by_its_address_and_the_sites_own_name_is_kept(desk: Any) -> None:
    await desk.open("/files")
    result = await desk.do(Download(from_="/get/sjis_name", to="out/x.csv"))
    assert result.value["original_name"] == "明細.csv"
    assert desk.browser.url.endswith("/files")


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_a_session_that_has_run_out(desk: Any) -> None:
    await desk.open("/files")
    with pytest.raises(ApplicationError, match="session"):
        await desk.do(Download(download="private", to="out/p.csv"))
    await desk.do(Login(login="経費", at=f"{desk.url}/login"))
    desk.site.logged_in = False
    await desk.open("/files")
    await desk.do(Download(download="private", to="out/p.csv"))
    assert (desk.stage.work_folder / "out" / "p.csv").read_bytes() == CSV
    assert desk.site.log_ins == ["right", "right"]


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_a_smallest_size(desk: Any) -> None:
    await desk.open("/files")
    with pytest.raises(ApplicationError, match="at least 1000"):
        await desk.do(Download(download="attachment", to="out/a.csv", at_least="1KB"))
