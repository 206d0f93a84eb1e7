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
  near.push(...closedParts(near));
  near.sort((a, b) => b.alike - a.alike);
  return { outcome: found.outcome, candidates: near.slice(0, 5), says: pageSays() };
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

// A component whose inside no program can see, when nothing else comes near.
const closedParts = (near) => (near.some((one) => one.alike > 0.9) ? [] : [...document.querySelectorAll('*')])
  .filter((el) => el.tagName.includes('-') && !el.shadowRoot && customElements.get(el.localName) && isShown(el) && !el.querySelector('input,select,textarea') && !compact(el.innerText || ''))
  .slice(0, 1)
  .map((el) => ({ alike: 0.46, label: el.localName, role: 'component', code: 'closed', detail: el.localName }));

// The one field in a label's own box that cannot be seen now.
const hiddenNear = (page, wanted) => {
  for (const text of findTexts(page, wanted.split(/[>＞›]/).pop().trim()).filter((t) => t.like >= 0.9)) {
    for (let at = text.el, level = 0; at && at !== document.body && level < 3; at = parentOf(at), level += 1) {
      const inside = page.controls.filter((c) => contains(at, c.el));
      if (inside.length) return inside.length === 1 && !inside[0].shown ? inside[0] : null;
    }
  }
  return null;
};
