// Groups: what a person takes for one question: radios or boxes that belong together, or several boxes of one number.

const joinUnits = (page) => {
  const groups = new Map();
  for (const control of page.controls) {
    const { el, role } = control;
    if (role === 'radio' || (role === 'checkbox' && el.name)) {
      const key = el.name ? `${role}:${el.name}:${formOf(page, el)}` : null;
      const owner = key || el.closest('[role=radiogroup],[role=group],fieldset') || (role === 'radio' && homeOfSome(page, control)) || el;
      if (!groups.has(owner)) groups.set(owner, { kind: role, members: [] });
      control.unit = groups.get(owner);
    } else control.unit = { kind: role, members: [] };
    control.unit.members.push(control);
  }
  joinTicks(page);
  joinBoxes(page);
};

// The nearest place that holds several dots or ticks and nothing else to fill.
const homeOfSome = (page, { el, role }) => {
  for (let at = parentOf(el), level = 0; at && level < 5; at = parentOf(at), level += 1) {
    const inside = page.controls.filter((c) => (c.shown || role === 'radio') && contains(at, c.el));
    if (inside.length > 1) return inside.every((c) => c.role === role) ? at : null;
  }
  return null;
};

// Boxes to tick in one cell, or in a place of their own, are one question, whatever their names.
const joinTicks = (page) => {
  const places = new Map();
  for (const control of page.controls) {
    if (!control.shown) continue;
    const place = control.el.closest('td,dd,fieldset,[role=group],.choices') || (control.role === 'checkbox' && ownPlace(page, control));
    if (!place) continue;
    if (!places.has(place)) places.set(place, []);
    places.get(place).push(control);
  }
  for (const some of places.values()) {
    const members = some.filter((c) => c.role === 'checkbox');
    if (members.length < 2 || some.some((c, i) => c.role !== 'checkbox' && !specifies(page, c, some[i - 1]))) continue;
    const unit = { kind: 'checkbox', members };
    for (const member of members) member.unit = unit;
  }
};

const ownPlace = (page, control) => {
  const home = homeOfSome(page, control);
  return home && !home.matches('table,tbody,thead,tr,form,main,body,[role=row],[role=grid],[role=table],[role=rowgroup]') ? home : null;
};

// □その他（[ ]）: the box that says what is meant by the tick before it.
const specifies = (page, control, tick) => {
  if (!tick || tick.role !== 'checkbox' || control.role !== 'textbox') return false;
  const words = page.tokens.slice(tick.at + 1, control.at).map((token) => (token.kind === 'text' ? nfkc(token.text) : '')).join('').trim();
  return /[(:[]$|その他|other/i.test(words);
};

const formOf = (page, el) => {
  if (!el.form) return '';
  if (!page.ids.has(el.form)) page.ids.set(el.form, page.ids.size);
  return page.ids.get(el.form);
};

const joinBoxes = (page) => {
  let last = null;
  let between = '';
  for (const token of page.tokens) {
    if (token.kind === 'text') between += token.text;
    else if (token.kind === 'control' && token.shown) {
      const boxed = ['textbox', 'select', 'date', 'time'].includes(token.role);
      const near = last && inOneLine(last.el, token.el) && (between.trim() ? isJoint(nfkc(between)) : areShort(last, token));
      if (boxed && near && !token.labels && !(last.labels && !between.trim())) {
        token.unit = last.unit;
        (token.unit.joints = token.unit.joints || []).push(nfkc(between).trim());
        last.unit.members.push(token);
        last.unit.kind = 'boxes';
      }
      last = boxed ? token : null;
      between = '';
    } else if (token.kind === 'button') between += '\u0001';
  }
};

const inOneLine = (a, b) => {
  const block = (el) => {
    let at = parentOf(el);
    while (at && getComputedStyle(at).display === 'inline') at = parentOf(at);
    return at;
  };
  return block(a) === block(b) && Math.abs(a.getBoundingClientRect().top - b.getBoundingClientRect().top) < 8;
};

const areShort = (a, b) => {
  const short = (c) => (c.role === 'select' ? isDatePart(c.el) : (c.el.maxLength > 0 && c.el.maxLength <= 6) || /^[1-5]$/.test(c.el.getAttribute('size') || ''));
  return (short(a) && short(b)) || (a.role === 'date' && b.role === 'time');
};
