// Fill: a whole form in one call, with the events of a person, and every value read back.

const INPLACE = new Set(['textbox', 'editor', 'select', 'date', 'time', 'month', 'week', 'datetime-local', 'color', 'slider']);
const REVEALING = new Set(['select', 'checkbox', 'radio', 'combobox', 'switch', 'listbox', 'file']);
const pad = (n) => String(n).padStart(2, '0');

// 2026-04-01, 2026/4/1, 2026年4月1日 → [y, m, d]
const dayOf = (text) => {
  const m = nfkc(text).trim().match(/^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?$/);
  return m ? [m[1], m[2], m[3]] : null;
};

// How a date is written here: as the box's hint or pattern shows, else 2026/04/01.
const dateFor = (el, [y, m, d]) => {
  const hint = nfkc(`${el.placeholder || ''} ${el.getAttribute('data-date-format') || ''} ${el.value || ''}`).toLowerCase();
  if (!d) return /\d{4}-\d|yyyy-mm/.test(hint) ? `${y}-${pad(m)}` : `${y}/${pad(m)}`;
  if (/yyyy-mm|\d{4}-\d{1,2}-/.test(hint)) return `${y}-${pad(m)}-${pad(d)}`;
  if (/yyyymmdd|(^|\D)\d{8}(\D|$)/.test(hint)) return `${y}${pad(m)}${pad(d)}`;
  if (/年/.test(hint)) return `${y}年${m}月${d}日`;
  if (/mm\/dd\/y/.test(hint)) return `${pad(m)}/${pad(d)}/${y}`;
  if (/dd\/mm\/y/.test(hint)) return `${pad(d)}/${pad(m)}/${y}`;
  if (/dd\.mm\.y/.test(hint)) return `${pad(d)}.${pad(m)}.${y}`;
  return `${y}/${pad(m)}/${pad(d)}`;
};

const textFor = (control, field) => {
  const { el, role } = control;
  const day = dayOf(field.text);
  if (role === 'date' && day && day[2]) return `${day[0]}-${pad(day[1])}-${pad(day[2])}`;
  if (role === 'month' && day) return `${day[0]}-${pad(day[1])}`;
  if (role === 'time') { const t = nfkc(field.text).match(/^(\d{1,2})[:時](\d{1,2})/); return t ? `${pad(t[1])}:${pad(t[2])}` : field.text; }
  if (role === 'datetime-local') return nfkc(field.text).trim().replace(/\//g, '-').replace(' ', 'T').slice(0, 16);
  if (role === 'textbox' && field.kind === 'date' && day) return dateFor(el, day);
  if (typeOf(el) === 'number') return nfkc(field.text).replace(/,/g, '').trim();
  return field.text;
};

const valueOf = (el) => (el.isContentEditable ? el.innerText.replace(/\n$/, '') : el.tagName === 'SELECT' ? [...el.selectedOptions].map((o) => squeeze(o.text)).join(', ') : el.value !== undefined ? el.value : squeeze(el.innerText));

const digits = (text) => nfkc(text).replace(/[,\s¥$€円\-‐ー/年月日.:()]/g, '');
const sameValue = (wrote, read) => {
  const a = nfkc(wrote).replace(/\r\n?/g, '\n').trim();
  const b = nfkc(read).replace(/\r\n?/g, '\n').trim();
  if (a === b) return true;
  if (/^[-\d,.\s¥円]+$/.test(a) && /^[-\d,.\s¥円]+$/.test(b)) {
    const number = (t) => (/^-?[\d,]*\.?\d+$/.test(t.replace(/[\s¥円]/g, '')) ? Number(t.replace(/[,\s¥円]/g, '')) : NaN);
    if (number(a) === number(b)) return true;
  }
  const da = dayOf(a);
  const db = dayOf(b);
  if (da && db) return da.every((part, i) => Number(part || 0) === Number(db[i] || 0));
  return /^[\d\-‐ー()\s]+$/.test(a) && /^[\d\-‐ー()\s]+$/.test(b) && digits(a) === digits(b) && a.replace(/\D/g, '').length > 5 && !/^-/.test(a) === !/^-/.test(b);
};

const deepActive = () => {
  let el = document.activeElement;
  while (el && el.shadowRoot && el.shadowRoot.activeElement) el = el.shadowRoot.activeElement;
  return el;
};

const typeInto = (el, text) => {
  el.focus();
  if (deepActive() !== el) return 'nofocus';
  if (el.isContentEditable) getSelection().selectAllChildren(el);
  else el.select();
  if (!text && !valueOf(el)) return '';
  const ask = new InputEvent('beforeinput', { inputType: 'insertText', data: text, bubbles: true, cancelable: true, composed: true });
  if (!el.dispatchEvent(ask)) return 'vetoed';
  if (text) document.execCommand('insertText', false, text);
  else document.execCommand('delete');
  return '';
};

// One task later: frameworks have answered the events by then.
const nextTask = () => new Promise((resume) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { port1.close(); resume(); };
  port2.postMessage(0);
});

const announce = (el) => {
  el.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  el.dispatchEvent(new Event('change', { bubbles: true }));
};

const setNative = (el, text) => {
  el.focus();
  const proto = Object.getPrototypeOf(el);
  const property = Object.getOwnPropertyDescriptor(proto, 'value');
  property.set.call(el, text); // past a framework's own setter, as typing would
  announce(el);
  return el.value === text || sameValue(text, el.value) ? '' : 'refused';
};

// The option meant by a text: the same words, the same value, else the only one with these words as one of its parts.
const optionFor = (select, text) => {
  const options = [...select.options];
  const ways = [
    (o) => compact(o.text) === compact(text),
    (o) => core(o.text) === core(text),
    (o) => o.value === text,
    (o) => nfkc(o.text).split(/[\s:：|/()（）]+/).some((part) => compact(part) === compact(text)),
    (o) => /^\d+$/.test(text) && new RegExp(`^0*${Number(text)}(年|月|日|時|分)?$`).test(compact(o.text)),
  ];
  for (const way of ways) {
    const hits = options.filter(way);
    if (hits.length === 1) return { option: hits[0] };
    if (hits.length > 1) return { several: hits.map((o) => squeeze(o.text)) };
  }
  return { nearest: options.map((o) => squeeze(o.text)).filter(Boolean).sort((a, b) => resemblance(text, b) - resemblance(text, a)).slice(0, 5) };
};

const choose = (el, texts) => {
  const options = [];
  for (const text of texts) {
    const { option, several, nearest } = optionFor(el, text);
    if (!option) return { code: several ? 'options' : 'nooption', detail: (several || nearest).join(' / '), value: text };
    if (option.disabled) return { code: 'optiondisabled', detail: squeeze(option.text) };
    options.push(option);
  }
  el.focus();
  if (el.multiple) for (const o of el.options) o.selected = options.includes(o);
  else [options[0].selected] = [true];
  announce(el);
  return null;
};

// One value over several boxes: by its own separators, else by the lengths of the boxes.
const spread = (members, field) => {
  const n = members.length;
  const day = dayOf(field.text);
  if (day && day.filter(Boolean).length === n && n > 1) return day.filter(Boolean);
  if (day && n > 1 && field.kind === 'date') return null;
  for (const cut of [/[~〜～]/, /[@＠]/, /[-‐－ー–—/\s()（）:]+/]) {
    const parts = nfkc(field.text).split(cut).map((p) => p.trim()).filter(Boolean);
    if (parts.length === n) return parts;
  }
  const sizes = members.map((m) => m.el.maxLength);
  const bare = nfkc(field.text).replace(/[-\s]/g, '');
  if (sizes.every((s) => s > 0) && sizes.reduce((a, b) => a + b, 0) === bare.length) {
    let at = 0;
    return sizes.map((s) => bare.slice(at, (at += s)));
  }
  return null;
};

const put = (control, field) => {
  const { el, role } = control;
  if (role === 'select') {
    const trouble = choose(el, field.list || [field.text]);
    return trouble || { way: 'selected', wrote: (field.list || [field.text]).join(', ') };
  }
  const text = textFor(control, field);
  if (role === 'textbox' || role === 'editor') {
    const fault = typeInto(el, text);
    return fault ? { hands: true, code: fault } : { way: 'typed', wrote: text };
  }
  const fault = setNative(el, text);
  return fault ? { code: 'refused', detail: valueOf(el), value: field.text } : { way: 'set', wrote: text };
};

const WIDGET = 'select2,chosen,selectize,ts-wrapper,choices';
const stoodInFor = (control) => {
  const { el } = control;
  const unseen = !control.shown || el.getAttribute('aria-hidden') === 'true' || control.rect.width < 5 || getComputedStyle(el).opacity === '0';
  if (el.tagName !== 'SELECT' || !unseen) return false;
  for (const sib of [el.nextElementSibling, el.previousElementSibling, el.parentElement]) {
    if (sib && isShown(sib) && (sib.querySelector('[role=combobox]') || WIDGET.split(',').some((w) => String(sib.className).includes(w)))) return true;
  }
  return false;
};

// Resolve all labels and check all controls before anything is typed.
const planFill = (page, fields) => {
  const plan = [];
  let revealed = false;
  for (const field of fields) {
    const found = resolve(page, field.label);
    const step = { field, found };
    if (found.outcome !== 'found') {
      const gone = found.ranked.filter((r) => r.control.gone && r.value > 0.24);
      step.problem = found.outcome === 'missing' && gone.length === 1 ? hiddenBy(gone[0].control.el) : { code: found.outcome };
      step.later = revealed;
    } else {
      const { control } = (step.target = { control: page.byElement.get(found.control.el) });
      const typing = !TICKED.has(control.role) && control.role !== 'file';
      step.print = field.known === undefined ? null : printFor(page, control, field.known);
      const rival = field.known ? contested(page, control, field.known) : null;
      if (rival) step.problem = { code: 'crossed', detail: tidy(rival.words()[0] || '') };
      else if (stoodInFor(control)) step.behind = true;
      else if (!TICKED.has(control.role)) step.problem = troubleOf(control, { forTyping: typing });
      else if (isDisabled(control.el)) step.problem = { code: 'disabled' };
      step.later = revealed;
      revealed = revealed || REVEALING.has(control.role);
    }
    plan.push(step);
  }
  return plan;
};

// A page that draws its form anew at each entry has other elements by now: look again.
const renew = (step) => {
  if (step.target.control.el.isConnected) return true;
  const again = resolve(new Page(), step.field.label);
  if (again.control) step.target = { control: again.control };
  return Boolean(again.control);
};

const boxesOf = (step) => step.target.control.unit.members.filter((m) => m.shown);

const carry = (step) => {
  if (!renew(step)) return { code: 'gone' };
  const { control } = step.target;
  const { members } = control.unit;
  if (members.length > 1 && control.unit.kind === 'boxes' && control === members[0]) {
    const shown = boxesOf(step);
    const parts = spread(shown, step.field);
    if (!parts) return { code: 'boxes', detail: String(shown.length) };
    for (let i = 0; i < parts.length; i += 1) {
      const done = put(shown[i], { ...step.field, text: parts[i], kind: 'text' });
      if (!done.way) return done;
    }
    step.read = () => boxesOf(step).map((m) => valueOf(m.el)).join('-');
    step.boxes = parts.join('-');
    return { way: 'boxes', wrote: step.boxes };
  }
  if (!INPLACE.has(control.role) || (control.role === 'textbox' && control.el.getAttribute('aria-autocomplete') === 'list')) return { hands: true };
  step.read = () => valueOf(step.target.control.el);
  const done = put(control, step.field);
  if (step.behind && done.way) done.way = 'behind';
  return done;
};

const verify = (page, step) => {
  const { way, wrote } = step.result;
  const read = renew(step) ? step.read() : '';
  if (way === 'selected' || way === 'behind') {
    const { el } = step.target.control;
    const right = (step.field.list || [step.field.text]).every((text) => { const { option } = optionFor(el, text); return option && option.selected; });
    return right ? { way, read } : { code: 'changed', detail: read, value: wrote };
  }
  if (way === 'boxes') return read === wrote || digits(read) === digits(wrote) ? { way, read } : { code: 'changed', detail: read, value: wrote };
  return sameValue(wrote, read) ? { way, read } : { code: 'changed', hands: true, detail: read, value: wrote };
};

// Fills in order until a field needs real hands (a click, a file, a widget). Answers per field; `control` is that field's.
const fillForm = async (fields) => {
  const page = new Page();
  const plan = planFill(page, fields);
  const bad = plan.filter((step) => step.problem && !step.later);
  const say = (step) => ({ label: step.field.label, ...step.problem, ...(step.result || {}), role: step.target ? step.target.control.role : '', ...(step.print ? { print: step.print } : {}), candidates: (step.result || {}).way ? [] : answer(page, step.found).candidates });
  if (bad.length) return { results: bad.map(say), next: 0, control: null };
  const done = [];
  let control = null;
  let group = [];
  for (const step of plan) {
    if (step.problem) break;
    step.result = carry(step);
    done.push(step);
    if (!step.result.way) {
      control = step.target.control.el;
      group = step.target.control.unit.members.map((m) => m.el);
      break;
    }
    if (REVEALING.has(step.target.control.role) && plan.slice(done.length).some((s) => s.later)) break;
  }
  const last = done[done.length - 1];
  if (last && last.result.way && deepActive() && deepActive().blur) deepActive().blur();
  await nextTask();
  for (const step of done) if (step.result.way) step.result = verify(page, step);
  const wrong = done.find((step) => step.result.hands && step.result.code === 'changed');
  if (wrong && !control) { control = wrong.target.control.el; }
  return { results: done.map(say), next: done.length, control, group };
};
