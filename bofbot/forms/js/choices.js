// Choices: the member of a group that an option's words mean, and the entries of a list that a widget has opened.

const memberOf = ({ label, option }) => {
  const page = new Page();
  const found = resolve(page, label);
  if (!found.control) return { ...whole(found), kind: 'group' };
  const { members } = found.control.unit;
  const ranked = score(page, option).ranked.filter((r) => members.includes(r.control));
  const chosen = decide(ranked);
  const names = members.map((m) => squeeze((writtenNames(m)[0] || {}).text || wordsAfter(page, m))).filter(Boolean);
  return { plain: { ...answer(null, { ...chosen, ranked }), names }, control: chosen.control ? chosen.control.el : null, members: [], kind: 'option' };
};

const wordsAfter = (page, control) => {
  for (let k = control.at + 1; k < page.tokens.length; k += 1) {
    const token = page.tokens[k];
    if (token.kind === 'control') break;
    if (token.kind === 'text' && !isFiller(token.text)) return token.text;
  }
  return '';
};

const LISTED = '[role=option],[role=listbox] li,[role=menu] [role=menuitem],[role=treeitem],[class*=results__option],[class*=option]:not(option),ul[class*=complete] li,ul[class*=suggest] li,div[class*=suggest] div,ul[class*=dropdown] li,ul[class*=ui-menu] li';

const CODES = ['value', 'data-value', 'data-code'];
const wordsIn = (words) => nfkc(words).split(/[\s:|/()]+/).map(compact);

// The entries that a text means: by their words, else by a code that stands in them or is written at them, else by beginning and end.
const entriesMeant = (all, text) => {
  const like = all.map((el) => ({ el, like: likeness(text, el.innerText || '') })).filter((e) => e.like >= 0.9);
  const most = Math.max(0, ...like.map((e) => e.like));
  const ways = [
    () => like.filter((e) => e.like === most).map((e) => e.el),
    () => (/\d/.test(text) ? all.filter((el) => wordsIn(el.innerText || '').includes(compact(text))) : []),
    () => all.filter((el) => CODES.some((name) => compact(el.getAttribute(name)) === compact(text))),
    () => (elided(text) ? all.filter((el) => elided(text)(el.innerText || '')) : []),
  ];
  for (const way of ways) {
    const hits = way();
    if (hits.length) return hits;
  }
  return [];
};

const entryOf = (text) => {
  const all = [...allElements(document)].filter((el) => el.matches(LISTED) && isShown(el) && !el.querySelector(LISTED));
  let best = entriesMeant(all, text);
  if (best.length > 1) best = best.filter((el) => reach(el).x !== undefined);
  const control = best.length === 1 ? best[0] : null;
  const names = all.map((el) => squeeze(el.innerText)).slice(0, 60).sort((a, b) => resemblance(text, b) - resemblance(text, a)).slice(0, 5);
  return { plain: { outcome: control ? 'found' : best.length ? 'ambiguous' : 'missing', said: control ? squeeze(control.innerText) : '', names }, control };
};

// What a person reads as the value of a field: its own, else the words in the box around it.
const standing = (el) => {
  if (el.matches('input[aria-valuenow],[role=slider]')) return el.value || el.getAttribute('aria-valuenow') || '';
  if (!el.matches('input,textarea')) return el.tagName === 'SELECT' ? valueOf(el) : squeeze(readWords(el, (node) => node !== el && node.matches('[role=listbox],[class*=dropdown]') && getComputedStyle(node).position === 'absolute'));
  if (el.value || el.getAttribute('role') !== 'combobox') return el.value;
  for (let at = parentOf(el), level = 0; at && level < 4; at = parentOf(at), level += 1) {
    if (at.querySelectorAll('input,select,textarea').length > 1) break;
    if (squeeze(at.innerText)) return squeeze(at.innerText);
  }
  return '';
};

// The value of a slider: its own, else the numbers that stand beside it.
const sliderShows = (el) => {
  const own = el.getAttribute('aria-valuenow');
  if (own !== null) return [Number(own)];
  for (let at = parentOf(el), level = 0; at && level < 4; at = parentOf(at), level += 1) {
    const numbers = nfkc(at.innerText || '').split(/\s+/).filter((word) => /^-?[\d,]*\.?\d+$/.test(word));
    if (numbers.length) return numbers.map((word) => Number(word.replace(/,/g, '')));
  }
  return [];
};

// What to press to open a field: itself, or the box a person sees in its place.
const gripOf = (el) => {
  for (let at = el, level = 0; at && level < 4; at = parentOf(at), level += 1) {
    const r = at.getBoundingClientRect();
    if (r.width > 12 && r.height > 8 && getComputedStyle(at).opacity !== '0') return at;
  }
  return el;
};
