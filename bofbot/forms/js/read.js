// Read: values and tables that stand on a page, by the words a person finds them with.

const shownText = (el) => squeeze(el.tagName === 'INPUT' || el.tagName === 'TEXTAREA' ? el.value : el.innerText || '');

// The words that belong to a label on a page that only shows: the next cell, the dd of a dt, the rest of the line.
const valuesBeside = (page, wanted) => {
  const values = [];
  for (const text of findTexts(page, wanted)) {
    if (text.like < 0.9) continue;
    const value = besideOf(page, text);
    if (value) values.push(value);
  }
  if (values.length) return values;
  for (const token of page.tokens) {
    if (token.kind !== 'text') continue;
    const parts = squeeze(token.text).match(/^(.{1,40}?)\s*[:：]\s*(.+)$/);
    if (parts && likeness(wanted, parts[1]) >= 0.9) values.push(parts[2]);
  }
  return values;
};

const besideOf = (page, text) => {
  const cell = cellOf(text.el);
  if (cell && compact(core(cell.innerText)) === compact(core(text.parts.map((p) => p.text).join('')))) {
    const next = cell.nextElementSibling;
    if (next && !(cell.tagName === 'TH' && next.tagName === 'TH')) return shownText(next);
    const row = cell.parentElement;
    const rows = [...row.closest('table,[role=table],[role=grid]').querySelectorAll('tr,[role=row]')];
    const below = rows[rows.indexOf(row) + 1];
    if (below && rows.length - rows.indexOf(row) === 2 && below.children[columnOf(cell)]) return shownText(below.children[columnOf(cell)]);
    return '';
  }
  const term = text.el.closest('dt');
  if (term) {
    let at = term.nextElementSibling;
    while (at && at.tagName !== 'DD' && at.tagName !== 'DT') at = at.nextElementSibling;
    return at && at.tagName === 'DD' ? shownText(at) : '';
  }
  const next = page.tokens.slice(text.last + 1).find((t) => !(t.kind === 'text' && isNoise(t.text)));
  return next && next.kind === 'text' && lca(next.el, text.el) !== document.body ? squeeze(next.text) : '';
};

const readValue = (wanted) => {
  const page = new Page();
  const found = resolve(page, wanted);
  if (found.control) {
    const { el, role } = found.control;
    if (role === 'radio') {
      const member = page.byElement.get(el).unit.members.find((m) => m.el.checked);
      return { plain: { outcome: 'found', value: member ? squeeze((writtenNames(member)[0] || {}).text || wordsAfter(page, member)) : '', candidates: [] } };
    }
    return { plain: { outcome: 'found', value: role === 'checkbox' ? String(el.checked) : valueOf(el), candidates: [] } };
  }
  const values = [...new Set(valuesBeside(page, wanted))];
  const outcome = values.length === 1 ? 'found' : values.length || found.outcome === 'ambiguous' ? 'ambiguous' : 'missing';
  return { plain: { outcome, value: values[0] || '', candidates: values.slice(0, 4).map((v) => ({ label: v.slice(0, 60), role: 'text', code: 'same' })) } };
};

const countOf = (text) => {
  const whole = compact(document.body ? document.body.innerText : '');
  const part = compact(text);
  return part ? whole.split(part).length - 1 : 0;
};

// The same as a word of its own: K-1 does not stand in K-10, nor in K-1-2.
const countWhole = (text) => {
  const page = (document.body ? document.body.innerText : '').normalize('NFKC');
  const word = text.normalize('NFKC').trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
  return word ? [...page.matchAll(new RegExp(`(?<![\\w-])${word}(?![\\w-])`, 'gu'))].length : 0;
};

// Where a section, frame or dialog of these words begins: does this document have it?
const hasSection = (words) => {
  const page = new Page();
  const named = [...document.querySelectorAll('fieldset,section,[role=dialog],[role=region],[role=group],form')].some((el) => likeness(words, el.getAttribute('aria-label') || '') > 0.9);
  return findTexts(page, words).some((t) => t.like >= 0.9) || named;
};
