// Fill: a whole form in one call, with the events of a person, and every value read back.

const INPLACE = new Set(['textbox', 'editor', 'select', 'date', 'time', 'month', 'week', 'datetime-local', 'color', 'slider']);
const REVEALING = new Set(['select', 'checkbox', 'radio', 'combobox', 'switch', 'listbox', 'file']);
const deepActive = () => {
  let el = document.activeElement;
  while (el && el.shadowRoot && el.shadowRoot.activeElement) el = el.shadowRoot.activeElement;
  return el;
};

const typeInto = (el, text) => {
  el.focus();
  if (deepActive() !== el) return 'nofocus';
  if (el.isContentEditable) getSelection().selectAllChildren(el);
  else if (el.value || el.validity.badInput) el.select(); // in an empty box it costs a layout of the page for nothing
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

// Is the list shown by a widget in its place?
const stoodInFor = (control) => Boolean(control.stand);

// A box that cannot be typed into may still take a day from the calendar that it opens.
const mayOpenCalendar = (control, field) => control.role === 'textbox' && Boolean(dayFor(field)) && control.el.readOnly === true;
const dayFor = (field) => { const day = field.list ? null : dayOf(field.text.replace(/T\d\d:\d\d$/, '')); return day && day[2] ? day.map(Number) : null; };

// Resolve all labels and check all controls before anything is typed.
const planFill = (page, fields) => {
  const plan = [];
  let revealed = false;
  for (const field of fields) {
    const found = resolve(page, field.label);
    const step = { field, found };
    if (found.outcome !== 'found') {
      const gone = found.ranked.filter((r) => r.control.gone && r.value > 0.24);
      const unseen = gone.length === 1 ? gone[0].control : hiddenNear(page, field.label);
      step.problem = found.outcome === 'missing' && unseen ? hiddenBy(unseen.el) : { code: found.outcome };
      step.later = revealed;
    } else {
      const { control } = (step.target = { control: page.byElement.get(found.control.el), boxes: found.boxes });
      const typing = !TICKED.has(control.role) && control.role !== 'file';
      step.print = field.known === undefined ? null : printFor(page, control, field.known);
      const contest = field.known ? contested(page, control, field.label, field.known) : null;
      if (contest) step.problem = contest;
      else if (stoodInFor(control)) step.behind = true;
      else if (!TICKED.has(control.role)) step.problem = troubleOf(control, { forTyping: typing && control.role !== 'combobox' && !mayOpenCalendar(control, field) });
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
  if (again.control) step.target = { control: again.control, boxes: again.boxes };
  return Boolean(again.control);
};

const boxesOf = ({ target }) => (target.boxes || (target.control === target.control.unit.members[0] ? target.control.unit.members : [target.control])).filter((m) => m.shown);

// One value over the boxes of a field.
const carryOver = (step, boxes) => {
  const { unit } = step.target.control;
  const parts = spread(boxes, step.field, step.target.boxes ? [] : unit.joints);
  if (!parts) return { code: 'boxes', detail: String(boxes.length) };
  for (let i = 0; i < parts.length; i += 1) {
    const done = put(boxes[i], { ...step.field, list: null, text: parts[i], kind: dayOf(parts[i]) ? step.field.kind : 'text' });
    if (!done.way) return done;
  }
  step.parts = parts;
  return { way: 'boxes', wrote: parts.join('-') };
};

// Typing into the box has opened a calendar, or one stands beside it: the day is pressed there, as a person would.
const calendarOpened = (control, before) => {
  const months = monthsInSight();
  return months.length > before || months.some(({ popup }) => lca(popup, control.el) === parentOf(control.el));
};

// A box whose text is one of a list; for Alb…ia also one that merely suggests.
const isChosenFrom = (el, text) => el.getAttribute('aria-autocomplete') === 'list' || Boolean(elided(text) && el.matches('.ui-autocomplete-input,[aria-haspopup=listbox],[aria-controls],[aria-owns]'));

const carry = (step) => {
  if (!renew(step)) return { code: 'gone' };
  const { control } = step.target;
  const boxes = control.unit.kind === 'boxes' ? boxesOf(step) : [];
  if (boxes.length > 1) return carryOver(step, boxes);
  const day = /^(textbox|combobox)$/.test(control.role) ? dayFor(step.field) : null;
  if (day && (control.el.readOnly || control.role === 'combobox')) return { hands: true, day, code: control.el.readOnly ? 'readonly' : '' };
  if (!INPLACE.has(control.role) || (control.role === 'textbox' && isChosenFrom(control.el, step.field.text))) return { hands: true };
  step.read = () => valueOf(step.target.control.el);
  if (control.role === 'slider' && control.el.tagName !== 'INPUT') return { hands: true };
  const before = day ? monthsInSight().length : 0;
  const done = put(control, step.field);
  if (day && done.way && calendarOpened(control, before)) return { hands: true, day };
  if (step.behind && done.way) done.way = 'behind';
  return done;
};

// Some widgets take up what their list was given a moment later; a hand that comes before that undoes it.
const showsAll = (step) => (step.field.list || [valueOf(step.target.control.el)]).every((text) => compact(standing(step.target.control.stand)).includes(compact(text)));
const lagsBehind = (step) => step.result.way === 'behind' && step.target.control.stand.isConnected && !showsAll(step);

const verify = (page, step) => {
  const { way, wrote } = step.result;
  const there = renew(step);
  if (way === 'boxes') {
    const boxes = there ? boxesOf(step) : [];
    const read = boxes.map((m) => valueOf(m.el)).join('-');
    return boxes.length === step.parts.length && boxes.every((m, i) => boxHolds(m.el, step.parts[i])) ? { way, read } : { code: 'changed', detail: read, value: wrote };
  }
  const read = there ? step.read() : '';
  if (way === 'selected' || way === 'behind') {
    const { el } = step.target.control;
    const right = (step.field.list || [step.field.text]).every((text) => { const { option } = optionFor(el, text); return option && option.selected; });
    const shown = way === 'selected' || showsAll(step);
    if (right && shown) return { way, read };
    return { code: 'changed', hands: way === 'behind', detail: read, value: wrote };
  }
  const { el, role } = step.target.control;
  if (el.maxLength > 0 && wrote.length > el.maxLength && read === wrote.slice(0, el.maxLength)) return { code: 'toolong', detail: read, value: wrote };
  const day = role === 'textbox' ? dayFor(step.field) : null;
  return sameValue(wrote, read) ? { way, read } : { code: 'changed', hands: true, day, detail: read, value: wrote };
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
      control = step.target.control.stand || step.target.control.el;
      group = step.target.control.unit.members.map((m) => m.el);
      break;
    }
    if (REVEALING.has(step.target.control.role) && plan.slice(done.length).some((s) => s.later)) break;
  }
  const last = done[done.length - 1];
  if (last && last.result.way && deepActive() && deepActive().blur) deepActive().blur();
  await nextTask();
  for (let n = 0; n < 10 && done.some(lagsBehind); n += 1) await new Promise((resume) => setTimeout(resume, 20));
  for (const step of done) if (step.result.way) step.result = verify(page, step);
  const wrong = done.find((step) => step.result.hands && step.result.code === 'changed');
  if (wrong && !control) control = wrong.target.control.stand || wrong.target.control.el;
  return { results: done.map(say), next: done.length, control, group };
};
