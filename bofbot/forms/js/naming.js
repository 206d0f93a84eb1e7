// Naming: the way back: by which words would a person, and so the resolver, find this control or button?

const FEW = 12;

// Words near a control, the likeliest first: what it is called, then what stands around it.
const wordsFor = (page, control) => {
  const ticked = TICKED.has(control.role);
  const first = control.unit.members.find((m) => m.shown) || control;
  const words = writtenNames(control).filter((n) => ['label', 'labelledby', 'aria', 'own'].includes(n.kind)).map((n) => n.text);
  const beside = (from, step, most) => {
    for (let k = from + step, n = 0; k >= 0 && k < page.tokens.length && n < most; k += step) {
      const token = page.tokens[k];
      if (token.kind !== 'text' || isFiller(token.text)) continue;
      words.push(token.text);
      n += 1;
    }
  };
  if (ticked) beside(control.at, 1, 1);
  beside(first.at, -1, ticked ? 2 : 5);
  words.push(...columnHeads(control.el));
  if (!ticked) beside(control.at, 1, 2);
  words.push(...writtenNames(control).map((n) => n.text));
  return neat(words);
};

// A group's own name, then what stands before it; its options' words last.
const groupWords = (page, control) => {
  const first = control.unit.members.find((m) => m.shown) || control;
  const own = wordsFor(page, first);
  const options = new Set(control.unit.members.map((m) => tidy((writtenNames(m)[0] || {}).text || wordsAfter(page, m))));
  return [...neat([groupName(page, control) || '']), ...own.filter((text) => !options.has(text)), ...own.filter((text) => options.has(text))];
};

const columnHeads = (el) => {
  const cell = cellOf(el);
  const table = cell && cell.closest('table');
  if (!table || !table.rows) return [];
  const column = columnOf(cell);
  return [...table.rows].map((row) => [...row.cells].find((c) => columnOf(c) === column)).filter((c) => c && c.tagName === 'TH').map(plainText);
};

const neat = (words) => [...new Set(words.map((text) => tidy(text)).filter((text) => {
  const bare = compact(text);
  return bare && bare.length <= 40 && !/[>＞›]/.test(text) && /\p{L}/u.test(bare) && !isNoise(text);
}))].slice(0, FEW);

// The headings a control stands under, the nearest first, and the words that begin its table row.
const sectionsOver = (page, el, at) => {
  const words = [];
  const row = el.closest('tr,[role=row],li');
  if (row) words.push(...page.tokens.filter((t) => t.kind === 'text' && contains(row, t.el)).slice(0, 3).map((t) => t.text));
  for (let up = parentOf(el); up; up = parentOf(up)) {
    const own = up.querySelector(':scope > legend, :scope > caption');
    if (own) words.push(plainText(own));
    if (up.getAttribute && up.getAttribute('aria-label')) words.push(up.getAttribute('aria-label'));
  }
  for (let k = at - 1; k >= 0; k -= 1) {
    const token = page.tokens[k];
    if (token.kind === 'text' && headingLevel(token.el)) words.push(token.text);
  }
  return neat(words);
};

const remarked = (text) => tidy(text.replace(new RegExp(`[:：*＊※]+$|[\\s　]*[（(]?${MARKS}[)）]?$`), '')) || text;

// `label`, else `section > label`, that resolves back to this very control (or its group); "" when none does.
const labelOf = (page, el, want) => {
  const control = page.byElement.get(el);
  if (!control) return '';
  const means = (label) => {
    const found = resolve(page, label).control;
    return Boolean(found) && (want === 'group' ? found.unit === control.unit : found === control);
  };
  const near = want === 'group' ? groupWords(page, control) : wordsFor(page, control);
  const words = [...new Set(near.flatMap((text) => [remarked(text), text]))];
  const plain = words.find(means);
  if (plain) return plain;
  for (const section of sectionsOver(page, el, control.at)) {
    const label = words.slice(0, 4).map((text) => `${section} > ${text}`).find(means);
    if (label) return label;
  }
  return '';
};

// Passwords, one-time codes and card numbers: what is typed there is nobody's business.
const CODE = /one-time|otp|totp|mfa|2fa|認証コード|確認コード|ワンタイム|認証番号|verification code|authenticat\w* code|passcode|security code|暗証番号|\bpin\b/i;
const isSecret = (el) => {
  if (typeOf(el) === 'password' || /one-time-code|cc-|password/.test(el.autocomplete || '')) return true;
  if (roleOf(el) !== 'textbox') return false;
  return CODE.test([el.name, el.id, el.placeholder, el.getAttribute('aria-label'), ...[...(el.labels || [])].map(plainText)].join(' '));
};

// What was entered, in the words of a robot: {kind, label, value}. The value of a secret box never leaves the page.
const entered = (el) => {
  const page = new Page();
  const control = page.byElement.get(el);
  if (!control) return null;
  const { role, unit } = control;
  const said = { role, name: el.name || el.id || '', type: typeOf(el) };
  if (isSecret(el)) return { ...said, kind: 'secret', label: labelOf(page, el, 'one'), value: '' };
  if (role === 'radio') return { ...said, kind: 'choose', label: labelOf(page, el, 'group'), value: tidy((writtenNames(control)[0] || {}).text || wordsAfter(page, control)) };
  if (role === 'checkbox' || role === 'switch') return { ...said, kind: 'check_box', label: labelOf(page, el, 'one'), value: el.checked !== undefined ? el.checked : el.getAttribute('aria-checked') === 'true' };
  if (role === 'file') return { ...said, kind: 'upload', label: labelOf(page, el, 'one'), value: [...el.files].map((file) => file.name) };
  if (role === 'select') return { ...said, kind: 'select', label: labelOf(page, el, 'one'), value: el.multiple ? [...el.selectedOptions].map((o) => squeeze(o.text)) : valueOf(el) };
  if (unit.kind === 'boxes' && unit.members.length > 1) return { ...said, kind: 'fill', label: labelOf(page, unit.members[0].el, 'group'), value: unit.members.filter((m) => m.shown).map((m) => valueOf(m.el)).join('-') };
  return { ...said, kind: 'fill', label: labelOf(page, el, 'one'), value: valueOf(el) };
};

// The button or link around what was clicked, in words that find it again; null when it is none.
const pressed = (target) => {
  let el = target;
  while (el && !el.matches(CLICKABLE) && !pointed(el)) el = parentOf(el);
  if (!el || isControl(el)) return null;
  const name = neat(buttonNames(el))[0] || tidy(buttonNames(el)[0]);
  const form = el.form || el.closest('form');
  const sends = Boolean(form) && (el.tagName === 'BUTTON' || el.tagName === 'INPUT') && (el.type === 'submit' || el.type === 'image');
  const secret = sends && [...form.elements].some((one) => one.tagName === 'INPUT' && isSecret(one));
  return { name, label: name ? buttonLabel(el, name) : '', method: sends ? (el.formMethod && el.hasAttribute('formmethod') ? el.formMethod : form.method) : '', secret, link: el.tagName === 'A' };
};

const buttonLabel = (el, name) => {
  const means = (words) => { const { hits } = findButton(words); return hits.length === 1 && (hits[0].el === el || contains(hits[0].el, el) || contains(el, hits[0].el)); };
  if (!/[>＞›]/.test(name) && means(name)) return name;
  const page = new Page();
  const section = sectionsOver(page, el, placeOf(page, el)).find((words) => means(`${words} > ${name}`));
  return section ? `${section} > ${name}` : '';
};

// What a person could read now: the pieces of text, the headings, messages, and numbers worth keeping.
const RECEIPT = /^(受付|申請|申込|伝票|注文|登録|管理|整理|照会|予約)(番号|No\.?|ID)$|^(receipt|confirmation|reference|order|request|application)\s*(number|no\.?|id|#)$/i;
const readable = () => {
  const page = new Page();
  const texts = page.tokens.filter((t) => t.kind === 'text').map((t) => squeeze(t.text));
  const messages = [...document.querySelectorAll('[role=status],[role=alert],[aria-live],.notice,.message,.success,.alert,output')].filter(isShown).map((el) => squeeze(el.innerText || '')).filter(Boolean);
  const headings = [...document.querySelectorAll('h1,h2,h3,[role=heading]')].filter(isShown).map((el) => squeeze(el.innerText || '')).filter(Boolean);
  const receipts = [...new Set(texts.map((t) => tidy(t.replace(/[:：]$/, ''))).filter((t) => RECEIPT.test(t)))].filter((t) => readValue(t).plain.outcome === 'found' && !resolve(page, t).control);
  return { texts: [...new Set(texts)].slice(0, 600), messages, headings, receipts };
};
