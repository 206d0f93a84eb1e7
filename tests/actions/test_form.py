"""The verbs of forms on a real page: each field by its label, read back; what is not there is said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bofbot.actions.pages.form import CheckBox, Choose, Fill, Select, Upload
from bofbot.errors import BusinessError, Place
from bofbot.language.expressions import parse
from bofbot.records import Row
from bofbot.runner.computing import Computing
from bofbot.secret import Secret

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_select_boxes_and_radios_by_their_own_verbs(desk: Any) -> None:
    await desk.open("/form")
    await desk.browser.page.set_content(
        "<p>科目 <select><option>旅費<option>会議費</select></p><p><label><input type=checkbox>至急</label></p><fieldset><legend>区分</legend><label><input type=radio name=k>国内</label><label><input type=radio name=k>海外</label></fieldset>"
    )
    await desk.do(Select(select={"科目": "会議費"}))
    await desk.do(CheckBox(check_box={"至急": True}))
    await desk.do(Choose(choose={"区分": "海外"}))
    state = await desk.browser.page.evaluate(
        "[document.querySelector('select').value, ...[...document.querySelectorAll('input')].map(i => i.checked)]"
    )
    assert state == ["会議費", True, False, True]
    with pytest.raises(BusinessError, match="国内"):
        await desk.do(Choose(choose={"区分": "国外"}))


async def test_labels_that_only_the_run_knows(desk: Any) -> None:
    await desk.open("/form")
    await desk.browser.page.set_content(
        "<form><p><label>金額（税込） * <input id=a></label></p><p><label>備考 <input id=b value=既定></label></p><p><label>“A” &amp; [B]: <input id=c></label></p><p>科目 <select><option>旅費<option>会議費</select></p></form>"
    )
    place = Place("robot.yaml")
    row = Row({"金額（税込） *": Decimal(1200), "備考": None, "“A” & [B]:": "<x>", "科目": "会議費"})
    verb = Fill.model_validate({"fill": parse("${row}", place)})
    assert "columns of ${row}" in verb.sentence().en
    assert "${row} の列名" in verb.sentence().ja
    result = await desk.do(Computing().verb(verb, {"row": row}, place))
    assert result.summary.en == "3 fields, 1 left alone"
    state = await desk.browser.page.evaluate(
        "[...'abc'].map(id => document.getElementById(id).value).concat(document.querySelector('select').value)"
    )
    assert [state[0].replace(",", ""), *state[1:]] == ["1200", "既定", "<x>", "会議費"]
    upload = Upload.model_validate({"upload": parse("${row}", place)})
    assert [touch.target for touch in upload.touches()] == ["${row}"]


async def test_upload_of_a_file_that_is_not_there(desk: Any) -> None:
    await desk.open("/form?how=file")
    with pytest.raises(BusinessError, match="does not exist"):
        await desk.do(Upload(upload={"添付": "ない.pdf"}))


async def test_what_was_filled_is_told_as_the_page_shows_it_and_secrets_are_not(desk: Any) -> None:
    await desk.open("/odd/personal")
    desk.stage.redact.add(Secret("geheim-77"))
    result = await desk.do(Fill(fill={"暗証": Secret("geheim-77")}))
    assert "geheim-77" not in str(result)
    await desk.open("/form")
    result = await desk.do(Fill(fill={"番号": "0012"}))
    assert result.facts == {"fields": {"番号": "0012"}}
    assert result.summary.ja == "1項目"


async def test_a_file_is_attached_to_the_field_of_its_label(desk: Any) -> None:
    (desk.stage.work_folder / "領収書.pdf").write_bytes(b"%PDF-1.7")
    await desk.open("/form?how=file")
    verb = Upload(upload={"添付": "領収書.pdf"})
    assert verb.sentence().ja == "添付に領収書.pdfを添付する"
    assert (await desk.do(verb)).summary.en == "領収書.pdf"
    names = "[...document.querySelector('input[type=file]').files].map(file => file.name)"
    assert await desk.browser.page.evaluate(names) == ["領収書.pdf"]


async def test_a_sentence_never_shows_a_secret() -> None:
    said = Choose(choose={"合言葉": Secret("山")}).sentence()
    assert (said.en, said.ja) == ("choose ●●● in 合言葉", "合言葉で●●●を選ぶ")
