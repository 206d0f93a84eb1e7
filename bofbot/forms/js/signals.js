// Signals: how strongly a piece of text and a control belong together. Written ties first, then what the eye sees.

const NAMES = { label: 1, labelledby: 0.97, aria: 0.95, own: 0.95, placeholder: 0.85, title: 0.82, option: 0.8 };

const plainText = (el) => {
  let text = '';
  const visit = (node) => {
    if (node.nodeType === 3) text += node.data;
    else if (node.nodeType === 1 && !SKIPPED.has(node.tagName) && (node === el || (!isControl(node) && node.tagName !== 'BUTTON'))) {
      const apart = /^(DIV|P|BR|LI|TD|TH|UL|DL|H\d)$/.test(node.tagName);
      if (apart) text += ' ';
      node.childNodes.forEach(visit);
      if (apart) text += ' ';
    }
  };
  visit(el);
  return compact(text) ? text : [...el.querySelectorAll('img[alt]')].map((picture) => picture.alt).join(' ');
};

// The names a control carries by itself: [{text, kind}].
const writtenNames = (control) => {
  if (control.names) return control.names;
  const { el, role } = control;
  const names = [];
  const add = (kind, text) => text && compact(text) && names.push({ kind, text });
  for (const label of control.labels || []) add('label', plainText(label));
  const ids = (el.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean);
  const root = el.getRootNode();
  const pointed = ids.map((id) => root.getElementById && root.getElementById(id)).filter((at) => at && !contains(el, at));
  const lent = pointed.length === 1 && pointed[0].tagName === 'LABEL' && pointed[0].control && pointed[0].control !== el;
  if (!lent) add('labelledby', pointed.map(plainText).join(' '));
  add('aria', el.getAttribute('aria-label'));
  add('placeholder', el.getAttribute('placeholder') || (el.tagName !== 'INPUT' && el.getAttribute('data-placeholder')) || el.getAttribute('aria-placeholder'));
  add('title', el.getAttribute('title'));
  if (['checkbox', 'radio', 'switch'].includes(role) && el.tagName !== 'INPUT') add('own', plainText(el));
  if (role === 'select' && el.options.length && !el.options[0].value) add('option', el.options[0].text);
  return (control.names = names);
};

// Words that lie in the box of a list: what is chosen there, unless they are its label afloat.
const liesIn = (rect, control) => control.role === 'combobox' && rect.left > control.rect.left - 4 && rect.right < control.rect.right + 4 && between(control.rect.top, (rect.top + rect.bottom) / 2, control.rect.bottom);
const isValueBox = (page, box, control) => !box.closest('label') && page.tokens.every((token) => token.kind !== 'text' || !contains(box, token.el) || liesIn(page.rectOf(token), control));

// The words of the smallest boxes around a control that hold nothing else to fill.
const wordsAround = (page, control) => {
  if (control.around) return control.around;
  const words = [];
  let at = parentOf(control.el);
  for (let level = 0; at && level < 5 && unitsInside(page, at).size <= 1 && control.unit.members.length === 1; level += 1) {
    const text = squeeze(plainText(at));
    if (text.length > 200) break;
    if (text && !(control.role === 'combobox' && isValueBox(page, at, control)) && !words.includes(text)) words.push(text);
    at = parentOf(at);
  }
  return (control.around = words);
};

// A frame around many questions is no question of its own.
const isOwnGroup = (page, group, control) => {
  const [first, ...others] = unitsInside(page, group);
  return !first || (first === control.unit && others.length < 2);
};

const groupName = (page, control) => {
  const group = control.el.closest('fieldset,[role=radiogroup],[role=group]');
  if (!group || !isOwnGroup(page, group, control)) return '';
  const legend = group.querySelector(':scope > legend');
  const ids = (group.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean);
  const by = ids.map((id) => document.getElementById(id)).filter(Boolean).map(plainText).join(' ');
  return (legend && plainText(legend)) || group.getAttribute('aria-label') || by;
};

const lca = (a, b) => {
  for (let at = a; at; at = parentOf(at)) if (contains(at, b)) return at;
  return null;
};

const unitsInside = (page, el) => {
  page.inside = page.inside || new Map();
  if (!page.inside.has(el)) {
    const units = new Set();
    for (const c of page.controls) if (c.shown && contains(el, c.el)) units.add(c.unit);
    page.inside.set(el, units);
  }
  return page.inside.get(el);
};

// The smallest element around a text that holds a control.
const homeOf = (page, el) => {
  let at = el;
  while (at && unitsInside(page, at).size === 0) at = parentOf(at);
  return at;
};

const UNIT = /^[()（）]?(円|¥|%|％|個|件|名|人|日|月|年|時|分|kg|g|m|cm|様|まで|から|以上|以下|税込|税抜|ー|-|~|〜|📅|▼|▾|×|x)+[()（）]?$/i;
const TOGGLE = /^(show|hide|表示(する)?|非表示|forgot.*|.*(を)?お?忘れ.*|検索|参照|クリア|.*とは[?？]?|help|info|details|edit|change|変更)$/;
const QUESTION = /^(設問|質問|問|q)\d{1,2}[.):、]?$/; // 問1 給与所得がありますか
const isFiller = remembered((text) => isNoise(text) || UNIT.test(compact(text)) || TOGGLE.test(compact(text)) || QUESTION.test(compact(text)));

// A sentence, a question or a link beside a field says something about it; it is not its name.
const isAside = (token) => compact(token.text).length > 24 || /[。.!?！？]\s*$/.test(token.text) || Boolean(token.el.closest && token.el.closest('a'));

// What the eye says, from boxes on the screen: 0 … 1, or null when it says nothing.
const geometry = (text, control, page) => {
  const t = text.rect;
  const c = control.rect;
  if (t.width < 2 || t.height < 2 || t.right < 0 || !c.width || !control.shown) return null;
  const tall = Math.min(t.bottom, c.bottom) - Math.max(t.top, c.top);
  const wide = Math.min(t.right, c.right) - Math.max(t.left, c.left);
  const ticked = control.role === 'checkbox' || control.role === 'radio' || control.role === 'switch';
  if (tall > 0 && wide > 0) return 0.9;
  if (tall > 0.3 * Math.min(t.height, c.height)) {
    const gap = c.left >= t.right - 4 ? c.left - t.right : t.left - c.right;
    const near = Math.max(0, 1 - gap / 500);
    if (c.left >= t.right - 4) return (ticked ? 0.6 : 0.95) * near;
    return (ticked ? 0.95 : 0.4) * near;
  }
  if (wide > 0 || Math.abs(t.left - c.left) < 24) {
    const gap = c.top >= t.bottom - 4 ? c.top - t.bottom : t.top - c.bottom;
    const near = Math.max(0, 1 - gap / 160);
    return (c.top >= t.bottom - 4 ? 0.85 : 0.25) * near;
  }
  return 0.1;
};

const between = (low, x, high) => x > low && x < high;

// Nothing else stands in the gap between a text and a control: a box on the screen.
const clear = (page, text, control, gap, kinds = ['text', 'control', 'button']) => !page.tokens.some((token) => {
  if (!kinds.includes(token.kind)) return false;
  if (token === control || (token.at >= text.first && token.at <= text.last) || (token.kind === 'control' && !token.shown)) return false;
  if (token.kind === 'text' && isFiller(token.text)) return false;
  const r = page.rectOf(token);
  const across = between(gap.left, (r.left + r.right) / 2, gap.right) || (token.kind === 'control' && Math.min(r.right, gap.right) - Math.max(r.left, gap.left) > 4);
  return r.width > 1 && across && between(gap.top, (r.top + r.bottom) / 2, gap.bottom);
});

// Does the control share its own box with other words before it?
const ownWords = (page, control, text) => {
  let at = parentOf(control.el);
  while (at && unitsInside(page, at).size <= 1 && !contains(at, text.el)) {
    for (let k = control.at - 1; k >= 0 && contains(at, page.tokens[k].el); k -= 1) if (page.tokens[k].kind === 'text' && !isFiller(page.tokens[k].text)) return true;
    at = parentOf(at);
  }
  return false;
};

// Does another field follow the text on its own line? Then the one below is not its.
const hasFieldBeside = (page, text, control) => {
  const next = page.tokens[text.last + 1];
  if (!next || next.kind !== 'control' || next === control || !next.shown || next.unit === control.unit) return false;
  const t = text.rect;
  const line = Math.min(t.bottom, next.rect.bottom) - Math.max(t.top, next.rect.top);
  return line > 0.6 * Math.min(t.height, next.rect.height) && between(-3, next.rect.left - t.right, 40);
};

// What only the eye says: the field right of its label on one line, or right below it, with nothing between.
const eyeTie = (page, text, control) => {
  if (!control.shown || TICKED.has(control.role)) return 0;
  const t = text.rect;
  const c = control.rect;
  if (t.width < 2 || t.height < 2) return 0;
  const home = unitsInside(page, homeOf(page, text.el) || document.body);
  if (home.size === 1 && !home.has(control.unit)) return 0; // it stands in another field's own box
  if (ownWords(page, control, text)) return 0;
  const line = Math.min(t.bottom, c.bottom) - Math.max(t.top, c.top);
  if (line > 0.6 * Math.min(t.height, c.height) && c.left >= t.right - 2 && c.left - t.right < 240) {
    return clear(page, text, control, { left: t.right - 1, right: c.left + 1, top: Math.min(t.top, c.top), bottom: Math.max(t.bottom, c.bottom) }) ? 0.85 : 0;
  }
  const over = Math.min(t.right, c.right) - Math.max(t.left, c.left);
  if (hasFieldBeside(page, text, control)) return 0;
  if (over > 0.5 * Math.min(t.width, c.width) && Math.abs(t.left - c.left) < 30 && between(-4, c.top - t.bottom, 40)) {
    const alone = clear(page, text, control, { left: Math.min(t.left, c.left), right: Math.max(t.right, c.right), top: t.bottom - 1, bottom: c.top + 1 });
    const beside = { left: c.left - 160, right: c.left, top: c.top, bottom: c.bottom };
    return alone && clear(page, text, control, beside, ['text']) ? 0.78 : 0;
  }
  return 0;
};

const TICKED = new Set(['checkbox', 'radio', 'switch']);

// The last token of the label's own cell, when the label stands first in it: 理由 / 200文字以内 is one label with its hint.
const hintsUnder = (page, text) => {
  const box = text.el.closest && text.el.closest('th,td,dt,p,label,h4,h5,h6');
  if (!box || unitsInside(page, box).size || !text.parts.length) return text.last;
  const before = page.tokens[text.first - 1];
  if (before && before.kind === 'text' && contains(box, before.el) && !isFiller(before.text)) return text.last;
  let last = text.last;
  while (last + 1 < page.tokens.length && page.tokens[last + 1].kind === 'text' && contains(box, page.tokens[last + 1].el)) last += 1;
  return last - text.last > 3 ? text.last : last;
};

// How strongly `text` (a run of text tokens) names `control`: 0 … 1.
const tie = (page, text, control) => {
  const forward = control.at > text.last;
  const a = lca(text.el, control.el);
  if (!a) return 0;
  const [from, to] = forward ? [text.last + 1, control.at] : [control.at + 1, text.first];
  const hints = forward ? hintsUnder(page, text) : text.last;
  let texts = 0;
  let units = new Set();
  for (let k = from; k < to; k += 1) {
    const token = page.tokens[k];
    if (token.kind === 'control' && token.shown && token.unit !== control.unit) units.add(token.unit);
    if (token.kind === 'text' && !(forward && k <= hints) && !isFiller(token.text) && !contains(control.el, token.el)) texts += isAside(token) ? 0.5 : 1;
  }
  const ticked = TICKED.has(control.role);
  const alone = unitsInside(page, a).size <= 1;
  let score;
  if (alone) score = forward ? 0.9 : ticked ? 0.92 : 0.84;
  else score = forward ? 0.74 : ticked ? 0.72 : 0.4;
  score -= Math.min(0.3, (alone ? 0.05 : 0.14) * texts) + (units.size ? 0.55 : 0);
  const home = homeOf(page, text.el);
  if (!alone && home && home !== a) score -= 0.4;
  const table = tableTie(page, text.el, control);
  if (table !== null) score = Math.max(Math.min(score, table + 0.1), table);
  else if (!alone) score = Math.max(score, pairTie(page, text, control) || 0);
  const seen = geometry(text, control, page);
  if (seen !== null) score += (seen - 0.5) * 0.3;
  return Math.max(0, Math.min(1, score));
};
