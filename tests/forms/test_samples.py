"""Saved pages of real sites (../shared/samples/forms): how many labels are found rightly, and how few wrongly."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bofbot.forms.reader import source

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "forms"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(
        not SAMPLES.is_dir(), reason="../shared/samples/forms is not here: label resolution is not scored"
    ),
]

TIED = """() => {
  const squeeze = (t) => t.normalize('NFKC').replace(/\\s+/g, ' ').trim();
  let n = 0;
  const seen = (el) => el.checkVisibility({ checkVisibilityCSS: true }) && el.getBoundingClientRect().width > 1;
  return [...document.querySelectorAll('label')].flatMap((label) => {
    const control = label.control;
    if (!control || /^(hidden|button|submit|reset|image)$/.test(control.type) || !seen(label) || !seen(control)) return [];
    const copy = label.cloneNode(true);
    copy.querySelectorAll('select,textarea,script,style,button').forEach((el) => el.remove());
    const words = squeeze(label.querySelector('select,textarea,button') ? copy.textContent : label.innerText);
    if (!words || words.length > 120) return [];
    if (!control.dataset.truth) control.dataset.truth = String((n += 1));
    return [[words, control.dataset.truth]];
  });
}"""
ABLATE = """() => {
  for (const label of [...document.querySelectorAll('label')]) {
    const span = document.createElement('span');
    for (const a of ['class', 'style']) if (label.hasAttribute(a)) span.setAttribute(a, label.getAttribute(a));
    while (label.firstChild) span.appendChild(label.firstChild);
    label.replaceWith(span);
  }
  const gone = ['aria-label', 'aria-labelledby', 'aria-describedby', 'placeholder', 'title', 'name', 'id', 'autocomplete'];
  for (const el of document.querySelectorAll('*')) for (const a of gone) el.removeAttribute(a);
}"""

LIES = """() => {
  const labels = [...document.querySelectorAll('label[for]')].filter((label) => {
    const { control } = label;
    return control && control.dataset.truth && !label.contains(control) && control.labels.length === 1;
  });
  const ties = labels.map((label) => label.htmlFor);
  labels.forEach((label, i) => { label.htmlFor = ties[(i + 1) % ties.length]; });
  return labels.length > 1 ? labels.map((label) => label.innerText.normalize('NFKC').replace(/\\s+/g, ' ').trim()) : [];
}"""
"""Ties every label to the field of the next one; answers with the labels that lie now."""


def _alike(words: str) -> str:
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", words).lower())
    return re.sub(r"[*:]|\(?(optional|required)\)?", "", plain)


async def _score(page: Any, labels: list[str], truth: dict[str, str]) -> Counter[str]:
    script = f"(labels) => {{ const reader = {source()}; return labels.map((l) => {{ const a = reader.resolve(l); return [a.plain.outcome, a.control && a.control.dataset.truth]; }}); }}"
    answers = await page.evaluate(script, labels)
    return Counter(
        outcome if outcome != "found" else "right" if control == truth[label] else "wrong"
        for label, (outcome, control) in zip(labels, answers, strict=True)
    )


async def test_saved_pages_as_they_are_and_with_only_what_a_person_sees(
    page: Any, record_property: Any
) -> None:
    as_is, ablated, lying, by_eye = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    html = ""

    async def answer(route: Any) -> None:
        if route.request.url == "http://sample/":
            await route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            await route.abort()

    await page.route("**/*", answer)
    for file in sorted((SAMPLES / "sites").glob("*.html")):
        html = re.sub(r"<script\b.*?</script>", "", file.read_text("utf-8", "replace"), flags=re.S | re.I)
        await page.goto("http://sample/", wait_until="domcontentloaded")
        tied = await page.evaluate(TIED)
        meanings: dict[str, set[str]] = {}
        for words, control in tied:
            meanings.setdefault(_alike(words), set()).add(control)
        truth = {words: control for words, control in tied if len(meanings[_alike(words)]) == 1}
        if truth:
            as_is += await _score(page, list(truth), truth)
            liars = {words for words in await page.evaluate(LIES) if words in truth}
            lying += await _score(page, sorted(liars), truth)
            await page.evaluate(ABLATE)
            ablated += await _score(page, list(truth), truth)
            named = Counter(control for _, control in {(_alike(words), control) for words, control in tied})
            by_eye += await _score(page, [one for one in truth if named[truth[one]] == 1], truth)
    _report(record_property, "as they are", as_is)
    _report(record_property, "only what a person sees", ablated)
    _report(record_property, "the same, without fields to which several labels are tied", by_eye)
    _report(record_property, "every label tied to another label's field", lying)
    assert as_is.total() > 500
    assert as_is["right"] / as_is.total() >= 0.99
    assert as_is["wrong"] == 0
    assert ablated["right"] / ablated.total() >= 0.95
    assert ablated["wrong"] / ablated.total() <= 0.01
    assert by_eye["wrong"] / by_eye.total() <= 0.001
    assert lying["wrong"] / lying.total() <= 0.12


async def test_japanese_pages(page: Any, record_property: Any) -> None:
    score = Counter[str]()
    for stem, rows in json.loads((SAMPLES / "jp" / "truth.json").read_text("utf-8")).items():
        await page.set_content((SAMPLES / "jp" / f"{stem}.html").read_text("utf-8"))
        for row in rows:
            script = f"([label, meant]) => {{ const a = ({source()}).resolve(label); return [a.plain.outcome, Boolean(a.control && a.control.matches(meant))]; }}"
            outcome, right = await page.evaluate(script, [row["label"], row["target"]])
            score["right" if right else "wrong" if outcome == "found" else outcome] += 1
    _report(record_property, "Japanese", score)
    assert score["right"] / score.total() >= 0.95
    assert score["wrong"] == 0


def _report(record_property: Any, name: str, score: Counter[str]) -> None:
    shares = ", ".join(
        f"{key} {score[key] / score.total():.2%}" for key in ("right", "wrong", "ambiguous", "missing")
    )
    record_property(name, shares)
    print(f"\n{name}: {score.total()} labels, {shares}")  # noqa: T201, the figures are the point of this test
