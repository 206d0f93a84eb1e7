// Why: the nearest candidates to a label, and what keeps each of them from being it.

const why = (wanted) => {
  const page = new Page();
  const label = wanted.split(/[>＞›]/).pop().trim();
  const found = resolve(page, wanted);
  const near = [];
  for (const control of page.controls) {
    const names = writtenNames(control).map((n) => n.text);
    const seen = found.ranked.find((r) => r.control === control);
    const alike = Math.max(seen ? 0.5 + seen.value / 2 : 0, ...names.map((name) => Math.max(likeness(label, name), 0.9 * resemblance(label, name))));
    if (alike >= 0.45) near.push({ alike, label: tidy(names[0] || label), role: control.role, ...whyNot(control, found, alike) });
  }
  for (const button of clickables(label)) {
    const alike = Math.max(button.like, 0.85 * resemblance(label, button.name));
    if (alike >= 0.6) near.push({ alike, label: button.name.slice(0, 60), role: button.rank === 3 ? 'button' : 'link', code: 'role', detail: button.rank === 3 ? 'button' : 'link' });
  }
  for (const text of nearTexts(page, label)) {
    if (!near.some((n) => n.alike >= text.alike || core(n.label) === core(text.label))) near.push(text);
  }
  near.sort((a, b) => b.alike - a.alike);
  return { outcome: found.outcome, candidates: near.slice(0, 5) };
};

const whyNot = (control, found, alike) => {
  const trouble = TICKED.has(control.role) && control.shown ? (isDisabled(control.el) ? { code: 'disabled' } : null) : troubleOf(control);
  if (trouble && !stoodInFor(control)) return trouble;
  if (found.outcome === 'ambiguous' && found.ranked.slice(0, 4).some((r) => r.control === control && r.value > 0.35)) return { code: 'same' };
  return { code: alike > 0.97 ? 'fits' : 'other' };
};

// Words like the label that name no control: the page knows the word, but there is nothing to fill.
const nearTexts = (page, label) => page.tokens
  .filter((token) => token.kind === 'text' && compact(token.text).length <= 60)
  .map((token) => ({ alike: 0.8 * resemblance(label, token.text), label: tidy(token.text), role: 'text', code: 'text' }))
  .filter((text) => text.alike >= 0.6)
  .sort((a, b) => b.alike - a.alike)
  .slice(0, 2);
